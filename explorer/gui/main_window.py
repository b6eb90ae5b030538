"""MainWindow: where everything stands. It shows; `app` decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QPlainTextEdit,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from explorer.gui.controls.run_bar import RunBar
from explorer.gui.controls.side_panel import SidePanel
from explorer.gui.focus import FocusGuide, go_to, has_focus
from explorer.gui.messages.banner import Banner
from explorer.gui.run_pane import RunPane
from explorer.gui.views.registry import Group
from explorer.gui.views.view import View

_LOG_LINES = 2000
_FIRST_SIZE = QSize(1360, 860)
_LEAST_CENTER = QSize(360, 240)
_SETTINGS_WIDTH = 320
_PLOTS_SHARE = 0.27
_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_SHORTCUTS = {"Settings": "Ctrl+2", "Log": "Ctrl+0"}
"""Of the docks that hold no view; a view has its own in the registry."""
_STACKS: tuple[Group, ...] = ("upper right", "lower right")
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
HOLD_MS = 5000
"""Time for which an event is told: the state is set with every frame, and would take it away unread."""


class StatusLine(QElidingLabel):
    """Shows the state of the run; an event takes its place for a while.

    A text that is too long for the window is cut short, and does not make the window wider.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._state = ""
        self._timer = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def set_state(self, text: str) -> None:
        """Show what is happening, as soon as no event is being told."""
        self._state = text
        if not self._timer.isActive():
            self._show(text)

    def tell(self, text: str) -> None:
        """Tell an event, then return to the state."""
        self._show(text)
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        self._show(self._state)

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)  # Qt would read out the text as it is cut


class MainWindow(QMainWindow):
    """The window of one run: run bar above, settings left, one view in the middle, the others in docks.

    Parameters
    ----------
    pane : RunPane
        The views to show.

    Signals
    -------
    closing()
        The person closes the window.
    panelsChanged()
        A panel is opened or closed.
    """

    closing = Signal()
    panelsChanged = Signal()

    def __init__(self, pane: RunPane) -> None:
        super().__init__()
        self.pane = pane
        self.setWindowTitle("Loss Explorer")
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        self.run_bar = RunBar()
        self.banner = Banner()
        self.side_panel = SidePanel()
        self.log = QPlainTextEdit(readOnly=True, maximumBlockCount=_LOG_LINES)
        self.log.setAccessibleName("Messages of the worker")
        self.status = StatusLine()
        self.statusBar().addWidget(self.status, 1)
        bar = QToolBar("Run", movable=False)
        bar.setObjectName("Run")
        bar.addWidget(self.run_bar)
        self.addToolBar(bar)
        self.setCentralWidget(self._center())
        self._docks = [
            self._dock("Settings", self.side_panel, _LEFT),
            *(dock for group in _STACKS for dock in self._stack(group)),
            self._dock("Log", self.log, _BOTTOM),
        ]
        self._docks[-1].hide()
        self._panels: dict[str, QWidget] = {
            pane.primary.title: pane.primary,
            **{dock.windowTitle(): dock for dock in self._docks},
        }
        self._focus_guide = FocusGuide(self, self._docks, self.side_panel)
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self._arranged = False

    @property
    def active_view(self) -> View[Any]:
        """The view that has the keyboard, the one in the middle where none has."""
        focus = self.focusWidget()
        views = self.pane.views.values()
        return next(
            (view for view in views if focus is not None and view.isAncestorOf(focus)), self.pane.primary
        )

    @property
    def panels(self) -> Mapping[str, str]:
        """The titles of the view in the middle and of all docks, each with its shortcut."""
        shortcuts = {**_SHORTCUTS, **{spec.title: spec.shortcut for spec in self.pane.specs}}
        return {title: shortcuts[title] for title in self._panels}

    def toggle_panel(self, title: str) -> None:
        """Show a panel and give it the keyboard, or close it where it has the keyboard already."""
        panel = self._panels[title]
        if isinstance(panel, QDockWidget) and has_focus(panel):
            panel.close()
        else:
            go_to(panel)

    def is_panel_open(self, title: str) -> bool:
        """Return whether a panel is open, in front of others or behind them."""
        return not self._panels[title].isHidden()

    def layout_state(self) -> tuple[bytes, bytes]:
        """Return size and position, and the arrangement of the docks, as Qt describes them."""
        return bytes(self.saveGeometry().data()), bytes(self.saveState().data())

    def restore_layout(self, geometry: bytes, layout: bytes) -> None:
        """Take what `layout_state` returned; empty or foreign bytes change nothing."""
        self.restoreGeometry(QByteArray(geometry))
        self._arranged = self.restoreState(QByteArray(layout))

    def showEvent(self, event: QShowEvent) -> None:
        """Give the docks their first widths: Qt takes them only from a window that has its size."""
        super().showEvent(event)
        if not self._arranged:
            self._arranged = True
            widths = [_SETTINGS_WIDTH, round(self.width() * _PLOTS_SHARE)]
            self.resizeDocks(self._docks[:2], widths, Qt.Orientation.Horizontal)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the window closes."""
        self.closing.emit()
        super().closeEvent(event)

    def _center(self) -> QWidget:
        center = QWidget()
        center.setMinimumSize(_LEAST_CENTER)  # the layout's own grows with a message, and the window with it
        layout = QVBoxLayout(center)
        layout.setContentsMargins(6, 6, 6, 0)
        layout.setSpacing(6)
        layout.addWidget(self.banner)
        layout.addWidget(self.pane.primary, 1)
        return center

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        dock.toggleViewAction().toggled.connect(self.panelsChanged)
        return dock

    def _stack(self, group: Group) -> list[QDockWidget]:
        """Return docks of the views of a group on top of each other, the first in front."""
        docks: list[QDockWidget] = []
        for spec in self.pane.specs:
            if spec.group != group:
                continue
            view = self.pane.views[spec.id]
            docks.append(self._dock(spec.title, view, _RIGHT))
            docks[-1].visibilityChanged.connect(view.catch_up)
            docks[-1].topLevelChanged.connect(view.catch_up)
            if len(docks) > 1:  # at once, or the window would take the sum of their heights for its least
                self.tabifyDockWidget(docks[0], docks[-1])
        if docks:
            docks[0].raise_()
        return docks
