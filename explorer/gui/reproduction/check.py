"""ReproductionCheck: trains the first steps of a run again, and compares each loss that is known of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QObject

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.core.texts import N_, Text
from explorer.export.origin import FIRST_SEQ, MeasuredLoss, RunOrigin
from explorer.gui.export.work import Work
from explorer.gui.session.worker_client import WorkerClient

_FEW_POINTS = 200
"""Images that are plotted meanwhile: training does not depend on them, but each step would wait for them."""


class Comparison(Struct, frozen=True):
    """What came of it.

    Parameters
    ----------
    steps : int
        The last step up to which all losses are the same, to the last bit.
    told, found : MeasuredLoss, optional
        The first loss that differs, as it was and as it is here; None where none does. ``found`` is None
        where training stopped before.
    """

    steps: int
    told: MeasuredLoss | None = None
    found: MeasuredLoss | None = None

    @property
    def same(self) -> bool:
        """Whether everything is the same."""
        return self.told is None


class CheckedRun(Struct, frozen=True):
    """What comes of a check: the comparison, and what the worker said of itself."""

    comparison: Comparison
    started: m.Started


class ReproductionCheck(Work):
    """Trains a run from its seed in a worker of its own, step by step, beside the live run.

    A `CheckedRun` is what comes of it.
    """

    beginning = N_("Starting…")

    def __init__(self, worker_command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = WorkerClient(worker_command, self)
        self._client.eventReceived.connect(self._on_event_received)
        self._client.died.connect(self._on_client_died)
        self._told: tuple[MeasuredLoss, ...] = ()
        self._changes: deque[m.SettingChange] = deque()
        self._losses: list[float] = []
        self._started: m.Started | None = None
        self._awaited = 0
        self._going = False

    def start(self, origin: RunOrigin, shown: RunConfig) -> None:
        """Train the steps of an origin that came with some settings; raises ConfigError where it cannot."""
        first = origin.first_config(shown)
        self._changes = deque(origin.changed_configs(first))
        self._told, self._losses, self._started = origin.losses, [], None
        self._going = True
        self._client.start()
        self._client.send(m.Restart(FIRST_SEQ, _with_few_points(first)))

    @property
    def working(self) -> bool:
        """Whether a run is being checked."""
        return self._going

    def cancel(self) -> None:
        """End the worker; `cancelled` follows."""
        self.abandon()
        self.cancelled.emit()

    def abandon(self) -> None:
        """End the worker, and tell nothing more."""
        self._going = False
        self._client.stop()

    def _on_event_received(self, event: m.Event) -> None:
        if isinstance(event, m.Frame):
            self._client.send(m.Ack(event.index))
        if not self._going:
            return
        match event:
            case m.Started():
                self._started = event
                self._go_on()
            case m.Configured(config_seq=seq) if seq == self._awaited:
                self._go_on()
            case m.Frame(step=step) if step == len(self._losses) + 1:
                self._losses.append(event.scalars["loss"])
                self.progressed.emit(step / self._told[-1].step, "")
                self._go_on()
            case m.Notice(kind="diverged"):
                self._end()
            case m.Failed():
                self._fail(event.what)

    def _go_on(self) -> None:
        """Apply the next change of settings if it is due, or else train the next step."""
        done = len(self._losses)
        if done == self._told[-1].step or not _compared(self._told, self._losses).same:
            self._end()
        elif self._changes and self._changes[0].step <= done:
            change = self._changes.popleft()
            self._awaited = change.seq
            self._client.send(m.Configure(change.seq, _with_few_points(change.config)))
        else:
            self._client.send(m.Advance(1))

    def _end(self) -> None:
        compared = _compared(self._told, self._losses)
        if compared.same and compared.steps < self._told[-1].step:  # it diverged here
            missing = next(loss for loss in self._told if loss.step > compared.steps)
            compared = Comparison(compared.steps, missing)
        self.abandon()
        assert self._started is not None, "a step was trained"
        self.finished.emit(CheckedRun(compared, self._started))

    def _fail(self, reason: Text) -> None:
        self.abandon()
        self.failed.emit(str(reason))

    def _on_client_died(self, reason: Text) -> None:
        if self._going:
            self._fail(reason)


def _compared(told: Sequence[MeasuredLoss], losses: Sequence[float]) -> Comparison:
    """Compare known losses with those of single steps, as far as these go.

    A known loss is a mean over the steps since the last frame: a sum in float32, as the trainer adds it up,
    over their number. That frame may be one that was never sent, so each step after the last known one is
    tried as the first of the mean. Where none gives the known loss, the nearest is what was found.
    """
    same, last = 0, 0
    for loss in told:
        if loss.step > len(losses):
            break
        means = [_mean(losses[start : loss.step]) for start in range(last, loss.step)]
        if loss.value not in means:
            nearest = min(means, key=lambda mean: abs(mean - loss.value))
            return Comparison(same, loss, MeasuredLoss(loss.step, nearest))
        same = last = loss.step
    return Comparison(same)


def _mean(losses: Sequence[float]) -> float:
    return float(np.add.accumulate(np.array(losses, np.float32))[-1]) / len(losses)


def _with_few_points(config: RunConfig) -> RunConfig:
    return config.replace(
        {"data.test_probe": _FEW_POINTS, "data.train_probe": _FEW_POINTS, "data.probe_every": 0}
    )
