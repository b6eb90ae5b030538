"""Captures training steps as CUDA graphs, and limits how far they run ahead of the device.

Follows "CUDA Graphs" in the notes of PyTorch: warm-up steps on a side stream, then a capture on that stream.
tests/worker/test_cuda.py covers it (``pytest -m cuda``), but has yet to be run on a GPU; what `GraphStep`
does with a recorder is tested on the CPU.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import torch

from explorer.worker.training.stepper import EagerStep, GraphStep, Replay, Stepper

_RUN_AHEAD = 4
"""Maximum number of launched but unfinished steps: enough to keep the device busy while a frame is prepared.
Without a limit hundreds would queue up, and a changed setting would act only after them."""


def stepper_for(device: torch.device, batch: int) -> Stepper:
    """Return the fastest stepper for a device."""
    if device.type == "cuda":
        return GraphStep(batch, device, CudaRecorder())
    return EagerStep()


class CudaRecorder:
    """Captures CUDA graphs on the current device."""

    def __init__(self) -> None:
        torch.backends.cudnn.benchmark = True  # the shapes of a run's steps and frames never change
        self._side = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # of torch
        self._launched: deque[torch.cuda.Event] = deque()

    def warm_up(self, act: Callable[[], None]) -> None:
        """Call ``act`` on the stream of the capture: gradients belong to the stream of their first use."""
        current = torch.cuda.current_stream()
        self._side.wait_stream(current)
        with torch.cuda.stream(self._side):
            act()
        current.wait_stream(self._side)

    def record(self, act: Callable[[], None]) -> Replay:
        """Capture ``act`` as a graph with its own memory pool."""
        graph = torch.cuda.CUDAGraph()
        # A failed capture leaves its stream current; the outer context restores the previous one.
        with torch.cuda.stream(torch.cuda.current_stream()), torch.cuda.graph(graph, stream=self._side):
            act()
        replay: Replay = graph.replay
        return replay

    def finish(self) -> None:
        """Wait for all launched work: a graph must not be deleted while it runs."""
        torch.cuda.current_stream().synchronize()
        self._launched.clear()

    def keep_up(self) -> None:
        """Block, without using the CPU, while too many launched steps are unfinished."""
        event = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]  # of torch
        event.record()
        self._launched.append(event)
        if len(self._launched) > _RUN_AHEAD:
            self._launched.popleft().synchronize()
