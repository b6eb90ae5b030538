"""A small picture of what settings are about: the classes around the origin, and T(θ) of the loss."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPolygonF

from explorer.analysis.margins.margin_bounds import MarginCase, half_width
from explorer.analysis.margins.spread import separation
from explorer.analysis.margins.target_curve import THETA, TargetCurve
from explorer.core.settings.config import RunConfig
from explorer.gui.plots.cached_layer import wide_lines
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Theme, mix

_MARGIN, _CORNER = 4.0, 8.0
_PALE = 0.3
_LOWEST = -3.0
"""Least T(θ) that is drawn: L-Softmax falls to −7, and at that scale any m looks like the next."""
_THINNED = 12
"""Of the angles of a curve, one in so many is drawn: one in three degrees."""
_SIXTEENTHS = 16 * 180 / math.pi
"""Sixteenths of a degree in a radian, in which Qt draws pies."""


def settings_picture(config: RunConfig, theme: Theme, size: QSize, ratio: float = 1.0) -> QImage:
    """Return a picture of settings, ``size`` in pixels independent of the device.

    On the left are the classes that are trained on: in the plane a wedge each, as wide as a class is where
    the classes lie evenly, and full in colour where a feature keeps the margin; in space a dot each on the
    sphere; in more dimensions the plane through the weights of two neighbours, with wedges likewise. On the
    right is T(θ) of a loss that has one, over that without a margin, which is dashed.
    """
    side = float(min(size.height(), size.width() / 2))
    room = QRectF(0, (size.height() - side) / 2, side, side).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    with _painted(size, ratio) as (image, painter):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.plot))
        painter.drawRoundedRect(QRectF(QPointF(), QSizeF(size)), _CORNER, _CORNER)  # a card on a chosen row
        if config.network.dim == 2:
            _paint_wedges(painter, room, config, theme)
        elif config.network.dim == 3:
            _paint_sphere(painter, room, config, theme)
        else:
            _paint_neighbours(painter, room, config, theme)
        _paint_curve(painter, room.translated(size.width() - side, 0), config, theme)
    return image


def classes_picture(config: RunConfig, theme: Theme, side: int, ratio: float = 1.0) -> QImage:
    """Return the classes of settings for the plane as in `settings_picture`, alone on nothing."""
    with _painted(QSize(side, side), ratio) as (image, painter):
        _paint_wedges(painter, QRectF(1, 1, side - 2, side - 2), config, theme)
    return image


@contextmanager
def _painted(size: QSize, ratio: float) -> Iterator[tuple[QImage, QPainter]]:
    """Give an image and what paints on it."""
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        with wide_lines(ratio):
            yield image, painter
    finally:
        painter.end()


def _paint_wedges(painter: QPainter, room: QRectF, config: RunConfig, theme: Theme) -> None:
    labels, case = config.data.trained, MarginCase.of(config)
    apart = 2 * math.pi / len(labels)
    kept = apart / 2 if case is None or not case.margins else min(half_width(case), apart / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    for place, label in enumerate(labels):
        full = theme.class_color(label)
        for half, rgb in ((apart / 2, mix(theme.plot, full, _PALE)), (kept, full)):
            painter.setBrush(color(rgb))
            start, span = place * apart - half, 2 * half
            painter.drawPie(room, round(start * _SIXTEENTHS), round(span * _SIXTEENTHS))


def _paint_sphere(painter: QPainter, room: QRectF, config: RunConfig, theme: Theme) -> None:
    labels = config.data.trained
    painter.setPen(pen(theme.line))
    painter.setBrush(color(mix(theme.plot, theme.muted, 0.15)))
    painter.drawEllipse(room)
    places = _evenly_on_sphere(len(labels))
    painter.setPen(Qt.PenStyle.NoPen)
    for place, label in sorted(zip(places.tolist(), labels, strict=True), key=lambda item: item[0][2]):
        x, y, near = place
        full = theme.class_color(label)
        painter.setBrush(color(full if near >= 0 else mix(theme.plot, full, _PALE)))
        at = room.center() + QPointF(x, -y) * (room.width() / 2)
        radius = 3.0 + near
        painter.drawEllipse(at, radius, radius)


def _paint_neighbours(painter: QPainter, room: QRectF, config: RunConfig, theme: Theme) -> None:
    labels, case = config.data.trained[:2], MarginCase.of(config)
    apart = separation(len(config.data.trained), config.network.dim)
    kept = apart / 2 if case is None or not case.margins else min(half_width(case), apart / 2)
    painter.setPen(pen(theme.line))
    painter.setBrush(color(mix(theme.plot, theme.muted, 0.15)))
    painter.drawEllipse(room)
    painter.setPen(Qt.PenStyle.NoPen)
    for label, side in zip(labels, (1, -1), strict=True):
        full, middle = theme.class_color(label), math.pi / 2 + side * apart / 2
        for half, rgb in ((apart / 2, mix(theme.plot, full, _PALE)), (kept, full)):
            painter.setBrush(color(rgb))
            painter.drawPie(room, round((middle - half) * _SIXTEENTHS), round(2 * half * _SIXTEENTHS))


def _paint_curve(painter: QPainter, room: QRectF, config: RunConfig, theme: Theme) -> None:
    curve = TargetCurve.of(config.loss, None, len(config.data.trained))
    if curve is None:
        return
    curve = curve.annealed or curve  # at the first step, annealing hides the margin
    plain = np.cos(THETA)
    values = curve.values(curve.assumed_lengths)
    low = min(max(float(np.nanmin(values)), _LOWEST), -1.0)
    high = max(float(np.nanmax(values)), 1.0)
    painter.setPen(pen(theme.line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(room)
    painter.setClipRect(room)
    for heights, rgb, stroke in (
        (plain, theme.muted, Qt.PenStyle.DashLine),
        (values, theme.accent, Qt.PenStyle.SolidLine),
    ):
        draw_curve(painter, _line(heights, room, low, high), rgb, stroke)


def _line(values: NDArray[np.float64], room: QRectF, low: float, high: float) -> QPolygonF:
    across = room.left() + THETA[::_THINNED] / np.pi * room.width()
    down = room.bottom() - (values[::_THINNED] - low) / (high - low) * room.height()
    return QPolygonF([QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)])


def _evenly_on_sphere(count: int) -> NDArray[np.float64]:
    """Return directions (count, 3) that are spread over the sphere: a spiral in steps of the golden angle."""
    row = np.arange(count) + 0.5
    height = 1 - 2 * row / count
    turn = np.pi * (1 + math.sqrt(5)) * row
    radius = np.sqrt(1 - height**2)
    return np.stack([radius * np.cos(turn), height, radius * np.sin(turn)], axis=1)
