"""Which part of an axis is visible: zooming and moving, as pure functions of the span."""

from __future__ import annotations

Span = tuple[float, float]

_CLOSEST = 1e-3
"""Share of the whole that remains visible at the closest."""


def zoomed(span: Span, whole: Span, factor: float, about: float) -> Span | None:
    """Return a span ``factor`` times as wide with ``about`` in its place; None for the whole."""
    extent = whole[1] - whole[0]
    width = max(_CLOSEST * extent, factor * (span[1] - span[0]))
    if width >= extent:
        return None
    share = (about - span[0]) / (span[1] - span[0])
    return _inside(about - share * width, width, whole)


def moved(span: Span, whole: Span, by: float) -> Span:
    """Return a span of the same width, moved as far as the whole reaches."""
    return _inside(span[0] + by, span[1] - span[0], whole)


def holding(span: Span, whole: Span, x: float) -> Span:
    """Return the span, moved no farther than it takes to hold ``x``."""
    return moved(span, whole, min(0.0, x - span[0]) + max(0.0, x - span[1]))


def _inside(left: float, width: float, whole: Span) -> Span:
    left = min(max(left, whole[0]), whole[1] - width)
    return left, left + width
