"""A run is continued from any of its frames, or once its window is closed, as if it had never stopped."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.library.files import stored_runs
from explorer.gui.memory.window_memory import Memory, save_memory

LIMIT = 60_000


@pytest.fixture
def settings(tmp_path, tiny_data):
    changes = {"device": "cpu", "data.source": str(tiny_data), "optimizer.batch": 50}
    changes |= {"data.test_probe": 40, "data.train_probe": 20}
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace(changes), "light"))
    return path


@pytest.fixture
def open_window(settings, qtbot, worker_command):
    apps = []

    def start():
        app = App(worker_command, settings)
        app.open()
        apps.append(app)
        qtbot.waitUntil(lambda: app.run.snapshot is not None, timeout=LIMIT)
        return app

    yield start
    for app in apps:
        app.window.close()
        app.window.deleteLater()


@pytest.fixture
def train(qtbot):
    """Train single steps, and return the loss of each."""

    def act(app, count):
        losses = []
        for _ in range(count):
            step = app.run.snapshot.step
            app.run.step()
            qtbot.waitUntil(lambda step=step: app.run.snapshot.step == step + 1, timeout=LIMIT)
            losses.append(app.run.snapshot.scalars["loss"])
        return losses

    return act


def go_to(app, step):
    cursor = app.viewer.cursor
    cursor.go_to(cursor.steps.index(step))
    assert cursor.snapshot.step == step


def wait_for_branch(app, qtbot, step):
    run = app.run
    qtbot.waitUntil(lambda: app.viewer.cursor.live and run.phase == "paused", timeout=LIMIT)
    assert run.snapshot.step == step
    assert run.checkpoints.parent.step == step


def set_loss(app, qtbot, name):
    """Choose a loss, and wait until the worker has it: the next step trains with it."""
    app.run.set_loss(name)
    qtbot.waitUntil(lambda: app.run.snapshot.config.loss.name == name, timeout=LIMIT)


def wait_for_list(runs, qtbot, count):
    """Wait until all runs of the folder are read, and stand in the list."""
    qtbot.waitUntil(lambda: sum(item.summary is not None for item in runs.list.items) == count, timeout=LIMIT)


def test_from_an_earlier_frame_it_repeats_the_run_and_with_another_loss_it_branches(
    open_window, train, settings, qtbot
):
    app = open_window()
    window, run = app.window, app.run
    assert not window.timeline.continue_.isEnabled(), "the newest frame is no place to go back to"
    first = train(app, 8)
    run.set_param("optimizer.rate", 0.02)
    qtbot.waitUntil(lambda: run.snapshot.config.get("optimizer.rate") == 0.02, timeout=LIMIT)
    first += train(app, 4)
    set_loss(app, qtbot, "arcface")
    first += train(app, 8)
    wanted = run.config
    original = run.checkpoints.run

    go_to(app, 14)
    assert window.timeline.continue_.isEnabled()
    assert not window.side_panel.settings.isEnabled()
    qtbot.mouseClick(window.timeline.continue_, Qt.MouseButton.LeftButton)
    wait_for_branch(app, qtbot, 14)
    assert run.config == run.snapshot.config == wanted
    assert window.side_panel.settings.isEnabled()
    assert window.status.text().startswith("Continued from step 14.")
    assert run.snapshot.epoch == pytest.approx(14 / 8)
    qtbot.waitUntil(lambda: window.run_bar.readouts["step"].text == "14", timeout=LIMIT)
    again = run.checkpoints.run
    assert train(app, 6) == first[14:]

    go_to(app, 16)
    app.actions.action("run.continue").trigger()
    wait_for_branch(app, qtbot, 16)
    set_loss(app, qtbot, "cosface")
    train(app, 3)
    window.close()

    recordings = {}
    for stored in stored_runs(settings.parent / "runs"):
        with Recording(stored.path) as recording:
            recordings[recording.header.run] = recording
    by_parent = {
        r.header.parent and (r.header.parent.run, r.header.parent.step): r for r in recordings.values()
    }
    assert set(by_parent) == {None, (original, 14), (again, 16)}
    assert by_parent[None].steps[-1] == 20
    assert by_parent[original, 14].steps == tuple(range(14, 21))
    assert by_parent[again, 16].steps[-1] == 19
    assert all(recording.complete for recording in recordings.values())

    later = open_window()
    runs = later.window.runs
    later.actions.action("panel.runs").trigger()
    wait_for_list(runs, qtbot, 3)
    rows = runs.list.rows
    assert [(row.depth, row.item.summary.run) for row in rows] == [
        (0, original),
        (1, again),
        (2, by_parent[again, 16].header.run),
    ]
    assert rows[2].item.summary.losses == ("cosface",)


def test_a_closed_run_is_resumed_from_the_list_as_if_it_had_never_stopped(open_window, train, qtbot):
    app = open_window()
    train(app, 6)
    set_loss(app, qtbot, "elasticface")
    train(app, 6)
    never_stopped = train(app, 10)
    app.run.set_loss("softmax")
    app.run.restart()
    qtbot.waitUntil(lambda: app.run.snapshot is not None and app.run.snapshot.step == 0, timeout=LIMIT)
    train(app, 6)
    set_loss(app, qtbot, "elasticface")
    train(app, 6)
    stopped = app.run.checkpoints.run
    app.window.close()

    later = open_window()
    runs, run = later.window.runs, later.run
    later.actions.action("panel.runs").trigger()
    wait_for_list(runs, qtbot, 2)
    (path,) = (item.path for item in runs.list.items if item.summary.run == stopped)
    runs.list.choose(path)
    runs.details.continue_.click()
    wait_for_branch(later, qtbot, 12)
    assert run.config.loss.name == "elasticface"
    assert later.viewer.recording is None
    assert train(later, 10) == never_stopped
    assert list(run.history.column("step")) == list(range(12, 23))
    assert run.snapshot.elapsed > run.elapsed[0] > 0


def test_restoring_can_be_cancelled_and_the_run_before_goes_on(open_window, train, qtbot):
    app = open_window()
    losses = train(app, 12)
    run = app.run
    go_to(app, 4)
    continuation = run.continuation(app.viewer.cursor.snapshot)
    assert continuation.start == 0
    far = replace(continuation.parent, step=10_000_000)  # the steps up to it take longer than the test
    run.continue_from(replace(continuation, parent=far))
    qtbot.waitUntil(lambda: run.restoring is not None and run.restoring.step > 20, timeout=LIMIT)
    assert run.phase == "restoring"
    assert app.window.status.text().startswith("Repeating step ")
    assert app.window.run_bar.toggle.text() == "Cancel"
    assert not app.actions.action("run.continue").isEnabled()
    app.window.run_bar.toggle.click()
    qtbot.waitUntil(lambda: run.restoring is None, timeout=LIMIT)
    assert run.phase == "paused"
    app.viewer.show_live()
    assert run.snapshot.step == 12
    assert len(train(app, 2)) == 2
    assert len(losses) == 12
