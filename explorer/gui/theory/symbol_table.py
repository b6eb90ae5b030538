"""SymbolTable: the symbols of a formula in words, with their values now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.faults import guarded
from explorer.gui.theory.symbols import Symbol

_SYMBOL_WIDTH = 1.8
"""Width of the first column, in heights of a line."""


class SymbolRow(QAbstractButton):
    """One symbol: how it is written, what it means, and its value.

    Signals
    -------
    hovered(object)
        Its `Symbol`: the pointer or the focus is on the row; None once it is not.
    """

    hovered = Signal(object)

    def __init__(self, symbol: Symbol, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.symbol = symbol
        self._marked = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        letter = QLabel(symbol.html)
        letter.setFixedWidth(round(_SYMBOL_WIDTH * letter.fontMetrics().height()))
        self._value = QLabel()
        set_role(self._value, "role", "value")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.setSpacing(6)
        row.addWidget(letter, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(WrappedLabel(_(symbol.meaning)), 1)
        row.addWidget(self._value, 0, Qt.AlignmentFlag.AlignTop)
        self.show_value("")

    def show_value(self, value: str) -> None:
        """Show a value, nothing for an empty text."""
        self._value.setText(value)
        words = (self.symbol.spoken, _(self.symbol.meaning), value)
        self.setAccessibleName(_(", ").join(filter(None, words)))

    def mark(self, marked: bool) -> None:
        """Draw the row as the one that is pointed at, or as the others."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Report the symbol."""
        super().enterEvent(event)
        self.hovered.emit(self.symbol)

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the pointer has left."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Report the symbol."""
        super().focusInEvent(event)
        self.hovered.emit(self.symbol)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Report that the focus has left."""
        super().focusOutEvent(event)
        self.hovered.emit(None)

    def sizeHint(self) -> QSize:
        """Return the size of its parts: a button would take that of its text."""
        return self._row.sizeHint()

    def hasHeightForWidth(self) -> bool:
        """Return True: the meaning is broken into lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at which all lines can be read."""
        return self._row.heightForWidth(width)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a marked row on a tinted ground."""
        if self._marked:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            tint = self.palette().highlight().color()
            tint.setAlphaF(0.16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRoundedRect(self.rect(), 4, 4)
            painter.end()


class SymbolTable(QWidget):
    """A row for each symbol.

    Signals
    -------
    symbolHovered(object)
        The `Symbol` under the pointer or with the focus, None for none.
    settingRequested(object)
        The `Symbol` whose row was clicked, or pressed by Space.
    """

    symbolHovered = Signal(object)
    settingRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Symbols"))
        self.rows: list[SymbolRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_symbols(self, symbols: list[Symbol]) -> None:
        """Show other symbols."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [SymbolRow(symbol) for symbol in symbols]
        for row in self.rows:
            row.hovered.connect(self.symbolHovered)
            row.clicked.connect(partial(self.settingRequested.emit, row.symbol))
            self._column.addWidget(row)

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show the values of symbols by their LaTeX, none for those that have none."""
        for row in self.rows:
            row.show_value(values.get(row.symbol.latex, ""))

    def mark(self, symbol: Symbol | None) -> None:
        """Mark the row of a symbol, and no other."""
        for row in self.rows:
            row.mark(row.symbol == symbol)
