"""Transfers: the numbers of a frame on their way to whoever sends it, while training goes on.

The CUDA side is written without a GPU at hand, like `explorer.worker.training.graph`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Protocol

import torch
from torch import Tensor

Compute = Callable[[], dict[str, Tensor]]
"""Returns tensors by name that nothing writes to afterwards."""


class Transfer(Protocol):
    """The named tensors that a computation gives, once they are on the host."""

    @property
    def ready(self) -> bool:
        """Whether `result` would return at once."""

    def result(self) -> dict[str, Tensor]:
        """Return the tensors on the host; waits for them."""

    @property
    def seconds(self) -> float:
        """Seconds that the computation took the device; to be asked once there is a result."""


def transfer(compute: Compute, device: torch.device, *, beside: bool = False) -> Transfer:
    """Compute in the order of what is already launched, and bring the results to the host.

    With ``beside`` on a core that does not train, while the others go on: what the computation reads must
    not change meanwhile.
    """
    if device.type == "cuda":
        return _CudaTransfer(compute)
    return _ThreadTransfer(compute) if beside else _PlainTransfer(compute)


class _PlainTransfer:
    """Waits at once, which costs nothing where the device is the host."""

    ready = True

    def __init__(self, compute: Compute) -> None:
        start = time.perf_counter()
        self._tensors = {name: tensor.cpu() for name, tensor in compute().items()}
        self.seconds = time.perf_counter() - start

    def result(self) -> dict[str, Tensor]:
        return self._tensors


class _ThreadTransfer:
    """Computes on a thread of its own; torch lets go of Python's lock while it computes."""

    def __init__(self, compute: Compute) -> None:
        self._future = _thread().submit(_timed, compute)

    @property
    def ready(self) -> bool:
        return self._future.done()

    def result(self) -> dict[str, Tensor]:
        return self._future.result()[0]

    @property
    def seconds(self) -> float:
        return self._future.result()[1]


def _timed(compute: Compute) -> tuple[dict[str, Tensor], float]:
    start = time.perf_counter()
    tensors = compute()
    return tensors, time.perf_counter() - start


@cache
def _thread() -> ThreadPoolExecutor:
    """Return the one thread for such computations, which takes no further ones to its help."""
    pool = ThreadPoolExecutor(1, "frames", initializer=torch.set_flush_denormal, initargs=(True,))
    training = torch.get_num_threads()
    pool.submit(torch.set_num_threads, 1).result()
    torch.set_num_threads(training)  # a part of this number holds for all threads together
    return pool


class _CudaTransfer:
    """Computes in the stream of the training steps, between two of them, and copies on another stream.

    So the numbers are those of one step, without a second copy of the weights, and no step waits for a copy.
    """

    def __init__(self, compute: Compute) -> None:
        current, beside = torch.cuda.current_stream(), _copy_stream()
        self._began = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]  # of torch
        self._computed = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]  # of torch
        self._arrived = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]  # of torch
        self._began.record(current)
        tensors = compute()
        self._computed.record(current)
        beside.wait_event(self._computed)
        with torch.cuda.stream(beside):
            # torch's copies to the host go to pinned memory if they need not be waited for.
            self._tensors = {name: tensor.to("cpu", non_blocking=True) for name, tensor in tensors.items()}
            self._arrived.record(beside)
        for tensor in tensors.values():
            tensor.record_stream(beside)

    @property
    def ready(self) -> bool:
        return bool(self._arrived.query())  # type: ignore[no-untyped-call]  # of torch

    def result(self) -> dict[str, Tensor]:
        self._arrived.synchronize()
        return self._tensors

    @property
    def seconds(self) -> float:
        return float(self._began.elapsed_time(self._computed)) / 1000


@cache
def _copy_stream() -> torch.cuda.Stream:
    """Return the stream for copies, always the same one."""
    return torch.cuda.Stream()  # type: ignore[no-untyped-call]  # of torch
