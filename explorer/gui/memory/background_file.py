"""BackgroundFile: saves a file in a thread, since a disk may take seconds to keep it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from explorer.gui.drawing.background import Background
from explorer.gui.faults import report

_NEVER_AT_ONCE = -1.0


class BackgroundFile(QObject):
    """Saves a file, one time after another; of the contents that come meanwhile only the newest.

    Signals
    -------
    failed(OSError)
        It cannot be saved; told once until it can be.

    Attributes
    ----------
    failing : bool
        Whether the last time failed.
    """

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.failing = False
        self._background: Background[None] = Background(
            self._on_saved, self._on_failed, self, at_once=_NEVER_AT_ONCE
        )

    def save(self, write: Callable[[], None]) -> None:
        """Call this in a thread, and return at once; it writes the file, or raises OSError."""
        self._background.request(write)

    def finish(self) -> None:
        """Wait until the newest content is saved, or has failed to be."""
        self._background.finish()

    def _on_saved(self, _result: None) -> None:
        self.failing = False

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            report(error)
            return
        was_failing, self.failing = self.failing, True
        if not was_failing:
            self.failed.emit(error)
