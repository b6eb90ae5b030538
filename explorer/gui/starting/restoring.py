"""SessionKeeper: saves what a window shows while it is open, and shows it again at the next start."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.core.recording.header import RecordingError
from explorer.core.texts import _
from explorer.gui.comparing import Comparing
from explorer.gui.main_window import MainWindow
from explorer.gui.memory.background_file import BackgroundFile
from explorer.gui.memory.session_slot import SessionSlot
from explorer.gui.memory.window_session import WindowSession, save_session
from explorer.gui.run_host import RunHost
from explorer.gui.views.features.framing import Framing
from explorer.gui.views.features.view import FeaturesView

_INTERVAL_MS = 2000
"""How much a crash can cost."""
_OPENED_MS = 3000
"""How long a window must be open and idle for its start to count as successful."""


class SessionKeeper(QObject):
    """The session of a window: run, frame, selection, part of the features, comparison and layout.

    Parameters
    ----------
    slot : SessionSlot or None
        Its file; None for a window that saves nothing.
    window, host, comparing
        What is saved and restored.

    Signals
    -------
    failed(str)
        The session cannot be saved, for this reason; told once until it can be.
    recovered(str)
        It is saved again; with the reason that was told.
    """

    failed = Signal(str)
    recovered = Signal(str)

    def __init__(
        self,
        slot: SessionSlot | None,
        window: MainWindow,
        host: RunHost,
        comparing: Comparing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._slot = slot
        self._window, self._comparing = window, comparing
        self._viewer, self._recorder = host.viewer, host.recorder
        self._saved: WindowSession | None = None
        self._final: WindowSession | None = None
        self._file = BackgroundFile(_("The session cannot be saved: {error}."), self)
        self._file.failed.connect(self.failed)
        self._file.recovered.connect(self.recovered)
        self._save_timer = QTimer(self, interval=_INTERVAL_MS)
        self._save_timer.timeout.connect(self._start)
        self._opened_timer = QTimer(self, singleShot=True, interval=_OPENED_MS)
        self._opened_timer.timeout.connect(self._on_opened)

    def begin(self) -> None:
        """Save what is shown from now on."""
        if self._slot is not None:
            self._save_timer.start()
            self._opened_timer.start()

    def restore(self, session: WindowSession) -> str:
        """Show what a session showed, and return what of its run is not possible, in a sentence."""
        if session.compare is not None:
            self._comparing.restore(session.compare)
        if not session.recording:
            return ""
        path = Path(session.recording)
        if not path.exists():
            return _("The run that was open last time no longer exists: {file}.").format(file=path)
        try:
            self._viewer.open(path)
        except RecordingError as error:
            return str(error)
        if session.step is not None:
            self._viewer.cursor.go_to(self._viewer.state.nearest(session.step))
        pane = self._window.pane
        if isinstance(pane.primary, FeaturesView):
            pane.primary.restore_look((session.framing.range, session.framing.camera))
        rows = [row for row in session.selection if 0 <= row < len(pane.state.selection.mask)]
        pane.state.select(np.array(rows, dtype=np.intp))
        return ""

    def stop(self) -> None:
        """Save nothing more by itself; what is shown now is the session of a window that is closed."""
        if self._save_timer.isActive():
            self._final = replace(self._current(), closed=True)
        self._save_timer.stop()
        self._opened_timer.stop()

    def close(self) -> None:
        """Save the session of a window that the person closes, and let it go.

        That of a window which has not opened it yet stays as it was.
        """
        self.stop()
        if self._slot is not None:
            if self._final is not None:
                self._save(self._final)
            self._file.finish()
            self._slot.note_opened()
            self._slot.forget_closed()
            self._slot.release()

    def _on_opened(self) -> None:
        if self._slot is not None:
            self._slot.note_opened()

    def save(self) -> None:
        """Save what is shown now, if it has changed or could not be saved before.

        The session of a window which has not opened it yet stays as it was.
        """
        if self._save_timer.isActive():
            self._start()
            self._file.finish()

    def _start(self) -> None:
        """Save what is shown now in the background."""
        self._save(self._current())

    def _save(self, session: WindowSession) -> None:
        if self._slot is not None and (session != self._saved or self._file.failing):
            self._saved = session
            self._file.save(partial(save_session, self._slot.path, session))

    def _current(self) -> WindowSession:
        """Return what is shown now; the live run by the file that it is recorded in."""
        viewer, cursor = self._viewer, self._viewer.cursor
        path = self._recorder.path if viewer.recording is None else viewer.recording.path
        snapshot, pane = cursor.snapshot, self._window.pane
        return WindowSession(
            recording=str(path.absolute()) if path is not None and path.exists() else "",
            step=None if cursor.following or snapshot is None else snapshot.step,
            selection=tuple(pane.state.selection.rows.tolist()),
            framing=Framing(*pane.primary.look[:2]) if isinstance(pane.primary, FeaturesView) else Framing(),
            compare=self._comparing.state,
            layout=self._window.saved_layout,
        )
