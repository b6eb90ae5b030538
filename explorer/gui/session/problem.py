"""Problem: why a run failed, for people."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from explorer.core.params import Value
from explorer.core.texts import Text


class Problem(Struct, frozen=True):
    """Why a run failed; ``details`` such as a traceback; ``remedy`` maps dotted names to values that help."""

    text: Text
    details: str = ""
    remedy: Mapping[str, Value] = field(default_factory=dict)
