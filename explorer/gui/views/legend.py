"""Legend: which colour is which class, and a key for colours that stand for something else."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QLinearGradient, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from superqt import QFlowLayout

from explorer.core.coloring import SCALES, ColorMode, Palette, scale_table
from explorer.gui.theme import Rgb, Theme
from explorer.gui.views.plot_style import SMALL_TYPE, color, ink_on, pen, scaled_font

_BAR_HEIGHT = 9
_MARGIN = 10
_ISOLATE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def palette_of(theme: Theme) -> Palette:
    """Return the colours that points take from a theme."""
    return Palette(background=theme.plot, classes=theme.classes, split=(theme.accent, theme.warning))


class Swatch(QAbstractButton):
    """A patch with the name of a class: filled while it is shown, an outline while it is hidden.

    A click or Space asks to hide or show it, a double click or Enter to show it alone.

    Signals
    -------
    isolated()
        It should be shown alone.
    """

    isolated = Signal()

    def __init__(self, label: int) -> None:
        super().__init__()
        self._fill: Rgb = (0, 0, 0)
        self._outline: Rgb = (0, 0, 0)
        self._muted: Rgb = (0, 0, 0)
        self._look: tuple[Theme, bool, bool] | None = None
        self.label = label
        self.shown = True
        self.setText(str(label))
        self.setToolTip(f"Class {label}: click to hide or show, double-click to show it alone")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_look(self, theme: Theme, *, shown: bool, colored: bool) -> None:
        """Take the colours of a theme, neutral ones unless ``colored``."""
        if self._look == (theme, shown, colored):
            return
        self._look = theme, shown, colored
        self._fill = theme.class_color(self.label) if colored else theme.line
        self._outline, self._muted = theme.text, theme.muted
        self.shown = shown
        self.setAccessibleName(f"Class {self.label}, {'shown' if shown else 'hidden'}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return a patch around the name."""
        metrics = self.fontMetrics()
        height = metrics.height() + 6
        return QSize(max(height, metrics.horizontalAdvance(self.text()) + 12), height)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to be shown alone."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.isolated.emit()
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask to be shown alone by Enter; the arrow keys go along the row."""
        if event.key() in _ISOLATE_KEYS:
            self.isolated.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the patch."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        patch = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setBrush(color(self._fill) if self.shown else Qt.BrushStyle.NoBrush)
        painter.setPen(Qt.PenStyle.NoPen if self.shown else pen(self._muted, 1.0, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(patch, 5, 5)
        painter.setPen(pen(ink_on(self._fill) if self.shown else self._muted))
        painter.drawText(patch, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(self._outline, 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


class Legend(QWidget):
    """A row of swatches, one per class.

    Signals
    -------
    classToggled(int), classIsolated(int)
        A class should be hidden or shown again; it should be shown alone.
    """

    classToggled = Signal(int)
    classIsolated = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.swatches: list[Swatch] = []
        self._flow = QFlowLayout(self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setHorizontalSpacing(1)
        self._flow.setVerticalSpacing(1)
        self.setAccessibleName("Classes")

    def show_classes(
        self, theme: Theme, num_classes: int, left_out: frozenset[int], *, colored: bool
    ) -> None:
        """Show these classes, those ``left_out`` as hidden."""
        while len(self.swatches) > num_classes:
            swatch = self.swatches.pop()
            self._flow.removeWidget(swatch)
            swatch.deleteLater()
        for label in range(len(self.swatches), num_classes):
            swatch = Swatch(label)
            swatch.clicked.connect(self._on_swatch_clicked)
            swatch.isolated.connect(self._on_swatch_isolated)
            self.swatches.append(swatch)
            self._flow.addWidget(swatch)
        for swatch in self.swatches:
            swatch.set_look(theme, shown=swatch.label not in left_out, colored=colored)

    def _on_swatch_clicked(self) -> None:
        self.classToggled.emit(_swatch(self.sender()).label)

    def _on_swatch_isolated(self) -> None:
        self.classIsolated.emit(_swatch(self.sender()).label)


class ColorKey(QWidget):
    """What the colours mean where they do not mean classes: a bar with numbers and units, or two names."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.mode: ColorMode = "class"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_mode(self, theme: Theme, mode: ColorMode) -> None:
        """Explain the colours of a mode; nothing for classes, which the legend explains."""
        if (theme, mode) != (self.theme, self.mode):
            self.theme, self.mode = theme, mode
            self.setVisible(mode != "class")
            name = f"{SCALES[mode].title}: {', '.join(SCALES[mode].texts)}" if mode in SCALES else mode
            self.setAccessibleName(f"Colours by {name}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return two lines' height."""
        return QSize(200, round(2 * self._metrics().height()) + _BAR_HEIGHT + 4)

    def changeEvent(self, event: QEvent) -> None:
        """Take another font's height."""
        super().changeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the key."""
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
            QRectF(room.left(), 0, room.width(), line), Qt.AlignmentFlag.AlignCenter, scale.title
        )
        bar = QRectF(room.left(), line + 1, room.width(), _BAR_HEIGHT)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        table = scale_table(palette_of(self.theme), scale)[:-1].tolist()
        for i in range(0, len(table), 8):
            gradient.setColorAt(i / (len(table) - 1), color(_rgb(table[i])))
        gradient.setColorAt(1, color(_rgb(table[-1])))
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
        for name, rgb in zip(("test images", "training images"), palette_of(self.theme).split, strict=True):
            painter.fillRect(QRectF(x, middle - 6, 12, 12), color(rgb))
            width = metrics.horizontalAdvance(name)
            painter.drawText(QRectF(x + 18, middle - 10, width + 2, 20), Qt.AlignmentFlag.AlignVCenter, name)
            x += width + 40


def _swatch(sender: object) -> Swatch:
    assert isinstance(sender, Swatch)
    return sender


def _positions(ticks: tuple[float, ...], mode: ColorMode) -> list[float]:
    shares: list[float] = SCALES[mode].position(np.array(ticks)).tolist()
    return shares


def _rgb(packed: int) -> Rgb:
    return packed >> 16 & 0xFF, packed >> 8 & 0xFF, packed & 0xFF
