"""Wrong labels: which training images get the label of another class, and of which."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.core.data.dataset import Images
from explorer.core.protocol.messages import TRAIN
from explorer.core.stressors.draws import Integers, Purpose, below, chosen, key_of

_IMAGES_OF_A_CLASS, _IMAGES = 100, 5_000
"""Number of images from which the mean image of a class is taken; that of all classes at most."""
_WHOLE, _SIDE = 28, 16
"""Pixels along the longer side of images that are compared whole; those of larger ones that are used."""


def most_alike(images: Images, classes: tuple[int, ...]) -> tuple[int, ...]:
    """Return for each class the other one whose mean image is nearest, by Euclidean distance.

    A run tells it at its start, so that labels can be made wrong at any time: it must take no time, whatever
    the data set.

    Parameters
    ----------
    images : Images
        Training images, of which the first ones of each class are used.
    classes : tuple of int
        The S classes trained on.

    Returns
    -------
    tuple of int
        S places among ``classes``.
    """
    few = min(_IMAGES_OF_A_CLASS, max(1, _IMAGES // len(classes)))
    longest = max(images.pixels.shape[1:3])
    every = 1 if longest <= _WHOLE else -(-longest // _SIDE)
    order = np.argsort(images.labels, kind="stable")
    begins, ends = (np.searchsorted(images.labels, classes, side, order) for side in ("left", "right"))
    means = np.zeros((len(classes), images.pixels[0, ::every, ::every].size))
    for mean, begin, end in zip(means, begins, ends, strict=True):
        first = order[begin : min(begin + few, end)].tolist()
        if first:
            thumbnails = np.stack([images.pixels[row, ::every, ::every] for row in first])
            mean[:] = thumbnails.reshape(len(first), -1).mean(axis=0)
    squares = (means**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * means @ means.T
    np.fill_diagonal(distances, np.inf)
    return tuple(distances.argmin(axis=1).tolist())


def given_targets(
    xp: Any, seed: int, indices: Integers, targets: Integers, share: Any, alike: Integers | None, count: int
) -> Integers:
    """Return the targets that training images are trained with.

    Parameters
    ----------
    xp : module
        `numpy` or `torch`, whichever has the arrays.
    seed : int
        Seed of the run.
    indices, targets : (n,) int64
        Positions among the training images, and their true targets: places among the classes trained on,
        negative for a class left out, whose images stay as they are.
    share : float or 0-dim tensor
        Fraction of wrong labels.
    alike : (count,) int64 or None
        Target that stands for each target where it is wrong; None for any other one.
    count : int
        Number of classes trained on.
    """
    wrong = below(key_of(seed, TRAIN, Purpose.IS_WRONG), indices, share) & (targets >= 0)
    if alike is None:
        step = 1 + chosen(key_of(seed, TRAIN, Purpose.WRONG_LABEL), indices, count - 1)
        others = (targets + step) % count
    else:
        others = alike[targets.clip(0)]
    return xp.where(wrong, others, targets)


def given_labels(
    seed: int,
    indices: NDArray[np.integer],
    labels: NDArray[np.integer],
    classes: tuple[int, ...],
    share: float,
    alike: tuple[int, ...] | None,
) -> NDArray[np.int64]:
    """Return the labels (n,) with which training images are trained; as `given_targets`, with class numbers.

    Those of ``classes`` left out are returned as they are.
    """
    place = np.full(max(int(labels.max(initial=0)), *classes) + 1, -1, np.int64)
    place[list(classes)] = np.arange(len(classes))
    targets = place[labels]
    table = None if alike is None else np.array(alike, np.int64)
    given = given_targets(np, seed, indices.astype(np.int64), targets, share, table, len(classes))
    return np.where(given < 0, labels, np.array(classes)[given])
