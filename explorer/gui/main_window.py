"""MainWindow: the window's bars, docks and banner. It shows; `app` decides."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QToolBar, QWidget

from explorer.core.texts import _
from explorer.gui.central_area import CentralArea
from explorer.gui.controls.run_bar import RunBar
from explorer.gui.controls.side_panel import SidePanel
from explorer.gui.events.panel import EventsPanel
from explorer.gui.focus import FocusGuide, go_to, has_focus
from explorer.gui.layout.arrangement import (
    frame_size,
    give_first_widths,
    hide_tab_bars,
    restore_state,
)
from explorer.gui.layout.dock_titles import DockTitles
from explorer.gui.layout.room import RoomBeside
from explorer.gui.library.panel import RunsPanel
from explorer.gui.memory.window_session import Layout
from explorer.gui.messages.banner import Banner
from explorer.gui.messages.status_line import StatusLine, TrainerLog
from explorer.gui.panels import EVENTS, LOG, RUNS, SETTINGS, THEORY, Panel
from explorer.gui.reproduction.dropped import dropped_files, dropped_text
from explorer.gui.run_pane import RunPane
from explorer.gui.theory.panel import TheoryPanel
from explorer.gui.timeline.bar import TimelineBar
from explorer.gui.views.registry import Group, ViewSpec
from explorer.gui.views.view import View

_FIRST_SIZE = QSize(1360, 860)
_THEORY_WIDTH = 340
_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_STACKS: tuple[Group, ...] = ("upper-right", "lower-right")
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


class MainWindow(QMainWindow):
    """The window of one run: run bar above, settings left, one view in the middle, the others in docks.

    Parameters
    ----------
    pane : RunPane
        The views to show.
    number : int
        What tells it, and the windows that it opens, from others that are open.

    Signals
    -------
    closeRequested()
        The person closes the window; it closes once this returns.
    panelsChanged()
        A panel is opened or closed, or the window fills the screen or no longer does.
    openRequested(object), textDropped(str)
        The paths of files, or a text, that were dropped on the window.
    """

    closeRequested = Signal()
    panelsChanged = Signal()
    openRequested = Signal(object)
    textDropped = Signal(str)

    def __init__(self, pane: RunPane, number: int = 1) -> None:
        super().__init__()
        self.pane, self.number = pane, number
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setAnimated(pane.clock.smooth)
        pane.clock.smoothChanged.connect(self.setAnimated)
        self.setTabPosition(_LEFT | _RIGHT, QTabWidget.TabPosition.North)
        self.run_bar = RunBar()
        self.timeline = TimelineBar()
        self.banner, self.side_panel = Banner(), SidePanel()
        self.runs = RunsPanel()
        self.theory = TheoryPanel()
        self.events = EventsPanel()
        self.log = TrainerLog()
        self.status = StatusLine()
        self.statusBar().addWidget(self.status, 1)
        bar = QToolBar(_("Run"), movable=False)
        bar.setObjectName("Run")
        bar.addWidget(self.run_bar)
        self.addToolBar(bar)
        self.center = CentralArea(self.banner, pane.primary, self.timeline)
        self.setCentralWidget(self.center)
        self._docks: dict[str, QDockWidget] = {}
        self._hidden: QByteArray | None = None
        self._barred: frozenset[str] = frozenset()
        self._panels = [_panel(spec) for spec in pane.specs if spec.group == "central"]
        self._add_dock(SETTINGS, self.side_panel, _LEFT)
        for group in _STACKS:
            self._add_stack(group)
        self._add_dock(LOG, self.log, _BOTTOM).hide()
        theory = self._add_dock(THEORY, self.theory, _LEFT)
        self.splitDockWidget(self._docks[SETTINGS.id], theory, Qt.Orientation.Horizontal)
        theory.hide()
        settings, plots = list(self._docks.values())[:2]
        self._theory_room = RoomBeside(self, settings, plots, theory, _THEORY_WIDTH)
        theory.toggleViewAction().toggled.connect(self._on_theory_toggled)
        for panel, widget in ((RUNS, self.runs), (EVENTS, self.events)):
            dock = self._add_dock(panel, widget, _LEFT)
            dock.hide()
            self.tabifyDockWidget(self._docks[SETTINGS.id], dock)
        DockTitles(self, tuple(self._docks.values()))
        hide_tab_bars(self)  # left behind by docks tabbed one after another; Qt shows again what it uses
        self._focus_guide = FocusGuide(self, tuple(self._docks.values()), pane.primary)
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - frame_size(self)))
        self._arranged = self._laid_out = False
        self._first_docks = self.saveState()

    @property
    def active_view(self) -> View[Any]:
        """The view in sight that has the keyboard, the one in the middle where none has."""
        focus = self.focusWidget()
        for view in self.pane.views.values():
            if focus is not None and view.isAncestorOf(focus) and view.drawable:
                return view
        return self.pane.primary

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The view in the middle, then all docks."""
        return tuple(self._panels)

    def bar_panels(self, panel_ids: Collection[str]) -> None:
        """Close panels, and keep them closed whatever asks for them."""
        self._barred = frozenset(panel_ids)
        self._close_barred()

    def toggle_panel(self, panel_id: str) -> None:
        """Show a panel and give it the keyboard, or close it where it has the keyboard already."""
        dock = self._docks.get(panel_id)
        if dock is not None and has_focus(dock):
            dock.close()
        else:
            go_to(dock or self.pane.primary)

    def show_theory(self) -> TheoryPanel:
        """Open the theory panel, bring it to the front, and return it."""
        self.show_panel(THEORY.id)
        return self.theory

    def show_panel(self, panel_id: str) -> None:
        """Open a panel, bring it to the front, and give it the keyboard."""
        go_to(self._docks[panel_id])

    def bring_up(self, panel_id: str) -> None:
        """Open a panel and bring it to the front, without giving it the keyboard."""
        self._docks[panel_id].show()
        self._docks[panel_id].raise_()

    def is_in_front(self, panel_id: str) -> bool:
        """Return whether a panel can be seen, and is not behind another one."""
        dock = self._docks.get(panel_id)
        return dock is None or (dock.isVisible() and not dock.visibleRegion().isEmpty())

    def is_panel_open(self, panel_id: str) -> bool:
        """Return whether a panel is open, in front of others or behind them."""
        dock = self._docks.get(panel_id)
        return dock is None or not dock.isHidden()

    @property
    def panels_hidden(self) -> bool:
        """Whether all panels have been hidden together."""
        return self._hidden is not None

    def toggle_panels(self) -> None:
        """Hide all panels, or arrange them as they were before that."""
        if self._hidden is not None:
            self.restore_docks(self._hidden)
            return
        self._hidden = self.saveState()
        for dock in self._docks.values():
            dock.hide()
        self.pane.primary.setFocus()

    def reset_layout(self) -> None:
        """Arrange the panels as in a new window."""
        self.restore_docks(self._first_docks)
        give_first_widths(self, *list(self._docks.values())[:2])

    def restore_docks(self, state: QByteArray) -> bool:
        """Arrange the panels as `saveState` told; return whether that is a state of this window."""
        self._hidden = None
        self._theory_room.forget()
        return restore_state(self, state)

    @property
    def saved_layout(self) -> Layout:
        """Size and position, and the arrangement of the docks, for `restore_layout`."""
        docks = self.saveState() if self._hidden is None else self._hidden
        return Layout.of(bytes(self.saveGeometry().data()), bytes(docks.data()), self._theory_room.width)

    def restore_layout(self, layout: Layout) -> None:
        """Take what `saved_layout` was; an empty layout, or one of another program, changes nothing."""
        self._theory_room.width = min(layout.theory_width or _THEORY_WIDTH, _FIRST_SIZE.width())
        self.restoreGeometry(QByteArray(layout.geometry))
        self._arranged = self.restore_docks(QByteArray(layout.docks))

    def showEvent(self, event: QShowEvent) -> None:
        """Give the docks their first widths: Qt takes them only from a window that has its size."""
        super().showEvent(event)
        if not self._arranged:
            give_first_widths(self, *list(self._docks.values())[:2])
        self._arranged = self._laid_out = True

    def changeEvent(self, event: QEvent) -> None:
        """Notice that the window fills the screen, by whatever that was done."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.panelsChanged.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the run before the window is gone."""
        self.closeRequested.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and text; a widget that takes pictures comes first."""
        if dropped_files(event.mimeData()) or dropped_text(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the files to be opened, or the text to be taken."""
        if paths := dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.openRequested.emit(paths)
        elif words := dropped_text(event.mimeData()):
            event.acceptProposedAction()
            self.textDropped.emit(words)

    def _close_barred(self) -> None:
        for panel_id in self._barred:
            self._docks[panel_id].toggleViewAction().setVisible(False)
            self._docks[panel_id].hide()

    def _on_theory_toggled(self, shown: bool) -> None:
        """Give the theory panel the room that it had, or give that back."""
        if self._laid_out:
            (self._theory_room.open if shown else self._theory_room.close)()

    def _add_dock(self, panel: Panel, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        self._panels.append(panel)
        dock = self._docks[panel.id] = QDockWidget(_(panel.title), self)
        dock.setObjectName(panel.title)  # the message id: a remembered layout holds in every language
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        dock.toggleViewAction().toggled.connect(self._close_barred)
        dock.toggleViewAction().toggled.connect(self.panelsChanged)
        return dock

    def _add_stack(self, group: Group) -> None:
        """Add docks with the views of a group, one on top of the other, the first in front."""
        docks: list[QDockWidget] = []
        for spec in [spec for spec in self.pane.specs if spec.group == group]:
            view = self.pane.views[spec.id]
            docks.append(self._add_dock(_panel(spec), view, _RIGHT))
            docks[-1].visibilityChanged.connect(view.catch_up)
            docks[-1].topLevelChanged.connect(view.catch_up)
            if len(docks) > 1:  # at once, or the window would take the sum of their heights for its least
                self.tabifyDockWidget(docks[0], docks[-1])
        if docks:
            docks[0].raise_()


def _panel(spec: ViewSpec) -> Panel:
    return Panel(spec.id, spec.title, spec.shortcut, spec.aliases)
