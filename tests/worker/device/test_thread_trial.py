"""The number of training threads is measured, and measuring must not touch the run."""

import pytest
import torch

from explorer.core.settings.config import RunConfig
from explorer.worker.device import thread_trial
from explorer.worker.device.thread_trial import best_of, fastest_threads, set_useful_threads
from explorer.worker.training.trainer import Trainer


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ({1: 0.010, 3: 0.006, 7: 0.004}, 7),
        ({1: 0.010, 3: 0.006, 7: 0.0059}, 3),
        ({1: 0.010, 3: 0.011, 7: 0.030}, 1),
        ({1: 0.010, 3: 0.0098, 7: 0.009}, 7),
        ({1: 0.010}, 1),
    ],
)
def test_threads_that_hardly_help_are_left_to_others(seconds, expected):
    assert best_of(seconds) == expected


@pytest.mark.parametrize("most", [1, 4])
def test_the_trial_leaves_the_run_as_it_was(tiny_data, most):
    trainer = Trainer(RunConfig().replace({"data.source": str(tiny_data), "device": "cpu"}))
    before, _ = trainer.state()
    before = {name: tensor.clone() for name, tensor in before.items()}
    threads = torch.get_num_threads()
    try:
        assert fastest_threads(trainer, most) in {1, 2, 4}
        assert torch.get_num_threads() == most
    finally:
        torch.set_num_threads(threads)
    after, _ = trainer.state()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)
    assert all(parameter.grad is None for parameter in trainer.network.parameters())


@pytest.mark.parametrize(("wanted", "spared", "expected"), [(0, 1, 2), (0, 0, 4), (4, 1, 4)])
def test_only_a_watched_run_that_may_choose_takes_the_fastest(
    tiny_data, monkeypatch, wanted, spared, expected
):
    settings = {"data.source": str(tiny_data), "device": "cpu", "threads": wanted}
    trainer, before = Trainer(RunConfig().replace(settings)), torch.get_num_threads()
    monkeypatch.setattr(thread_trial, "fastest_threads", lambda _trainer, most, _progress: most // 2)
    try:
        torch.set_num_threads(4)
        set_useful_threads(trainer, spared)
        assert torch.get_num_threads() == expected
    finally:
        torch.set_num_threads(before)
