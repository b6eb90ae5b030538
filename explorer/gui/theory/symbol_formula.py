"""SymbolFormula: a loss' formula whose symbols can be pointed at."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPalette
from PySide6.QtWidgets import QWidget

from explorer.core.losses.loss_spec import LossSpec
from explorer.gui.controls.formula import INK, FormulaLabel
from explorer.gui.theory.symbols import Atom, Symbol, colored, find_symbol, symbols_of

_MARKER, _FUNCTION = "#0a00{:02x}", "#0b00{:02x}"
"""Colours in the SVG of the symbol with an index, and of a function behind it; they are never drawn."""
_FILL = re.compile(r'(?<=fill=")#[0-9a-f]{6}(?=")')
_GLYPH = re.compile(r'<(?:path|rect) [^>]*?(?:d="([^"]*)"[^>]*)?fill="#0a00([0-9a-f]{2})"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_REACH = 2.0
"""Units of an em of 24 by which the area of a symbol is larger than its letters."""


class SymbolFormula(FormulaLabel):
    """Draws the formula of a loss; symbols that can be explained react to the pointer.

    Signals
    -------
    symbolHovered(object)
        The `Symbol` under the pointer, None for none.
    """

    symbolHovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.symbols: list[Symbol] = []
        self._marked: Symbol | None = None
        self._hovered: Symbol | None = None
        self.setMouseTracking(True)

    def show_loss(self, spec: LossSpec) -> None:
        """Show the formula of a loss."""
        symbols = symbols_of(spec)
        if symbols != self.symbols:
            self.latex = ""  # another loss may have the same formula, with other parameters
        self.symbols = symbols
        self._marked = self._hovered = None
        self.set_formula(spec.formula)

    def mark(self, symbol: Symbol | None) -> None:
        """Draw a symbol in the colour of the accent, and no other."""
        if symbol != self._marked:
            self._marked = symbol
            self.recolor()

    def areas(self) -> list[tuple[Symbol, QRectF]]:
        """Return the symbols of the formula as it is drawn, with their places in the widget."""
        found = []
        for svg, place in zip(self.svgs, self.places(), strict=False):
            for index, box in _letters(restored(svg)):
                found.append((self.symbols[index], place.mapRect(box)))
        return found

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report the symbol under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self._symbol_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Report that the pointer is on no symbol."""
        super().leaveEvent(event)
        self._hover(None)

    def written(self, part: str) -> str:
        """Return a piece of the formula with its symbols in the colours that stand for them."""
        return colored(part, self._marker)

    def inked(self, svg: str) -> str:
        """Return the drawing with the marked symbol in the accent's colour, all else in that of the text."""
        palette, svg = self.palette(), restored(svg)
        text, accent = (palette.color(role).name() for role in (_TEXT, _ACCENT))
        for index, symbol in enumerate(self.symbols):
            svg = svg.replace(_MARKER.format(index), accent if symbol == self._marked else text)
        return super().inked(svg.replace(INK, text))

    def _marker(self, atom: Atom) -> tuple[str, str]:
        symbol = find_symbol(self.symbols, atom)
        if symbol is None:
            return "", ""
        index = self.symbols.index(symbol)
        return _MARKER.format(index), _FUNCTION.format(index)

    def _symbol_at(self, position: QPointF) -> Symbol | None:
        return next((symbol for symbol, area in self.areas() if area.contains(position)), None)

    def _hover(self, symbol: Symbol | None) -> None:
        if symbol != self._hovered:
            self._hovered = symbol
            self.setCursor(Qt.CursorShape.WhatsThisCursor if symbol else Qt.CursorShape.ArrowCursor)
            self.symbolHovered.emit(symbol)


_TEXT, _ACCENT = QPalette.ColorRole.WindowText, QPalette.ColorRole.Highlight


@lru_cache(maxsize=64)
def restored(svg: str) -> str:
    """Return a drawing in which only the symbols have the colours that stand for them.

    Of glyphs in the colour of a function that follows a symbol, the first is the last one of the symbol.
    """
    before = ""

    def color_of(match: re.Match[str]) -> str:
        nonlocal before
        color, last = match[0], before
        before = color
        if not color.startswith(_FUNCTION[:3]):
            return color
        return INK if color == last else color.replace(_FUNCTION[:3], _MARKER[:3])

    return _FILL.sub(color_of, svg)


@lru_cache(maxsize=64)
def _letters(svg: str) -> tuple[tuple[int, QRectF], ...]:
    """Return the index and the box, in units of the drawing, of each symbol in it.

    Neighbouring letters of one colour, such as θ and its index, are one symbol.
    """
    found: list[tuple[int, QRectF]] = []
    end = -1
    for glyph in _GLYPH.finditer(svg):
        numbers = [float(number) for number in _NUMBER.findall(glyph[1] or "")]
        if len(numbers) < 4:
            continue
        across, down = numbers[::2], numbers[1::2]
        box = QRectF(min(across), min(down), max(across) - min(across), max(down) - min(down))
        box.adjust(-_REACH, -_REACH, _REACH, _REACH)
        index = int(glyph[2], 16)
        if found and found[-1][0] == index and glyph.start() - end < 8:
            box = box.united(found.pop()[1])
        found.append((index, box))
        end = glyph.end()
    return tuple(found)
