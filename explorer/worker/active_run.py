"""ActiveRun: a run with its probe images, its stopwatch and its frames."""

from __future__ import annotations

import math
import time

import numpy as np
import torch

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.settings.config import lower_rate
from explorer.core.texts import Text, text
from explorer.worker.device.devices import spare_cores
from explorer.worker.frames.model_copy import ModelCopy
from explorer.worker.frames.pace import BESIDE_SHARE, CUDA_SHARE, MAX_SHARE, Pace
from explorer.worker.frames.pending_frame import PendingFrame
from explorer.worker.frames.probe import Probe, evaluate
from explorer.worker.frames.stopwatch import Stopwatch
from explorer.worker.training.trainer import Trainer

_MOMENT = 0.002
"""Seconds for which a message may wait."""
_NOTHING = Array.of(np.empty((0, 0), np.float32))


class ActiveRun:
    """The state of a run, from its start until the next one starts.

    Parameters
    ----------
    number : int
        Id of the run, which events carry.
    trainer : Trainer
        Trains the network.
    seq : int
        Number of the configuration in force.
    watch : Stopwatch
        Counts the seconds of training.
    probe_images : int
        Number of test images in a frame, as the run had it before it was restored; 0 for a new run.

    Attributes
    ----------
    probe : Probe
        The images of its frames.
    """

    def __init__(
        self, number: int, trainer: Trainer, seq: int, watch: Stopwatch, probe_images: int = 0
    ) -> None:
        self.number = number
        self.trainer = trainer
        self.seq = seq
        self.watch = watch
        self.frame_forced = True
        self._config_step = trainer.step_count
        self.probe = Probe(trainer, probe_images)
        beside = trainer.device.type == "cpu" and spare_cores() > 0
        self._model_copy = ModelCopy(trainer) if beside else None
        self._pace = Pace(
            CUDA_SHARE if trainer.device.type == "cuda" else BESIDE_SHARE if beside else MAX_SHARE
        )
        self._frames = 0
        self._sent = 0
        self._credit = True
        self._pending: PendingFrame | None = None
        self._held: m.Frame | None = None
        self._last: m.Frame | None = None
        self._diverged_at: int | None = None
        self._told_reason: Text | None = None

    @property
    def probe_images(self) -> int:
        """Number of test images in a frame, where the configuration does not set it."""
        return self.probe.chosen

    def reconfigured(self, seq: int) -> None:
        """Record that the configuration of this number is in force from the next step on."""
        self.seq = seq
        self._config_step = self.trainer.step_count
        self.frame_forced = True

    def acknowledge(self, frame: int) -> None:
        """Allow one more frame to be sent, if ``frame`` is the last that was sent."""
        self._credit = self._credit or frame == self._sent

    def frame_due(self, *, running: bool) -> bool:
        """Whether to take a frame now: forced, or due and the window has acknowledged the last one.

        While the run trains, none is taken before the values of the last one have arrived: a setting that is
        changed meanwhile would wait for them.
        """
        if running and self._pending is not None:
            return False
        if self.frame_forced or not running:
            return self.frame_forced
        if not self._credit:
            return False
        every = self.trainer.config.data.probe_every
        return self.trainer.step_count % every == 0 if every else self._pace.due(time.perf_counter())

    def frame_comes_first(self) -> bool:
        """Whether to train no step now, so that what a setting has changed is seen sooner.

        So it is once a step has used the setting, while a spare core still computes the frame before. Waits a
        moment for that frame: a message that arrives meanwhile is handled before the next.
        """
        used = self.frame_forced and self.trainer.step_count > self._config_step
        if self._pending is None or self._model_copy is None or not used:
            return False
        if not self._pending.ready:
            time.sleep(_MOMENT)
        self._collect(wait=False)
        return True

    @property
    def frame_waiting(self) -> bool:
        """Whether a frame has to be taken or sent even if the run does not train."""
        return self.frame_forced or (self._held is not None and self._credit)

    def release(self) -> m.Frame | None:
        """Return the frame to send now; None where there is none, or the last is not acknowledged yet."""
        self._collect(wait=False)
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
            labels=Array.of(self.probe.labels),
            indices=Array.of(self.probe.indices),
            split=Array.of(self.probe.split),
            num_classes=trainer.data.num_classes,
            train_size=len(trainer.data.train),
            test_size=len(trainer.data.test),
            steps_per_epoch=trainer.steps_per_epoch,
            parameters=trainer.parameter_count,
            device=trainer.device.type,
            threads=torch.get_num_threads(),
            step=trainer.step_count,
            unseen=tuple(sorted(trainer.config.data.unseen)),
            trained_size=trainer.data.train.trained_count,
            data=trainer.data.whole.spec,
            alike=trainer.stressors.alike,
        )

    def take_frame(self) -> m.Frame:
        """Take a frame now, hold it until it may be sent, and return it."""
        return self._finish_frame(self._start_frame(None))

    def last_frame(self) -> m.Frame:
        """Return the frame that ends a run: a new one, or the previous one if no step has followed it.

        A second frame of the same step would average over no batches.
        """
        self._collect(wait=True)
        if self._last is not None and self._last.step == self.trainer.step_count:
            return self._last
        return self.take_frame()

    def begin_frame(self, *, wait: bool) -> None:
        """Start taking a frame; it is held once its values have arrived from the device.

        With ``wait``, and with frames at fixed steps, of which none is skipped, they have arrived on return.
        """
        if wait or self.trainer.config.data.probe_every:
            self.take_frame()
        else:
            self._start_frame(self._model_copy)

    def _start_frame(self, model_copy: ModelCopy | None) -> PendingFrame:
        self._collect(wait=True)
        trainer = self.trainer
        self._frames += 1
        self.frame_forced = False
        blank = m.Frame(
            run=self.number,
            index=self._frames,
            config_seq=self.seq,
            config_step=self._config_step,
            step=trainer.step_count,
            epoch=trainer.epoch,
            elapsed=self.watch.elapsed,
            samples_per_second=self.watch.rate(trainer.step_count) * trainer.batch,
            probe_samples=self.probe.judged_count,
            features=_NOTHING,
            scalars={"rate": trainer.rate},
        )
        self._pending = PendingFrame(blank, trainer, self.probe, model_copy)
        return self._pending

    def _collect(self, *, wait: bool) -> None:
        if self._pending is not None and (wait or self._pending.ready):
            self._finish_frame(self._pending)

    def _finish_frame(self, pending: PendingFrame) -> m.Frame:
        """Hold a frame, replacing one not sent yet; drop it if the run had diverged by then."""
        self._pending = None
        frame, self._diverged_at = pending.finish()
        if frame.step:  # the first frame costs more than any later one
            self._pace.taken(pending.began, pending.began + pending.seconds)
        if self._diverged_at is None:
            self._held = self._last = frame
        return frame

    def diverged_at(self, *, wait: bool) -> int | None:
        """Return the first step whose loss was not finite.

        Without ``wait``, on a GPU, it is known only up to the last frame, so that training need not stop.
        """
        if wait or self.trainer.device.type == "cpu":
            return self.trainer.meters.diverged_at
        return self._diverged_at

    def slow(self) -> m.Notice | None:
        """Return a notice that steps cannot be replayed, once for each reason; else None."""
        reason = self.trainer.stepper.fallback_reason
        if reason == self._told_reason:
            return None
        self._told_reason = reason
        if reason is None:
            return None
        sentence = text("{reason} Training is therefore slower than this GPU allows.", reason=reason)
        return m.Notice(run=self.number, kind="slow", text=sentence, step=self.trainer.step_count)

    def finished(self, last: m.Frame) -> m.Finished:
        """Return the event that ends a bounded run, with the accuracy over all test images that count.

        Those of classes left out of training do not. Loss and training accuracy are NaN if no step was
        trained since the run was restored or changed.
        """
        trainer = self.trainer
        accuracy = evaluate(trainer)
        self.watch.stop()
        return m.Finished(
            run=self.number,
            step=trainer.step_count,
            epoch=trainer.epoch,
            elapsed=self.watch.elapsed,
            samples_per_second=last.samples_per_second,
            train_accuracy=last.scalars.get("train_accuracy", math.nan),
            test_accuracy=accuracy,
            test_samples=trainer.data.test.trained_count,
            loss=last.scalars.get("loss", math.nan),
        )

    def diverged(self) -> m.Notice:
        """Return the notice that the loss is not finite any more, with a lower learning rate as remedy."""
        config = self.trainer.config
        step = self.trainer.meters.diverged_at or 0
        return m.Notice(
            run=self.number,
            kind="diverged",
            text=text(
                "Training stopped at step {step:,}: the loss became NaN or infinite. The learning rate "
                "({rate:g}) is probably too high; a smaller loss scale or weight can also help.",
                step=step,
                rate=config.optimizer.rate,
            ),
            step=step,
            remedy={"optimizer.rate": lower_rate(config)},
        )
