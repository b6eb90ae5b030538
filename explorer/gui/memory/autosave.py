"""Autosave: saves the memory of the window some time after it changes, and when the window closes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.core.texts import _
from explorer.gui.memory.window_memory import Memory, save_memory

_DELAY_MS = 2000


class Autosave(QObject):
    """Saves what ``gather`` returns. Changes in quick succession, such as a drag of a slider, are saved once.

    Parameters
    ----------
    path : Path
        The file.
    gather : callable
        Returns the current state to save.

    Signals
    -------
    failed(str)
        Saving failed, for this reason.
    """

    failed = Signal(str)

    def __init__(self, path: Path, gather: Callable[[], Memory], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._gather = gather
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self.save)

    def note_change(self) -> None:
        """Save once nothing has changed for a while."""
        self._timer.start()

    def save(self) -> None:
        """Save now."""
        self._timer.stop()
        try:
            save_memory(self.path, self._gather())
        except OSError as error:
            self.failed.emit(_("The settings cannot be saved: {error}.").format(error=error))
