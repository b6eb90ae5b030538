"""The canvas of the pad as it is painted: its background, its text while it is empty, and the drawing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPainterPath

from explorer.analysis.raster.digitising import Shape, pen_width
from explorer.core.data.datasets import Bytes
from explorer.core.texts import _
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.session.images import as_image
from explorer.gui.theme.theme import Rgb, Theme, mix
from explorer.gui.views.draw.drawing import Drawing, pen_of

_CORNER = 6.0
_LARGE_TYPE = 1.25


def paint_canvas(painter: QPainter, canvas: QRectF, theme: Theme, background: Rgb, *, marked: bool) -> None:
    """Paint an empty canvas; ``marked`` while it has the focus or a drag is over it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen(theme.accent, 1.5) if marked else pen(theme.line))
    painter.setBrush(color(background))
    painter.drawRoundedRect(canvas, _CORNER, _CORNER)


def paint_placeholder(painter: QPainter, canvas: QRectF, theme: Theme, font: QFont, words: str) -> None:
    """Write what the canvas is for."""
    painter.setPen(pen(theme.muted))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    third = canvas.height() / 3
    room = canvas.adjusted(8, third, -8, 0)
    painter.setFont(scaled_font(font, _LARGE_TYPE, bold=True))
    painter.drawText(room, flags, words)
    painter.setFont(scaled_font(font, SMALL_TYPE))
    painter.drawText(room.adjusted(0, 0.65 * third, 0, 0), flags, _("or drop a picture"))


def paint_drawing(
    painter: QPainter,
    canvas: QRectF,
    theme: Theme,
    drawing: Drawing,
    shape: Shape,
    lines: Sequence[QPainterPath],
) -> None:
    """Paint a drawing for images of this shape, in the text colour of the theme, over faint centre lines.

    ``lines`` are the paths of its lines.
    """
    painter.setPen(pen(mix(theme.plot, theme.line, 0.7), 1.0, Qt.PenStyle.DotLine))
    middle = canvas.center()
    painter.drawLine(QPointF(middle.x(), canvas.top() + 8), QPointF(middle.x(), canvas.bottom() - 8))
    painter.drawLine(QPointF(canvas.left() + 8, middle.y()), QPointF(canvas.right() - 8, middle.y()))
    painter.setClipRect(canvas.adjusted(1, 1, -1, -1))
    painter.translate(canvas.topLeft())
    height, width = shape
    painter.scale(canvas.width() / width, canvas.height() / height)
    if drawing.base is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        base = drawing.base
        picture = _tinted(base, theme.text) if base.ndim == 2 else as_image(base)
        painter.drawImage(QRectF(0, 0, width, height), picture)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen_of(color(theme.text), pen_width(shape)))
    for line in lines:
        painter.drawPath(line)


def _tinted(pixels: Bytes, rgb: Rgb) -> QImage:
    """Return grey values as the opacity of a colour."""
    ink = as_image(pixels)
    ink.reinterpretAsFormat(QImage.Format.Format_Alpha8)
    tinted = QImage(ink.size(), QImage.Format.Format_ARGB32_Premultiplied)
    tinted.fill(color(rgb))
    painter = QPainter(tinted)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, ink)
    painter.end()
    return tinted
