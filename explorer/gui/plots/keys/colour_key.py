"""ColorKey: the key of the colours of points, where they do not stand for classes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.analysis.raster.colouring import SCALES, ColorMode, Palette, scale_table, unpacked
from explorer.core.texts import _
from explorer.gui.faults import guarded
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme

_BAR_HEIGHT = 9
_MARGIN = 10


def palette_of(theme: Theme) -> Palette:
    """Return the colours of a theme from which point colours are made."""
    return Palette(background=theme.plot, classes=theme.classes, split=(theme.accent, theme.warning))


class ColorKey(QWidget):
    """A colour bar with numbers and units, or the names of two colours; hidden for colours of classes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.mode: ColorMode = "class"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_mode(self, theme: Theme, mode: ColorMode) -> None:
        """Show the key of a mode; it is hidden for classes, which the legend explains."""
        if (theme, mode) != (self.theme, self.mode):
            self.theme, self.mode = theme, mode
            self.setVisible(mode != "class")
            self.setAccessibleName(_key_text(mode))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of two lines and the bar."""
        return QSize(200, round(2 * self._metrics().height()) + _BAR_HEIGHT + 4)

    def changeEvent(self, event: QEvent) -> None:
        """Adapt the height to another font."""
        super().changeEvent(event)
        self.updateGeometry()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the key."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self.theme.plot))
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        painter.setPen(pen(self.theme.muted))
        if self.mode in SCALES:
            self._paint_scale(painter)
        elif self.mode == "split":
            self._paint_names(painter)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(scaled_font(self.font(), SMALL_TYPE))

    def _paint_scale(self, painter: QPainter) -> None:
        scale, metrics = SCALES[self.mode], self._metrics()
        line = metrics.height()
        room = QRectF(self.rect()).adjusted(_MARGIN + 20, 0, -_MARGIN - 20, 0)
        painter.drawText(
            QRectF(room.left(), 0, room.width(), line), Qt.AlignmentFlag.AlignCenter, _(scale.title)
        )
        bar = QRectF(room.left(), line + 1, room.width(), _BAR_HEIGHT)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        table = scale_table(palette_of(self.theme), scale)[:-1].tolist()
        for i in range(0, len(table), 8):
            gradient.setColorAt(i / (len(table) - 1), color(unpacked(table[i])))
        gradient.setColorAt(1, color(unpacked(table[-1])))
        painter.fillRect(bar, gradient)
        for share, text in zip(_positions(scale.ticks, self.mode), scale.texts, strict=True):
            x = bar.left() + share * bar.width()
            painter.fillRect(QRectF(x - 0.5, bar.bottom(), 1, 3), color(self.theme.muted))
            width = metrics.horizontalAdvance(text)
            painter.drawText(
                QRectF(x - width / 2 - 1, bar.bottom() + 2, width + 2, line),
                Qt.AlignmentFlag.AlignCenter,
                text,
            )

    def _paint_names(self, painter: QPainter) -> None:
        metrics, x = self._metrics(), float(_MARGIN)
        middle = self.height() / 2
        for name, rgb in zip(_split_names(), palette_of(self.theme).split, strict=True):
            painter.fillRect(QRectF(x, middle - 6, 12, 12), color(rgb))
            width = metrics.horizontalAdvance(name)
            painter.drawText(QRectF(x + 18, middle - 10, width + 2, 20), Qt.AlignmentFlag.AlignVCenter, name)
            x += width + 40


def _split_names() -> tuple[str, str]:
    return _("test images"), _("training images")


def _key_text(mode: ColorMode) -> str:
    """Return what the key shows, for a screen reader."""
    names = SCALES[mode].texts if mode in SCALES else _split_names()
    title = _(SCALES[mode].title) if mode in SCALES else _("images")
    return _("Colours, {title}: {names}").format(title=title, names=_(", ").join(names))


def _positions(ticks: tuple[float, ...], mode: ColorMode) -> list[float]:
    shares: list[float] = SCALES[mode].position(np.array(ticks)).tolist()
    return shares
