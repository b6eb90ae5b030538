"""Stable limits of axes that change in steps, so that frames stay comparable, and commands that move them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.plane.geometry import Rectangle

ANGLE_LIMITS = (15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0)
"""Possible upper limits of an axis of angles, in degrees."""
_STEPS = {
    "axes.left": (-0.1, 0.0),
    "axes.right": (0.1, 0.0),
    "axes.down": (0.0, -0.1),
    "axes.up": (0.0, 0.1),
}
"""Fractions of the visible range by which a command pans, along X and Y."""
_ZOOMS = {"axes.zoom-in": 0.8, "axes.zoom-out": 1.25}
"""Factors by which a command scales the visible range."""
_RUNGS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.4, 8.0, 10.0)
_ROOM = 1.06
_LOOSE = 0.55
_NARROWEST_SIDE = 0.12
_SMALLEST = 1e-9
_MAY_NARROW: ContextVar[bool] = ContextVar("may_narrow", default=True)


@contextmanager
def only_wider() -> Iterator[None]:
    """Let limits become wider but never narrower: those of a film are the same in all of its frames."""
    token = _MAY_NARROW.set(False)
    try:
        yield
    finally:
        _MAY_NARROW.reset(token)


def may_narrow() -> bool:
    """Return whether limits may become narrower now."""
    return _MAY_NARROW.get()


def rung_above(value: float) -> float:
    """Return the smallest round number that is not below ``value``; 1 for zero."""
    if value < _SMALLEST:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return power * next((rung for rung in _RUNGS if rung * power >= value * (1 - 1e-9)), 10.0)


def settle(current: float, needed: float) -> float:
    """Return a limit of at least ``needed``: the current one, unless it is too small or much too large."""
    loose = may_narrow() and needed * _ROOM < _LOOSE * current
    if needed > current or current == 0 or loose:
        return rung_above(needed * _ROOM)
    return current


class Sides:
    """A rectangle around the origin, each of whose four sides is a stable limit (`settle`)."""

    def __init__(self) -> None:
        self._reach = [0.0] * 4

    def reset(self) -> None:
        """Reset all sides, so that the next data determine them."""
        self._reach = [0.0] * 4

    def fit(self, points: Floats) -> Rectangle:
        """Return a rectangle that contains ``points`` (n, 2)."""
        needed = [0.0] * 4
        if len(points):
            low = [float(column.min()) for column in points.T]
            high = [float(column.max()) for column in points.T]
            needed = [max(0.0, -low[0]), max(0.0, -low[1]), max(0.0, high[0]), max(0.0, high[1])]
        # The minimum keeps the origin away from the edge, and tiny sides from changing in many steps.
        least = _NARROWEST_SIDE * max(needed)
        self._reach = [
            settle(current, max(side, least)) for current, side in zip(self._reach, needed, strict=True)
        ]
        left, bottom, right, top = self._reach
        return Rectangle(-left, -bottom, right, top)


class Extent:
    """A stable length around the origin (`settle`): what the data need, or ``least`` where that is more.

    Attributes
    ----------
    need : float
        The length that the data need, 0 without any.
    least : float
        The length that is shown at least, such as what the data of linked views need.
    """

    def __init__(self) -> None:
        self.need = self.least = 0.0

    @property
    def length(self) -> float:
        """The length to show."""
        return max(self.need, self.least)

    def reset(self) -> None:
        """Reset the length, so that the next data determine it."""
        self.need = 0.0

    def fit(self, points: Floats) -> None:
        """Contain ``points`` (n, d)."""
        self.need = settle(self.need, longest(points))


def longest(points: Floats) -> float:
    """Return the largest norm of the rows of ``points`` (n, d)."""
    if not len(points):
        return 0.0
    return math.sqrt(float(np.einsum("nd,nd->n", points, points, dtype=np.float64).max()))


def obey(box: pg.ViewBox, command: str) -> bool:
    """Pan or zoom a view box as a command says; return whether it is one that does."""
    return move_box(box, _STEPS.get(command, (0.0, 0.0)), _ZOOMS.get(command, 1.0))


def move_box(
    box: pg.ViewBox, by: tuple[float, float], zoom: float = 1.0, about: QPointF | None = None
) -> bool:
    """Pan and zoom a view box along the axes that the mouse can pan; return whether there is such a one.

    Parameters
    ----------
    by : tuple of float
        Fractions of the visible range along X and Y.
    zoom : float
        Factor of the visible range.
    about : QPointF, optional
        The place that stays where it is, in units of the axes; the middle where left out.
    """
    free = box.state["mouseEnabled"]
    pans, zooms = any(way and can for way, can in zip(by, free, strict=True)), zoom != 1 and any(free)
    if zooms:
        box.scaleBy(center=about, **{axis: zoom for axis, can in zip("xy", free, strict=True) if can})
    if pans:
        ways = [way * (high - low) for way, (low, high) in zip(by, box.viewRange(), strict=True)]
        box.translateBy(**{axis: way for axis, way, can in zip("xy", ways, free, strict=True) if can})
    if pans or zooms:
        box.sigRangeChangedManually.emit(free)
    return pans or zooms
