"""A right click on any view opens a menu with the commands about it."""

import pytest
from analysis.snapshots import make_snapshot
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.analysis.frames.history import History
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.views.registry import VIEWS


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory):
    path = tmp_path_factory.mktemp("menus") / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def app(shared_app):
    yield shared_app
    shared_app.undo.gestures.end()
    for timer in shared_app.window.status.findChildren(QTimer):
        timer.stop()
    shared_app.autosave.save()  # ends its timer
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def texts(menu):
    return [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]


def opened():
    return QApplication.activePopupWidget()


@pytest.mark.parametrize("view_id", [spec.id for spec in VIEWS])
def test_a_right_click_on_a_view_opens_its_menu(app, view_id):
    view = app.pane.views[view_id]
    if view_id != "features":
        app.window.show_panel(view_id)
    at = view.mapToGlobal(view.rect().center())
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, view.rect().center(), at))
    assert {"Reset view", "Copy view as image", "Save as image…"} <= set(texts(opened()))
    next(a for a in opened().actions() if a.text().replace("&", "") == "Copy view as image").trigger()
    assert app.window.status.text() == f"Copied “{view.title}” to the clipboard."


def test_the_menu_of_the_features_shows_and_colours_points(app):
    assert texts(app.context_menus.menu(app.features))[:2] == ["Show", "Colour of points"]


def test_a_right_click_in_space_opens_the_menu_and_a_right_drag_pans(app, qtbot):
    app.features.set_snapshot(make_snapshot(dim=3), History())
    canvas = app.features.space
    qtbot.waitUntil(canvas.isVisible)
    before = canvas.camera
    QTest.mousePress(canvas, Qt.MouseButton.RightButton, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(160, 100))
    QTest.mouseRelease(canvas, Qt.MouseButton.RightButton, pos=QPoint(160, 100))
    assert opened() is None
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(100, 100))
    assert "3-D" in texts(opened())
    assert "Sphere in 3-D" in texts(opened())
    canvas.set_camera(before)
    app.features.set_snapshot(None, History())
