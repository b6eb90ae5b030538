"""Icons drawn from simple shapes in the palette's colours, sharp at any size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap

from explorer.gui.theme.icon_shapes import SHAPES, IconName

_SIZES = (16, 20, 24, 32, 48, 64, 96)
_LARGEST = 64
"""Size in logical pixels up to which icons are sharp: 16 in a picture that is four times as large."""


def icon(
    name: IconName, palette: QPalette, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText
) -> QIcon:
    """Return the icon in the palette's colour for ``role``, and muted for disabled buttons."""
    groups = QPalette.ColorGroup.Normal, QPalette.ColorGroup.Disabled
    normal, disabled = (palette.color(group, role).rgba() for group in groups)
    application = QGuiApplication.instance()
    scale = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return _drawn(name, normal, disabled, _LARGEST * scale)


@lru_cache(maxsize=128)
def _drawn(name: IconName, normal: int, disabled: int, largest: float) -> QIcon:
    """Return an icon with pictures up to a size in pixels: larger ones cost more than all of these."""
    result = QIcon()
    sizes = [size for size in _SIZES if size <= largest]
    for mode, color in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        for size in sizes:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            draw_icon(painter, name, QColor.fromRgba(color), QRectF(0, 0, size, size))
            painter.end()
            result.addPixmap(pixmap, mode)
    return result


def draw_icon(painter: QPainter, name: IconName, color: QColor, rect: QRectF) -> None:
    """Paint the icon into ``rect``; what the painter was set to is kept."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 24, rect.height() / 24)
    filled, stroked = SHAPES[name]()
    painter.fillPath(filled, color)
    pen = QPen(color, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(stroked, pen)
    painter.restore()
