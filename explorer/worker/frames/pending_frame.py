"""PendingFrame: a frame whose values are still being computed or copied to the host."""

from __future__ import annotations

import time

import numpy as np
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from torch import Tensor

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.worker.frames.model_copy import Model, ModelCopy
from explorer.worker.frames.probe import Probe
from explorer.worker.frames.transfer import transfer
from explorer.worker.losses.base import FRAME_ARRAYS
from explorer.worker.training.meters import as_step
from explorer.worker.training.trainer import Trainer

Rows = NDArray[np.float32]


class PendingFrame:
    """Starts computing a frame of the current step; `finish` waits for the values and returns it.

    Parameters
    ----------
    blank : Frame
        The fields that are known without waiting for the device.
    trainer : Trainer
        Its state is shown, and its meters are reset.
    probe : Probe
        The images to embed.
    model_copy : ModelCopy, optional
        Copy of the model that a spare core evaluates; it is in use until `finish`. Without it, training waits
        for the frame.
    """

    def __init__(
        self, blank: m.Frame, trainer: Trainer, probe: Probe, model_copy: ModelCopy | None = None
    ) -> None:
        self.began = time.perf_counter()
        self._blank = blank
        self._scalars: list[str] = []
        self._sums = trainer.meters.take()
        self._first_bad = trainer.meters.first_bad
        self._trainer, self._probe, self._model_copy = trainer, probe, model_copy
        probe.follow(trainer)
        if model_copy is not None:
            model_copy.update(trainer)
        model = model_copy or trainer
        self._transfer = transfer(
            lambda: self._compute(model, probe), trainer.device, beside=model_copy is not None
        )

    @property
    def ready(self) -> bool:
        """Whether `finish` would return at once."""
        return self._transfer.ready

    @property
    def seconds(self) -> float:
        """Seconds of device time, once finished."""
        return self._transfer.seconds

    def finish(self) -> tuple[m.Frame, int | None]:
        """Wait for the values; return the frame, and the first step whose loss was not finite, if any."""
        host = self._transfer.result()
        if self._model_copy is not None:
            self._probe.show_means(self._trainer, host["features"])
        values = {name: host[f"scalar {name}"].item() for name in self._scalars}
        sums = {name: host[f"sum {name}"].item() for name in self._sums.tensors}
        scalars = {**values, **self._sums.means(sums), **self._blank.scalars}
        data = self._trainer.data
        arrays = {
            name: Array.of(of_all_classes(host[name].numpy(), data.classes, data.num_classes))
            for name in FRAME_ARRAYS
            if name in host
        }
        arrays["features"] = Array.of(host["features"].numpy())
        if self._sums.first:
            arrays["first_losses"] = Array.of(host["first_losses"].numpy())
        radius = host["radius"].item() if "radius" in host else None
        frame = replace(self._blank, scalars=scalars, radius=radius, **arrays)
        return frame, as_step(host["first_bad"])

    @torch.no_grad()
    def _compute(self, model: Model, probe: Probe) -> dict[str, Tensor]:
        features, scalars = probe.take(model)
        scalars |= {name: value.float().clone() for name, value in _in_force(model).items()}
        self._scalars = list(scalars)
        tensors = {f"scalar {name}": value for name, value in scalars.items()}
        tensors |= {f"sum {name}": value for name, value in self._sums.tensors.items()}
        tensors |= {name: value.float().clone() for name, value in model.loss.shown(**model.live).items()}
        if self._sums.first:
            tensors["first_losses"] = torch.stack(self._sums.first)
        return {**tensors, "features": features, "first_bad": self._first_bad}


def of_all_classes(rows: Rows, classes: tuple[int, ...], num_classes: int) -> Rows:
    """Return rows (C·K, …) of all classes: those of S ``classes`` (S·K, …), and NaN for the others."""
    if len(classes) == num_classes:
        return rows
    each = rows.reshape(len(classes), -1, *rows.shape[1:])
    result = np.full((num_classes, *each.shape[1:]), np.nan, rows.dtype)
    result[list(classes)] = each
    return result.reshape(-1, *rows.shape[1:])


def _in_force(model: Model) -> dict[str, Tensor]:
    """Return the values (0-dim) besides the parameters that the logits of the last step depended on."""
    found = model.loss.in_force(**model.live)
    annealing = model.live.get(m.ANNEALING)
    return {**found, m.ANNEALING: annealing} if isinstance(annealing, Tensor) else found
