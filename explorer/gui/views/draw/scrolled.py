"""Scrolled: what scrolls in the Draw view, over its background."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_LEAST_HEIGHT = 120


class Scrolled(QScrollArea):
    """Scrolls ``content``, which has its layout already, vertically over the background of its parent."""

    def __init__(self, content: QWidget, name: str) -> None:
        super().__init__()
        self._content, self._resizing = content, False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the pad has the keys
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(content)
        for widget in (content, self.viewport()):
            widget.setAutoFillBackground(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the content once: Qt does so at each change of its size, also at the one that this makes.

        Where two sizes call for each other, that does not end, and the stack overflows.
        """
        if event.type() != QEvent.Type.Resize or watched is not self._content:
            return super().eventFilter(watched, event)
        if not self._resizing:
            self._resizing = True
            super().eventFilter(watched, event)
            self._resizing = False
        return False

    def minimumSizeHint(self) -> QSize:
        """Return a width at which nothing is cut off beside the scroll bar."""
        width = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, _LEAST_HEIGHT)
