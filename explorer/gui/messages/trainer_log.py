"""TrainerLog: what the trainer writes, such as warnings and the traceback of an error."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPlainTextEdit

from explorer.core.texts import _

_MOST_LINES, _FIRST_LINES = 2000, 5


class TrainerLog(QPlainTextEdit):
    """The newest lines of the trainer's output; a few at first, so that they take little from the views."""

    def __init__(self) -> None:
        super().__init__(readOnly=True, maximumBlockCount=_MOST_LINES)
        self.setAccessibleName(_("Log of the trainer"))
        self.setPlaceholderText(_("Messages and errors of the trainer appear here"))

    def sizeHint(self) -> QSize:
        """Return room for a few lines."""
        return QSize(super().sizeHint().width(), (_FIRST_LINES + 1) * self.fontMetrics().lineSpacing())
