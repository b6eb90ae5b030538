"""BackgroundFile: saves a file in a thread, since a disk may take seconds to keep it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from explorer.core.texts import showable
from explorer.gui.drawing.background import Background
from explorer.gui.faults import report

_NEVER_AT_ONCE = -1.0


class BackgroundFile(QObject):
    """Saves a file, one time after another; of the contents that come meanwhile only the newest.

    Signals
    -------
    failed(str)
        It cannot be saved, for this reason; told once until it can be.
    recovered(str)
        It is saved again; with the reason that was told.

    Parameters
    ----------
    sentence : str
        Says that the file cannot be saved, with a place for the ``error``.
    """

    failed = Signal(str)
    recovered = Signal(str)

    def __init__(self, sentence: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentence, self._complaint = sentence, ""
        self._background: Background[None] = Background(
            self._on_saved, self._on_failed, self, at_once=_NEVER_AT_ONCE
        )

    @property
    def failing(self) -> bool:
        """Whether the last time failed."""
        return bool(self._complaint)

    def save(self, write: Callable[[], None]) -> None:
        """Call this in a thread, and return at once; it writes the file, or raises OSError."""
        self._background.request(write)

    def finish(self) -> None:
        """Wait until the newest content is saved, or has failed to be."""
        self._background.finish()

    def _on_saved(self, _result: None) -> None:
        complaint, self._complaint = self._complaint, ""
        if complaint:
            self.recovered.emit(complaint)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            report(error)
            return
        if not self._complaint:
            self._complaint = self._sentence.format(error=showable(error))
            self.failed.emit(self._complaint)
