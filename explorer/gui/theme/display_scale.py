"""What the environment says of the scale of the screen: where it makes no sense, Qt takes it all the same."""

from __future__ import annotations

from collections.abc import MutableMapping
from types import MappingProxyType

_LIMITS = MappingProxyType(
    {"QT_SCALE_FACTOR": (0.25, 16.0), "QT_SCREEN_SCALE_FACTORS": (0.25, 16.0), "QT_FONT_DPI": (24.0, 1536.0)}
)
"""Least and largest value of each variable: 96 dots per inch are a scale of 1."""


def drop_senseless_scales(environment: MutableMapping[str, str]) -> None:
    """Remove scales that are no number or show nothing; Qt complained at each drawing, thousands of times.

    ``QT_SCREEN_SCALE_FACTORS`` is a list such as ``2;1.5`` or ``eDP-1=2;HDMI-1=1``.
    """
    for name, (least, most) in _LIMITS.items():
        values = [part.rpartition("=")[2] for part in environment.get(name, "").split(";") if part]
        if not all(least <= _number(value) <= most for value in values):
            del environment[name]


def _number(word: str) -> float:
    """Return the number that a word is, 0 for none."""
    try:
        return float(word)
    except ValueError:
        return 0.0
