"""Line breaks of a formula: which pieces share a line, and where each is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

BREAK = r"\quad"
"""Space in LaTeX at which a formula may be broken."""
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}]")
_OPENING, _CLOSING = ("{", r"\left", r"\begin"), ("}", r"\right", r"\end")
_LINE_GAP = 0.35
"""Space between two lines, in em."""


class Piece(NamedTuple):
    """Extent of a piece about its baseline, in the units of `em`."""

    width: float
    above: float
    below: float


class Lines(NamedTuple):
    """Left end and baseline of each piece from the upper left corner, and the size of the whole."""

    places: tuple[tuple[float, float], ...]
    width: float
    height: float


def pieces(latex: str) -> tuple[str, ...]:
    """Return the parts of a formula between which it may be broken: never within braces."""
    parts, depth, start = [], 0, 0
    for token in _TOKEN.finditer(latex):
        depth += (token[0] in _OPENING) - (token[0] in _CLOSING)
        if token[0] == BREAK and depth == 0:
            parts.append(latex[start : token.start()])
            start = token.end()
    parts.append(latex[start:])
    return tuple(part.strip() for part in parts if part.strip())


def arrange(extents: Sequence[Piece], width: float, em: float) -> Lines:
    """Return the fewest lines that fit a width, pieces an em apart; a wider piece has a line to itself."""
    rows: list[list[Piece]] = []
    right = 0.0
    for piece in extents:
        if rows and right + em + piece.width <= width:
            rows[-1].append(piece)
            right += em + piece.width
        else:
            rows.append([piece])
            right = piece.width
    places: list[tuple[float, float]] = []
    top = widest = 0.0
    for number, row in enumerate(rows):
        top += _LINE_GAP * em if number else 0.0
        above, below = max(piece.above for piece in row), max(piece.below for piece in row)
        left = 0.0
        for piece in row:
            places.append((left, top + above))
            left += piece.width + em
        widest = max(widest, left - em)
        top += above + below
    return Lines(tuple(places), widest, top)
