"""The commands of the third dimension: every look and switch, by the keyboard too."""

from __future__ import annotations

import math

import pytest
from analysis.snapshots import make_snapshot
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
    result.features.set_snapshot(make_snapshot(count=50, dim=3), History())
    yield result
    result.window.close()


def test_the_menu_moves_the_camera(app):
    canvas = app.features.space
    texts = [action.text().replace("&", "") for action in app.actions.menu("space").actions()]
    assert texts[:3] == ["From the front", "From the top", "From the side"]
    app.actions.action("space.top").trigger()
    assert canvas.camera.elevation == math.pi / 2
    app.actions.action("space.side").trigger()
    assert (canvas.camera.azimuth, canvas.camera.elevation) == (0, 0)
    app.actions.action("space.perspective").trigger()
    assert not canvas.camera.perspective
    app.actions.action("space.zoom-in").trigger()
    assert canvas.camera.zoom > 1
    app.actions.action("space.turntable").trigger()
    assert canvas.turntable.running
    app.actions.action("space.turntable").trigger()
    assert not canvas.turntable.running
    app.actions.action("view.reset").trigger()
    assert canvas.camera == Camera(perspective=False)


def test_keys_of_the_menu_act_wherever_the_focus_is_but_not_in_two_dimensions(app, qtbot):
    window, canvas = app.window, app.features.space
    window.activateWindow()
    for place in (canvas, app.features.bar.findChildren(QToolButton)[0], window.run_bar.toggle):
        canvas.set_camera(Camera())
        place.setFocus()
        qtbot.waitUntil(place.hasFocus)
        qtbot.keyClick(place, Qt.Key.Key_2)
        assert canvas.camera.elevation == math.pi / 2
        qtbot.keyClick(place, Qt.Key.Key_T)
        assert canvas.turntable.on
        qtbot.keyClick(place, Qt.Key.Key_T)
        assert not canvas.turntable.on
        qtbot.keyClick(place, Qt.Key.Key_P)
        assert not canvas.camera.perspective
        qtbot.keyClick(place, Qt.Key.Key_P)
    app.features.set_snapshot(make_snapshot(count=50), History())
    qtbot.waitUntil(lambda: not app.actions.action("space.turntable").isEnabled())
    before = app.features.options
    qtbot.keyClick(window.run_bar.toggle, Qt.Key.Key_T)
    assert app.features.options == before, "nothing would be seen of it"


def test_the_opacity_of_the_sphere_is_chosen_in_the_menu_and_other_choices_keep_it(app):
    action = app.actions.action
    assert action("sphere.75").isChecked()
    action("sphere.100").trigger()
    assert app.features.options.sphere == 100
    assert app.features.space.sphere.opaque
    action("show.weights").trigger()
    assert app.features.options.sphere == 100
    action("sphere.0").trigger()
    assert app.features.options.sphere == 0
    assert not app.features.space.sphere.radius


def test_a_remembered_opacity_is_shown_in_the_menu(app):
    app.set_feature_options(replace(app.features.options, sphere=35))
    assert app.actions.action("sphere.35").isChecked()
    assert not app.actions.action("sphere.75").isChecked()
