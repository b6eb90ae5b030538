"""Undo and redo in a window: each part, drags as one step, what the status says."""

import gc

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget

from explorer.analysis.plane.geometry import Rectangle
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.layout.arrangement import arrangement_of
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.undo.history import _Change
from explorer.gui.views.draw.view import DrawView
from explorer.gui.views.features.framing import Framing


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory):
    path = tmp_path_factory.mktemp("undo") / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def app(shared_app, qtbot):
    shared_app.pane.state.set_probe(make_snapshot().probe)
    shared_app.undo.clear()
    shared_app.undo.gestures.end()
    yield shared_app
    for _ in range(20):
        shared_app.undo.undo()
    parts = shared_app, shared_app.window, shared_app.run
    timers = [timer for part in parts for timer in part.findChildren(QTimer)]

    for timer in shared_app.window.status.findChildren(QTimer):
        timer.stop()  # it shows what was undone for seconds

    def at_rest():
        shared_app.autosave.save()  # ends its timer
        shared_app.undo.gestures.end()
        return not any(timer.isActive() for timer in timers)

    qtbot.waitUntil(at_rest)


def trigger(app, id_):
    action = app.actions.action(id_)
    assert action.isEnabled()
    action.trigger()


def pause(app):
    """Let the next change be another step, as after a second without any."""
    app.undo.gestures.end()


def said(app):
    return app.window.status.text()


def test_nothing_can_be_undone_at_first(app):
    assert not app.actions.action("edit.undo").isEnabled()
    assert not app.actions.action("edit.redo").isEnabled()
    app.undo.undo()
    app.undo.redo()


def test_a_setting_is_undone_and_redone(app):
    app.run.set_loss("arcface")
    pause(app)
    before = app.run.config
    app.run.set_param("loss.margin", 0.4)
    after = app.run.config
    trigger(app, "edit.undo")
    assert app.run.config == before
    assert said(app).startswith("Undone: Margin 0.")
    trigger(app, "edit.redo")
    assert app.run.config == after
    assert said(app).startswith("Redone: Margin 0.")
    trigger(app, "edit.undo")
    trigger(app, "edit.undo")
    assert app.run.config.loss.name == "softmax"
    assert said(app) == "Undone: Loss: Softmax → ArcFace."


def test_one_drag_is_one_step(app, monkeypatch, qtbot):
    app.run.set_loss("arcface")
    start = app.run.config
    pause(app)
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
    for margin in (0.1, 0.2, 0.3):
        app.run.set_param("loss.margin", margin)
    monkeypatch.undo()
    qtbot.waitUntil(lambda: not app.undo.gestures.dragging)
    app.run.set_param("loss.margin", 0.4)
    trigger(app, "edit.undo")
    assert app.run.config.get("loss.margin") == 0.3
    trigger(app, "edit.undo")
    assert app.run.config == start


def test_the_changes_of_a_drag_enable_the_commands_once(app, monkeypatch, qtbot):
    """A moving slider has no time to ask at each value what can be done now."""
    told = []
    app.undo.historyChanged.connect(lambda: told.append(app.undo.can_undo))
    app.undo.clear()
    told.clear()
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
    for rate in (0.1, 0.2, 0.3, 0.4):
        app.run.set_param("optimizer.rate", rate)
    monkeypatch.undo()
    assert told == [True]
    trigger(app, "edit.undo")
    assert told == [True, False]
    qtbot.waitUntil(lambda: not app.undo.gestures.dragging)


def test_keys_without_a_pause_are_one_step_and_others_are_not(app):
    app.run.set_param("seed", 1)
    app.run.set_param("seed", 2)
    pause(app)
    app.run.set_param("seed", 3)
    trigger(app, "edit.undo")
    assert app.run.config.seed == 2
    trigger(app, "edit.undo")
    assert app.run.config.seed == RunConfig().seed


def test_a_change_that_is_taken_back_by_hand_leaves_nothing_to_undo(app):
    app.run.set_param("seed", 1)
    app.run.set_param("seed", RunConfig().seed)
    assert not app.undo.can_undo


def test_a_selection_is_undone(app):
    app.pane.state.select(np.array([1, 2]))
    pause(app)
    app.pane.clear_selection()
    trigger(app, "edit.undo")
    assert app.pane.state.selection.rows.tolist() == [1, 2]
    assert said(app) == "Undone: clearing of the selection."
    trigger(app, "edit.undo")
    assert app.pane.state.selection.count == 0
    assert said(app) == "Undone: selection of 2 images."


