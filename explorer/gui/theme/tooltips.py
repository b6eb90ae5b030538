"""Tooltips of more than a line: Qt wraps rich text only, and writes a plain sentence across the window."""

from __future__ import annotations

import textwrap
import unicodedata
from functools import lru_cache

_WIDTH = 72
"""Characters in a line; those of Chinese are twice as wide."""


@lru_cache(256)
def wrapped(tip: str) -> str:
    """Return a tooltip in lines of a width that is easily read; rich text, and short text, as it is."""
    if tip.startswith("<"):
        return tip
    wide = 0 if tip.isascii() else sum(unicodedata.east_asian_width(letter) in "WF" for letter in tip)
    width = _WIDTH // 2 if 2 * wide > len(tip) else _WIDTH
    if len(tip) <= width:
        return tip
    return "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in tip.split("\n"))
