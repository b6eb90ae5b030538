"""Stressors: what a run does to the labels and images that it trains on."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.config import DataConfig, RunConfig
from explorer.core.settings.stressors import ALIKE
from explorer.core.stressors.damage import (
    Limits,
    active_kinds,
    damaged_pixels,
    draws_of,
    fate_of,
)
from explorer.core.stressors.labels import given_targets, most_alike
from explorer.worker.device.data import ResidentData, Split
from explorer.worker.stressors.movement import moved


class Stressors:
    """Wrong labels, damage and movement, as functions of the seed, the settings and the place of an image.

    There is no state but the settings, so a checkpoint keeps nothing of this. All is computed on the device,
    in fixed tensors, for a captured step; what is off costs nothing.

    Parameters
    ----------
    config : RunConfig
        The settings in force.
    data : ResidentData
        The data set.
    device : torch.device
        Where the data set is.

    Attributes
    ----------
    alike : tuple of int
        For each of the S classes trained on, the place among these of the one that is most alike.
    """

    def __init__(self, config: RunConfig, data: ResidentData, device: torch.device) -> None:
        self._config, self._seed, self._device = config.data, config.seed, device
        self._classes = len(data.classes)
        self.alike = most_alike(data.whole.train, data.classes)
        height, width = data.train.images.shape[1:3]
        self._rows, self._columns = (torch.arange(side, device=device) for side in (height, width))
        self._true, self._given = data.train.targets, data.train.targets
        self._share, self._shift, self._angle = (torch.zeros((), device=device) for _ in range(3))
        self._strengths = torch.zeros(len(config.data.strengths), device=device)
        self._active: tuple[int, ...] = ()
        self._places = torch.zeros(0, dtype=torch.int64, device=device)
        self.apply(config.data)

    @property
    def targets(self) -> Tensor:
        """The targets (n,) of all training images, with the wrong ones that they are trained with."""
        return self._given

    @property
    def damages(self) -> bool:
        """Whether some images are damaged."""
        return bool(self._active)

    def apply(self, config: DataConfig) -> None:
        """Use the live settings of a configuration from now on."""
        old, self._config = self._config, config
        self._share.fill_(config.damaged)
        self._shift.fill_(config.shift)
        self._angle.fill_(config.rotation)
        for place, strength in enumerate(config.strengths):
            self._strengths[place].fill_(strength)
        if self._active != (active := active_kinds(config)):
            self._active = active
            self._places = torch.tensor(active, dtype=torch.int64, device=self._device)
        same = (config.wrong_labels, config.wrong_kind) == (old.wrong_labels, old.wrong_kind)
        if not same or (self._given is self._true and config.wrong_labels):
            self._set_targets()

    def batch(self, train: Split, index: Tensor, step: int | Tensor) -> tuple[Tensor, Tensor]:
        """Return the images and targets that a step trains on.

        Parameters
        ----------
        train : Split
            The training images.
        index : Tensor (b,) int64
            Their positions.
        step : int or Tensor
            Number of the step.
        """
        targets = train.targets[index] if self._given is self._true else self._given[index]
        images = train.images[index]
        if not (self._active or self._config.moves):
            return images, targets
        values = _with_channels(images)
        if self._config.moves:
            planes = values.movedim(3, 1).contiguous()
            values = moved(planes, index, step, self._seed, self._shift, self._angle).movedim(1, 3)
        values = self._damaged(values, TRAIN, index) if self._active else values.add(0.5).floor()
        return values.reshape(images.shape).to(torch.uint8), targets

    def damaged(self, split: int, images: Tensor, index: Tensor) -> Tensor:
        """Return images uint8 of a split at ``index`` (n,) with their damage; they are not moved."""
        if not self._active:
            return images
        values = self._damaged(_with_channels(images), split, index)
        return values.reshape(images.shape).to(torch.uint8)

    def _damaged(self, values: Tensor, split: int, index: Tensor) -> Tensor:
        limits = Limits(self._share, self._strengths, self._active, self._places)
        fate = fate_of(torch, self._seed, split, index, limits)
        draws = draws_of(self._seed, split, index)
        changed: Tensor = damaged_pixels(torch, values, self._rows, self._columns, fate, draws, self._active)
        return changed

    def _set_targets(self) -> None:
        """Compute the targets; in the same tensor as long as there are wrong ones, which a capture reads."""
        config = self._config
        if not config.wrong_labels:
            self._given = self._true
            return
        where = torch.arange(len(self._true), device=self._device)
        alike = None
        if config.wrong_kind == ALIKE:
            alike = torch.tensor(self.alike, dtype=torch.int64, device=self._device)
        given: Tensor = given_targets(
            torch, self._seed, where, self._true, config.wrong_labels, alike, self._classes
        )
        if self._given is self._true:
            self._given = given
        else:
            self._given.copy_(given)


def _with_channels(images: Tensor) -> Tensor:
    """Return images uint8 with or without channels as (n, height, width, channels) float32."""
    return (images if images.ndim == 4 else images.unsqueeze(3)).float()
