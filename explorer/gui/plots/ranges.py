"""Axes: their numbers, and stable limits that change in steps, so that frames stay comparable."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QVariantAnimation
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.raster.ticks import tick_texts
from explorer.gui.faults import guarded_item
from explorer.gui.plots.cached_layer import line_scale

ANGLE_LIMITS = (15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0)
"""Possible upper limits of an axis of angles, in degrees."""
_TITLE_SHARE = 0.8
"""Part of the height of its title that pyqtgraph gives it beside the numbers."""
_LEAST_TITLE = 0.6
"""Part of its size at which a title that is longer than its axis is still legible."""
_SPARE = 0.25
"""Part of the height of a number above and below its figures."""
FADE_MS, _FADED = 150, 0.25
"""How long the numbers of another range take to appear, and how opaque they are at first."""
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


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis whose numbers fit beside it, with a separator in thousands: pyqtgraph leaves out "-5e+37"."""

    _settled = False
    _painted_scale = 1.0
    _needed = 0.0

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self._fade = QVariantAnimation(self, duration=FADE_MS, startValue=_FADED, endValue=1.0)
        # Not `update` itself, which would get the opacity, and takes nothing but a rectangle.
        self._fade.valueChanged.connect(lambda: self.update())

    def apply_look(self, line: QPen, text: QPen, numbers: QFont, title: QFont, label: str) -> None:
        """Use these pens and fonts, and this label; laid out once; pyqtgraph would do so for each of them."""
        self._settled, self._needed = False, 0.0
        self.setPen(line)
        self.setTextPen(text)
        self.setStyle(tickFont=numbers, tickLength=-4, maxTickLevel=0, hideOverlappingLabels=True)
        self.label.setFont(title)
        self.textWidth, self.textHeight = 30, 18  # else the room for a larger font is kept
        self._settled = True
        self.setLabel(label, color=text.color().name())

    def fit_width(self, least: float) -> None:
        """Be ``least`` pixels wide, or as wide as the title and the longest number need beside each other.

        It only widens until it gets another look, so that the plot does not move sideways with its numbers.
        """
        ticks = self.tickValues(*self.range, max(self.height(), 1.0))[:1]  # the minor ones have no numbers
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        texts = (text for spacing, values in ticks for text in self.tickStrings(values, 1.0, spacing))
        longest = max(map(metrics.horizontalAdvance, texts), default=0.0)
        title = _TITLE_SHARE * self.label.boundingRect().height()
        self._needed = max(self._needed, title + longest + self.style["tickTextOffset"][0])
        width = round(max(least, self._needed))
        if width != self.width():
            self.setWidth(width)

    def forget_width(self) -> None:
        """Let the next range have the room that its numbers need, if that is less."""
        self._needed = 0.0

    def resizeEvent(self, event: QGraphicsSceneResizeEvent | None = None) -> None:
        """Place the title, smaller where it is longer than the axis: pyqtgraph would cut it."""
        super().resizeEvent(event)
        if self.label is None:  # it is closed
            return
        upright = self.orientation == "left"
        room, title = self.height() if upright else self.width(), self.label.boundingRect()
        part = min(1.0, max(_LEAST_TITLE, room / max(title.width(), 1.0)))
        self.label.setScale(part)
        if part < 1:
            start = (room + (part if upright else -part) * title.width()) / 2
            across = (1 - part) * title.height() / 2
            at = self.label.pos()
            self.label.setPos(QPointF(at.x() + across, start) if upright else QPointF(start, at.y() + across))

    def fade_in(self) -> None:
        """Let the numbers of a new range appear; those before would be wrong beside what is shown now."""
        if self._fade.state() == QVariantAnimation.State.Stopped:
            self._fade.start()

    def finish_fading(self) -> None:
        """Show the numbers in full."""
        if isValid(self._fade) and self._fade.state() == QVariantAnimation.State.Running:
            self._fade.stop()
            self.update()

    @guarded_item
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the axis, fainter while it appears."""
        if self._painted_scale != line_scale():
            self._painted_scale, self.picture = line_scale(), None
        if self._fade.state() == QVariantAnimation.State.Running:
            painter.setOpacity(self._fade.currentValue())
        super().paint(painter, option, widget)

    def pen(self) -> QPen:
        """Return the pen of lines: one logical pixel wide on the screen or the image that is painted now."""
        line: QPen = super().pen()
        line.setWidthF(line_scale())
        return line

    def generateDrawSpecs(self, painter: QPainter) -> tuple[Any, list[Any], list[Any]] | None:
        """Return what pyqtgraph draws, without numbers that would be written over others."""
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        axis, ticks, texts = specs
        kept: list[tuple[QRectF, Any, str]] = []
        for room, flags, text in texts:
            spare = _SPARE * room.height()
            figures = room.adjusted(0, spare, 0, -spare)
            if not any(figures.intersects(other) for other, *_rest in kept):
                kept.append((room, flags, text))
        return axis, ticks, kept

    def tickStrings(self, values: Sequence[float], scale: float, _spacing: float) -> list[str]:
        """Return the labels of ticks; 0 without decimals, as it is often beside the name of the axis."""
        texts = tick_texts(np.asarray(values, dtype=np.float64) * scale, brief=True)
        return ["0" if float(text.replace(",", "")) == 0 else text for text in texts]

    def _updateLabel(self) -> None:
        if self._settled:
            super()._updateLabel()
            self.resizeEvent()  # pyqtgraph leaves it where the title before was


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
