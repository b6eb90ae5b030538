"""TwoClassPlot: samples of two classes over the scores of both, with boundaries and margins."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.frames.selection import Rows
from explorer.analysis.margins.two_class import Boundaries, Plane
from explorer.analysis.margins.winning_area import Area, Floats
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.raster.colouring import packed
from explorer.analysis.raster.splatter import Colors
from explorer.core.texts import N_, _
from explorer.gui.faults import guarded_item
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.marks.cached import Tag, draw_tags
from explorer.gui.plots.marks.hatching import hatching
from explorer.gui.plots.point_plot import PointPlot
from explorer.gui.plots.ranges import ANGLE_LIMITS, may_narrow, settle
from explorer.gui.plots.splat import NOTHING
from explorer.gui.plots.style import PixelItem, color, pen, scaled_font
from explorer.gui.theme.theme import Rgb, Theme, mix

AXES: dict[Plane, str] = {
    "angles": N_("angle to class {label} (°)"),
    "cosines": N_("cosine to class {label}"),
    "logits": N_("score of class {label}"),
}
_COSINE_LIMITS = (-1.02, -0.5, 0.0, 0.5, 0.8)
_MOST, _LOOSE = 0.99, 0.55
_ROOM = 1.04
_HATCH = 0.5
_FAR = 1e5


class PairContent(Struct, frozen=True, eq=False):
    """What is drawn of two classes: ``points`` (m, 2) in ``colors`` (m,), and the areas of both.

    ``chosen`` are the indices in ``points`` of selected images; ``reachable`` is the outline (n, 2) of the
    area that samples can reach, None where it is not known. ``names`` are those of the classes, ``tags`` the
    same for little room.
    """

    pair: tuple[int, int]
    plane: Plane
    points: NDArray[np.float32]
    colors: Colors
    boundaries: Boundaries
    reachable: Floats | None
    point_size: float
    names: tuple[str, str]
    tags: tuple[str, str]
    chosen: Rows = NOTHING


class TwoClassPlot(PointPlot):
    """Class i on the X axis, class j on the Y axis; drag pans, the wheel zooms, a double click resets."""

    def __init__(self, theme: Theme) -> None:
        title = _(AXES["angles"])
        super().__init__(theme, x=title.format(label="i"), y=title.format(label="j"))
        self.content: PairContent | None = None
        self.limits = (0.0, 0.0)
        self._moved_by_hand = False
        self._areas = AreasItem(self)
        self._edges = EdgesItem(self)
        self.box.sigRangeChangedManually.connect(self._on_range_changed_manually)

    def show_content(self, content: PairContent, theme: Theme) -> None:
        """Show a content; the limits follow the data until they are changed by hand."""
        before, self.content = self.content, content
        labels = {
            side: _(AXES[content.plane]).format(label=name)
            for side, name in zip(("bottom", "left"), content.names, strict=True)
        }
        if theme is not self.theme or labels != self.labels:
            self.labels = labels
            self.apply_theme(theme)
            pattern = _("{vertical} against {horizontal}")
            self.setAccessibleName(pattern.format(vertical=labels["left"], horizontal=labels["bottom"]))
        if before is None or before.plane != content.plane:
            self.reset_view()
        elif not self._moved_by_hand:
            self._fit(content)
        halo = int(packed([theme.text])[0])
        self._splat.set_points(content.points, content.colors, content.point_size, content.chosen, halo)
        self.update_items()

    def reset_view(self) -> None:
        """Fit the limits to nearly all points."""
        self._moved_by_hand, self.limits = False, (0.0, 0.0)
        if self.content is not None:
            self._fit(self.content)

    @property
    def look(self) -> Rectangle | None:
        """The range that was chosen by hand, None while the limits follow the data."""
        return self.visible() if self._moved_by_hand else None

    def set_look(self, look: Rectangle) -> None:
        """Show a range, and stay there."""
        self._moved_by_hand = True
        self.show_range((look.left, look.right), (look.bottom, look.top))

    def _fit(self, content: PairContent) -> None:
        wanted = fit_limits(content, self.limits)
        if wanted != self.limits:
            self.limits = wanted
            self.show_range(wanted, wanted)

    def _on_range_changed_manually(self) -> None:
        self._moved_by_hand = True


def fit_limits(content: PairContent, current: tuple[float, float]) -> tuple[float, float]:
    """Return limits of both axes that contain nearly all points: the ``current`` ones while they fit."""
    values = content.points[np.isfinite(content.points)]
    rank = max(0, int(_MOST * len(values)) - 1)
    most = float(np.partition(values, rank)[rank]) if len(values) else 1.0
    if content.plane == "angles":
        needed = min(max(_ROOM * most, ANGLE_LIMITS[0]), ANGLE_LIMITS[-1])
        loose = may_narrow() and needed < _LOOSE * current[1]
        kept = current[1] if needed <= current[1] and not loose else 0.0
        return 0.0, kept or next(limit for limit in ANGLE_LIMITS if limit >= needed)
    least = float(-np.partition(-values, rank)[rank]) if len(values) else 0.0
    if content.plane == "cosines":
        low = max(limit for limit in _COSINE_LIMITS if limit <= max(least, _COSINE_LIMITS[0]))
        kept = (
            current[0]
            if current[1] and (low - current[0] <= 0.5 or not may_narrow()) and current[0] <= low
            else low
        )
        return kept, 1.0 + 0.02 * (1.0 - kept)
    # The origin stays in view, and a minimum on the shorter side keeps it away from the edge.
    sides = max(0.0, -least), max(0.0, most)
    room = [max(side, 0.12 * max(sides)) for side in sides]
    low, high = (settle(abs(side), need) for side, need in zip(current, room, strict=True))
    return -low, high


class AreasItem(PixelItem):
    """Tints the area in which each class is predicted; what lies inside the margin is hatched."""

    def __init__(self, plot: TwoClassPlot) -> None:
        super().__init__(plot, z=-10)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the visible part."""
        content, theme = self.plot.content, self.plot.theme
        if content is None or content.boundaries.test is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        train = content.boundaries.train
        for k, label in enumerate(content.pair):
            tint = theme.field_color(label)
            hatched = hatching(tint, mix(tint, theme.class_color(label), _HATCH))
            answer = self._path(content.boundaries.test[k])
            painter.fillPath(answer, color(tint) if train is None else hatched)
            if train is not None:
                painter.save()
                painter.setClipPath(answer, Qt.ClipOperation.IntersectClip)
                painter.fillPath(self._path(train[k]), color(tint))
                painter.restore()

    def _path(self, area: Area) -> QPainterPath:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for polygon in area.polygons:
            path.addPolygon(to_pixels(self, polygon))
        return path


