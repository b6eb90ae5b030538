"""A window that is opened again shows what it showed, also after a crash; what is damaged or gone is said."""

from __future__ import annotations

import os
import shutil
import sys
import threading

import numpy as np
import pytest
from core.recording import small_run
from msgspec.structs import replace
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDockWidget

from explorer.analysis.plane.geometry import Rectangle
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.app_holder import AppHolder
from explorer.gui.main_window import MainWindow
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.memory.window_session import load_session, save_session
from explorer.gui.starting.starter import Starter

SILENT_WORKER = [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"]


@pytest.fixture
def folder(tmp_path):
    save_memory(tmp_path / "window.toml", Memory(RunConfig(), "dark"))
    (tmp_path / "runs").mkdir()
    small_run.record(tmp_path / "runs" / "a.lossrun")
    return tmp_path


@pytest.fixture
def opened(folder, qapp, qtbot):
    """Open windows as the program does; those that are still open are closed at the end."""
    apps = []

    def clear_closed():
        """Take closed windows away: a style sheet that is set styles them, too."""
        for app in [app for app in apps if not app.window.isVisible()]:
            app.window.deleteLater()
            apps.remove(app)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if not apps:
            qapp.setStyleSheet("")

    def start(*files, mode="restore"):
        clear_closed()
        app = App(SILENT_WORKER, folder / "window.toml", mode=mode)
        apps.append(app)
        app.open(files)
        qtbot.waitUntil(lambda: app.client.alive)
        return app

    yield start
    for app in apps:
        app.window.close()
        app.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def run(folder):
    return folder / "runs" / "a.lossrun"


def crash(app, path):
    """Leave the session in a file as a crash leaves it: what was saved last."""
    saved = path.read_bytes()
    app.window.close()
    path.write_bytes(saved)


def shown(app):
    recording = app.viewer.recording
    snapshot = app.viewer.cursor.snapshot
    return recording and recording.path, snapshot and snapshot.step, app.viewer.cursor.following


def test_a_first_window_shows_nothing_and_says_nothing(opened):
    app = opened()
    assert shown(app) == (None, None, True)
    assert app.window.banner.isHidden()


def test_run_frame_selection_and_hidden_classes_come_back(opened, run):
    app = opened(run)
    app.viewer.cursor.go_to(1)
    app.pane.state.select(np.array([0, 4]))
    app.pane.state.toggle_class(2)
    app.window.close()

    again = opened()
    assert shown(again) == (run, 10, False)
    assert again.pane.state.selection.rows.tolist() == [0, 4]
    assert again.pane.state.display.hidden == {2}
    assert again.window.banner.message == "Your last session is restored."
    again.viewer.cursor.follow()
    again.pane.clear_selection()
    again.window.close()

    third = opened()
    assert shown(third) == (run, 30, True)
    assert third.pane.state.selection.count == 0


def test_the_part_of_the_features_that_was_seen_comes_back(opened, run, qtbot):
    app = opened(run)
    features = app.features
    qtbot.waitUntil(lambda: features.plane.content is not None)
    features.plane.set_look(Rectangle(-2, -3, 4, 3))
    features.space.set_camera(replace(features.space.camera, azimuth=0.25, zoom=3.0))
    seen = features.plane.look, features.space.camera
    app.window.close()

    again = opened().features
    qtbot.waitUntil(lambda: again.plane.look is not None)
    assert again.space.camera == seen[1]
    for side in ("left", "bottom", "right", "top"):
        assert getattr(again.plane.look, side) == pytest.approx(getattr(seen[0], side), abs=0.2)
    assert again.plane.holds(again.options), "it was moved by hand"


def test_a_comparison_comes_back(opened, run, folder, qtbot):
    other = folder / "runs" / "b.lossrun"
    small_run.record(other)
    app = opened(run, other)
    compared = app.comparing.window
    assert compared is not None, "several recordings are compared"
    compared.set_unit("epoch")
    app.window.close()
    assert app.comparing.window is None

    again = opened()
    qtbot.waitUntil(lambda: again.comparing.window is not None)
    state = again.comparing.state
    assert [entry.file for entry in state.runs] == [str(run), str(other)]
    assert state.unit == "epoch"
    assert shown(again)[0] == run


def test_the_worker_does_not_wait_until_the_window_is_drawn(opened, monkeypatch):
    """What the event loop is asked for first it does first, and drawing takes half a second."""
    order = []
    for owner, name in ((Starter, "begin"), (MainWindow, "show")):
        original = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *args, o=original, n=name: (order.append(n), o(*args)))
    opened()
    assert order == ["begin", "show"]


