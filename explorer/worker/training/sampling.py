"""Which images make up each batch of an epoch.

Both orders are drawn at once, on the device of the generator, without a loop over samples: the same generator
state and labels give the same epoch.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

_SAMPLES_OF_A_CLASS = 4
"""How many samples of a class a balanced batch should have before it takes in another class."""


def shuffled(generator: Generator, labels: Tensor, batch: int) -> Tensor:
    """Return an epoch of plainly shuffled batches.

    Parameters
    ----------
    generator : Generator
        Source of chance, on the device where the order should be.
    labels : Tensor (n,)
        Labels of the training images.
    batch : int
        Images in a batch.

    Returns
    -------
    Tensor (steps, batch), int64
        Indices. No image comes twice; the n mod ``batch`` left over wait for another epoch. A set smaller
        than one batch makes one batch, with its images repeated.
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
        Classes P in each batch, drawn anew for each; by default all, or fewer where a batch has no room for
        four samples of each, but two at least. A class has ``batch`` // P samples in a batch, or one more.

    Returns
    -------
    Tensor (steps, batch), int64
        Indices, as many steps as for `shuffled`. Within a class the images come in random order, each once
        before any comes again. A batch of two or three has no room for pairs of both kinds: it is drawn
        plainly, so that each kind turns up in its turn.
    """
    counts = torch.bincount(labels)
    present = counts.nonzero()[:, 0]
    take = classes_per_batch or max(2, batch // _SAMPLES_OF_A_CLASS)
    take = min(take, len(present))
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


def _occurrence(classes: Tensor, num_classes: int) -> Tensor:
    """Return how many times the class of each entry of ``classes`` (m,) has come before."""
    order = classes.argsort(stable=True)
    number = torch.bincount(classes, minlength=num_classes)
    sorted_classes = classes[order]
    place = torch.arange(len(classes), device=classes.device)
    return torch.empty_like(classes).scatter_(0, order, place - (number.cumsum(0) - number)[sorted_classes])
