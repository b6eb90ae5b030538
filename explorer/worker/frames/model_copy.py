"""ModelCopy: the network and loss of a trainer as of one step, evaluated while training goes on."""

from __future__ import annotations

import copy
from typing import Protocol

import torch
from torch import Tensor, nn

from explorer.core.params import Value
from explorer.worker.losses import Loss
from explorer.worker.training.precision import Forward
from explorer.worker.training.trainer import Trainer


class Model(Protocol):
    """A model that can be evaluated: a trainer, or a copy of its network and loss."""

    @property
    def loss(self) -> Loss:
        """The loss."""

    @property
    def live(self) -> dict[str, Tensor | Value]:
        """The hyperparameters in force."""

    @property
    def step_count(self) -> int:
        """Steps trained so far."""

    def embed(self, images: Tensor) -> Tensor:
        """Return the features (n, d) of images."""

    def scores(self, features: Tensor) -> Tensor:
        """Return test-time scores (n, C) of features."""


class ModelCopy:
    """Copies of network and loss on the device of the trainer; `update` copies their current state."""

    def __init__(self, trainer: Trainer) -> None:
        self._network = copy.deepcopy(trainer.network)
        self._forward = Forward(self._network, trainer.device)
        self._of = trainer.loss
        self.loss = copy.deepcopy(trainer.loss)
        self.live: dict[str, Tensor | Value] = {}
        self.step_count = 0
        self.update(trainer)

    @torch.no_grad()
    def update(self, trainer: Trainer) -> None:
        """Copy the state of this step. The copy must not be in use on another thread."""
        if trainer.loss is not self._of:
            self._of, self.loss = trainer.loss, copy.deepcopy(trainer.loss)
        for ours, theirs in ((self._network, trainer.network), (self.loss, trainer.loss)):
            for copied, tensor in zip(_tensors(ours), _tensors(theirs), strict=True):
                copied.copy_(tensor)
        self.live = {
            name: value.clone() if isinstance(value, Tensor) else value
            for name, value in trainer.live.items()
        }
        self.step_count = trainer.step_count

    def embed(self, images: Tensor) -> Tensor:
        """Return the features (n, d) float32 of images (n, height, width) on the device."""
        return self._forward.embed(images)

    @torch.no_grad()
    def scores(self, features: Tensor) -> Tensor:
        """Return test-time scores (n, C) of features."""
        self.loss.eval()
        return self.loss.scores(features, **self.live)


def _tensors(module: nn.Module) -> list[Tensor]:
    return [*module.parameters(), *module.buffers()]
