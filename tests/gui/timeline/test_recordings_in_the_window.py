"""A recording in the window: opened, scrubbed, played, left again; the live run goes on meanwhile."""

from __future__ import annotations

import gc
import subprocess
import weakref
from itertools import pairwise

import numpy as np
import pytest
from core.recording import small_run as made
from gui.views.drawn import pixels
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget

from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.messages import questions
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.curves.view import CurvesView
from explorer.gui.views.draw.view import DrawView


@pytest.fixture(scope="module")
def trained(tmp_path_factory, tiny_data, python):
    """A short real recording, with a change of settings added to it."""
    path = tmp_path_factory.mktemp("trained") / "trained.lossrun"
    settings = (f"data.source={tiny_data}", "optimizer.batch=50", "device=cpu", "data.probe_every=4")
    options = [part for setting in settings for part in ("--set", setting)]
    command = [*python, "-m", "explorer", "train", *options, "--record", str(path), "--json"]
    subprocess.run([*command, "--epochs", "6"], capture_output=True, check=True, timeout=120)
    changed = path.with_name("changed.lossrun")
    with Recording(path) as run, RecordingWriter(changed, run.header) as writer:
        writer.write(run.started)
        other = run.config(0).replace({"optimizer.rate": 0.03})
        changed_at = run.steps[run.frames // 2 - 1]
        for index in range(run.frames):
            frame = run.frame(index)
            if index == run.frames // 2:
                writer.configured(99, other)
            later = {"config_seq": 99, "config_step": changed_at} if index >= run.frames // 2 else {}
            writer.write(replace(frame, **later))
    return changed


@pytest.fixture
def small(tmp_path):
    made.record(tmp_path / "small.lossrun")
    return tmp_path / "small.lossrun"


@pytest.fixture
def app(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1300, 900)
    app.window.show()
    app.window.activateWindow()
    yield app
    app.window.close()
    app.window.deleteLater()


def press(app, qtbot, key, held=Qt.KeyboardModifier.NoModifier):
    """Press a key as the window system does, so that it may be a shortcut."""
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    qtbot.keyClick(app.window.windowHandle(), key, held)


def test_every_view_draws_every_frame_of_a_recording(app, trained, qtbot):
    app.opener.open_recording(trained)
    recording, cursor = app.viewer.recording, app.viewer.cursor
    qtbot.waitUntil(lambda: recording.complete)
    assert len(recording.frames) >= 6
    primary, pictures = app.pane.primary, []
    for index in recording.frames:
        cursor.go_to(index)
        qtbot.waitUntil(lambda: all(view.snapshot is cursor.snapshot for view in app.pane.views.values()))
        assert cursor.snapshot.step == recording.steps[index]
        primary.finish_content()
        pictures.append(pixels(primary.grab().toImage()))
    assert all(not np.array_equal(*pair) for pair in pairwise(pictures))


def test_all_that_is_said_follows_the_cursor(app, trained, qtbot):
    app.opener.open_recording(trained)
    window, recording, cursor = app.window, app.viewer.recording, app.viewer.cursor
    qtbot.waitUntil(lambda: recording.complete)
    qtbot.waitUntil(lambda: f"step {recording.steps[-1]:,} – changed.lossrun" in window.windowTitle())
    assert window.timeline.text == f"Step {recording.steps[-1]:,} of {recording.steps[-1]:,}"
    assert window.side_panel.row("optimizer.rate").value == 0.03
    cursor.go_to(1)
    step = recording.steps[1]
    assert window.timeline.text == f"Step {step:,} of {recording.steps[-1]:,}"
    qtbot.waitUntil(lambda: window.run_bar.readouts["step"].text == f"{step:,}")
    accuracy = cursor.snapshot.scalars["test_accuracy"]
    assert window.run_bar.readouts["accuracy"].text == f"{accuracy:.1%}"
    assert window.side_panel.row("optimizer.rate").value == RunConfig().get("optimizer.rate")
    assert not window.side_panel.loss.isEnabled()
    assert "Continue from here" in window.side_panel.lock.text
    curves = app.pane.view(CurvesView)
    qtbot.waitUntil(lambda: curves.canvas.row == 1)
    app.actions.action("panel.draw").trigger()
    draw = app.pane.view(DrawView)
    qtbot.waitUntil(lambda: "live run" in draw.message.text())


def test_keys_go_along_the_frames_and_the_changes_of_settings(app, trained, qtbot):
    app.opener.open_recording(trained)
    recording, cursor = app.viewer.recording, app.viewer.cursor
    qtbot.waitUntil(lambda: recording.complete)
    alt, last = Qt.KeyboardModifier.AltModifier, len(recording.frames) - 1
    expected = {
        Qt.Key.Key_Left: last - 1,
        Qt.Key.Key_Home: 0,
        Qt.Key.Key_Right: 1,
    }
    for key, index in expected.items():
        press(app, qtbot, key, alt)
        assert cursor.index == index, key
    state = app.window.timeline.strip.state
    (mark,) = state.marks
    assert "0.03" in str(mark.text)
    half = len(recording.frames) // 2  # where the settings changed
    found = {recording.steps.index(event.step) for event in state.events}
    stops = sorted(index for index in {half, *found} if index > 1)
    for index in stops:
        press(app, qtbot, Qt.Key.Key_PageDown, alt)
        assert cursor.index == index
    press(app, qtbot, Qt.Key.Key_PageUp, alt)
    assert cursor.index < stops[-1]
    press(app, qtbot, Qt.Key.Key_End, alt)
    assert cursor.index == last


def test_a_floated_view_and_the_full_screen_can_be_scrubbed(app, trained, qtbot):
    app.opener.open_recording(trained)
    recording, cursor = app.viewer.recording, app.viewer.cursor
    qtbot.waitUntil(lambda: recording.complete)
    last, alt = len(recording.frames) - 1, Qt.KeyboardModifier.AltModifier
    dock = app.window.findChild(QDockWidget, "Angles")
    view = app.pane.view(AnglesView)
    dock.setFloating(True)
    dock.activateWindow()
    view.plot.setFocus()
    qtbot.waitUntil(lambda: dock.isActiveWindow() and view.plot.hasFocus())
    for key, index in {Qt.Key.Key_Left: last - 1, Qt.Key.Key_Home: 0, Qt.Key.Key_Right: 1}.items():
        qtbot.keyClick(dock.windowHandle(), key, alt)
        assert cursor.index == index, key
        qtbot.waitUntil(lambda: view.snapshot is cursor.snapshot)
    qtbot.keyClick(dock.windowHandle(), Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert app.viewer.playback.playing
    app.viewer.playback.stop()
    dock.setFloating(False)

    cursor.go_to(0)
    press(app, qtbot, Qt.Key.Key_F11)
    assert app.window.isFullScreen()
    assert app.actions.action("window.full-screen").isChecked()
    press(app, qtbot, Qt.Key.Key_Right, alt)
    assert cursor.index == 1
    press(app, qtbot, Qt.Key.Key_F11)
    assert not app.window.isFullScreen()
    assert not app.actions.action("window.full-screen").isChecked()


def test_space_plays_a_recording_and_is_the_live_runs_again_after_it(app, trained, qtbot, monkeypatch):
    toggled = []
    monkeypatch.setattr(app.run, "toggle", lambda: toggled.append(True))
    app.opener.open_recording(trained)
    app.viewer.playback.set_loop(True)  # it is short, and must not end by itself
    press(app, qtbot, Qt.Key.Key_Space)
    assert app.viewer.playback.playing
    assert app.window.run_bar.toggle.text() == "Pause"
    press(app, qtbot, Qt.Key.Key_Space)
    assert not app.viewer.playback.playing
    assert app.window.run_bar.toggle.text() == "Play"
    assert not app.actions.action("run.step").isEnabled()
    press(app, qtbot, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert app.viewer.recording is None
    press(app, qtbot, Qt.Key.Key_Space)
    assert toggled == [True]


def test_a_recording_without_checkpoints_is_repeated_from_its_start_if_wanted(app, tmp_path, monkeypatch):
    path, banner, asked = tmp_path / "bare.lossrun", app.window.banner, []
    made.record(path, *(replace(frame, elapsed=61.0 + frame.index) for frame in made.FRAMES[:2]))
    monkeypatch.setattr(app.run, "continue_from", asked.append)
    app.opener.open_recording(path)
    app.actions.action("run.continue").trigger()
    assert asked == []
    assert banner.message.startswith("There is no checkpoint at or before step 10. The run can be repeated")
    assert banner.buttons[0].text() == "Repeat from the start"
    banner.buttons[0].click()
    assert banner.message == ""
    (continuation,) = asked
    assert (continuation.start, continuation.parent.step, continuation.first) == (0, 10, made.FIRST)


def test_the_live_run_is_as_it_was_after_a_recording(app, small):
    app.run.set_loss("cosface")
    before = app.run.config, app.window.windowTitle()
    app.opener.open_recording(small)
    assert app.window.windowTitle().endswith(" – A run – Loss Explorer"), "by the name that its notes give it"
    assert app.window.timeline.live.text() == "Back to the live run"
    app.window.timeline.live.click()
    assert (app.run.config, app.window.windowTitle()) == before
    assert app.viewer.cursor.live
    assert app.window.side_panel.loss.isEnabled()
    assert app.window.side_panel.lock.text == ""


def test_the_settings_of_a_recording_can_be_taken_over(app, small):
    app.opener.open_recording(small)
    app.window.side_panel.lock.button.click()
    assert app.run.config == made.SECOND
    assert app.viewer.cursor.live


def test_a_preset_or_a_loss_is_for_the_live_run_and_shows_it(app, small):
    app.opener.open_recording(small)
    app.pane.primary.lossRequested.emit("triplet")
    assert app.viewer.recording is None
    assert app.run.config.loss.name == "triplet"


def test_damage_is_said_once_and_what_is_whole_is_shown(app, small):
    whole = small.read_bytes()
    small.write_bytes(whole[: len(whole) * 2 // 3])
    app.opener.open_recording(small)
    assert "Frames that can be read" in app.window.banner.message
    app.window.banner.dismiss()
    app.viewer.cursor.go_to(0)
    assert app.window.banner.message == ""
    assert app.viewer.cursor.snapshot.step == 0


def test_what_is_no_recording_is_refused_and_changes_nothing(app, small, tmp_path):
    app.opener.open_recording(small)
    shown = app.viewer.cursor.snapshot
    junk = tmp_path / "junk.lossrun"
    junk.write_bytes(b"no recording")
    for path in (junk, tmp_path / "none.lossrun", tmp_path):
        app.opener.open_recording(path)
        assert str(path) in app.window.banner.message
        app.window.banner.dismiss()
    assert app.viewer.cursor.snapshot is shown


def test_a_recording_that_replaces_another_leaves_nothing_of_it(app, small, trained, qapp):
    app.opener.open_recording(small)
    before = weakref.ref(app.viewer.recording)
    app.opener.open_recording(trained)
    app.opener.open_recording(small)
    app.viewer.show_live()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert before() is None


def dropped(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, button, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), action, mime, button, held)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(50, 50), action, mime, button, held))


def test_a_file_is_opened_when_it_is_dropped_or_chosen(app, small, monkeypatch):
    dropped(app.window, small)
    assert app.viewer.recording.path == small
    app.viewer.show_live()
    monkeypatch.setattr(questions, "chosen_files", lambda _dialog: [str(small)])
    app.actions.action("recording.open").trigger()
    assert app.viewer.recording.path == small
    monkeypatch.setattr(questions, "chosen_files", lambda _dialog: [])
    app.actions.action("recording.open").trigger()
    assert app.viewer.recording.path == small, "the dialog was cancelled"


def test_a_change_of_a_setting_is_shown_once(app, monkeypatch):
    """A slider that is dragged changes settings as often as the mouse moves."""
    shown = []
    show = app.window.side_panel.set_config
    monkeypatch.setattr(
        app.window.side_panel, "set_config", lambda config: shown.append(config) or show(config)
    )
    app.run.set_param("optimizer.rate", 0.02)
    assert len(shown) == 1
