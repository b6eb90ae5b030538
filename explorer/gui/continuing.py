"""Continuing: goes on with a run from one of its steps, the live run or a recorded one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from explorer.core.texts import _
from explorer.gui.main_window import MainWindow
from explorer.gui.messages.announcements import Announcements
from explorer.gui.session.continuation import Continuation, ContinuationError
from explorer.gui.session.problem import Problem
from explorer.gui.session.run import Run
from explorer.gui.starting.opening import FileOpener
from explorer.gui.timeline.run_viewer import RunViewer


class Continuing(QObject):
    """Continues the run that is shown from the frame that is shown, and a run of the library from its end.

    The continued run takes the place of the live run, which stays in the library, and waits at its step.
    """

    def __init__(
        self,
        window: MainWindow,
        viewer: RunViewer,
        run: Run,
        opener: FileOpener,
        announcements: Announcements,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._viewer, self._run = window, viewer, run
        self._opener, self._announcements = opener, announcements
        run.continued.connect(self._on_continued)
        run.restoreFailed.connect(self._on_restore_failed)
        window.runs.continueRequested.connect(self.continue_file)

    def continue_here(self) -> None:
        """Continue the run that is shown from the frame that is shown, or say why that is not possible."""
        cursor = self._viewer.cursor
        if cursor.snapshot is None:
            return
        self._viewer.playback.stop()
        self._announcements.withdraw_refusal()
        try:
            self._run.continue_from(cursor.continuation(cursor.snapshot))
        except ContinuationError as error:
            if error.from_start is None:
                self._announcements.refuse(str(error))
            else:
                act = partial(self._run.continue_from, error.from_start)
                self._announcements.offer(str(error), _("Repeat from the start"), act)

    def continue_file(self, path: Path) -> None:
        """Show a recorded run at its last frame, and continue it from there."""
        if self._opener.open_recording(path):
            self.continue_here()

    def _on_continued(self, continuation: Continuation) -> None:
        """Show the run; say from where it goes on, and why its figures can differ."""
        self._viewer.show_live()
        self._announcements.withdraw_problem()
        sentence = _("Continued from step {step:,}.").format(step=continuation.parent.step)
        self._window.status.show_run_event(sentence)
        if continuation.caution is not None:
            self._announcements.warn(str(continuation.caution))

    def _on_restore_failed(self, problem: Problem) -> None:
        self._announcements.show_fault(str(problem.text), problem.details)
