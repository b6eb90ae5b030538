"""Lengths of features, on which the margin of some losses depends."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.core.protocol.messages import LENGTH_DEVIATION, LENGTH_MEAN, TRAIN


def length_statistics(features: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of the lengths of ``features`` (n, d), the latter 10⁻³ at least.

    Features that are not finite are left out; without any, both are 1.
    """
    lengths = np.sqrt(np.einsum("nd,nd->n", features, features))
    lengths = lengths[np.isfinite(lengths)]
    if not len(lengths):
        return 1.0, 1.0
    return float(lengths.mean(dtype=np.float64)), max(1e-3, float(lengths.std(dtype=np.float64)))


def followed_lengths(snapshot: Snapshot) -> tuple[float, float]:
    """Return the mean and standard deviation of feature lengths that AdaFace trains with.

    If the frame lacks them, they are those of the training images in the probe set, or else of all images.
    """
    mean, deviation = (snapshot.scalars.get(name) for name in (LENGTH_MEAN, LENGTH_DEVIATION))
    if mean is not None and deviation is not None:
        return mean, deviation
    seen = (snapshot.probe.split == TRAIN) & snapshot.probe.judged
    return length_statistics(snapshot.features[seen if seen.any() else ~seen])
