"""StatusLine: what is happening, and for a few seconds what has just been done."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

HOLD_MS = 5000
"""Time for which an event is told: the state is set with every frame, and would take it away unread."""


class StatusLine(QLabel):
    """Shows the state of the run; an event takes its place for a while."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._state = ""
        self._timer = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def set_state(self, text: str) -> None:
        """Show what is happening, as soon as no event is being told."""
        self._state = text
        if not self._timer.isActive():
            self.setText(text)

    def tell(self, text: str) -> None:
        """Tell an event, then return to the state."""
        self.setText(text)
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        self.setText(self._state)
