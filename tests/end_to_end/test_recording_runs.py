"""A window records what it shows: it may be killed, its disk may be full, others may be open beside it.

With -m soak, two minutes of MNIST are recorded before the kill, or LOSS_EXPLORER_RECORDED_SECONDS.
"""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from gui.library.runs import make_run
from msgspec.structs import replace
from PySide6.QtCore import Qt

from explorer.core.recording.locks import use_of
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.library.files import LibraryOptions
from explorer.gui.library.library import Library
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.memory.window_session import load_session

LIMIT = 60_000
LONG = float(os.environ.get("LOSS_EXPLORER_RECORDED_SECONDS", "120"))
SHORT = 0.5
WINDOW = """
import resource, sys
from pathlib import Path
from explorer.gui.app import App
from explorer.gui.theme.application import make_application

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
application = make_application()
app = App(sys.argv[3:], folder / "window.toml")
app.open()

def tell_step():
    if app.run.phase == "ready" and app.run.snapshot is not None:
        app.run.start()
    elif app.run.snapshot is not None:
        print("shown", app.run.snapshot.step, flush=True)

app.recorder.failed.connect(lambda sentence: print("said", app.window.banner.message, flush=True))
app.pane.clock.newestShown.connect(tell_step)
application.exec()
"""


@pytest.fixture
def folder(tmp_path, tiny_data):
    settings = {"device": "cpu", "threads": 1, "data.source": str(tiny_data), "optimizer.batch": 50}
    save_memory(tmp_path / "window.toml", Memory(RunConfig().replace(settings), "light"))
    return tmp_path


@pytest.fixture
def watched(folder, worker_command):
    """Start a window of its own process that trains, with a limit to the size of its files."""
    processes = []

    def start(limit=-1):
        command = [sys.executable, "-c", WINDOW, str(folder), str(limit), *worker_command]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return processes[-1]

    yield start
    for process in processes:
        children = psutil.Process(process.pid).children() if process.poll() is None else []
        process.kill()
        process.wait()
        process.stdout.close()
        psutil.wait_procs(children, timeout=20)


def steps_shown(process, count):
    """Return the steps that a window says it has shown, as soon as there are so many beyond the first."""
    steps = []
    for line in process.stdout:
        kind, _, rest = line.partition(" ")
        if kind == "shown" and int(rest):
            steps.append(int(rest))
        if len(steps) >= count:
            break
    return steps


@pytest.mark.parametrize(
    "seconds",
    [SHORT, pytest.param(LONG, marks=[pytest.mark.soak, pytest.mark.timeout(LONG + 600)])],
    ids=["short", "long"],
)
def test_a_run_whose_window_is_killed_is_scrubbed_branched_compared_and_opened_again(
    watched, folder, qtbot, worker_command, seconds
):
    if seconds == LONG:
        save_memory(folder / "window.toml", Memory(RunConfig().replace({"device": "cpu"}), "light"))
    window, steps = watched(), []
    steps += steps_shown(window, 1)
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        steps += steps_shown(window, 1)
    (worker,) = psutil.Process(window.pid).children()
    window.send_signal(signal.SIGKILL)
    steps += steps_shown(window, sys.maxsize)
    window.wait()
    psutil.wait_procs([worker], timeout=20)
    (path,) = (folder / "runs").glob("*.lossrun")
    assert use_of(path) == ""
    with Recording(path) as found:
        assert not found.complete
        assert set(steps) <= set(found.steps)
        assert found.steps[-1] >= steps[-1]
        assert found.checkpoints[0] == 0

    app = App(worker_command, folder / "window.toml")
    try:
        app.window.resize(1300, 900)
        app.open()
        scrub(app, open_from_list(app, path, qtbot), steps[-1], qtbot)
        branch = branch_with(app, "arcface", qtbot)
        app.comparing.add_recording(path)
        app.comparing.add_recording(branch)
        assert names_compared(app) == ["softmax", "arcface"]
        qtbot.waitUntil(lambda: all(pane.features.snapshot for pane in app.comparing.window.panes.shown))
    finally:
        app.window.close()
        app.window.deleteLater()

    again = App(worker_command, folder / "window.toml")
    try:
        again.open()
        qtbot.waitUntil(lambda: again.viewer.recording is not None, timeout=LIMIT)
        assert again.viewer.recording.path == branch
        assert names_compared(again) == ["softmax", "arcface"]
        again.actions.action("panel.runs").trigger()
        rows = again.window.runs.list.rows
        qtbot.waitUntil(lambda: [bool(row.item.summary) for row in rows] == [True, True], timeout=LIMIT)
        assert [(row.depth, row.item.path) for row in rows] == [(0, path), (1, branch)]
    finally:
        again.window.close()
        again.window.deleteLater()


