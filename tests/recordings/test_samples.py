"""A recording of every release opens: what a student recorded last year is still there this year."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from explorer import __version__
from explorer.cli import main
from explorer.core.recording.reader import Recording
from explorer.gui.app import App
from explorer.gui.session.recorded_run import RecordedRun

SAMPLES = sorted(Path(__file__).parent.glob("*.lossrun.gz"))
MOST_BYTES = 150_000
STEPS = (0, 5, 10, 15, 20, 21, 25, 30, 35, 40)


@pytest.fixture(params=SAMPLES, ids=lambda path: path.name.removesuffix(".lossrun.gz"))
def sample(request, tmp_path):
    path = tmp_path / request.param.name.removesuffix(".gz")
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def test_every_release_has_a_small_sample():
    assert f"{__version__}.lossrun.gz" in [path.name for path in SAMPLES], "see make_sample.py"
    assert max(path.stat().st_size for path in SAMPLES) <= MOST_BYTES


def test_all_of_a_sample_can_be_read(sample):
    with Recording(sample) as run:
        assert run.verify() is None
        assert (run.header.name, run.header.config.get("seed")) == ("Sample", 7)
        assert set(run.steps) == set(STEPS)
        margins = [(change.step, change.config.get("loss.margin")) for change in run.settings]
        assert margins == [(0, 0.1), (20, 0.2)]
        notice, finished = run.notices
        assert str(notice.text) == "Half of the sample is recorded."
        assert finished.test_accuracy > 0.8
        assert (len(run.started.labels.numpy()), run.started.num_classes) == (150, 10)
        frames = [run.frame(index) for index in range(run.frames)]
        assert all(frame.features.numpy().shape == (150, 2) for frame in frames)
        assert frames[-1].scalars["test_accuracy"] > 0.8 > 0.3 > frames[0].scalars["test_accuracy"]


@pytest.fixture
def _its_data(tiny_data, tmp_path, monkeypatch):
    """Where the settings of a sample say that the data set is."""
    (tmp_path / "tiny").symlink_to(tiny_data)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_its_data", "qapp")
def test_a_run_begins_as_it_did_or_the_window_says_that_the_version_is_another(sample):
    """Where a seed begins another run, the version is raised: by it the window knows."""
    from explorer.worker.training.checkpoint import from_bytes
    from explorer.worker.training.trainer import Trainer

    run = RecordedRun(sample)
    try:
        found = run.continuation(run.frame(0))
    finally:
        run.close()
    version = sample.name.removesuffix(".lossrun")
    if version != __version__:
        assert f"Loss Explorer {version}" in str(found.caution)
        return
    recorded = from_bytes(found.checkpoint).trainer
    again = Trainer(recorded.config)
    for then, now in zip(recorded.loss.parameters(), again.loss.parameters(), strict=True):
        assert np.allclose(then.detach(), now.detach())


@pytest.mark.usefixtures("_its_data")
def test_training_goes_on_from_the_checkpoint_of_a_sample(sample):
    from explorer.worker.training.checkpoint import from_bytes

    with Recording(sample) as run:
        trainer = from_bytes(run.checkpoint(0)).trainer
        expected = run.frame(1).scalars["loss"]
    losses = []
    for _ in range(5):
        trainer.step()
        losses.append(trainer.meters.take().tensors["loss"].item())
    assert np.mean(losses) == pytest.approx(expected, rel=1e-3)


def test_the_contents_of_a_sample_are_listed(sample, capsys):
    assert main(["info", str(sample), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["complete"], found["steps"], found["checkpoints"]) == (True, 40, [0])
    assert found["config"]["loss"]["name"] == "arcface"


def test_the_window_shows_every_frame_of_a_sample(sample, tmp_path, qtbot):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    app.window.show()
    app.opener.open_recording(sample)
    recording, cursor = app.viewer.recording, app.viewer.cursor
    qtbot.waitUntil(lambda: recording.complete)
    assert recording.damage is None
    for index in recording.frames:
        cursor.go_to(index)
        qtbot.waitUntil(lambda: all(view.snapshot is cursor.snapshot for view in app.pane.views.values()))
    assert (app.window.banner.message, cursor.snapshot.step) == ("", 40)
    app.window.close()
    app.window.deleteLater()
