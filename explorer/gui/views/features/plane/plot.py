"""PlanePlot: features in two dimensions, with layers below and above the points."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import Signal

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.heads.direction import decides_by_direction, margin_by_direction
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.raster.colouring import packed
from explorer.core.texts import _
from explorer.gui.plots.point_plot import PointPlot
from explorer.gui.plots.ranges import Sides, may_narrow
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureOptions, weight_arrows
from explorer.gui.views.features.plane.computed_item import ComputedItem
from explorer.gui.views.features.plane.density_lines import DensityItem
from explorer.gui.views.features.plane.overlay import PlaneOverlayItem, TrailsItem
from explorer.gui.views.features.plane.polar_grid import PolarGridItem
from explorer.gui.views.features.plane.regions_layer import RegionsItem
from explorer.gui.views.features.plane.unit_circle import UnitCircleItem
from explorer.gui.views.view import SymbolMark

_AXES = {"bottom": "x₁", "left": "x₂"}
_PROJECTED = {"bottom": "p₁", "left": "p₂"}
"""Names of the axes of a projection, which are none of those of the features."""
_UNIT_REACH = 1.25
_UNIT_RANGE = Rectangle(-_UNIT_REACH, -_UNIT_REACH, _UNIT_REACH, _UNIT_REACH)
"""Limits that contain the unit circle, and the labels of arrows that end on it."""


class PlanePlot(PointPlot):
    """The feature plane with equal scales on both axes; a drag pans, the wheel zooms.

    Signals
    -------
    viewMoved()
        The person moved the view, which stays as it is from now on, or reset it.

    Attributes
    ----------
    held : Rectangle or None
        The range that was chosen by hand, None while the view is fitted to the data.
    need : Rectangle or None
        The range that the data need, None without any.
    """

    viewMoved = Signal()
    _computed: tuple[ComputedItem[Any], ...] = ()
    _showing = False

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, x=_AXES["bottom"], y=_AXES["left"])
        self.setAccessibleName(_("Features in 2-D"))
        self.content: Content | None = None
        self._sides = Sides()
        self.held: Rectangle | None = None
        self.need: Rectangle | None = None
        self._least: Rectangle | None = None
        self._range: Rectangle | None = None
        self.box.setAspectLocked(True)
        self._regions = RegionsItem(self)
        self._polar = PolarGridItem(self)
        self._density = DensityItem(self)
        self._circle = UnitCircleItem(self)
        self._trails = TrailsItem(self)
        self._overlay = PlaneOverlayItem(self)
        self._computed = (self._regions, self._density, self._circle)
        self.box.sigRangeChangedManually.connect(self._on_range_changed_manually)

    def show_content(self, content: Content, theme: Theme, options: FeatureOptions) -> None:
        """Show a content; between two frames, regions and density stay those of the last frame."""
        self.content = self._overlay.content = self._trails.content = content
        self._overlay.options, self._overlay.new.whole = options, False
        projected = content.projection is not None
        self._name_axes(_PROJECTED if projected else _AXES)
        self._trails.setVisible(content.trail is not None)
        self._polar.setVisible(options.polar and not projected)  # its rings are lengths of features
        self._density.setVisible(options.density and _density_counts(content))
        self._circle.setVisible(content.normalized or (options.circle and not projected))
        self._circle.density = options.density and content.normalized and not projected
        self._regions.options = _true_options(content, options)
        if content.snapshot.since is None or self._regions.content is None:
            for item in self._computed:
                item.set_content(content)
        if theme is not self.theme:
            self.apply_theme(theme)
        if self._range is None or not self.holds(options):
            self._showing = True  # what is computed for the new range is asked for once, below
            self._fit(content)
            self._showing = False
        self._renew()
        self._splat.set_points(
            content.points,
            content.table[content.colors],
            options.point_size,
            content.chosen,
            int(packed([theme.text])[0]),
            content.hollow,
        )
        self.update_items()

    def forget(self) -> None:
        """Drop the content; the view is fitted to the next one."""
        self.content = self._overlay.content = self._trails.content = None
        for item in self._computed:
            item.set_content(None)
        self._unlock()

    def reset_view(self) -> None:
        """Fit the view to all points, and unlock it."""
        self._unlock()
        self.viewMoved.emit()

    def hold(self, chosen: Rectangle | None) -> None:
        """Show a range and lock the view there; None fits it to the data again."""
        if chosen == self.held:
            return
        if chosen is None:
            self._unlock()
        else:
            self.held = chosen
            self.axes["left"].forget_width()  # as in the view in which it was chosen
            self._show_range(chosen)

    def set_least_range(self, least: Rectangle | None) -> None:
        """Show at least this range while the view is fitted to the data, such as what linked views need."""
        if least != self._least:
            self._least = least
            if self.content is not None and self.held is None:
                self._fit(self.content)

    @property
    def look(self) -> Rectangle | None:
        """The range that was chosen by hand, None while the view is fitted to the data."""
        return self.held

    def set_look(self, look: Rectangle) -> None:
        """Show a range, and lock the view there."""
        self.hold(look)
        self.viewMoved.emit()

    def holds(self, options: FeatureOptions) -> bool:
        """Return whether the view is locked: the axes do not follow the data."""
        return self.held is not None or not options.follow

    def set_hover(self, row: int, text: str) -> None:
        """Ring a point by its index in the content; none for −1."""
        self._overlay.hover = (row, text)
        self._overlay.update()

    def set_mark(self, mark: SymbolMark) -> None:
        """Emphasise what the symbol of a formula stands for."""
        self._overlay.mark = mark
        self._overlay.update()

    def set_drawn_digit(self, point: Floats | None, text: str) -> None:
        """Mark the feature (1, 2) of the drawn digit; None removes the mark."""
        self._overlay.drawn_digit = (point, text)
        self._overlay.update()

    def finish_content(self) -> None:
        """Wait for background computations, and paint all labels at once."""
        self._overlay.new.whole = True
        self._renew()
        for item in self._computed:
            item.background.finish()
        self._regions.fade.drop()

    def arrow_pixels(self) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        """Return where arrows of projected class weights start (2,) and end (K, 2), and the length of 1.

        All in pixels of the viewport; no arrow where features are shown as they are.
        """
        content = self.content
        if content is None or content.projection is None:
            return np.zeros(2), np.zeros((0, 2)), 0.0
        length = self._overlay.projected_room(content)
        origin = self.pixels(np.zeros((1, 2)))[0]
        return origin, origin + weight_arrows(content).astype(np.float64) * (length, -length), length

    def paint_now(self) -> None:
        """Paint what is shown at once."""
        self.viewport().repaint()

    def set_smooth(self, smooth: bool) -> None:
        """Let regions and numbers of the axes change gradually, or at once."""
        super().set_smooth(smooth)
        self._regions.smooth = smooth

    @property
    def background_seconds(self) -> float:
        """CPU time in seconds that background threads have spent for this plot."""
        return sum(item.background.seconds for item in self._computed)

    def _name_axes(self, names: dict[str, str]) -> None:
        if names != self.labels:
            self.labels = names
            for side, axis in self.axes.items():
                axis.setLabel(names[side])

    def _renew(self) -> None:
        for item in self._computed:
            item.renew()

    def _on_box_changed(self) -> None:
        super()._on_box_changed()
        if not self._showing:
            self._renew()

    def _on_box_resized(self) -> None:
        super()._on_box_resized()
        self._renew()

    def _unlock(self) -> None:
        self.held = None
        self._sides.reset()
        self._range = None
        if self.content is not None:
            self._fit(self.content)

    def _fit(self, content: Content) -> None:
        self.need = _UNIT_RANGE if content.normalized else self._sides.fit(content.points)
        if content.snapshot.step == 0 or content.projection is not None:
            self.need = _around_origin(self.need)
        wanted = self.need if self._least is None else self.need.united(self._least)
        if self._range is not None and not may_narrow():
            wanted = wanted.united(self._range)
        if wanted != self._range:
            self._range = wanted
            self._show_range(wanted)

    def _show_range(self, shown: Rectangle) -> None:
        self.show_range((shown.left, shown.right), (shown.bottom, shown.top))
        self.centralWidget.layout.activate()  # the range follows from the room that numbers leave

    def _on_range_changed_manually(self) -> None:
        self.held = self.visible()
        self.viewMoved.emit()


def _around_origin(shown: Rectangle) -> Rectangle:
    """Return the square around the origin that contains a rectangle.

    Before training all features are on one side, and the class weights all around.
    """
    reach = max(-shown.left, -shown.bottom, shown.right, shown.top)
    return Rectangle(-reach, -reach, reach, reach)


def _density_counts(content: Content) -> bool:
    """Return whether contours of the density are meant: not around a circle, nor while a tour moves."""
    projection = content.projection
    return not content.normalized if projection is None else projection.kind != "tour"


def _true_options(content: Content, options: FeatureOptions) -> FeatureOptions:
    """Return the options without what is not true of the points as they are shown.

    At unit length, what depends on the length of features; in a projection all but the border of a pair.
    """
    if content.projection is not None:
        return replace(options, regions=options.regions and content.projection.sides is not None, bands=False)
    if not content.normalized:
        return options
    regions = options.regions and decides_by_direction(content.snapshot)
    bands = options.bands and margin_by_direction(content.snapshot.config.loss)
    return replace(options, regions=regions, bands=regions and bands)
