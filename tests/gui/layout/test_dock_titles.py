"""A panel has its name once: on its tab, or on a slim bar where it stands alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QToolButton

from explorer.gui.layout.arrangement import tab_bars
from explorer.gui.layout.dock_titles import DockTitles


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    window.docks = [QDockWidget(name, window) for name in ("Alone", "First", "Second")]
    for dock in window.docks:
        dock.setObjectName(dock.windowTitle())
        dock.setWidget(QLabel("content"))
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.tabifyDockWidget(window.docks[1], window.docks[2])
    window.titles = DockTitles(window, window.docks)
    qtbot.addWidget(window)
    window.resize(500, 400)
    window.show()
    qtbot.waitExposed(window)
    return window


def heights(window) -> list[int]:
    return [dock.titleBarWidget().sizeHint().height() for dock in window.docks]


def test_a_panel_in_tabs_has_no_second_title(window, qtbot):
    alone, first, second = window.docks
    qtbot.waitUntil(lambda: heights(window)[1:] == [1, 1])
    assert heights(window)[0] > 10
    second.setFloating(True)
    qtbot.waitUntil(lambda: min(heights(window)) > 10)
    second.setFloating(False)
    window.tabifyDockWidget(first, second)
    qtbot.waitUntil(lambda: heights(window)[1:] == [1, 1])
    second.close()
    qtbot.waitUntil(lambda: heights(window)[1] > 10)
    assert alone.isVisible()


def test_buttons_are_there_under_the_pointer_only(window):
    dock = window.docks[0]
    title = dock.titleBarWidget()
    buttons = {button.accessibleName(): button for button in title.findChildren(QToolButton)}
    QApplication.sendEvent(title, QEvent(QEvent.Type.Leave))
    assert not any(button.isVisible() for button in buttons.values())
    at = QPointF(5, 5)
    QApplication.sendEvent(title, QEnterEvent(at, at, QPointF(title.mapToGlobal(at))))
    assert all(button.isVisible() for button in buttons.values())
    QApplication.sendEvent(title, QEvent(QEvent.Type.Leave))
    assert not any(button.isVisible() for button in buttons.values())
    buttons["Float or dock this panel"].click()
    assert dock.isFloating()
    buttons["Close this panel"].click()
    assert dock.isHidden()


def test_a_tab_floats_and_closes_its_panel(window):
    (tabs,) = (tabs for tabs in tab_bars(window) if tabs.isVisible())
    second = window.docks[2]
    place = next(place for place in range(tabs.count()) if tabs.tabText(place) == "Second")
    actions = {action.text(): action for action in window.titles.menu(tabs, place).actions()}
    actions["Float"].trigger()
    assert second.isFloating()
    actions["Close"].trigger()
    assert second.isHidden()
    assert window.titles.menu(tabs, -1) is None
