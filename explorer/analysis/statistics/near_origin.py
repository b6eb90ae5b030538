"""Classes near the origin, which a classifier by direction cannot separate from the others.

Softmax with biases may leave a class at the origin, where its bias alone makes it win. If the run continues
with a loss on angles, the class has no direction: it is misclassified until its features have moved outward.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.median import median

_SHORT = 0.5
"""A class is near the origin if its mean length is below this fraction of the median over the classes.

Measured with ten classes in the plane, softmax and then ArcFace from step 400: the class at the origin was at
a fraction of 0.06, one step later at 0.19 with none of its images classified correctly, and 20 steps later at
0.40 with 74% classified correctly.
"""
_WRONG = 0.5
_MOST_IMAGES = 2000
"""Images examined, evenly spaced among all: this runs whenever points move."""


@lru_cache(4)
def _spread_rows(count: int) -> NDArray[np.intp]:
    """Return the rows to examine of ``count``. Not every n-th: labels may repeat in that order."""
    return np.linspace(0, count - 1, min(count, _MOST_IMAGES)).astype(np.intp)


def classes_near_origin(snapshot: Snapshot) -> tuple[int, ...]:
    """Return the classes near the origin of which less than half of the images are classified correctly.

    Empty for a classifier that uses the length of features: for it the origin is not special.
    """
    head = head_of(snapshot)
    if not head.ignores_length:
        return ()
    rows = _spread_rows(len(snapshot.features))
    if snapshot.probe.unseen:  # no image of a class left out of training is classified correctly
        judged = np.flatnonzero(snapshot.probe.judged)
        rows = judged[_spread_rows(len(judged))]
    features, labels = snapshot.features[rows], snapshot.probe.labels[rows]
    lengths = np.sqrt(np.einsum("nd,nd->n", features, features))
    finite = np.isfinite(lengths)
    if not finite.all():
        features, labels, lengths = features[finite], labels[finite], lengths[finite]
    counts = np.bincount(labels, minlength=snapshot.probe.num_classes)
    present = counts > 0
    means = np.bincount(labels, lengths, minlength=len(counts)) / np.maximum(counts, 1)
    if not present.any():
        return ()
    short = np.flatnonzero(present & (means < _SHORT * median(means[present])))
    return tuple(
        int(label)
        for label in short
        if (head.scores(features[labels == label]).argmax(axis=1) == label).mean() < _WRONG
    )