class EdgesItem(PixelItem):
    """Boundaries, the outline of the reachable area, and the class of each side, above the points."""

    def __init__(self, plot: TwoClassPlot) -> None:
        super().__init__(plot, z=10)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the visible part."""
        content, theme = self.plot.content, self.plot.theme
        if content is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if content.reachable is not None:
            painter.setPen(pen(theme.muted, 1.0, Qt.PenStyle.DotLine))
            painter.drawPolyline(to_pixels(self, content.reachable))
        bounds = content.boundaries
        if bounds.test is not None:
            self._lines(painter, bounds.test, (theme.text, theme.text))
        inks = [mix(theme.class_color(label), theme.text, 0.35) for label in content.pair]
        if bounds.train is not None:
            self._lines(painter, bounds.train, (inks[0], inks[1]))
        if bounds.final is not None:
            self._dashes(painter, bounds.final, (inks[0], inks[1]))
        painter.setFont(scaled_font(self.plot.font(), 1.0, bold=True))
        self._tags(painter, content)

    def _lines(self, painter: QPainter, areas: tuple[Area, Area], inks: tuple[Rgb, Rgb]) -> None:
        for area, ink in zip(areas, inks, strict=True):
            for edge in area.edges:
                draw_curve(painter, to_pixels(self, edge), ink)

    def _dashes(self, painter: QPainter, areas: tuple[Area, Area], inks: tuple[Rgb, Rgb]) -> None:
        """Draw the boundaries that hold after annealing."""
        for area, ink in zip(areas, inks, strict=True):
            painter.setPen(pen(ink, 1.0, Qt.PenStyle.DashLine))
            for edge in area.edges:
                painter.drawPolyline(to_pixels(self, edge))

    def _tags(self, painter: QPainter, content: PairContent) -> None:
        """Draw the label of each class in the corner of its side of the diagonal."""
        theme, area = self.plot.theme, self.boundingRect()
        metrics = QFontMetricsF(painter.font())
        side = metrics.height() * 0.5 + 8
        widths = [max(side, metrics.horizontalAdvance(name) / 2 + 11) for name in content.tags]
        over, under = widths if content.plane == "angles" else widths[::-1]
        above = QPointF(area.left() + over, area.top() + side)
        below = QPointF(area.right() - under, area.bottom() - side)
        corners = (above, below) if content.plane == "angles" else (below, above)
        draw_tags(
            painter,
            (
                Tag(at, name, theme.class_color(label), theme.plot)
                for label, name, at in zip(content.pair, content.tags, corners, strict=True)
            ),
        )


def to_pixels(item: PixelItem, points: Floats) -> QPolygonF:
    """Return points (n, 2) of the plot in pixels of its box; those far outside are clipped."""
    across, right, up, down = item.scale_and_shift()
    pixels = np.clip(points * (across, up) + (right, down), -_FAR, _FAR)
    polygon: QPolygonF = pg.functions.arrayToQPolygonF(pixels[:, 0], pixels[:, 1])
    return polygon
