"""Autosave: saves the memory of the window some time after it changes, and when the window closes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from explorer.core.texts import _
from explorer.gui.memory.background_file import BackgroundFile
from explorer.gui.memory.window_memory import Memory, save_memory

_DELAY_MS = 2000


class Autosave(QObject):
    """Saves what ``gather`` returns, soon after a change; many changes, as of a dragged slider, at once.

    Parameters
    ----------
    path : Path or None
        The file; None for a window that saves nothing.
    gather : callable
        Returns the current state to save.

    Signals
    -------
    failed(str)
        Saving failed, for this reason; told once until it succeeds.
    recovered(str)
        It succeeded again; with the reason that was told.
    """

    failed = Signal(str)
    recovered = Signal(str)

    def __init__(
        self, path: Path | None, gather: Callable[[], Memory], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._gather = gather
        self._before: Memory | None = None
        self._file = BackgroundFile(_("The settings cannot be saved: {error}."), self)
        self._file.failed.connect(self.failed)
        self._file.recovered.connect(self.recovered)
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self.start)

    def begin(self, *changes: SignalInstance) -> None:
        """Save after each of these changes; what the window began with, another one may have changed."""
        self._before = self._gather()
        for change in changes:
            change.connect(self.note_change)

    def note_change(self) -> None:
        """Save in a while, with what changes until then."""
        if not self._timer.isActive():
            self._timer.start()

    def save(self) -> None:
        """Save now, and wait until that is done."""
        self.start()
        self.finish()

    def start(self) -> None:
        """Begin to save now, in the background."""
        self._timer.stop()
        if self.path is not None:
            self._file.save(partial(self._write, self.path, self._gather()))

    def finish(self) -> None:
        """Wait until what is being saved is saved."""
        self._file.finish()

    def _write(self, path: Path, memory: Memory) -> None:
        """Save a state; called in a thread, one after another."""
        save_memory(path, memory, self._before)
        self._before = memory
