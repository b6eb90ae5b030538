"""ForceOverlay: asks for the forces on the points that are drawn, and draws the answer over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.gui.state.forces import KnownForces
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.forces.bar import ForceBar
from explorer.gui.views.features.forces.content import ForceScale, force_arrows, force_wish
from explorer.gui.views.features.forces.painting import ForceItem, ToPixels, paint_forces
from explorer.gui.views.features.forces.wording import force_note
from explorer.gui.views.features.plane.plot import PlanePlot
from explorer.gui.views.features.space.canvas import SpaceCanvas


class ForceOverlay(QObject):
    """Where the option is off or the view hidden, it asks nothing, computes nothing and paints nothing.

    Parameters
    ----------
    plane, space : PlanePlot, SpaceCanvas
        What it draws over.
    bar : ForceBar
        Where it says what is drawn.
    state : ViewState
        What is pointed at.

    Signals
    -------
    wished(object)
        A `ForceWish`: the frame that is drawn needs these forces.
    """

    wished = Signal(object)

    def __init__(self, plane: PlanePlot, space: SpaceCanvas, bar: ForceBar, state: ViewState) -> None:
        super().__init__(bar)
        self.known = KnownForces()
        self._plane, self._space, self._bar, self._state = plane, space, bar, state
        self._scale = ForceScale()
        self._item: ForceItem | None = None
        self._shown: tuple[Content, Theme, FeatureOptions] | None = None
        state.hoverChanged.connect(self.refresh)

    def set_forces(self, frame: ForceFrame | None, complaint: str) -> None:
        """Take an answer, or why there can be none; with neither, what is drawn is asked for again."""
        self.known.take(frame, complaint)
        self.refresh()

    def show_content(self, content: Content, theme: Theme, options: FeatureOptions) -> None:
        """Show the forces on the points of a content."""
        self._shown = content, theme, options
        self.refresh()

    def rescale(self) -> None:
        """Choose anew how long arrows are."""
        self._scale = ForceScale()
        self.refresh()

    def refresh(self) -> None:
        """Ask for what is not known, and draw what is."""
        if self._shown is None or not self._is_seen:
            return
        content, theme, options = self._shown
        if not options.forces:
            if not self._bar.isHidden() or self.known.asked:
                self._clear()
            return
        if self.known.begin(content.snapshot):
            self._scale = ForceScale()
        self._ask(content, options)
        self._draw(content, theme)
        note = force_note(content, self.known, theme)
        self._bar.show_state(content, options, theme, note)

    @property
    def _is_seen(self) -> bool:
        """Whether the plots, beside the bar, are on the screen."""
        page = self._bar.parentWidget()
        return page is not None and page.isVisible() and not page.window().isMinimized()

    def _ask(self, content: Content, options: FeatureOptions) -> None:
        visible = self._plane.visible() if content.snapshot.features.shape[1] == 2 else None
        wish = force_wish(content, options, self._state.hovered, visible)
        if self.known.needs(content.snapshot, wish):
            self.wished.emit(wish)

    def _draw(self, content: Content, theme: Theme) -> None:
        arrows = None
        if self.known.frame is not None:
            arrows = force_arrows(content, self.known.frame, self._state.hovered, self._scale)
            self._scale = arrows.scale
        flat = content.points.shape[1] == 2
        if self._item is None and flat:
            self._item = ForceItem(self._plane)
        if self._item is not None:
            self._item.show_arrows(arrows if flat else None)
        if arrows is None or flat:
            self._space.set_extra("forces", None)
            return
        space, shown = self._space, arrows

        def paint(painter: QPainter, to_pixels: ToPixels) -> None:
            seen: NDArray[np.bool_] = np.asarray(np.isfinite(space.pixels(shown.points)).all(axis=1))
            paint_forces(painter, to_pixels, shown, theme, space.font(), space.rect().toRectF(), seen)

        space.set_extra("forces", paint)

    def _clear(self) -> None:
        self.known.forget()
        self._bar.hide()
        if self._item is not None:
            self._item.show_arrows(None)
        self._space.set_extra("forces", None)
