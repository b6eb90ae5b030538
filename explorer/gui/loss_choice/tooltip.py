"""The tooltip of a loss: title, formula as a picture, and summary."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage, QImageWriter, QPainter, QPalette, QTransform
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolTip, QWidget

from explorer.core.losses.loss_spec import LossSpec
from explorer.gui.controls.descriptions import loss_tooltip
from explorer.gui.controls.formula import EM, INK, render_svg, renderer_of
from explorer.gui.controls.formula_lines import Piece, arrange, pieces

_WIDTH = 420
"""Pixels at which a formula is broken into lines, at the usual size of type."""
_USUAL_LINE = 16.0


def show_loss_tooltip(spec: LossSpec, event: QHelpEvent, widget: QWidget, area: QRect | None = None) -> None:
    """Show the tooltip of a loss where Qt asks for one.

    The formula is set only now: that of every loss would take a second when the list opens.
    """
    QToolTip.showText(event.globalPos(), tip_with_formula(spec, widget), widget, area or QRect())


def tip_with_formula(spec: LossSpec, widget: QWidget) -> str:
    """Return title, formula and summary as rich text, for the screen that a widget is on."""
    color = QToolTip.palette().color(QPalette.ColorRole.ToolTipText).name()
    line = QFontMetricsF(QToolTip.font()).height()
    return loss_tooltip(spec, _formula_html(spec.formula, color, line, widget.devicePixelRatioF()))


@lru_cache(maxsize=64)
def _formula_html(latex: str, color: str, line: float, ratio: float) -> str:
    """Return a formula as a picture within rich text; empty where it cannot be set."""
    svgs = [render_svg(part) for part in pieces(latex)]
    if not svgs or not all(svgs):
        return ""
    size, image = _drawn([renderer_of(svg.replace(INK, color)) for svg in svgs], line, ratio)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    coded = bytes(data.toBase64().data()).decode()
    width, height = f"{size.width():.0f}", f"{size.height():.0f}"
    return f'<img width="{width}" height="{height}" src="data:image/png;base64,{coded}">'  # not shown: a tag


def _drawn(renderers: list[QSvgRenderer], line: float, ratio: float) -> tuple[QSizeF, QImage]:
    """Return the formula of these pieces, and its size in pixels independent of the device."""
    boxes = [renderer.viewBoxF() for renderer in renderers]
    unit = line * 0.8 / EM
    extents = [Piece(box.width(), -box.top(), box.bottom()) for box in boxes]
    lines = arrange(extents, _WIDTH * line / _USUAL_LINE / unit, EM)
    size = QSizeF(lines.width * unit, lines.height * unit)
    image = QImage((size * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    for renderer, box, (left, baseline) in zip(renderers, boxes, lines.places, strict=True):
        place = QTransform.fromScale(unit * ratio, unit * ratio)
        painter.setTransform(place.translate(left - box.left(), baseline))
        renderer.render(painter, box)
    painter.end()
    return size, image
