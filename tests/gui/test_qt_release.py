"""The faults for which releases of PySide6 are excluded: whoever widens the range learns it here."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QStyle, QTabBar, QWidget

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory

CALLS = 1000


class Sizes(QObject):
    """Keeps the sizes that a widget is told of."""

    def __init__(self, widget):
        super().__init__(widget)
        self.told = []
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        if event.type() == QEvent.Type.Resize:
            self.told.append(event.size())
        return False


@pytest.fixture
def window(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1300, 900)
    app.window.show()
    yield app.window
    app.window.close()
    app.window.deleteLater()


def drag_out(qtbot, dock):
    """Drag a dock by its tab out of the window, where it finds no place to dock."""
    bars = [bar for bar in dock.parentWidget().findChildren(QTabBar) if bar.isVisible()]
    bar, index = next(
        (bar, i) for bar in bars for i in range(bar.count()) if bar.tabText(i) == dock.windowTitle()
    )
    start = bar.tabRect(index).center()
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for step in (QPoint(4, 2), QPoint(12, 4), QPoint(20, -60), QPoint(900, 900)):
        qtbot.mouseMove(bar, start + step)
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=start + QPoint(900, 900))


def resized(qtbot, window, size):
    """Resize the window, and return the last size that its centre was told of once it has come."""
    centre = window.centralWidget()
    sizes = Sizes(centre)
    window.resize(*size)
    qtbot.waitUntil(lambda: bool(sizes.told) and sizes.told[-1] == centre.size())
    return sizes.told[-1]


def width_between_docks(window):
    """Return the width that the docks at both sides leave, with a separator beside each."""
    left, right = window.findChild(QDockWidget, "Settings"), window.findChild(QDockWidget, "Angles")
    separator = window.style().pixelMetric(QStyle.PixelMetric.PM_DockWidgetSeparatorExtent, None, window)
    return right.geometry().left() - left.geometry().right() - 1 - 2 * separator


@pytest.mark.parametrize("act", [drag_out, lambda _qtbot, dock: dock.setFloating(True)])
def test_a_window_with_a_floating_dock_lays_out_its_centre(window, qtbot, act):
    dock = window.findChild(QDockWidget, "Classes")
    dock.raise_()
    qtbot.waitUntil(lambda: not dock.visibleRegion().isEmpty())
    before, height = window.centralWidget().height(), window.height()
    act(qtbot, dock)
    qtbot.waitUntil(dock.isFloating)
    for size in ((1500, 1000), (1280, 850)):
        told = resized(qtbot, window, size)
        assert told.width() == width_between_docks(window)
        assert told.height() - before == size[1] - height
    dock.setFloating(False)
    assert not dock.isFloating()
    told = resized(qtbot, window, (1400, 950))
    assert told.width() == width_between_docks(window)
    assert told.height() - before == 950 - height


def test_a_call_without_a_result_keeps_its_reference_to_none(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.update()
    assert sys.getrefcount(None) > before - CALLS // 2
