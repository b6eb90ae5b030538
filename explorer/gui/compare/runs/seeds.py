"""SeedRepeats: trains the compared settings again from several seeds, one run after the other."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, text
from explorer.gui.session.worker_client import WorkerClient


class SeedResults(Struct, frozen=True, eq=False):
    """Accuracies over all test images after the same number of steps, for pairing by seed.

    Parameters
    ----------
    seeds : tuple of int
        The seeds, in the order of training.
    steps : int
        Steps that each run was trained.
    accuracy : (seeds, runs)
        Fraction of all test images classified correctly; NaN where a run diverged.
    """

    seeds: tuple[int, ...]
    steps: int
    accuracy: NDArray[np.float64]


class SeedProgress(Struct, frozen=True):
    """How far it is: runs done and runs in all; the seed and the place of the run that trains now."""

    done: int
    total: int
    seed: int
    run: int


class SeedRepeats(QObject):
    """Trains every configuration with every seed in a worker of its own, without frames to draw.

    All configurations of a seed are trained before the next seed, so that cancelling leaves whole pairs.
    Nothing is recorded.

    Signals
    -------
    progressed(object)
        `SeedProgress`: another run trains now.
    finished(object)
        `SeedResults` of the seeds with which every run was trained; after `cancel` perhaps of none.
    failed(Text)
        Why it ended before its time.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, worker_command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = WorkerClient(worker_command, self)
        self._client.eventReceived.connect(self._on_event_received)
        self._client.died.connect(self._on_client_died)
        self._jobs: deque[tuple[int, int]] = deque()
        self._configs: tuple[RunConfig, ...] = ()
        self._results = SeedResults((), 0, np.empty((0, 0)))
        self._seq = 0

    @property
    def running(self) -> bool:
        """Whether it trains."""
        return bool(self._jobs)

    def start(self, configs: Sequence[RunConfig], seeds: Sequence[int], steps: int) -> None:
        """Train each configuration with each seed for so many steps."""
        self._configs = tuple(configs)
        self._results = SeedResults(tuple(seeds), steps, np.full((len(seeds), len(configs)), math.nan))
        self._jobs = deque((seed, run) for seed in range(len(seeds)) for run in range(len(configs)))
        self._client.start()
        self._train_next()

    def cancel(self) -> None:
        """Stop now; the seeds with which every run is trained count."""
        if self.running:
            results = self._results
            done = (results.accuracy.size - len(self._jobs)) // len(self._configs)
            self._results = SeedResults(results.seeds[:done], results.steps, results.accuracy[:done])
            self._end()

    def close(self) -> None:
        """End the worker, and tell nothing more."""
        self._jobs.clear()
        self._client.stop()

    def _train_next(self) -> None:
        results, (seed, run) = self._results, self._jobs[0]
        total = results.accuracy.size
        self.progressed.emit(SeedProgress(total - len(self._jobs), total, results.seeds[seed], run))
        config = self._configs[run].replace({"seed": results.seeds[seed], "data.probe_every": results.steps})
        self._seq += 1
        self._client.send(m.Restart(self._seq, config))
        self._client.send(m.Run(m.Until(step=results.steps)))

    def _on_event_received(self, event: m.Event) -> None:
        match event:
            case m.Frame():
                self._client.send(m.Ack(event.index))
            case m.Finished() if self.running:
                self._note(event.test_accuracy)
            case m.Notice(kind="diverged") if self.running:
                self._note(math.nan)
            case m.Failed() if self.running:
                self._stop_with(event.what)

    def _note(self, accuracy: float) -> None:
        self._results.accuracy[self._jobs.popleft()] = accuracy
        if self._jobs:
            self._train_next()
        else:
            self._end()

    def _end(self) -> None:
        self._jobs.clear()
        self._client.stop()
        self.finished.emit(self._results)

    def _on_client_died(self, reason: Text) -> None:
        if self.running:
            self._stop_with(reason)

    def _stop_with(self, reason: Text) -> None:
        self._jobs.clear()
        self._client.stop()
        self.failed.emit(text("Training with other seeds stopped: {reason}", reason=reason))
