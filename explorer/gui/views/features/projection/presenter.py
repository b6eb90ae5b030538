"""ProjectionPresenter: moves the tour of a Features view, by the clock or by the hand."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureOptions, turned
from explorer.gui.views.features.plane.plot import PlanePlot
from explorer.gui.views.features.projection.anchors import AnchorGesture
from explorer.gui.views.features.projection.bar import ProjectionBar
from explorer.gui.views.features.projection.clock import TourClock
from explorer.gui.views.features.projection.projector import ProjectionLook, Projector, is_projected


class ProjectionPresenter(QObject):
    """Shows the bar for features that are projected, and turns the content that is shown.

    Signals
    -------
    projectionChanged()
        Features are shown in another projection: see `shown`.
    turned(object)
        The content in another projection, to be shown at once.
    spaceChanged()
        Features are shown in three dimensions, or no longer are: see `in_space`.

    Parameters
    ----------
    view : QWidget
        While it is not visible nothing moves.
    """

    projectionChanged = Signal()
    turned = Signal(object)
    spaceChanged = Signal()

    def __init__(self, view: QWidget, plane: PlanePlot, bar: ProjectionBar, projector: Projector) -> None:
        super().__init__(view)
        self.bar, self.clock = bar, TourClock(view, self._on_clock_turned)
        self._projector = projector
        self._content: Content | None = None
        self._told_space = False
        self._options = FeatureOptions()
        self.anchors = AnchorGesture(plane, self._may_drag)
        self.anchors.dragged.connect(self._on_anchor_dragged)

    def show_content(self, content: Content, options: FeatureOptions, theme: Theme) -> None:
        """Take what is shown; the bar is there only where it is projected."""
        before, self._content, self._options = self._content, content, options
        if self.in_space != self._told_space:
            self._told_space = self.in_space
            self.spaceChanged.emit()
        projected = is_projected(content.snapshot)
        others = before is not None and before.weight_labels != content.weight_labels
        draggable = self._may_drag()
        if others or not draggable:
            self.anchors.let_go()
        self.bar.setVisible(projected)
        if before is None or before.snapshot is not content.snapshot:
            self.clock.note_frame()
        if projected:
            self.bar.show_options(options, theme, content.snapshot.probe, draggable=draggable)
        moving = projected and options.projection == "tour" and options.touring
        if moving != self.clock.on:
            self.clock.set_on(moving)
        self.clock.wake()
        if projected or (before is not None and before.projection is not None):
            self.projectionChanged.emit()

    @property
    def in_space(self) -> bool:
        """Whether features are shown in three dimensions."""
        return self._content is not None and self._content.points.shape[1] == 3

    @property
    def look(self) -> ProjectionLook | None:
        """How the projection is turned; None where features are shown as they are."""
        content = self._content
        return None if content is None or content.projection is None else self._projector.look

    def set_look(self, look: ProjectionLook) -> None:
        """Turn the projection as that of another view is, and let a tour go on from there."""
        if self._content is not None:
            projection = self._projector.hold(self._content, look, self._options)
            if projection is not None:
                self._show(turned(self._content, projection))

    def shown(self, vectors: Floats) -> Floats:
        """Return where vectors (…, d) are seen: as they are, or their coordinates in the projection."""
        content = self._content
        fits = content is not None and vectors.shape[-1] == content.snapshot.features.shape[1]
        return content.shown(vectors) if content is not None and fits else vectors

    def forget(self) -> None:
        """Show nothing, and move nothing."""
        self._content = None
        self.anchors.let_go()
        self.clock.set_on(False)

    def note_frame(self, snapshot: Snapshot | None) -> None:
        """Take note that a run trains."""
        if snapshot is not None and snapshot.since is None:
            self.clock.note_frame()

    def _may_drag(self) -> bool:
        """Whether there are arrows of a tour in the plane, and a drag does not select."""
        content, options = self._content, self._options
        if content is None or content.projection is None or content.weight is None or self.in_space:
            return False
        return options.projection == "tour" and options.weights and options.tool == "move"

    def _on_clock_turned(self, angle: float) -> None:
        if self._content is not None and not self.anchors.holding:
            start = time.thread_time()
            projection = self._projector.move(self._content, angle)
            if projection is not None:
                self._show(turned(self._content, projection))
            self.clock.cost(time.thread_time() - start)

    def _on_anchor_dragged(self, weight: int, right: float, up: float) -> None:
        if self._content is not None:
            projection = self._projector.drag(self._content, weight, (right, up))
            if projection is not None:
                self._show(turned(self._content, projection))

    def _show(self, content: Content) -> None:
        self._content = content
        self.projectionChanged.emit()
        self.turned.emit(content)
