"""How many threads train fastest on this machine: measured, since a small network seldom feeds many."""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Callable, Mapping

import torch

from explorer.worker.training.precision import Forward
from explorer.worker.training.trainer import Trainer

_PASSES = 7
_WORTH = 0.95
"""More threads must take less than this part of the time, or they are left to others."""


def set_useful_threads(trainer: Trainer, spared: int) -> None:
    """While somebody watches, leave the threads that are of no use to a trainer on the CPU.

    Unwatched, with no core ``spared``, it keeps all that it has, so that the same seed always gives the same
    numbers; so it does where the configuration says how many.
    """
    if spared and not trainer.config.threads and trainer.device.type == "cpu":
        torch.set_num_threads(fastest_threads(trainer, torch.get_num_threads()))


def fastest_threads(trainer: Trainer, most: int) -> int:
    """Return the number of threads, at most ``most``, with which a step of ``trainer`` is fastest.

    Tried are ``most`` and its halves; the run itself is not touched, and torch is left with ``most`` threads.
    """
    step = _step_of(trainer)
    seconds = {}
    for threads in _candidates(most) if most > 1 else ():
        torch.set_num_threads(threads)
        step()  # begins the threads
        seconds[threads] = statistics.median(_seconds_of(step) for _ in range(_PASSES))
    torch.set_num_threads(most)
    return best_of(seconds) if seconds else most


def best_of(seconds: Mapping[int, float]) -> int:
    """Return the number of threads to use, from the seconds that a step takes with each."""
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
    """Return forward and backward on a copy of the network: all but the small rest of a step."""
    network = copy.deepcopy(trainer.network).train()
    forward = Forward(network, trainer.device)
    images = trainer.data.train.images[: trainer.batch]

    def step() -> None:
        network.zero_grad()
        torch.autograd.backward(forward(images).square().mean())

    return step
