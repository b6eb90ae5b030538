"""StatusLine: the state of the run at the bottom of the window, and events for a while."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from superqt import QElidingLabel

from explorer.core.texts import Text

EVENT_MS = 5000
"""How long an event is shown: the state is set with every frame, and would replace it unread."""


class StatusLine(QElidingLabel):
    """Shows the state of the run, and instead of it an event for five seconds.

    A text that is too long for the window is elided, and does not make the window wider.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._state = ""
        self._timer = QTimer(self, singleShot=True, interval=EVENT_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def set_state(self, text: str) -> None:
        """Show the state of the run, once no event is shown any more."""
        self._state = text
        if not self._timer.isActive():
            self._show(text)

    def show_event(self, text: str | Text) -> None:
        """Show an event for a while, then the state again."""
        self._show(str(text))
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        self._show(self._state)

    def _show(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
        self.setAccessibleName(text)  # Qt would read out the text as it is cut
