"""Problem: something that went wrong in a run, in words for the person."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from explorer.core.params import Value


class Problem(Struct, frozen=True):
    """What went wrong, ``details`` for who wants them, and what would help: dotted names and values."""

    text: str
    details: str = ""
    remedy: Mapping[str, Value] = field(default_factory=dict)