def test_a_window_that_is_closed_before_it_has_restored_anything_loses_nothing(opened, run, folder):
    opened(run).window.close()
    early = App(SILENT_WORKER, folder / "window.toml")
    early.open()
    AppHolder(early).save()  # the system ends the session at once
    early.window.close()
    early.window.deleteLater()
    assert shown(opened())[0] == run


def test_one_click_goes_on_with_a_new_run(opened, run):
    opened(run).window.close()
    app = opened()
    go_on, new = app.window.banner.buttons
    assert (go_on.text(), new.text()) == ("Continue", "Train a new run")
    new.click()
    assert shown(app)[0] is None
    assert app.run.phase == "running"
    assert app.window.banner.message == ""


def test_what_is_restored_is_not_said_once_another_run_is_shown(opened, run):
    opened(run).window.close()
    app = opened()
    app.viewer.show_live()
    assert app.window.banner.message == ""
    app.window.close()
    assert shown(opened())[0] is None, "the live run had not begun"


def test_panels_in_front_and_closed_ones_come_back(opened):
    app = opened()
    app.window.show_panel("samples")
    app.window.findChild(QDockWidget, "Two classes").close()
    app.window.resize(app.window.width(), 650)
    app.window.close()
    again = opened()
    visible = {
        dock.objectName()
        for dock in again.window.findChildren(QDockWidget)
        if not dock.visibleRegion().isEmpty() and not dock.isHidden()
    }
    assert "Samples" in visible
    assert {"Curves", "Two classes"} & visible == set()
    assert not again.window.is_panel_open("two-classes")
    assert again.window.is_panel_open("curves")
    assert again.window.height() == 650


def test_a_crash_loses_seconds_at_most(opened, run, folder, qtbot):
    app = opened(run)
    app.viewer.cursor.go_to(2)
    path = folder / "session-1.json"
    qtbot.waitUntil(lambda: path.exists() and load_session(path)[0].step == 20, timeout=20_000)
    crash(app, path)
    again = opened()
    assert shown(again) == (run, 20, False)
    assert again.window.banner.message == "Loss Explorer ended unexpectedly. Your last session is restored."


def test_a_run_that_is_gone_is_said_and_the_rest_is_restored(opened, run):
    app = opened(run)
    app.window.resize(app.window.width(), 650)
    app.pane.state.toggle_class(1)
    app.window.close()
    run.unlink()
    again = opened()
    assert shown(again)[0] is None
    assert again.window.banner.message == f"The run that was open last time no longer exists: {run}."
    assert again.window.height() == 650
    assert again.pane.state.display.hidden == {1}


