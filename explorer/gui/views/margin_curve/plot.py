"""MarginPlot: curves over the angle; behind them the data, the band of a curve, and the part beyond π."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.statistics.angles import BINS
from explorer.gui.faults import guarded_item
from explorer.gui.plots.curve_plot import Curve, CurvePlot
from explorer.gui.plots.marks.hatching import hatching
from explorer.gui.plots.ranges import settle
from explorer.gui.plots.style import SMALL_TYPE, PixelItem, color, pen, scaled_font
from explorer.gui.theme.theme import Theme, mix

HALF_TURN = (0.0, 180.0)
_DATA_FRACTION = 0.4
_MOST_OF_KEY = 0.45
"""Greatest fraction of the height that is kept free for the key."""
_TINY = 1e-6
_FILL = {"light": 0.22, "dark": 0.3}
_BAND = {"light": 0.16, "dark": 0.24}


class MarginBackground(Struct, frozen=True, eq=False):
    """What is drawn behind the curves.

    ``shares`` (BINS,) is the histogram of θ_y as fractions, None before there are data; ``band`` are the
    lowest and highest values of the curve of the loss; ``beyond`` is the angle in degrees from which
    ``beyond_texts`` hold, a longer and a shorter wording; ``angle`` is that of a sample in degrees.
    """

    shares: NDArray[np.float64] | None = None
    band: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    beyond: float | None = None
    beyond_texts: tuple[str, str] = ("", "")
    angle: float | None = None


class MarginPlot(CurvePlot):
    """Curves over θ from 0° to 180°."""

    def __init__(self, theme: Theme, *, x: str, y: str) -> None:
        super().__init__(theme, x=x, y=y)
        self.background = MarginBackground()
        self.tallest = 0.0
        self._values = (-1.0, 1.0)
        self._background_item = BackgroundItem(self)

    def show_over(
        self, background: MarginBackground, curves: list[Curve], theme: Theme, values: tuple[float, float]
    ) -> None:
        """Show curves between limits, over a background."""
        self.background = background
        if background.shares is not None:
            self.tallest = settle(self.tallest, float(background.shares.max()))
        self._values = values
        self.curves = curves
        self.show_curves(curves, theme, HALF_TURN, self._clear_of_key())

    def _on_box_resized(self) -> None:
        super()._on_box_resized()
        if self.curves:  # the key takes another part of another height
            self.show_curves(self.curves, self.theme, HALF_TURN, self._clear_of_key())

    def key_right(self, area: QRectF) -> float:
        """Return where the hatched part begins, or the right edge where the key has no room before it."""
        if self.background.beyond is None:
            return area.right()
        across, right, _up, _down = self._background_item.scale_and_shift()
        start = min(self.background.beyond * across + right, area.right())
        return start if start - area.left() >= self.key_size(self.curves).width() else area.right()

    def _clear_of_key(self) -> tuple[float, float]:
        """Return limits with so much room at the top that no curve passes under the key."""
        low, high = self._values
        if not self.keyed:
            return low, high
        key, area = self.key_size(self.curves), QRectF(self.box.rect())
        across = area.width() / HALF_TURN[1]
        end = area.width() if self.background.beyond is None else self.background.beyond * across
        if end < key.width():
            end = area.width()
        start, end = (end - key.width()) / max(across, _TINY), end / max(across, _TINY)
        under = [curve.values[(curve.steps >= start) & (curve.steps <= end)] for curve in self.curves]
        if self.background.band is not None:
            degrees = np.linspace(*HALF_TURN, len(self.background.band[1]))
            under.append(self.background.band[1][(degrees >= start) & (degrees <= end)])
        known = [part[np.isfinite(part)] for part in under]
        top = max((float(part.max()) for part in known if len(part)), default=low)
        share = min(key.height() / max(area.height(), _TINY), _MOST_OF_KEY)
        return low, max(high, (top - share * low) / (1 - share))


class BackgroundItem(PixelItem):
    """Paints a `MarginBackground`."""

    def __init__(self, plot: MarginPlot) -> None:
        super().__init__(plot, z=-10)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint from back to front: part beyond π, data, band, zero line."""
        background, theme = self.plot.background, self.plot.theme
        across, right, up, down = self.scale_and_shift()
        area = self.boundingRect()
        if background.beyond is not None:
            self._paint_beyond(painter, background.beyond * across + right, down, background.beyond_texts)
        if background.shares is not None and self.plot.tallest:
            self._paint_data(
                painter, background.shares * (_DATA_FRACTION * area.height() / self.plot.tallest)
            )
        if background.band is not None:
            degrees = np.linspace(*HALF_TURN, len(background.band[0])) * across + right
            low, high = (values * up + down for values in background.band)
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
        if background.angle is not None:
            x = background.angle * across + right
            painter.setPen(pen(theme.accent, 2.0))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_data(self, painter: QPainter, heights: NDArray[np.float64]) -> None:
        filled = np.flatnonzero(heights)
        if not len(filled):
            return
        across, right, _up, _down = self.scale_and_shift()
        theme, bottom = self.plot.theme, self.boundingRect().bottom()
        first, last = int(filled[0]), int(filled[-1]) + 1
        edges = np.repeat(np.arange(first, last + 1) * (180.0 / BINS) * across + right, 2)
        levels = np.concatenate([[bottom], bottom - np.repeat(heights[first:last], 2), [bottom]])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(mix(theme.plot, theme.muted, _FILL[theme.name] * 2)))
        painter.drawPolygon(
            QPolygonF([QPointF(x, y) for x, y in zip(edges.tolist(), levels.tolist(), strict=True)])
        )

    def _paint_beyond(self, painter: QPainter, start: float, zero: float, texts: tuple[str, str]) -> None:
        """Hatch the part beyond ``start``, with the text in it where there is room at its top.

        Else the text is on the zero line before it, clear of curves that have fallen by then; in short and
        below the line where the key reaches down to it.
        """
        theme, area = self.plot.theme, self.boundingRect()
        fill = mix(theme.plot, theme.muted, 0.1)
        strip = QRectF(area)
        strip.setLeft(max(start, area.left()))
        painter.fillRect(strip, hatching(fill, mix(fill, theme.muted, 0.3)))
        painter.setPen(pen(theme.muted, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(strip.topLeft(), strip.bottomLeft())
        painter.setFont(scaled_font(self.plot.font(), SMALL_TYPE))
        metrics = QFontMetricsF(painter.font())
        fits = metrics.horizontalAdvance(texts[0]) <= 0.35 * area.width()
        text = texts[0] if fits else texts[1]
        width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
        at = QRectF(strip.left() - width - 2, zero - height - 3, width, height)
        key = self.plot.key_size(self.plot.curves)
        key_area = QRectF(QPointF(self.plot.key_right(area) - key.width(), area.top()), key)
        if self.plot.keyed and at.intersects(key_area):
            text, width = texts[1], metrics.horizontalAdvance(texts[1]) + 8
            at = QRectF(strip.left() - width - 2, zero + 3, width, height)
        if strip.width() >= width + 4 and self.plot.key_right(area) < area.right():  # the key is not there
            at.moveTopRight(strip.topRight() + QPointF(-2, 3))
        painter.fillRect(at, color(theme.plot, 215))
        painter.drawText(at, Qt.AlignmentFlag.AlignCenter, text)


def value_limits(curves: Sequence[NDArray[np.float64]]) -> tuple[float, float]:
    """Return limits of T(θ) that contain the values of curves: −1 to 1 with a margin, or more by quarters."""
    low = min((float(values.min()) for values in curves), default=-1.0)
    high = max((float(values.max()) for values in curves), default=1.0)
    return math.floor(min(low, -1.0) * 4 + 1e-6) / 4 - 0.1, math.ceil(max(high, 1.0) * 4 - 1e-6) / 4 + 0.1
