"""StatusLine, the state of the run at the bottom of the window; TrainerLog, what the trainer writes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from superqt import QElidingLabel

from explorer.core.texts import Text, _

EVENT_MS = 5000
"""How long an event is shown: the state is set with every frame, and would replace it unread."""
_MARGIN = 6
"""Pixels at the left of the text, as at the left of what is above it."""
_MOST_LINES, _FIRST_LINES = 2000, 5
"""Lines of the log that are kept, and for how many it has room at first."""


class StatusLine(QElidingLabel):
    """Shows the state of the run, and instead of it an event for five seconds.

    A text that is too long for the window is elided, and does not make the window wider.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(_MARGIN, 0, 0, 0)
        self._state, self._is_of_run = "", False
        self._timer = QTimer(self, singleShot=True, interval=EVENT_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def set_state(self, text: str) -> None:
        """Show the state of the run, once no event is shown any more."""
        self._state = text
        if not self._timer.isActive():
            self._show(text)

    def show_event(self, text: str | Text) -> None:
        """Show an event for a while, then the state again."""
        self._is_of_run = False
        self._show(str(text))
        self._timer.start()

    def show_run_event(self, text: str | Text) -> None:
        """Show an event of the run, or what could not be done with it, no longer than the run is there."""
        self.show_event(text)
        self._is_of_run = True

    def withdraw_run_event(self) -> None:
        """Show the state again in place of an event of the run: there is another run."""
        if self._is_of_run and self._timer.isActive():
            self._timer.stop()
            self._show(self._state)

    def _on_timer_timeout(self) -> None:
        self._show(self._state)

    def _show(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
        self.setAccessibleName(text)  # Qt would read out the text as it is cut


class TrainerLog(QPlainTextEdit):
    """The newest lines of what the trainer writes, such as warnings and the traceback of an error.

    It has room for a few at first, so that it takes little from the views.
    """

    def __init__(self) -> None:
        super().__init__(readOnly=True, maximumBlockCount=_MOST_LINES)
        self.setAccessibleName(_("Log of the trainer"))
        self.setPlaceholderText(_("Messages and errors of the trainer appear here"))

    def sizeHint(self) -> QSize:
        """Return room for a few lines."""
        return QSize(super().sizeHint().width(), (_FIRST_LINES + 1) * self.fontMetrics().lineSpacing())