def open_from_list(app, path, qtbot):
    """Open the only run of the list, and return it once all of it is read."""
    app.actions.action("panel.runs").trigger()
    runs = app.window.runs
    qtbot.waitUntil(lambda: [bool(item.summary) for item in runs.list.items] == [True], timeout=LIMIT)
    runs.list.setCurrentIndex(runs.list.model().index(0, 0))
    qtbot.mouseClick(runs.details.open, Qt.MouseButton.LeftButton)
    recording = app.viewer.recording
    assert recording.path == path
    qtbot.waitUntil(lambda: recording.complete, timeout=LIMIT)
    return recording


def scrub(app, recording, shown, qtbot):
    """Go through the run in every view, and through all of it in the first; ``shown`` was its last step."""
    cursor = app.viewer.cursor
    assert cursor.snapshot.step == recording.steps[-1] >= shown
    for view_id, view in app.pane.views.items():  # a fault of any drawing fails the test
        app.actions.action(f"panel.{view_id}").trigger()
        qtbot.waitUntil(lambda view=view: view.drawable, timeout=LIMIT)
        for index in range(0, len(recording.frames), max(1, len(recording.frames) // 20)):
            cursor.go_to(index)
            assert cursor.snapshot.step == recording.steps[index]
            qtbot.waitUntil(lambda view=view: view.snapshot is cursor.snapshot, timeout=LIMIT)
    drawings = app.pane.clock.drawings
    for index in recording.frames:
        cursor.go_to(index)
        qtbot.wait(1)
    qtbot.waitUntil(lambda: app.pane.primary.snapshot is cursor.snapshot, timeout=LIMIT)
    assert cursor.snapshot.step == recording.steps[-1]
    assert app.pane.clock.drawings > drawings


def branch_with(app, loss, qtbot):
    """Continue the run from its middle with another loss, and return the file of the branch."""
    cursor, run = app.viewer.cursor, app.run
    cursor.go_to(len(cursor.frames) // 2)
    step = cursor.snapshot.step
    app.actions.action("run.continue").trigger()
    qtbot.waitUntil(lambda: cursor.live and run.phase == "paused", timeout=LIMIT)
    assert run.snapshot.step == run.checkpoints.parent.step == step
    run.set_loss(loss)
    run.start()
    qtbot.waitUntil(
        lambda: run.snapshot.config.loss.name == loss and run.snapshot.step > step + 20, timeout=LIMIT
    )
    run.pause()
    return app.recorder.path


def names_compared(app):
    """Return the losses of the runs in the comparison."""
    return [run.source.config.loss.name for run in app.comparing.window.session.runs]


def test_a_full_disk_is_said_in_the_window_and_training_goes_on(watched, folder):
    window = watched(limit=400_000)  # a checkpoint and some frames
    for line in window.stdout:
        if line.startswith("said"):
            break
    assert "Cannot record to" in line
    assert line.strip().endswith("File too large. Training continues without a recording.")
    before, after = steps_shown(window, 1)[0], steps_shown(window, 20)[-1]
    assert after > before
    (path,) = (folder / "runs").glob("*.lossrun")
    with Recording(path) as found:
        assert found.verify() == found.damage
        assert found.frames > 0


def test_two_windows_write_a_file_each(folder, qtbot, worker_command):
    apps = [App(worker_command, folder / "window.toml") for _ in range(2)]
    for app in apps:
        app.open()
        qtbot.waitUntil(lambda app=app: app.run.started is not None, timeout=LIMIT)
        app.run.start()
    for app in apps:
        qtbot.waitUntil(
            lambda app=app: app.run.snapshot is not None and app.run.snapshot.step > 20, timeout=LIMIT
        )
    files = list((folder / "runs").glob("*.lossrun"))
    assert [use_of(path) for path in files] == ["written", "written"]
    for app in apps:
        app.window.close()
        app.window.deleteLater()
    for path in files:
        with Recording(path) as found:
            assert found.complete
            assert found.steps[-1] > 20


@pytest.mark.parametrize("choice", ["Continue", "Train a new run"])
def test_a_window_that_is_killed_opens_again_with_its_run_and_one_click_goes_on(
    watched, folder, qtbot, worker_command, choice
):
    window, session = watched(), folder / "session-1.json"
    steps = steps_shown(window, 20)
    qtbot.waitUntil(lambda: load_session(session)[0].recording != "", timeout=LIMIT)
    (worker,) = psutil.Process(window.pid).children()
    window.send_signal(signal.SIGKILL)
    steps += steps_shown(window, sys.maxsize)
    window.wait()
    psutil.wait_procs([worker], timeout=20)

    app = App(worker_command, folder / "window.toml")
    app.open()
    qtbot.waitUntil(lambda: app.viewer.recording is not None, timeout=LIMIT)
    (path,) = (folder / "runs").glob("*.lossrun")
    assert app.viewer.recording.path == path
    assert app.viewer.cursor.following
    assert app.viewer.cursor.snapshot.step >= steps[-1]
    assert "ended unexpectedly" in app.window.banner.message
    last = app.viewer.cursor.snapshot.step
    button = next(button for button in app.window.banner.buttons if button.text() == choice)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    if choice == "Continue":
        qtbot.waitUntil(lambda: app.viewer.cursor.live and app.run.snapshot.step == last, timeout=LIMIT)
        assert app.run.phase == "paused"
        app.run.start()
    qtbot.waitUntil(lambda: app.recorder.path is not None and app.recorder.path.exists(), timeout=LIMIT)
    app.run.pause()
    app.window.close()
    assert load_session(session)[0].recording == str(app.recorder.path)
    assert path.exists()
    app.window.deleteLater()


def test_a_limit_deletes_nothing_that_another_window_has_open(watched, folder, qtbot, worker_command):
    runs, memory = folder / "runs", load_memory(folder / "window.toml")[0]
    save_memory(folder / "window.toml", replace(memory, library=LibraryOptions(limit=1e-6)))
    other = watched()
    steps_shown(other, 5)
    (written,) = runs.glob("*.lossrun")
    for name, seconds in (("old", 1000), ("shown", 2000)):
        make_run(runs / f"{name}.lossrun", seconds=seconds)
    viewer = App(worker_command, folder / "window.toml")
    viewer.open([runs / "shown.lossrun"])
    trainer = App(worker_command, folder / "window.toml")
    trainer.open()
    qtbot.waitUntil(lambda: trainer.run.started is not None, timeout=LIMIT)
    trainer.run.start()
    qtbot.waitUntil(
        lambda: trainer.recorder.path is not None and trainer.recorder.path.exists(), timeout=LIMIT
    )
    expected = {written, runs / "shown.lossrun", trainer.recorder.path}
    assert set(runs.glob("*.lossrun")) == expected
    assert {item.path for item in Library(runs).list_runs().items} == expected
    for app in (viewer, trainer):
        app.window.close()
        app.window.deleteLater()
    assert other.poll() is None
    assert steps_shown(other, 1)
