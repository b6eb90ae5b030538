"""Transfers: compute the values of a frame and copy them to the host while training goes on.

The CUDA part has yet to be run on a GPU, like `explorer.worker.training.graph`.
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
"""Returns tensors by name, which nothing modifies afterwards."""


class Transfer(Protocol):
    """The named tensors that a computation returns, once they are on the host."""

    @property
    def ready(self) -> bool:
        """Whether `result` would return at once."""

    def result(self) -> dict[str, Tensor]:
        """Wait for the tensors and return them, on the host."""

    @property
    def seconds(self) -> float:
        """Seconds of device time of the computation; available after `result`."""


def transfer(compute: Compute, device: torch.device, *, beside: bool = False) -> Transfer:
    """Compute after all work launched so far, and copy the results to the host.

    With ``beside`` a spare core computes while training goes on: what the computation reads must not change
    meanwhile.
    """
    if device.type == "cuda":
        return _CudaTransfer(compute)
    return _ThreadTransfer(compute) if beside else _PlainTransfer(compute)


class _PlainTransfer:
    """Computes immediately: on the CPU there is nothing to copy."""

    ready = True

    def __init__(self, compute: Compute) -> None:
        start = time.perf_counter()
        self._tensors = {name: tensor.cpu() for name, tensor in compute().items()}
        self.seconds = time.perf_counter() - start

    def result(self) -> dict[str, Tensor]:
        return self._tensors


class _ThreadTransfer:
    """Computes on another thread; torch releases the GIL while it computes."""

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
    """Return the single thread for such computations, which uses no OpenMP threads besides itself."""
    pool = ThreadPoolExecutor(1, "frames", initializer=torch.set_flush_denormal, initargs=(True,))
    training = torch.get_num_threads()
    pool.submit(torch.set_num_threads, 1).result()
    torch.set_num_threads(training)  # a part of this number holds for all threads together
    return pool


class _CudaTransfer:
    """Computes in the stream of the training steps, between two steps, and copies on another stream.

    So the values belong to one step without a second copy of the weights, and no step waits for a copy.
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
            # With non_blocking torch copies to pinned host memory.
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
    """Return the stream for copies, which is created once."""
    return torch.cuda.Stream()  # type: ignore[no-untyped-call]  # of torch
