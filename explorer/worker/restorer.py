"""Restorer: brings back a run as it was after one of its steps, by repeating what led there."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import torch

from explorer.core.data.dataset import Progress
from explorer.core.data.datasets import DatasetError, dataset_digest
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig, diff
from explorer.worker.device.devices import set_threads
from explorer.worker.preparation import Preparation
from explorer.worker.training.checkpoint import CheckpointError, Restored, from_bytes
from explorer.worker.training.trainer import Trainer

_PROGRESS_SECONDS = 0.1
"""Interval of reports while steps are repeated."""


class Restorer:
    """Carries out one `Restore` at a time, a step in each call, so that it can be cancelled.

    It uses the generator and the threads of torch, which belong to the whole process. No other run may train
    meanwhile, and one that is kept gets them back if the restoring is cancelled or fails.

    Parameters
    ----------
    emit : callable
        Sends an event.
    spared_cores : int
        As for `Session`.

    Attributes
    ----------
    command : Restore or None
        What is being carried out.
    """

    def __init__(self, emit: Callable[[m.Event], None], spared_cores: int) -> None:
        self.command: m.Restore | None = None
        self._emit = emit
        self._spared_cores = spared_cores
        self._prepares = Preparation(emit)
        self._restored: Restored | None = None
        self._changes: deque[m.SettingChange] = deque()
        self._before = torch.get_rng_state(), torch.get_num_threads()
        self._reported = 0.0

    def begin(self, command: m.Restore) -> None:
        """Build the run at its checkpoint, or from its seed.

        Raises
        ------
        CheckpointError
            If the run cannot come to the step in this way.
        DatasetError, DeviceError
            If the data set cannot be read or is another one, or the device does not exist.
        """
        self._before = torch.get_rng_state(), torch.get_num_threads()
        self.command, self._changes = command, deque(command.changes)
        self._reported = time.perf_counter()
        try:
            self._restored = _first_state(command, self._spared_cores, self._prepares)
        except BaseException:
            self._give_back()
            raise

    def advance(self) -> Restored | None:
        """Repeat a step; return the run once the step that was asked for is reached. Raises as `begin`."""
        command, restored = self.command, self._restored
        assert command is not None, "`begin` was called"
        assert restored is not None, "`begin` has built it"
        trainer = restored.trainer
        try:
            self._apply_changes(trainer)
            if trainer.step_count < command.step:
                trainer.step()
                self._apply_changes(trainer)
            elif self._changes:
                raise CheckpointError("Cannot restore the run: a change of its settings comes too late.")
            done = trainer.step_count == command.step and not self._changes
            reporting = time.perf_counter() - self._reported >= _PROGRESS_SECONDS
            if done or reporting:
                _check_loss(trainer)  # waits for a GPU, so not after every step
        except BaseException:
            self._give_back()
            raise
        if done:
            self.command = self._restored = None
            trainer.meters.clear()  # the means in its first frame are those of the steps after this one
            return restored
        if reporting:
            self._reported = time.perf_counter()
            self._emit(m.Restoring(command.seq, trainer.step_count))
        return None

    def cancel(self) -> None:
        """Keep the run before as it is, and report that."""
        if self.command is not None:
            self._emit(m.RestoreCancelled(self.command.seq))
            self._give_back()

    def _give_back(self) -> None:
        state, threads = self._before
        torch.set_rng_state(state)
        torch.set_num_threads(threads)
        self.command = self._restored = None

    def _apply_changes(self, trainer: Trainer) -> None:
        """Apply the changes of settings that were in force from this step on."""
        while self._changes and self._changes[0].step <= trainer.step_count:
            config = self._changes.popleft().config
            changes = diff(trainer.config, config)
            if changes.restart:
                raise CheckpointError(
                    "Cannot restore the run: a recorded change of its settings ({names}) needs a restart.",
                    names=", ".join(changes.restart),
                )
            if changes:
                trainer.reconfigure(config)


def _first_state(command: m.Restore, spared_cores: int, progress: Progress) -> Restored:
    """Return the run as its checkpoint has it, or as its seed gives it."""
    if command.checkpoint:
        restored = from_bytes(command.checkpoint, progress)
    elif command.config is not None:
        restored = Restored(Trainer(command.config, progress), command.threads)
    else:
        raise CheckpointError("Cannot restore the run: there is neither a checkpoint nor its settings.")
    if restored.trainer.step_count > command.step:
        raise CheckpointError("Cannot restore the run: its checkpoint is of a later step.")
    _check_data(restored.trainer.config, command.data_digest, progress)
    set_threads(restored.threads, spared_cores)
    return restored


def _check_loss(trainer: Trainer) -> None:
    """Refuse a run that has diverged while it was repeated: it has no next step."""
    step = trainer.meters.diverged_at
    if step is not None:
        raise CheckpointError(
            "Cannot restore the run: its loss became NaN or infinite at step {step:,}.", step=step
        )


def _check_data(config: RunConfig, digest: str, progress: Progress) -> None:
    source = config.data.source
    if digest and dataset_digest(source, progress) != digest:
        raise DatasetError(
            "{source}: the images have changed since this run was trained, so it cannot be continued.",
            source=source,
        )
