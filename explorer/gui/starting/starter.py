"""Starter: opens a window with files or the last session, and says what was restored and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLabel

from explorer.core.texts import _
from explorer.gui.comparing import Comparing
from explorer.gui.continuing import Continuing
from explorer.gui.controls.note import Level
from explorer.gui.main_window import MainWindow
from explorer.gui.memory.saved_state import SavedState, StartMode, discard_saved_state
from explorer.gui.messages.banner import Action
from explorer.gui.run_host import RunHost
from explorer.gui.starting.opening import FileOpener
from explorer.gui.starting.restoring import SessionKeeper


class Starter(QObject):
    """Starts a window once the event loop runs, and before it is drawn: the worker takes longer to start.

    Attributes
    ----------
    next_mode : StartMode or None
        How the window should open again once it is closed; None where it should not.
    keeper : SessionKeeper
        Saves the session.
    """

    def __init__(
        self,
        saved: SavedState,
        host: RunHost,
        window: MainWindow,
        opener: FileOpener,
        continuing: Continuing,
        comparing: Comparing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.next_mode: StartMode | None = None
        self._saved = saved
        self._window, self._banner = window, window.banner
        self._viewer, self._run, self._opener = host.viewer, host.run, opener
        self._continuing = continuing
        self.keeper = SessionKeeper(saved.slot, window, host, comparing, self)
        self._banner.warn_while(self.keeper.failed, self.keeper.recovered)
        self._files: Sequence[Path] = ()
        self._restored = ""
        host.viewer.recordingChanged.connect(self._withdraw_restored)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def show_messages(self, faults: Sequence[str]) -> None:
        """Say whether this is safe mode, which saved files are damaged, and other faults; "" is none."""
        saved = self._saved
        if saved.safe:
            self._window.statusBar().addPermanentWidget(QLabel(_("Safe mode")))
        sentences = [sentence for sentence in (*saved.complaints, *faults) if sentence]
        actions: list[Action] = []
        if saved.offered:
            sentences.insert(
                0,
                _(
                    "Loss Explorer did not finish starting the last two times, so it is now in safe mode: "
                    "default settings and layout, nothing restored. Your saved settings and session are kept."
                ),
            )
            actions = [(_("Restore last session"), self._retry), (_("Reset settings"), self._discard)]
        elif saved.safe:
            words = _(
                "Safe mode: default settings and layout, nothing restored, plug-ins off. Your changes are "
                "not saved; runs are recorded as usual."
            )
            sentences.insert(0, words)
        if sentences:
            self._banner.show_message("warning", " ".join(sentences), actions=actions)

    def begin(self, files: Sequence[Path]) -> None:
        """Open files, or else the last session, once the event loop runs; then start the worker."""
        self._files = files
        self._timer.start()

    def stop(self) -> None:
        """Open nothing more, and save no session by itself."""
        self._timer.stop()
        self.keeper.stop()

    def _on_timer_timeout(self) -> None:
        if self._files:
            self._opener.open(self._files)
        else:
            self._restore()
        self.keeper.begin()
        self._run.open()

    def _restore(self) -> None:
        """Show the last session, and say so, with what of it is not possible."""
        session = self._saved.session
        before, complaint = self._banner.message, self.keeper.restore(session)
        recording = self._viewer.recording
        if recording is None and not complaint:
            return
        sentences = [before, complaint]
        level: Level = "warning" if any(sentences) else "info"
        actions: list[Action] = []
        if recording is not None:
            sentences.append(
                _("Your last session is restored.")
                if session.closed
                else _("Loss Explorer ended unexpectedly. Your last session is restored.")
            )
            sentences.append("" if recording.damage is None else str(recording.damage))
            actions = [
                (_("Continue"), self._continuing.continue_here),
                (_("Train a new run"), self._train),
            ]
        self._restored = " ".join(filter(None, sentences))
        self._banner.show_message(level, self._restored, actions=actions)

    def _train(self) -> None:
        self._viewer.show_live()
        self._run.start()

    def _withdraw_restored(self) -> None:
        """Hide that the last session is restored once another run is shown."""
        if self._restored:
            self._banner.withdraw(self._restored)
        self._restored = ""

    def _retry(self) -> None:
        self._reopen("retry")

    def _discard(self) -> None:
        discard_saved_state(self._saved.path)
        self._reopen("restore")

    def _reopen(self, mode: StartMode) -> None:
        self.next_mode = mode
        self._window.close()
