"""Recording of training steps as CUDA graphs, and the pace at which they are replayed.

After "CUDA Graphs" in torch's notes: some steps on a side stream first, then one captured on that stream.
Written without a GPU at hand: tests/worker/test_cuda.py has still to be run on one (``pytest -m cuda``). What
`GraphStep` makes of a recorder is tested on the CPU.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import torch

from explorer.worker.training.stepper import EagerStep, GraphStep, Replay, Stepper

_RUN_AHEAD = 4
"""Steps that may be launched and not done: enough to keep the device busy while a frame is prepared. Without
a limit hundreds would queue, and a slider would act only behind them."""


def stepper_for(device: torch.device, batch: int) -> Stepper:
    """Return the fastest way to carry out steps on a device."""
    if device.type == "cuda":
        return GraphStep(batch, device, CudaRecorder())
    return EagerStep()


class CudaRecorder:
    """Records on the current CUDA device."""

    def __init__(self) -> None:
        torch.backends.cudnn.benchmark = True  # the shapes of a run's steps and frames never change
        self._side = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # of torch
        self._launched: deque[torch.cuda.Event] = deque()

    def warm_up(self, act: Callable[[], None]) -> None:
        """Do it on the stream that will record: gradients remember the stream on which they first came."""
        current = torch.cuda.current_stream()
        self._side.wait_stream(current)
        with torch.cuda.stream(self._side):
            act()
        current.wait_stream(self._side)

    def record(self, act: Callable[[], None]) -> Replay:
        """Capture it in a graph, with a memory pool of its own."""
        graph = torch.cuda.CUDAGraph()
        # A capture that fails leaves its stream current: the outer context brings back what was.
        with torch.cuda.stream(torch.cuda.current_stream()), torch.cuda.graph(graph, stream=self._side):
            act()
        replay: Replay = graph.replay
        return replay

    def finish(self) -> None:
        """Wait until all that was launched is done: a graph at work must not be dropped."""
        torch.cuda.current_stream().synchronize()
        self._launched.clear()

    def keep_up(self) -> None:
        """Wait while more than a few steps are launched and not done, leaving the core to others."""
        event = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]  # of torch
        event.record()
        self._launched.append(event)
        if len(self._launched) > _RUN_AHEAD:
            self._launched.popleft().synchronize()
