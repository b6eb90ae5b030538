"""BatchWalk: leads a person through the next batch of a run that waits, and makes its step."""

from __future__ import annotations

from functools import partial

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject

from explorer.analysis.batches.moment import BatchMoment
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.messages import BatchExamined
from explorer.core.texts import text, verbatim
from explorer.gui.batches.marks import BatchItem, paint_batch
from explorer.gui.batches.state import BatchState, Beat
from explorer.gui.batches.strip import BatchStrip
from explorer.gui.main_window import MainWindow
from explorer.gui.session.run import Run
from explorer.gui.theme.appearance import Appearance
from explorer.gui.timeline.run_viewer import RunViewer
from explorer.gui.views.features.framing import Need
from explorer.gui.views.features.view import FeaturesView


class BatchWalk(QObject):
    """Shows features, scores, loss and force of the next batch, then the step that it makes.

    It ends when the run goes on by itself, or when something else is looked at.
    """

    def __init__(
        self,
        window: MainWindow,
        viewer: RunViewer,
        run: Run,
        appearance: Appearance,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._viewer, self._run, self._appearance = window, viewer, run, appearance
        self._features = window.pane.view(FeaturesView)
        self.state: BatchState | None = None
        self.strip: BatchStrip | None = None
        self._item: BatchItem | None = None
        run.batch_queries.examined.connect(self._on_examined)
        run.batch_queries.refused.connect(self._on_refused)
        run.snapshotChanged.connect(self._on_snapshot_changed)
        run.stateChanged.connect(self._on_run_state_changed)
        viewer.cursor.stateChanged.connect(self._on_cursor_state_changed)
        window.pane.optionsChanged.connect(self._show)
        appearance.themeChanged.connect(self._show)
        self._features.projections.projectionChanged.connect(self._on_projection_changed)

    def go_on(self) -> None:
        """Show the next beat: of the next batch where none is looked at; after the force, make the step."""
        state = self.state
        if state is None or state.beat is Beat.STEP:
            self._begin()
        elif state.before is None:
            return
        elif state.beat is Beat.FORCE:
            self.state = replace(state, beat=Beat.STEP)
            self._show()
            self._run.step()
        else:
            self._show_state(replace(state, beat=Beat(state.beat + 1)))

    def go_back(self) -> None:
        """Show the beat before; a step that was made stays."""
        state = self.state
        if state is not None and Beat.FEATURES < state.beat < Beat.STEP:
            self._show_state(replace(state, beat=Beat(state.beat - 1)))

    def focus_image(self, way: int) -> None:
        """Focus the next image of the batch (1) or the previous one (−1)."""
        state = self.state
        if state is not None and state.before is not None:
            self._show_state(replace(state, row=(state.row + way) % state.before.count))
            self._select()

    def leave(self) -> None:
        """Show no batch."""
        self._run.batch_queries.cancel()
        self.state = None
        self._show()

    def _begin(self) -> None:
        snapshot = self._run.snapshot
        if snapshot is None or not self._viewer.cursor.live:
            sentence = text("A batch can be looked at on the newest frame of a live run.")
            self._window.status.show_run_event(sentence)
            return
        self._show_state(BatchState())
        self._run.batch_queries.ask()

    def _ask_for_move(self, before: BatchMoment) -> None:
        """Ask where the step has moved the images."""
        self._run.batch_queries.ask(Array.of(before.snapshot.probe.indices.astype(np.int32)))

    def _on_examined(self, answer: BatchExamined) -> None:
        state, snapshot = self.state, self._run.snapshot
        if state is None or snapshot is None or answer.step != snapshot.step:
            return  # the frame of that step is on its way, and asks again
        moment = BatchMoment.of(answer, snapshot)
        if state.beat is Beat.STEP:
            self._show_state(replace(state, after=moment))
            return
        first = state.before is None or not np.array_equal(
            moment.snapshot.probe.indices, state.before.snapshot.probe.indices
        )
        self._show_state(replace(state, before=moment, row=moment.most_pulled if first else state.row))
        if first:
            self._select()

    def _on_refused(self, complaint: str) -> None:
        self.leave()
        self._window.status.show_run_event(verbatim(complaint))

    def _on_snapshot_changed(self) -> None:
        """Ask again where settings have changed the batch, and after its step for what that moved."""
        state, snapshot = self.state, self._run.snapshot
        if state is None:
            return
        before = state.before
        if snapshot is None:
            self.leave()
        elif before is None:
            self._run.batch_queries.ask()
        elif state.beat is Beat.STEP:
            if snapshot.step == before.snapshot.step + 1:
                if state.after is None:
                    self._ask_for_move(before)
            elif snapshot.step != before.snapshot.step:
                self.leave()
        elif snapshot.step == before.snapshot.step:
            self._run.batch_queries.ask()
        else:
            self.leave()

    def _on_run_state_changed(self) -> None:
        if self.state is not None and self._run.phase in ("running", "failed", "restoring"):
            self.leave()

    def _on_cursor_state_changed(self) -> None:
        if self.state is not None and not self._viewer.cursor.live:
            self.leave()

    def _select(self) -> None:
        """Select the image in focus where it is one of those that are plotted."""
        state = self.state
        if state is not None and state.before is not None:
            row = state.before.probe_row(state.row)
            if row >= 0:
                self._window.pane.state.select(np.array([row], dtype=np.intp))

    def _show_state(self, state: BatchState) -> None:
        self.state = state
        self._show()

    def _show(self) -> None:
        """Show strip and marks."""
        state, theme = self.state, self._appearance.theme
        if state is not None and self.strip is None:
            self.strip = self._build_strip()
        if self.strip is not None:
            if state is None:
                self.strip.hide()
            else:
                self.strip.show_state(state, theme)
        self._show_marks()

    def _on_projection_changed(self) -> None:
        if self.state is not None:
            self._show_marks()

    def _show_marks(self) -> None:
        state, theme = self.state, self._appearance.theme
        marks = None if state is None else state.marks(normalized=self._features.options.normalized)
        marks = None if marks is None else marks.projected(self._features.projections.shown)
        self._features.set_least(Need() if marks is None else marks.need)
        if self._item is None and marks is not None:
            self._item = BatchItem(self._features.plane)
        if self._item is not None:
            flat = marks is not None and marks.points.shape[1] == 2
            self._item.show_marks(marks if flat else None)
            paint = None if marks is None or flat else partial(paint_batch, marks=marks, theme=theme)
            self._features.space.set_extra("batch", paint)

    def _build_strip(self) -> BatchStrip:
        strip = BatchStrip(self._appearance.theme)
        strip.nextRequested.connect(self.go_on)
        strip.backRequested.connect(self.go_back)
        strip.leaveRequested.connect(self.leave)
        strip.imageRequested.connect(self.focus_image)
        self._window.center.add_strip(strip)
        return strip
