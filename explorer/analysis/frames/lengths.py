"""Lengths of features, by which some losses make their margin wider or narrower."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.core.protocol.messages import LENGTH_DEVIATION, LENGTH_MEAN, TRAIN


def length_statistics(features: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of the lengths of ``features`` (n, d), the latter 10⁻³ at least.

    Those that are not finite are left out; 1 and 1 where nothing remains.
    """
    lengths = np.sqrt(np.einsum("nd,nd->n", features, features))
    lengths = lengths[np.isfinite(lengths)]
    if not len(lengths):
        return 1.0, 1.0
    return float(lengths.mean(dtype=np.float64)), max(1e-3, float(lengths.std(dtype=np.float64)))


def followed_lengths(snapshot: Snapshot) -> tuple[float, float]:
    """Return the mean and standard deviation of lengths that AdaFace trains with.

    Where a frame lacks them, those of the training images in the probe, or of all where it has none.
    """
    mean, deviation = (snapshot.scalars.get(name) for name in (LENGTH_MEAN, LENGTH_DEVIATION))
    if mean is not None and deviation is not None:
        return mean, deviation
    seen = snapshot.probe.split == TRAIN
    return length_statistics(snapshot.features[seen if seen.any() else ~seen])
