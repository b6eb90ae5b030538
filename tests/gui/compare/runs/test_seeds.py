"""The compared settings are trained from other seeds, in pairs, and what is trained counts."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.protocol import messages as m
from explorer.core.texts import Text
from explorer.gui.compare.runs.seeds import SeedRepeats
from explorer.gui.session.worker_client import workers_ending
from explorer.worker.training.trainer import Trainer

PATIENCE = 60_000
STEPS = 6


@pytest.fixture
def repeats(qapp, worker_command):
    assert qapp is not None, "processes need an application"
    repeats = SeedRepeats(worker_command)
    yield repeats
    repeats.close()


def alone(config, seed):
    """Return the accuracy over all test images of a run that is trained here."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    trainer = Trainer(config.replace({"seed": seed}))
    for _ in range(STEPS):
        trainer.step()
    scores = trainer.scores(trainer.embed(trainer.data.test.images))
    torch.set_num_threads(threads)
    return (scores.argmax(dim=1) == trainer.data.test.labels).float().mean().item()


def test_every_run_is_that_of_its_seed_at_the_same_step(repeats, small_config, qtbot):
    configs = [small_config.replace({"loss.name": loss, "threads": 1}) for loss in ("softmax", "arcface")]
    told = []
    repeats.progressed.connect(told.append)
    with qtbot.waitSignal(repeats.finished, timeout=PATIENCE) as found:
        repeats.start(configs, [3, 4], STEPS)
        assert repeats.running
    (results,) = found.args
    assert (results.seeds, results.steps) == ((3, 4), STEPS)
    expected = [[alone(config, seed) for config in configs] for seed in (3, 4)]
    assert results.accuracy == pytest.approx(np.array(expected), abs=1e-6)
    assert [(step.done, step.seed, step.run) for step in told] == [(0, 3, 0), (1, 3, 1), (2, 4, 0), (3, 4, 1)]
    assert not repeats.running
    qtbot.waitUntil(lambda: not workers_ending(), timeout=PATIENCE)


def finished(accuracy):
    return m.Finished(
        run=1,
        step=STEPS,
        epoch=1.0,
        elapsed=1.0,
        samples_per_second=1.0,
        train_accuracy=0.5,
        test_accuracy=accuracy,
        test_samples=100,
        loss=1.0,
    )


@pytest.fixture
def silent(repeats, small_config, monkeypatch):
    """Repeats of two runs and two seeds whose worker is played by the test."""
    monkeypatch.setattr(repeats._client, "start", lambda: None)  # noqa: SLF001  # the worker is not of interest
    results = []
    repeats.finished.connect(results.append)
    repeats.start([small_config, small_config], [0, 1], STEPS)
    return repeats, repeats._client.eventReceived.emit, results  # noqa: SLF001  # as above


def test_a_run_that_diverges_has_no_number_and_the_others_go_on(silent):
    _repeats, receive, results = silent
    receive(finished(0.5))
    receive(m.Notice(run=2, kind="diverged", text=Text("The loss became NaN."), step=3))
    receive(finished(0.6))
    receive(finished(0.7))
    assert np.array_equal(results[0].accuracy, [[0.5, np.nan], [0.6, 0.7]], equal_nan=True)


def test_after_cancelling_only_whole_seeds_count(silent):
    """Otherwise the mean of one run would be over more seeds than that of another."""
    repeats, receive, results = silent
    for accuracy in (0.5, 0.6, 0.7):
        receive(finished(accuracy))
    repeats.cancel()
    assert results[0].seeds == (0,)
    assert results[0].accuracy.tolist() == [[0.5, 0.6]]
    receive(finished(0.9))
    repeats.cancel()
    assert len(results) == 1


def test_a_failure_ends_it_with_a_sentence(silent):
    repeats, receive, results = silent
    reasons = []
    repeats.failed.connect(lambda reason: reasons.append(str(reason)))
    receive(m.Failed(run=1, what=Text("There is no such device."), where="training"))
    assert reasons == ["Training with other seeds stopped: There is no such device."]
    assert not repeats.running
    assert results == []
