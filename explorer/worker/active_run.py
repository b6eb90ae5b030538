"""ActiveRun: one run with its probe, its clock and its frames."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from explorer.core import messages as m
from explorer.core.arrays import Array
from explorer.worker.pace import Pace
from explorer.worker.probe import Probe, evaluate
from explorer.worker.stopwatch import Stopwatch
from explorer.worker.trainer import Trainer


class ActiveRun:
    """What exists between the start of a run and the next one's.

    Parameters
    ----------
    number : int
        The run id; replies carry it.
    trainer : Trainer
        What trains.
    seq : int
        Number of the configuration in force.
    watch : Stopwatch
        Counts the run's seconds.
    """

    def __init__(self, number: int, trainer: Trainer, seq: int, watch: Stopwatch) -> None:
        self.number = number
        self.trainer = trainer
        self.seq = seq
        self.watch = watch
        self.frame_forced = True
        self._config_step = trainer.step_count
        self._probe = Probe(trainer)
        self._pace = Pace()
        self._frames = 0
        self._sent = 0
        self._credit = True
        self._held: m.Frame | None = None
        self._last: m.Frame | None = None

    def reconfigured(self, seq: int) -> None:
        """Note that the configuration of this number acts from the next step on."""
        self.seq = seq
        self._config_step = self.trainer.step_count
        self.frame_forced = True

    def acknowledge(self, frame: int) -> None:
        """Give credit for one more frame, if this is the answer to the last."""
        self._credit = self._credit or frame == self._sent

    def frame_due(self, *, running: bool) -> bool:
        """Whether a frame should be taken now: one is owed, or it is time and one may be sent."""
        if self.frame_forced or not running:
            return self.frame_forced
        if not self._credit:
            return False
        every = self.trainer.config.data.probe_every
        return self.trainer.step_count % every == 0 if every else self._pace.due(time.perf_counter())

    @property
    def frame_waiting(self) -> bool:
        """Whether there is a frame to take or to send whatever the run does next."""
        return self.frame_forced or (self._held is not None and self._credit)

    def release(self) -> m.Frame | None:
        """Return the frame that may be sent now, and spend the credit; None where there is none."""
        if self._held is None or not self._credit:
            return None
        frame, self._held = self._held, None
        self._sent, self._credit = frame.index, False
        return frame

    def started(self) -> m.Started:
        """Return the event that announces this run."""
        trainer = self.trainer
        return m.Started(
            run=self.number,
            config_seq=self.seq,
            labels=Array.of(self._probe.labels),
            indices=Array.of(self._probe.indices),
            split=Array.of(self._probe.split),
            num_classes=trainer.data.num_classes,
            train_size=len(trainer.data.train),
            test_size=len(trainer.data.test),
            steps_per_epoch=trainer.steps_per_epoch,
            parameters=trainer.parameter_count,
            device=trainer.device.type,
            threads=torch.get_num_threads(),
        )

    def take_frame(self) -> m.Frame:
        """Take a frame of this moment and hold it until it may be sent, in place of one that still waits."""
        start = time.perf_counter()
        trainer, loss = self.trainer, self.trainer.loss
        features, scalars = self._probe.take(trainer)
        scalars |= trainer.meters.read()
        scalars["rate"] = trainer.rate
        self._frames += 1
        self.frame_forced = False
        radius = getattr(loss, "radius", None)
        frame = m.Frame(
            run=self.number,
            index=self._frames,
            config_seq=self.seq,
            config_step=self._config_step,
            step=trainer.step_count,
            epoch=trainer.epoch,
            elapsed=self.watch.elapsed,
            samples_per_second=self.watch.rate(trainer.step_count) * trainer.batch,
            probe_samples=self._probe.test_count,
            features=Array.of(features.cpu().numpy()),
            scalars=scalars,
            weight=_array(getattr(loss, "weight", None)),
            bias=_array(getattr(loss, "bias", None)) if trainer.live.get("bias", True) else None,
            centers=_array(getattr(loss, "centers", None)),
            radius=None if radius is None else radius.item(),
            log_variance=_array(getattr(loss, "log_variance", None)),
        )
        if trainer.step_count:
            self._pace.taken(start, time.perf_counter())  # the first frame costs more than any later one
        self._held = self._last = frame
        return frame

    def last_frame(self) -> m.Frame:
        """Return the frame that ends a run: a new one, or the last where no step has followed it.

        A second frame of the same step would have no means of its own.
        """
        if self._last is not None and self._last.step == self.trainer.step_count:
            return self._last
        return self.take_frame()

    def finished(self, last: m.Frame) -> m.Finished:
        """Return the event that ends a bounded run, with the accuracy over all test images."""
        trainer = self.trainer
        accuracy = evaluate(trainer)
        self.watch.stop()
        return m.Finished(
            run=self.number,
            step=trainer.step_count,
            epoch=trainer.epoch,
            elapsed=self.watch.elapsed,
            samples_per_second=last.samples_per_second,
            train_accuracy=last.scalars["train_accuracy"],
            test_accuracy=accuracy,
            test_samples=len(trainer.data.test),
            loss=last.scalars["loss"],
        )

    def diverged(self) -> m.Notice:
        """Return the notice that the loss is no longer finite, with a remedy."""
        rate = self.trainer.config.optimizer.rate
        lower = float(f"{rate / 4:.2g}")
        step = self.trainer.meters.diverged_at or 0
        return m.Notice(
            run=self.number,
            kind="diverged",
            text=f"The loss became NaN or infinite at step {step:,}, so the run has stopped. "
            f"A learning rate lower than {rate:g} usually helps; so does a smaller scale or weight of the "
            f"loss.",
            step=step,
            remedy={"optimizer.rate": lower},
        )


def _array(tensor: Tensor | None) -> Array | None:
    return None if tensor is None else Array.of(tensor.detach().float().cpu().numpy())
