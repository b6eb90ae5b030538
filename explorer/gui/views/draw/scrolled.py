"""Scrolled: content that scrolls where there is little room, rather than make its window higher."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_LEAST_HEIGHT = 120


class Scrolled(QScrollArea):
    """Shows ``content``, which has its layout already, on the ground of its parent; up and down only."""

    def __init__(self, content: QWidget, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(content)
        self._content = content
        for ground in (content, self.viewport()):
            ground.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        """Wide enough that nothing is cut off beside the scroll bar."""
        width = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, _LEAST_HEIGHT)
