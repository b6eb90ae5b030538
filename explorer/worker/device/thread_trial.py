"""Measures how many threads train fastest: a small network seldom keeps many of them busy."""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Callable, Mapping

import torch

from explorer.core.data.dataset import Progress, no_progress
from explorer.worker.training.precision import Forward
from explorer.worker.training.trainer import Trainer

_PASSES = 7
_WORTH = 0.95
"""Twice as many threads are used only if a step then takes less than this fraction of the time."""


def set_useful_threads(trainer: Trainer, spared: int, progress: Progress = no_progress) -> None:
    """With a window, reduce the number of CPU threads to those that speed up training.

    Without one (``spared`` is 0), or where the configuration sets the number, it is left alone, so that the
    same seed always gives the same numbers.
    """
    if spared and not trainer.config.threads and trainer.device.type == "cpu":
        torch.set_num_threads(fastest_threads(trainer, torch.get_num_threads(), progress))


def fastest_threads(trainer: Trainer, most: int, progress: Progress = no_progress) -> int:
    """Return the number of threads, at most ``most``, with which a step of ``trainer`` is fastest.

    Tries ``most``, half of it, and so on. The run is not changed, and torch is left with ``most`` threads.
    """
    step, tried = _step_of(trainer), 0
    seconds = {}
    for threads in _candidates(most) if most > 1 else ():
        torch.set_num_threads(threads)
        step()  # starts the threads
        passes = []
        for _ in range(_PASSES):
            passes.append(_seconds_of(step))
            tried += 1
            progress(tried, _PASSES * len(_candidates(most)))  # a step of a large network may take seconds
        seconds[threads] = statistics.median(passes)
    torch.set_num_threads(most)
    return best_of(seconds) if seconds else most


def best_of(seconds: Mapping[int, float]) -> int:
    """Return the number of threads to use, from the seconds per step with each number."""
    best, *more = sorted(seconds)
    for threads in more:
        if seconds[threads] < _WORTH * seconds[best]:
            best = threads
    return best


def _seconds_of(step: Callable[[], None]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _candidates(most: int) -> list[int]:
    counts = [most]
    while counts[-1] > 1:
        counts.append(counts[-1] // 2)
    return counts


def _step_of(trainer: Trainer) -> Callable[[], None]:
    """Return a forward and backward pass on a copy of the network, which is nearly all of a step."""
    network = copy.deepcopy(trainer.network).train()
    forward = Forward(network, trainer.device)
    images = trainer.data.train.images[: trainer.batch]

    def step() -> None:
        network.zero_grad()
        torch.autograd.backward(forward(images).square().mean())

    return step
