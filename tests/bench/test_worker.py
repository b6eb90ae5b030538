"""The worker's measurements are of the worker's own training, and of each loss alone."""

import pytest
import torch

from explorer.bench.measuring import BenchError
from explorer.bench.scale import BATCH, DIM, scale
from explorer.bench.time.files import file_figures
from explorer.bench.time.shares import recorded_share
from explorer.bench.training import Driver
from explorer.core.recording.reader import Recording


@pytest.fixture
def settings(tiny_data):
    return {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "data.probe_every": 5}


def test_an_accuracy_that_is_learned_is_reached_and_one_that_takes_too_long_is_not(settings):
    assert Driver(settings, framed=True).reach(0.5, limit=60)
    assert not Driver(settings, framed=True).reach(1.01, limit=0.2)


def test_speed_is_counted_with_and_without_frames(settings):
    for framed in (False, True):
        driver = Driver(settings, framed=framed)
        assert driver.speed(0.1) > 0
        assert driver.speed(0.1) > 0


def test_a_run_that_fails_is_said():
    driver = Driver({"data.source": "/nowhere"}, framed=False)
    with pytest.raises(BenchError, match="/nowhere"):
        driver.speed(0.1)


def test_recording_is_measured_by_its_own_files(settings, tmp_path):
    path = tmp_path / "a.lossrun"
    found = {each.figure: each.value for each in file_figures(path, frames=20, points=500)}
    assert set(found) == {"time.write", "time.frame_size", "time.open", "time.read"}
    assert min(found.values()) > 0
    assert found["time.frame_size"] == pytest.approx(path.stat().st_size / 20e3)
    share = recorded_share(tmp_path / "b.lossrun", settings, rounds=1, seconds=0.2)
    assert share.value > 0
    with Recording(tmp_path / "b.lossrun") as run:
        assert run.frames > 0
        assert run.verify() is None


def test_recording_that_fails_is_said(settings, tmp_path):
    with pytest.raises(BenchError, match=r"Cannot record to .*nowhere.*directory\.$"):
        recorded_share(tmp_path / "nowhere" / "a.lossrun", settings, rounds=1)


def test_memory_of_a_step_counts_logits_and_gradients():
    rows = {row.classes: row for row in scale("softmax", torch.device("cpu"), (100, 1000))}
    assert set(rows) == {100, 1000}
    for count, row in rows.items():
        numbers = BATCH * count + count * DIM  # the logits, and the gradient of the class weights
        assert numbers * 4 <= row.bytes <= 4 * numbers * 4
        assert row.seconds > 0


def test_a_number_of_classes_that_would_take_too_long_is_left_out():
    rows = list(scale("softmax", torch.device("cpu"), (100, 1000), longest=0.0))
    assert [row.classes for row in rows] == [100]
