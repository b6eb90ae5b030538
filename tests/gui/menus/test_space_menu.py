"""The menus of the third dimension: every look and switch, by the keyboard too."""

from __future__ import annotations

import math

import pytest
from gui.views.snapshots import make_snapshot
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from explorer.analysis.frames.history import History
from explorer.gui.app import App
from explorer.gui.views.features.space.camera import Camera


@pytest.fixture
def app(qtbot, tmp_path):
    result = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    qtbot.addWidget(result.window)
    result.window.resize(1200, 800)
    result.window.show()
    result.window.features.set_snapshot(make_snapshot(count=50, dim=3), History())
    yield result
    result.window.close()


def actions(menu):
    return {action.text().replace("&", ""): action for action in menu.actions()}


def test_the_menu_moves_the_camera(app):
    canvas, menu = app.window.features.space, actions(app.window.space_menu)
    menu["From the top"].trigger()
    assert canvas.camera.elevation == math.pi / 2
    menu["From the side"].trigger()
    assert (canvas.camera.azimuth, canvas.camera.elevation) == (0, 0)
    menu["Perspective"].trigger()
    assert not canvas.camera.perspective
    menu["Zoom in"].trigger()
    assert canvas.camera.zoom > 1
    menu["Turntable"].trigger()
    assert canvas.turntable.running
    menu["Turntable"].trigger()
    assert not canvas.turntable.running
    app.window.reset_view.trigger()
    assert canvas.camera == Camera(perspective=False)


def test_keys_of_the_menu_act_where_the_canvas_has_the_focus_and_nowhere_else(app, qtbot):
    window, canvas = app.window, app.window.features.space
    window.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyClick(canvas, Qt.Key.Key_2)
    assert canvas.camera.elevation == math.pi / 2
    qtbot.keyClick(canvas, Qt.Key.Key_P)
    assert not canvas.camera.perspective
    qtbot.keyClick(canvas, Qt.Key.Key_T)
    assert canvas.turntable.on
    qtbot.keyClick(canvas, Qt.Key.Key_T)
    assert not canvas.turntable.on
    before = canvas.camera
    button = window.features.bar.findChildren(QToolButton)[0]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_1)
    assert canvas.camera == before


def test_no_key_of_the_canvas_is_one_of_the_windows(app):
    own = {action.shortcut().toString() for action in app.window.space_menu.actions()} - {""}
    others = {
        action.shortcut().toString()
        for menu in app.window.menuBar().actions()
        for action in menu.menu().actions()
        if action.menu() is not app.window.space_menu
    }
    assert len(own) == 7
    assert not own & others


def test_the_opacity_of_the_sphere_is_chosen_in_the_menu_and_other_choices_keep_it(app):
    window = app.window
    show = window.show_menu
    assert show.opacities[35].isChecked()
    show.opacities[100].trigger()
    assert window.features.options.sphere == 100
    assert window.features.space.globe.opaque
    show.switches["weights"].trigger()
    assert window.features.options.sphere == 100
    show.opacities[0].trigger()
    assert window.features.options.sphere == 0
    assert not window.features.space.globe.radius


def test_a_remembered_opacity_is_shown_in_the_menu(app):
    show = app.window.show_menu
    show.choose(replace(app.window.features.options, sphere=75))
    assert show.opacities[75].isChecked()
    assert not show.opacities[35].isChecked()
    assert app.window.features.options.sphere == 75