def test_a_selection_of_other_images_is_not_brought_back(app):
    app.run.set_param("seed", 1)
    pause(app)
    app.pane.state.select(np.array([1]))
    app.pane.state.set_probe(make_snapshot().probe)
    trigger(app, "edit.undo")
    assert app.pane.state.selection.count == 0
    assert app.run.config.seed == RunConfig().seed


def test_hidden_classes_and_colours_of_points_are_undone(app):
    before = app.pane.state.display
    app.pane.state.toggle_class(1)
    pause(app)
    app.pane.state.set_color_mode("confidence")
    trigger(app, "edit.undo")
    assert said(app) == "Undone: colour of points."
    assert app.pane.state.display.hidden == {1}
    trigger(app, "edit.undo")
    assert said(app) == "Undone: shown classes."
    assert app.pane.state.display == before


def test_zoom_and_rotation_are_undone(app):
    features = app.features
    before = features.framing
    features.set_framing(Framing(Rectangle(-1, -1, 1, 1), before.camera))
    features.framingChanged.emit()
    pause(app)
    moved = features.framing
    features.set_framing(Framing(moved.range, replace(moved.camera, azimuth=moved.camera.azimuth + 0.5)))
    features.framingChanged.emit()
    trigger(app, "edit.undo")
    assert features.framing == moved
    trigger(app, "edit.undo")
    assert features.framing == before
    assert said(app) == "Undone: zoom and rotation."


def test_what_the_turntable_turns_is_not_a_step(app):
    features = app.features
    app.set_feature_options(replace(features.options, turntable=True))
    camera = features.framing.camera
    features.set_framing(Framing(None, replace(camera, azimuth=camera.azimuth + 0.5)))
    features.framingChanged.emit()
    app.set_feature_options(replace(features.options, turntable=False))
    assert not app.undo.can_undo


@pytest.mark.parametrize(
    "move",
    [
        lambda _window, dock: dock.close(),
        lambda _window, dock: dock.setFloating(True),
        lambda window, dock: window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock),
        lambda window, _dock: window.toggle_panels(),
    ],
    ids=["closed", "floated", "moved", "all hidden"],
)
def test_the_layout_is_undone(app, qtbot, move):
    window = app.window
    dock = next(dock for dock in window.findChildren(QDockWidget) if dock.objectName() == "Curves")
    before = arrangement_of(window)
    move(window, dock)
    qtbot.waitUntil(lambda: app.undo.can_undo)
    trigger(app, "edit.undo")
    assert arrangement_of(window) == before
    assert not dock.isHidden()
    assert not dock.isFloating()
    assert not window.panels_hidden
    assert said(app) == "Undone: layout of the panels."


def test_parts_are_undone_in_the_order_of_their_changes(app):
    app.run.set_param("seed", 1)
    app.pane.state.toggle_class(1)
    app.run.set_param("seed", 2)
    trigger(app, "edit.undo")
    assert (app.run.config.seed, app.pane.state.display.hidden) == (1, {1})
    trigger(app, "edit.undo")
    assert (app.run.config.seed, app.pane.state.display.hidden) == (1, frozenset())
    trigger(app, "edit.undo")
    assert app.run.config.seed == RunConfig().seed


def test_a_new_change_drops_what_could_be_redone(app):
    app.run.set_param("seed", 1)
    trigger(app, "edit.undo")
    app.run.set_param("seed", 2)
    assert not app.undo.can_redo


def test_the_pad_undoes_its_own_strokes(app):
    pad = app.pane.view(DrawView).pad
    app.run.set_param("seed", 1)
    app.window.show_panel("draw")
    pad.setFocus()
    QTest.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert app.run.config.seed == 1


def test_what_a_drag_has_merged_is_not_kept(app):
    """The stack of Qt deletes what it merges, and PySide kept its values for ever."""
    app.run.set_loss("arcface")
    pause(app)
    gc.collect()
    before = sum(isinstance(it, _Change) for it in gc.get_objects())
    for number in range(50):
        app.run.set_param("loss.margin", 0.1 + number / 200)
    app.undo.gestures.end()
    gc.collect()
    assert sum(isinstance(it, _Change) for it in gc.get_objects()) == before + 1
