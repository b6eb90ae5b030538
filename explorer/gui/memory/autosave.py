"""Autosave: saves the memory of the window some time after it changes, and when the window closes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.core.texts import _
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
    """

    failed = Signal(str)

    def __init__(
        self, path: Path | None, gather: Callable[[], Memory], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._gather = gather
        self._failing = False
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self.save)

    def note_change(self) -> None:
        """Save in a while, with what changes until then."""
        if not self._timer.isActive():
            self._timer.start()

    def save(self) -> None:
        """Save now."""
        self._timer.stop()
        if self.path is None:
            return
        was_failing, self._failing = self._failing, False
        try:
            save_memory(self.path, self._gather())
        except OSError as error:
            self._failing = True
            if not was_failing:
                self.failed.emit(_("The settings cannot be saved: {error}.").format(error=error))
