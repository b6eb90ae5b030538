"""Labels of the panels: small, wrapped, one that reports double-clicks, and a number with its caption."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QEvent, QPointF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHideEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget
from superqt import QElidingLabel

from explorer.gui.faults import guarded
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.tooltips import wrapped

_SMALL, _MAIN_SIZE = 0.85, 22 / 13
_SLACK = 8
"""Pixels beyond its width that a text needs not to be elided."""
_RISE_MS = 240
"""How long a number takes to count up: less than the time between two."""
_BESIDE = 9
"""Pixels between a large number and what is beside it."""


class WrappedLabel(QLabel):
    """Text that wraps instead of widening its panel."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self.setMinimumWidth(40)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)


class SmallLabel(QLabel):
    """Text at 85 % of the application's font size."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        RelativeFont(self, _SMALL)


class LinkLabel(SmallLabel):
    """Wrapped rich text whose links open in the browser."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setOpenExternalLinks(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)

    def changeEvent(self, event: QEvent) -> None:
        """Give links the colour of a new palette: Qt reads it only when the text is set."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            text = self.text()
            self.clear()  # Qt ignores a text that is set again
            self.setText(text)


class NameLabel(WrappedLabel):
    """Wrapped name, which has room for its longest word: it wraps between words only."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._keep_words_whole()

    def changeEvent(self, event: QEvent) -> None:
        """Make room for the words in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._keep_words_whole()

    def _keep_words_whole(self) -> None:
        self.setMinimumWidth(self.minimumSizeHint().width())


class ClickableLabel(NameLabel):
    """Name that emits ``doubleClicked``."""

    doubleClicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Report a double-click of the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.doubleClicked.emit()


class Sparkline(QWidget):
    """A curve without axes, from its smallest to its largest value, beside the number that it leads to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_values(self, values: tuple[float, ...]) -> None:
        """Show these values, in equal steps."""
        if values != self.values:
            self.values = values
            self.update()

    def sizeHint(self) -> QSize:
        """Return a size of about ten letters."""
        line = self.fontMetrics().height()
        return QSize(4 * line, line)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the curve, and a dot at its end."""
        if len(self.values) < 2:
            return
        low, high = min(self.values), max(self.values)
        across, up = (self.width() - 6) / (len(self.values) - 1), (self.height() - 6) / ((high - low) or 1.0)
        points = [
            QPointF(3 + across * place, self.height() - 3 - up * (value - low))
            for place, value in enumerate(self.values)
        ]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolyline(points)
        painter.setBrush(accent)
        painter.drawEllipse(points[-1], 1.5, 1.5)
        painter.end()


class ReadOut(QWidget):
    """A caption over a value, as wide as the longest of the values ``widest``.

    The ``main`` one is large, with its caption over a curve beside it; a ``quiet`` one is muted.
    """

    def __init__(
        self, caption: str, widest: Sequence[str], tip: str, *, main: bool = False, quiet: bool = False
    ) -> None:
        super().__init__()
        self._caption, self._widest = caption, widest
        self.setToolTip(wrapped(tip))
        self._head = SmallLabel(caption)
        set_role(self._head, "role", "muted")
        self._value = QElidingLabel()
        set_role(self._value, "role", "muted" if quiet else "value")
        self.curve = Sparkline()
        self.curve.setVisible(main)
        self._main = main
        self._rise = QVariantAnimation(self, duration=_RISE_MS)
        self._rise.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._rise.valueChanged.connect(self._on_rise_value_changed)
        self._pattern = ""
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(_BESIDE)
        layout.setVerticalSpacing(0)
        layout.addWidget(self._head, 0, 1)
        layout.addWidget(self.curve, 1, 1)
        if main:
            RelativeFont(self._value, _MAIN_SIZE, bold=True)
            layout.addWidget(self._value, 0, 0, 2, 1)
        else:
            layout.addWidget(self._value, 1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """Value that is shown."""
        return self._value.text()

    def show_text(self, text: str) -> None:
        """Show a value, elided where it is longer than expected."""
        self._rise.stop()
        self._value.setText(text)
        self._name(text)

    def rise(self, start: float, end: float, pattern: str) -> None:
        """Count up from one number to another, each written as the ``pattern`` says."""
        self._rise.stop()
        self._pattern = pattern
        self._rise.setStartValue(start)
        self._rise.setEndValue(end)
        self._name(format(end, pattern))
        self._rise.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no further while hidden."""
        super().hideEvent(event)
        self.finish_rising()

    def finish_rising(self) -> None:
        """Show the number that is counted up to."""
        if self._rise.state() == QVariantAnimation.State.Running:
            self.show_text(format(self._rise.endValue(), self._pattern))

    def _on_rise_value_changed(self, number: float) -> None:
        text = format(number, self._pattern)
        if text != self._value.text():
            self._value.setText(text)

    def _name(self, text: str) -> None:
        name = f"{self._caption} {text}".rstrip()
        self._value.setAccessibleName(name)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Return the same size whatever the value."""
        widest = max(bold_width(self._value, text) for text in self._widest)
        head, value = self._head.sizeHint(), self._value.sizeHint()
        if self._main:
            beside = max(head.width(), self.curve.sizeHint().width())
            lines = head.height() + self.curve.sizeHint().height()
            return QSize(widest + _SLACK + _BESIDE + beside, max(value.height(), lines))
        return QSize(max(widest, head.width()) + _SLACK, head.height() + value.height())


def bold_width(widget: QWidget, text: str) -> int:
    """Return the width of a text in the bold font of a widget, in pixels."""
    font = QFont(widget.font())
    font.setBold(True)
    return QFontMetrics(font).horizontalAdvance(text)


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Give ``widget`` a property that the style sheet selects by, and let it take effect."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
