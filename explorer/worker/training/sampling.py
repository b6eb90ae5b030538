"""Draws the batches of an epoch.

All batches are drawn at once on the device of the generator, without a loop over samples. The same generator
state and labels give the same epoch.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

_SAMPLES_OF_A_CLASS = 4
"""Minimum number of samples per class in a balanced batch."""


def shuffled(generator: Generator, labels: Tensor, batch: int) -> Tensor:
    """Return an epoch of shuffled batches.

    Parameters
    ----------
    generator : Generator
        Random generator, on the device of the result.
    labels : Tensor (n,)
        Labels of the training images.
    batch : int
        Images in a batch.

    Returns
    -------
    Tensor (steps, batch), int64
        Indices, without repetition; the last n mod ``batch`` images are dropped. A data set smaller than one
        batch gives one batch with repeated images.
    """
    size = len(labels)
    order = torch.randperm(size, generator=generator, device=generator.device)
    if size < batch:
        return order.repeat(-(-batch // size))[:batch].view(1, batch)
    steps = size // batch
    return order[: steps * batch].view(steps, batch)


def balanced(
    generator: Generator, labels: Tensor, batch: int, classes_per_batch: int | None = None
) -> Tensor:
    """Return an epoch of batches with several samples of each of several classes.

    Parameters
    ----------
    generator, labels, batch
        As for `shuffled`; ``labels`` on the device of the generator.
    classes_per_batch : int, optional
        Classes P per batch, drawn for each batch; by default all, or as many as leave four samples for each,
        but at least two. A class has ``batch`` // P samples in a batch, or one more.

    Returns
    -------
    Tensor (steps, batch), int64
        Indices, with as many steps as `shuffled`. The images of a class come in random order, all of them
        before any is repeated. Batches of two or three images cannot hold same-class and different-class
        pairs at once: they are drawn as by `shuffled`, so that both kinds occur over time.
    """
    counts = torch.bincount(labels)
    present = counts.nonzero()[:, 0]
    take = min(classes_per_batch or classes_in_batch(batch, len(present)), len(present))
    if batch < 2 * take:
        return shuffled(generator, labels, batch)
    steps = max(1, len(labels) // batch)
    device = generator.device
    keys = torch.rand(steps, len(present), generator=generator, device=device)
    chosen = present[keys.argsort(dim=1)[:, :take]]
    classes = chosen[:, torch.arange(batch, device=device) % take].flatten()
    order = torch.randperm(len(labels), generator=generator, device=device)
    by_class = order[labels[order].argsort(stable=True)]
    first = counts.cumsum(0) - counts
    return by_class[first[classes] + _occurrence(classes, len(counts)) % counts[classes]].view(steps, batch)


def classes_in_batch(batch: int, present: int) -> int:
    """Return P: all classes ``present``, or as many as leave four samples for each, but at least two."""
    return min(max(2, batch // _SAMPLES_OF_A_CLASS), present)


def _occurrence(classes: Tensor, num_classes: int) -> Tensor:
    """Return how often the class of each entry of ``classes`` (m,) occurs before it."""
    order = classes.argsort(stable=True)
    number = torch.bincount(classes, minlength=num_classes)
    sorted_classes = classes[order]
    place = torch.arange(len(classes), device=classes.device)
    return torch.empty_like(classes).scatter_(0, order, place - (number.cumsum(0) - number)[sorted_classes])
