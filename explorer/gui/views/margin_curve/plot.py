"""MarginPlot: curves over the angle, with the data, the spread of a curve and what lies beyond π beneath."""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.statistics.angles import BINS
from explorer.gui.faults import guarded_item
from explorer.gui.plots.curve_plot import Curve, CurvePlot
from explorer.gui.plots.ranges import settle
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, color, hatching, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix

HALF_TURN = (0.0, 180.0)
_DATA_SHARE = 0.4
_KEY_ROWS, _STEEP = 3, -2.0
_FILL = {"light": 0.22, "dark": 0.3}
_BAND = {"light": 0.16, "dark": 0.24}


class MarginGround(Struct, frozen=True, eq=False):
    """What lies beneath the curves.

    ``shares`` (BINS,) is the distribution of θ_y, None before there are data; ``band`` the lowest and highest
    values of a curve that is drawn in the middle; ``beyond`` the angle in degrees from which ``beyond_text``
    holds.
    """

    shares: NDArray[np.float64] | None = None
    band: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    beyond: float | None = None
    beyond_text: str = ""


class MarginPlot(CurvePlot):
    """Curves over θ from 0° to 180°."""

    def __init__(self, theme: Theme, *, x: str, y: str) -> None:
        super().__init__(theme, x=x, y=y)
        self.ground = MarginGround()
        self.tallest = 0.0
        self._ground_item = GroundItem(self)

    def show_over(
        self, ground: MarginGround, curves: list[Curve], theme: Theme, values: tuple[float, float]
    ) -> None:
        """Draw curves, between limits, over what lies beneath."""
        self.ground = ground
        if ground.shares is not None:
            self.tallest = settle(self.tallest, float(ground.shares.max()))
        low, high = values
        if self.keyed and (len(curves) > _KEY_ROWS or low < _STEEP):
            high += (high - low) * self._key_share(len(curves))
        self.show_curves(curves, theme, HALF_TURN, (low, high))

    def _key_share(self, rows: int) -> float:
        """Return the height of the key beside that of the rest of the plot."""
        line = QFontMetricsF(scaled_font(self.font(), SMALL_TYPE)).height()
        height = max(1.0, float(self.box.rect().height()))
        key = min(rows * line + 10, 0.45 * height)
        return key / (height - key)


class GroundItem(PixelItem):
    """Draws a `MarginGround`."""

    def __init__(self, plot: MarginPlot) -> None:
        super().__init__(plot, z=-10)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw from the farthest to the nearest: beyond π, data, band, zero line."""
        ground, theme = self.plot.ground, self.plot.theme
        across, right, up, down = self.scale_and_shift()
        area = self.boundingRect()
        if ground.beyond is not None:
            self._paint_beyond(painter, ground.beyond * across + right, down, ground.beyond_text)
        if ground.shares is not None and self.plot.tallest:
            self._paint_data(painter, ground.shares * (_DATA_SHARE * area.height() / self.plot.tallest))
        if ground.band is not None:
            degrees = np.linspace(*HALF_TURN, len(ground.band[0])) * across + right
            low, high = (values * up + down for values in ground.band)
            outline = zip(
                np.concatenate([degrees, degrees[::-1]]).tolist(),
                np.concatenate([low, high[::-1]]).tolist(),
                strict=True,
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(theme.accent, round(255 * _BAND[theme.name])))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline]))
        painter.setPen(pen(theme.line))
        painter.drawLine(QPointF(area.left(), down), QPointF(area.right(), down))

    def _paint_data(self, painter: QPainter, heights: NDArray[np.float64]) -> None:
        filled = np.flatnonzero(heights)
        if not len(filled):
            return
        across, right, _, _ = self.scale_and_shift()
        theme, bottom = self.plot.theme, self.boundingRect().bottom()
        first, last = int(filled[0]), int(filled[-1]) + 1
        edges = np.repeat(np.arange(first, last + 1) * (180.0 / BINS) * across + right, 2)
        levels = np.concatenate([[bottom], bottom - np.repeat(heights[first:last], 2), [bottom]])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(mix(theme.plot, theme.muted, _FILL[theme.name] * 2)))
        painter.drawPolygon(
            QPolygonF([QPointF(x, y) for x, y in zip(edges.tolist(), levels.tolist(), strict=True)])
        )

    def _paint_beyond(self, painter: QPainter, start: float, zero: float, text: str) -> None:
        """Hatch what lies beyond ``start``; the text stands on the zero line, clear of falling curves."""
        theme, area = self.plot.theme, self.boundingRect()
        ground = mix(theme.plot, theme.muted, 0.1)
        strip = QRectF(area)
        strip.setLeft(max(start, area.left()))
        painter.fillRect(strip, hatching(ground, mix(ground, theme.muted, 0.3)))
        painter.setPen(pen(theme.muted, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(strip.topLeft(), strip.bottomLeft())
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        metrics = QFontMetricsF(painter.font())
        if metrics.horizontalAdvance(text) > 0.35 * area.width():
            text = text.partition(" from ")[0]
        width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
        at = QRectF(strip.left() - width - 2, zero - height - 3, width, height)
        painter.fillRect(at, color(theme.plot, 215))
        painter.drawText(at, Qt.AlignmentFlag.AlignCenter, text)


def value_limits(curves: list[Curve]) -> tuple[float, float]:
    """Return limits of T(θ) that hold the curves: −1 to 1 with some room, lower by quarters where needed."""
    low = min((float(curve.values.min()) for curve in curves), default=-1.0)
    high = max((float(curve.values.max()) for curve in curves), default=1.0)
    return math.floor(min(low, -1.0) * 4 + 1e-6) / 4 - 0.1, math.ceil(max(high, 1.0) * 4 - 1e-6) / 4 + 0.1
