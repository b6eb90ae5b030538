"""Examination: a batch as the next step sees it, and the gradient of its loss in the features."""

from __future__ import annotations

import copy
from typing import NamedTuple

import torch
from torch import Tensor

from explorer.worker.device.data import UNSEEN
from explorer.worker.training.precision import Forward
from explorer.worker.training.trainer import Trainer


class Examination(NamedTuple):
    """Positions of images (b,), what training sees of them, and what follows from it.

    ``images`` uint8 (b, height, width) or (b, height, width, 3) have their damage, and ``targets`` (b,) are
    the given ones; ``features`` and the ``gradient`` in them are (b, d), ``scalars`` are those of the loss.
    """

    indices: Tensor
    images: Tensor
    targets: Tensor
    features: Tensor
    gradient: Tensor
    scalars: dict[str, float]


def examine(trainer: Trainer, indices: Tensor | None = None) -> Examination:
    """Return what the next step computes up to the features, without taking it.

    Network and loss are copies: in training both follow the batch, by running means, centres and the like.

    Parameters
    ----------
    trainer : Trainer
        The run, which stays as it is.
    indices : Tensor (b,), int64, optional
        Positions of training images; without them the batch of the next step.

    Raises
    ------
    IndexError
        For a position that there is not.
    ValueError
        For an image of a class that is left out of training.
    """
    if indices is None:
        indices = trainer.peek_batch()
    elif (trainer.data.train.targets[indices] == UNSEEN).any():
        raise ValueError("an image of a class left out of training has no loss")
    network, loss = copy.deepcopy(trainer.network).train(), copy.deepcopy(trainer.loss).train()
    device, live = trainer.device, trainer.tensors_in_force()
    images, targets = trainer.stressors.batch(trainer.data.train, indices, trainer.step_count)
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        with torch.no_grad():
            features = Forward(network, device)(images).float()
        features.requires_grad_()
        terms = loss.compute(features, targets, **live)
    total = torch.stack(list(terms.values())).sum()
    gradient = torch.zeros_like(features)
    if total.requires_grad:
        (found,) = torch.autograd.grad(total, features, allow_unused=True)
        gradient = gradient if found is None else found
    values = {
        "loss": total,
        **{f"loss.{name}": value for name, value in terms.items()},
        **loss.in_force(**live),
    }
    scalars = {name: value.detach().item() for name, value in values.items()}
    return Examination(indices, images, targets, features.detach(), gradient, scalars)
