"""The window's measurements see real pictures of a real window."""

import re
import time

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from explorer.bench import latency
from explorer.bench.measuring import BenchError
from explorer.bench.scene import history, scene
from explorer.bench.stage import Heartbeat, Paints, Stage, pass_time, show, wait
from explorer.bench.startup import start_once
from explorer.bench.time.files import write_run
from explorer.bench.time.looking_back import first_picture, scrubbing, scrubbing_while_training
from explorer.bench.time.shares import window_share
from explorer.core.texts import text
from explorer.gui.session import run_recording
from explorer.gui.session.run_recording import new_path
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.view import FeaturesView


@pytest.fixture
def _ready_worker(monkeypatch, worker_command):
    monkeypatch.setattr("explorer.bench.stage.WORKER", tuple(worker_command))


@pytest.mark.parametrize("dim", [2, 3])
def test_every_frame_of_the_scene_changes_the_picture(qtbot, dim):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.resize(300, 300)
    show(view)
    surface = view.plane.viewport() if dim == 2 else view.space
    pictures, painted = [], []
    for moment in scene(500, dim):
        view.set_snapshot(moment, history())
        QApplication.processEvents()
        if not pictures:  # from the second frame on the plot is the one that is shown
            paints = Paints(surface)
            paints.painted.connect(lambda: painted.append(len(pictures)))
        pictures.append(view.grab().toImage())
    assert set(painted) >= {1, 2, 3}
    assert all(first != second for i, first in enumerate(pictures) for second in pictures[:i])


@pytest.mark.usefixtures("qapp", "_ready_worker")
def test_a_stage_opens_the_program_trains_and_leaves_no_worker_and_no_widget(tiny_data):
    before = len(QApplication.allWidgets())
    with Stage({"data.source": str(tiny_data), "device": "cpu", "optimizer.batch": 50}) as stage:
        stage.train(step=3)
        assert stage.step >= 3
    assert not stage.app.client.alive
    assert len(QApplication.allWidgets()) == before


@pytest.mark.usefixtures("qapp", "_ready_worker")
@pytest.mark.parametrize(("kind", "dim"), [("plane", 2), ("space", 3)])
def test_scrubbing_is_measured_with_the_views_of_a_window(tmp_path, kind, dim):
    path = tmp_path / "a.lossrun"
    write_run(path, frames=20, points=200, dim=dim)
    features, others = scrubbing(path, kind, seconds=0.5)
    assert features.value > 0
    assert others.value > 0
    assert "20 frames of 200 points, views: 3" in str(features.note)


@pytest.mark.usefixtures("qapp", "_ready_worker")
def test_opening_is_measured_up_to_a_picture_of_the_recording(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.bench.time.looking_back._OPENS", 1)
    path = tmp_path / "a.lossrun"
    write_run(path, frames=20, points=200)
    found = first_picture(path)
    assert 0 < found.value < 10
    assert "20 frames" in str(found.note)
    with pytest.raises(BenchError, match=r"none\.lossrun"):
        first_picture(tmp_path / "none.lossrun")


@pytest.mark.usefixtures("qapp", "_ready_worker")
def test_the_past_of_a_run_is_scrubbed_over_the_frames_that_came_in_time(tiny_data, monkeypatch):
    monkeypatch.setattr("explorer.bench.time.looking_back._ENOUGH_FRAMES", 1_000_000)
    monkeypatch.setattr("explorer.bench.time.looking_back._FEWEST_FRAMES", 10)
    changes = {"device": "cpu", "threads": 1, "data.source": str(tiny_data), "optimizer.batch": 50}
    found = list(scrubbing_while_training(changes, rounds=1, seconds=0.5, gathering=0.2))
    assert 10 <= int(re.match(r"([\d,]+) frames of", str(found[0].note))[1].replace(",", "")) < 1000
    assert [each.figure.removeprefix("time.scrub_live") for each in found] == ["", "_others", "_share"]
    assert all(each.value > 0 for each in found)


@pytest.mark.usefixtures("qapp", "_ready_worker")
def test_a_recorded_run_is_compared_with_an_unrecorded_one_in_the_same_window(tiny_data, monkeypatch):
    changes = {"device": "cpu", "threads": 1, "data.source": str(tiny_data), "optimizer.batch": 50}
    files = []
    monkeypatch.setattr(run_recording, "new_path", lambda *args: files.append(new_path(*args)) or files[-1])
    found = window_share(changes, rounds=2, seconds=0.5)
    assert found.value > 0
    assert "images/s unrecorded" in str(found.note)
    assert len(files) == 2, "one recorded run in each round"


@pytest.mark.usefixtures("qapp")
def test_waiting_in_vain_is_an_error_that_names_what_for():
    with pytest.raises(BenchError, match=r"waiting for a bus"):
        wait(lambda: False, text("a bus"), limit=0.05)


@pytest.mark.usefixtures("qapp")
def test_a_heartbeat_sees_a_stall_and_whether_it_was_work():
    heartbeat = Heartbeat()
    QTimer.singleShot(20, lambda: time.sleep(0.08))
    pass_time(0.2)
    assert heartbeat.stall > 0.08
    assert heartbeat.busy < 0.08
    heartbeat.restart()
    assert heartbeat.stall == heartbeat.busy == 0
    heartbeat.stop()


@pytest.mark.usefixtures("qapp")
def test_stalls_with_many_classes_are_measured_in_a_window_that_draws_them(monkeypatch):
    monkeypatch.setattr("explorer.bench.latency._SECONDS", 0.3)
    first, then = latency.many_classes("plane", 2, text("here"))
    assert (first.figure, then.figure) == ("latency.stall_first", "latency.stall_classes")
    assert first.value > 0
    assert then.value > 0


@pytest.mark.soak
def test_the_program_is_shown_before_it_has_drawn():
    moments = start_once()
    assert 0 < moments["shown"] < moments["drawn"]
