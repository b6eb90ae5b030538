"""The sheet of the pad as it is painted: its ground, what it says while it is empty, and ink."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPainterPath

from explorer.analysis.raster.digitising import Shape, pen_width
from explorer.core.data.datasets import Bytes
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.session.images import as_image
from explorer.gui.theme.theme import Rgb, Theme, mix
from explorer.gui.views.draw.drawing import Drawing, pen_of

_CORNER = 6.0
_LARGE_TYPE = 1.25


def paint_sheet(painter: QPainter, sheet: QRectF, theme: Theme, ground: Rgb, *, marked: bool) -> None:
    """Paint an empty sheet; ``marked`` while it has the keyboard or something is about to be dropped."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen(theme.accent, 1.5) if marked else pen(theme.line))
    painter.setBrush(color(ground))
    painter.drawRoundedRect(sheet, _CORNER, _CORNER)


def paint_invitation(painter: QPainter, sheet: QRectF, theme: Theme, font: QFont) -> None:
    """Say what the sheet is for."""
    painter.setPen(pen(theme.muted))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    third = sheet.height() / 3
    room = sheet.adjusted(8, third, -8, 0)
    painter.setFont(scaled_font(font, _LARGE_TYPE, bold=True))
    painter.drawText(room, flags, "Draw a digit")
    painter.setFont(scaled_font(font, SMALL_TYPE))
    painter.drawText(room.adjusted(0, 0.65 * third, 0, 0), flags, "or drop a picture")


def paint_drawing(
    painter: QPainter,
    sheet: QRectF,
    theme: Theme,
    drawing: Drawing,
    shape: Shape,
    lines: Sequence[QPainterPath],
) -> None:
    """Paint a drawing for images of this shape, in ink of the theme's text over faint lines of the middle.

    ``lines`` are the paths of its lines.
    """
    painter.setPen(pen(mix(theme.plot, theme.line, 0.7), 1.0, Qt.PenStyle.DotLine))
    middle = sheet.center()
    painter.drawLine(QPointF(middle.x(), sheet.top() + 8), QPointF(middle.x(), sheet.bottom() - 8))
    painter.drawLine(QPointF(sheet.left() + 8, middle.y()), QPointF(sheet.right() - 8, middle.y()))
    painter.setClipRect(sheet.adjusted(1, 1, -1, -1))
    painter.translate(sheet.topLeft())
    height, width = shape
    painter.scale(sheet.width() / width, sheet.height() / height)
    if drawing.base is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0, 0, width, height), _tinted(drawing.base, theme.text))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen_of(color(theme.text), pen_width(shape)))
    for line in lines:
        painter.drawPath(line)


def _tinted(pixels: Bytes, rgb: Rgb) -> QImage:
    """Return grey values as ink of a colour."""
    ink = as_image(pixels)
    ink.reinterpretAsFormat(QImage.Format.Format_Alpha8)
    tinted = QImage(ink.size(), QImage.Format.Format_ARGB32_Premultiplied)
    tinted.fill(color(rgb))
    painter = QPainter(tinted)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, ink)
    painter.end()
    return tinted
