"""Sheet: the part of a lab that is copied and saved."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.faults import guarded
from explorer.gui.labs.lab import LabContext, LabSpec
from explorer.gui.labs.readings_table import NUMBERS_WIDTH, ExampleCard, ReadingsTable, scrolling
from explorer.gui.plots.style import color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme

_QUESTION_SIZE = 1.35
_LINE_WIDTH = 420
_LEAST_FIGURE = QSize(460, 380)


class Sheet(QWidget):
    """Question, picture, numbers, and the sentence of the demonstration, on the background of the plots."""

    def __init__(self, spec: LabSpec[Any], context: LabContext) -> None:
        super().__init__()
        self.theme = context.theme
        self.setAccessibleName(_(spec.title))
        self.question = WrappedLabel(_(spec.question))
        RelativeFont(self.question, _QUESTION_SIZE, bold=True)
        self.figure = spec.figure(context)
        self.figure.setMinimumSize(_LEAST_FIGURE)
        self.card = ExampleCard()
        self.readings = ReadingsTable()
        self.remark = WrappedLabel()
        for line in (self.question, self.remark):
            line.setMinimumWidth(_LINE_WIDTH)
        set_role(self.remark, "role", "value")
        numbers = QVBoxLayout()
        numbers.addWidget(self.card)
        numbers.addWidget(self.readings)
        numbers.addStretch(1)
        numbers.setContentsMargins(0, 0, 0, 0)
        column = QWidget()
        column.setLayout(numbers)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self.figure, 1)
        self._numbers = scrolling(column, NUMBERS_WIDTH)
        body.addWidget(self._numbers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 10)
        layout.setSpacing(8)
        layout.addWidget(self.question)
        layout.addLayout(body, 1)
        layout.addWidget(self.remark)
        self.set_theme(context.theme)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme, and its size of type."""
        self.theme = theme
        width = round(NUMBERS_WIDTH * theme.scale)
        self._numbers.setFixedWidth(width)
        self.card.set_width(width)
        self.readings.set_width(width)
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the background of the plots around them, too."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self.theme.plot))
        painter.end()
