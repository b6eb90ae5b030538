"""Labels of the panels: small, wrapped, and one that reports double-clicks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from explorer.gui.theme.application_font import RelativeFont

_SMALL = 0.85


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


class ClickableLabel(WrappedLabel):
    """Wrapped label that emits ``doubleClicked``."""

    doubleClicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Report a double-click of the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.doubleClicked.emit()


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Give ``widget`` a property that the style sheet selects by, and let it take effect."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