def test_a_run_that_is_damaged_is_shown_as_far_as_it_goes(opened, run):
    opened(run).window.close()
    run.write_bytes(run.read_bytes()[: run.stat().st_size * 2 // 3])
    again = opened()
    assert shown(again)[0] == run
    message = again.window.banner.message
    assert message.startswith("Your last session is restored.")
    assert "Frames that can be read" in message
    assert again.window.banner.buttons[0].isVisible()


def test_a_session_of_another_file_selects_no_row_that_is_not_there(opened, run, folder):
    opened(run).window.close()
    path = folder / "session-1.json"
    session = path.read_text().replace('"selection": []', '"selection": [2, 6, -1, 99999999999999999999999]')
    path.write_text(session)
    assert opened().pane.state.selection.rows.tolist() == [2]


def test_damaged_files_open_the_default_session_and_are_kept(opened, run, folder):
    opened(run).window.close()
    for name in ("session-1.json", "window.toml"):
        (folder / name).write_text("damaged")
    app = opened()
    assert shown(app)[0] is None
    assert "The saved settings cannot be read" in app.window.banner.message
    assert "The last session cannot be read" in app.window.banner.message
    assert len(list(folder.glob("*-kept-*"))) == 2


def test_two_windows_keep_their_sessions_apart(opened, run, folder):
    other = folder / "runs" / "b.lossrun"
    shutil.copy(run, other)
    first, second = opened(run), opened(other)
    first.viewer.cursor.go_to(0)
    second.viewer.cursor.go_to(1)
    for app in (first, second):
        app.starter.keeper.save()
    crash(second, folder / "session-2.json")
    first.window.close()
    paths = [opened().viewer.recording.path for _ in range(2)]
    assert paths == [run, other], "the newest first, each in a window"


def test_files_are_opened_in_place_of_the_last_run(opened, run, folder):
    opened(run).window.close()
    other = folder / "runs" / "b.lossrun"
    shutil.copy(run, other)
    app = opened(other)
    assert shown(app)[0] == other
    assert app.window.banner.message == ""


def test_safe_mode_restores_and_saves_nothing_and_says_so(opened, run, folder, qtbot):
    opened(run).window.close()
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    app = opened(mode="safe")
    assert shown(app)[0] is None
    assert app.appearance.name == "light"
    assert app.window.banner.message.startswith("Safe mode: default settings and layout, nothing restored")
    assert "Safe mode" in [
        label.text() for label in app.window.statusBar().children() if hasattr(label, "text")
    ]
    app.appearance.choose("dark")
    app.run.set_param("loss.name", "arcface")
    qtbot.wait(2500)  # longer than changes and sessions wait before they are saved
    app.window.close()
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before


def test_the_last_session_is_one_click_away_when_safe_mode_was_chosen_after_failures(opened, run, folder):
    opened(run).window.close()
    (folder / "session-1.lock").write_text("2")
    app = opened()
    assert "did not finish starting the last two times" in app.window.banner.message
    restore, reset = app.window.banner.buttons
    assert (restore.text(), reset.text()) == ("Restore last session", "Reset settings")
    restore.click()
    assert not app.window.isVisible()
    assert app.starter.next_mode == "retry"
    assert shown(opened(mode="retry"))[0] == run


def test_settings_are_reset_by_one_click_and_kept(opened, run, folder):
    opened(run).window.close()
    (folder / "session-1.lock").write_text("2")
    app = opened()
    app.window.banner.buttons[1].click()
    assert app.starter.next_mode == "restore"
    again = opened()
    assert (shown(again)[0], again.appearance.name, again.window.banner.message) == (None, "light", "")
    assert len(list(folder.glob("*-kept-*"))) == 2


def test_a_window_that_is_idle_for_a_while_counts_as_opened(opened, folder, qtbot):
    (folder / "session-1.lock").write_text("1")
    opened()
    assert (folder / "session-1.lock").read_text() == "2", "until then it counts as a failure"
    qtbot.waitUntil(lambda: (folder / "session-1.lock").read_text() == "0", timeout=20_000)


def test_a_session_that_cannot_be_saved_is_said_once(opened, run, folder, monkeypatch):
    app = opened(run)
    said = []
    app.starter.keeper.failed.connect(said.append)

    def fail(_path, _session):
        raise OSError("disk full")

    monkeypatch.setattr("explorer.gui.starting.restoring.save_session", fail)
    app.starter.keeper.save()
    app.viewer.cursor.go_to(1)
    app.starter.keeper.save()
    assert said == ["The session cannot be saved: disk full."]
    monkeypatch.setattr("explorer.gui.starting.restoring.save_session", save_session)
    app.starter.keeper.save()
    assert load_session(folder / "session-1.json")[0].step == 10


def test_a_window_that_is_closed_is_gone_before_a_slow_disk_has_saved_it(opened, run, folder, monkeypatch):
    """The disk answers only once the window is hidden."""
    app = opened(run)
    hidden, hide, sync = threading.Event(), MainWindow.hide, os.fsync
    answered = []

    def answer(file):
        answered.append(hidden.wait(20))
        sync(file)

    def hide_and_tell(window):
        hide(window)
        hidden.set()

    monkeypatch.setattr(MainWindow, "hide", hide_and_tell)
    monkeypatch.setattr(os, "fsync", answer)
    app.appearance.choose("dark")
    app.window.close()
    assert set(answered) == {True}
    assert load_session(folder / "session-1.json")[0].recording == str(run)
    assert "dark" in (folder / "window.toml").read_text()
