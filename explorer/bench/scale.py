"""Measures the cost of a step of each loss by number of classes."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterable, Iterator

import psutil
import torch
from msgspec import Struct
from torch import Tensor

from explorer.bench.figures import Measurement
from explorer.bench.measuring import print_measurements, seconds_of
from explorer.core.losses.catalog import LOSSES
from explorer.worker.device.devices import find_device, set_threads
from explorer.worker.losses import Loss, build

CLASSES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
BATCH, DIM = 128, 64
_SAMPLES_OF_A_CLASS = 4
_LONGEST_STEP = 1.5
"""Maximum seconds per step; larger numbers of classes are skipped."""
_TIME = 0.3
_MOST_STEPS = 10
_MEMORY_SHARE = 0.3
"""Maximum fraction of the free memory that a step may use."""


class Row(Struct, frozen=True):
    """A step of a loss: seconds of the forward and backward pass, and the peak bytes that it allocates."""

    loss: str
    classes: int
    seconds: float
    bytes: int


def measure(names: Iterable[str] = LOSSES) -> Iterator[Measurement]:
    """Yield time and memory of these losses for each feasible number of classes."""
    device = find_device("auto")
    set_threads(
        1, 0
    )  # with more, another process on one core delays every operation, above all in short steps
    for name in names:
        for row in scale(name, device):
            case = f"{row.loss}.{row.classes}"
            yield Measurement(figure="scale.time", case=case, value=1e3 * row.seconds, device=device.type)
            yield Measurement(figure="scale.memory", case=case, value=row.bytes / 1e6, device=device.type)


def scale(
    name: str, device: torch.device, classes: tuple[int, ...] = CLASSES, longest: float = _LONGEST_STEP
) -> Iterator[Row]:
    """Yield a row for each number of classes, up to where a step would take too long or too much memory.

    Features are Gaussian, labels random with four samples of each class in a batch. Time is the median after
    a first step, which is the one whose memory is counted.
    """
    last: Row | None = None
    fastest, growth = 0.0, 1.0
    for count in classes:
        if last is not None:
            ratio = count / last.classes
            free = psutil.virtual_memory().available
            if fastest * ratio > longest or last.bytes * max(ratio, growth) > _MEMORY_SHARE * free:
                return
        torch.manual_seed(0)
        step = _step_of(build(name, count, DIM).to(device), device)
        size = _peak(step, device)
        taken: list[float] = []
        while not taken or (len(taken) < _MOST_STEPS and sum(taken) < _TIME):
            taken.append(seconds_of(step))
        row = Row(name, count, statistics.median(taken), size)
        growth = row.bytes / last.bytes if last is not None else growth
        fastest, last = min(taken), row
        yield row


def _step_of(loss: Loss, device: torch.device) -> Callable[[], None]:
    features = torch.randn(BATCH, DIM, device=device, requires_grad=True)
    own = torch.randint(loss.num_classes, (BATCH // _SAMPLES_OF_A_CLASS,), device=device)
    labels: Tensor = own.repeat(_SAMPLES_OF_A_CLASS)

    def step() -> None:
        features.grad = None
        loss.zero_grad(set_to_none=True)
        value = loss(features, labels)
        torch.autograd.backward(value)
        value.item()  # waits for the device

    return step


def _peak(step: Callable[[], None], device: torch.device) -> int:
    """Return the peak bytes allocated in a step, including gradients but not weights."""
    if device.type == "cuda":
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        step()
        return torch.cuda.max_memory_allocated() - before
    with torch.profiler.profile(
        activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True
    ) as profile:
        step()
    assert profile.profiler is not None, "a profile that has ended has its results"
    events = profile.profiler.kineto_results.events()
    allocations = sorted((e.start_ns(), e.nbytes()) for e in events if e.name() == "[memory]")
    held = peak = 0
    for _, size in allocations:
        held += size
        peak = max(peak, held)
    return peak


if __name__ == "__main__":
    print_measurements(lambda: measure(sys.argv[1:] or LOSSES))
