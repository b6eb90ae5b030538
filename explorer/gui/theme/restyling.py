"""Restyling: another palette and style sheet for open windows, without holding up their thread.

Qt styles every widget of the application twice, one that is not seen like one that is. Here those that are
seen are styled at once, and the others, about two thirds of a window, in later turns of the event loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from explorer.gui.theme.application import make_application

_AT_A_TIME = 200
"""Hidden widgets that are styled in one turn: about 15 ms."""
_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
_HAS_OWN_STYLE = Qt.WidgetAttribute.WA_SetStyle


class Restyling(QObject):
    """Gives all widgets of the application another palette and style sheet; those that are hidden later.

    Signals
    -------
    finished()
        Every widget has the palette and the sheet that were set last.
    """

    finished = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._left: list[QWidget] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def set_looks(self, palette: QPalette, sheet: str) -> None:
        """Use this palette and style sheet; `finished` follows, in this call where no sheet was in use."""
        if self._application.styleSheet():
            widgets = list(_widgets(self._application))
            self._exchange(palette, sheet, widgets)
            seen = {widget for widget in widgets if widget.isVisible()}
            _style([widget for widget in widgets if widget in seen])
            self._left = [widget for widget in widgets if widget not in seen]
            self.go_on_later()
        else:
            self._application.setPalette(palette)
            self._application.setStyleSheet(sheet)
            self._left = []
            self.finish()

    def go_on_later(self) -> None:
        """Style what is left in later turns."""
        self._timer.start()

    def finish(self) -> None:
        """Style now what is left for later."""
        self._timer.stop()
        left, self._left = self._left, []
        _style(left)
        self.finished.emit()

    def _exchange(self, palette: QPalette, sheet: str, widgets: Sequence[QWidget]) -> None:
        """Exchange the sheet, and let Qt pass over all widgets.

        Qt skips those that were never polished, and tells none that has a style of its own.
        """
        passed = [
            widget
            for widget in widgets
            if widget.testAttribute(_POLISHED) and not widget.testAttribute(_HAS_OWN_STYLE)
        ]
        keeper = QWidget()  # with the last sheet, Qt would forget what fonts and palettes were before it
        keeper.setStyleSheet("* {}")
        for widget in passed:
            widget.setAttribute(_POLISHED, False)
            widget.setAttribute(_HAS_OWN_STYLE, True)
        # Set one after another, Qt would style each widget several times, with all that are in it.
        self._application.setStyleSheet("")
        self._application.setPalette(palette)
        self._application.setStyleSheet(sheet)
        for widget in passed:
            widget.setAttribute(_POLISHED, True)
            widget.setAttribute(_HAS_OWN_STYLE, False)

    def _on_timer_timeout(self) -> None:
        now, self._left = self._left[:_AT_A_TIME], self._left[_AT_A_TIME:]
        _style(now)
        if not self._left:
            self.finish()


def restyling() -> Restyling:
    """Return the one of the application."""
    application = make_application()
    found: Restyling | None = application.findChild(Restyling)  # the stubs leave out None
    return Restyling(application) if found is None else found


def _widgets(application: QApplication) -> Iterator[QWidget]:
    """Yield every polished widget once, one after the widget it is in: it takes its font from there."""
    met = set()
    for window in application.topLevelWidgets():
        for widget in (window, *window.findChildren(QWidget)):
            if widget not in met and widget.testAttribute(_POLISHED):
                met.add(widget)
                yield widget


def _style(widgets: Sequence[QWidget]) -> None:
    """Style widgets by the sheet in use, as Qt does."""
    for widget in widgets:
        if not isValid(widget):  # deleted since
            continue
        if widget.styleSheet():
            widget.setStyleSheet(widget.styleSheet())  # on top of that of the application
        else:
            widget.style().unpolish(widget)
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
            widget.update()
