"""A run is trained again from what its settings carry, and a loss that differs is named with its step."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from explorer.core.protocol.messages import Until
from explorer.core.recording.header import new_header
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.export.origin import MeasuredLoss
from explorer.gui.reproduction.check import CheckedRun, Comparison, ReproductionCheck
from explorer.gui.reproduction.dialog import ReproductionDialog, outcome, reason
from explorer.gui.reproduction.settings_text import read_settings, settings_text
from explorer.gui.session.recorded_run import RecordedRun
from explorer.gui.session.run import Run
from explorer.gui.session.worker_client import WorkerClient, workers_ending
from explorer.worker import headless

PATIENCE = 60_000


@pytest.fixture(scope="module")
def config(tiny_data):
    return RunConfig().replace(
        {
            "loss.name": "arcface",
            "data.source": str(tiny_data),
            "data.test_probe": 100,
            "data.train_probe": 50,
            "optimizer.batch": 50,
            "device": "cpu",
            "threads": 1,
        }
    )


@pytest.fixture(scope="module")
def trained(request, qapp, worker_command, config):
    """What a run carries whose loss and margin were changed while it trained."""
    assert qapp is not None, "processes need an application"
    qtbot = QtBot(request)
    client = WorkerClient(worker_command)
    run = Run(client, config)
    run.open()

    def train_to(step):
        run.start()
        qtbot.waitUntil(lambda: run.snapshot is not None and run.snapshot.step >= step, timeout=PATIENCE)

    train_to(5)
    run.set_param("loss.margin", 0.4)
    train_to(run.snapshot.step + 5)
    run.set_loss("cosface")
    train_to(140)
    run.pause()
    qtbot.waitUntil(lambda: not run.training and run.snapshot.step == run.steps[-1], timeout=PATIENCE)
    content = settings_text(run.snapshot, run.origin(run.snapshot))
    run.close()
    qtbot.waitUntil(lambda: not workers_ending(), timeout=PATIENCE)
    return read_settings(content, "settings")


def compare(qtbot, worker_command, carried):
    check = ReproductionCheck(worker_command)
    with qtbot.waitSignal(check.finished, timeout=PATIENCE) as found:
        check.start(carried.origin, carried.config)
    qtbot.waitUntil(lambda: not workers_ending(), timeout=PATIENCE)
    return found.args[0].comparison, found.args[0].started


def test_a_run_with_changes_comes_out_the_same_and_a_wrong_loss_is_named(trained, qtbot, worker_command):
    origin = trained.origin
    assert trained.config.loss.name == "cosface"
    assert [next(iter(change.set)) for change in origin.changes][:2] == ["loss.margin", "loss.name"]
    last = origin.losses[-1].step
    assert last >= 100
    comparison, started = compare(qtbot, worker_command, trained)
    assert comparison == Comparison(last)
    assert started.threads == 1

    number = len(origin.losses) // 2
    told = origin.losses[number]
    wrong = MeasuredLoss(told.step, float(np.nextafter(told.value, 9.0)))
    losses = (*origin.losses[:number], wrong, *origin.losses[number + 1 :])
    other = replace(trained, origin=replace(origin, losses=losses))
    comparison, started = compare(qtbot, worker_command, other)
    assert (comparison.steps, comparison.told) == (origin.losses[number - 1].step, wrong)
    assert comparison.found == told
    assert f"{told.step:,}" in outcome(comparison)[0]
    assert str(reason(other.origin, started, other.config)).startswith("Program, PyTorch and machine are the")


def test_a_recording_of_the_command_line_carries_its_losses(config, tmp_path, qtbot, worker_command):
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    path = tmp_path / "run.lossrun"
    with RecordingWriter(path, new_header(config)) as writer:
        headless.train(config, Until(step=120), lambda _event: None, lambda: False, writer)
    torch.set_num_threads(threads)
    run = RecordedRun(path)
    run.finish_reading()
    carried = read_settings(settings_text(run.snapshot, run.origin(run.snapshot)), "settings")
    run.history.first_losses.clear()  # as a recording of an earlier release has none
    earlier = run.origin(run.snapshot)
    run.close()
    with Recording(path) as recording:
        told = [recording.frame(index).scalars["loss"] for index in range(1, 5)]
    assert earlier.losses == tuple(map(MeasuredLoss, (25, 50, 75, 100), told))
    losses = carried.origin.losses
    assert [loss.step for loss in losses] == list(range(1, 101))
    for frame, mean in enumerate(told):
        singles = [loss.value for loss in losses[25 * frame : 25 * frame + 25]]
        assert float(np.cumsum(np.array(singles, np.float32), dtype=np.float32)[-1]) / 25 == mean
    comparison, _started = compare(qtbot, worker_command, carried)
    assert comparison == Comparison(100)


def test_why_a_loss_differs(config, trained):
    from core.recording import small_run

    origin, started = trained.origin, replace(small_run.STARTED, device="cpu", threads=1)

    def said(**changes):
        return str(reason(replace(origin, **changes), started, config))

    assert said(version="0.1").startswith("This run was recorded with Loss Explorer 0.1")
    assert said(torch="1.0").startswith("This run was trained with PyTorch 1.0")
    assert said(machine="Elsewhere 1 x, 3 CPU").startswith("This run was recorded on another machine")
    assert said(device="cuda").startswith("This run was trained on cuda, and here on cpu")
    assert said(threads=2).startswith("This run was trained on 2 CPU threads, and here on 1")
    assert said(data_digest="0" * 64).startswith(f"The images of {config.data.source} are not those")


def test_the_window_does_not_hash_the_data_set_to_tell_why(qtbot, config, trained, monkeypatch):
    from core.recording import small_run

    monkeypatch.setattr(ReproductionCheck, "start", lambda *_: None)
    threads = []

    def digest(_source):
        threads.append(threading.current_thread())
        return "another"

    monkeypatch.setattr("explorer.gui.reproduction.dialog.dataset_digest", digest)
    dialog = ReproductionDialog(None, [], trained.origin, config)
    qtbot.addWidget(dialog)
    comparison = Comparison(40, MeasuredLoss(41, 0.5), MeasuredLoss(41, 0.25))
    dialog.check.finished.emit(CheckedRun(comparison, small_run.STARTED))
    assert dialog.message.text() == outcome(comparison)[0]
    qtbot.waitUntil(lambda: "The images of" in dialog.message.text(), timeout=PATIENCE)
    assert dialog.message.text().splitlines()[0] == outcome(comparison)[0]
    assert threading.main_thread() not in threads


def test_the_outcome_names_the_first_step_that_differs():
    same, told, found = 34, MeasuredLoss(41, 0.5), MeasuredLoss(41, 0.25)
    assert outcome(Comparison(100)) == [
        "✓ Same result: the losses of the first 100 steps are equal to the last digit."
    ]
    assert outcome(Comparison(same, told, found)) == [
        "Different from a step between 35 and 41 on: the mean loss of these is 0.25 instead of 0.5."
    ]
    assert outcome(Comparison(40, told, found)) == [
        "Different from step 41 on: the loss is 0.25 instead of 0.5."
    ]
    assert "before step 41" in outcome(Comparison(40, told))[0]


def test_the_dialog_can_be_cancelled_and_says_why_a_check_is_not_possible(
    qtbot, config, trained, worker_command
):
    dialog = ReproductionDialog(None, worker_command, trained.origin, trained.config)
    with qtbot.waitSignal(dialog.check.progressed, timeout=PATIENCE):
        pass
    dialog.reject()
    qtbot.waitUntil(lambda: not workers_ending(), timeout=PATIENCE)

    gone = config.replace({"data.source": "/nowhere", "loss.name": "cosface"})
    dialog = ReproductionDialog(None, worker_command, replace(trained.origin, first={}), gone)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.check.failed, timeout=PATIENCE):
        pass
    assert dialog.message.text().startswith(
        "The run could not be checked. File or folder not found: /nowhere"
    )
    assert dialog.bar.isHidden()
    qtbot.waitUntil(lambda: not workers_ending(), timeout=PATIENCE)
