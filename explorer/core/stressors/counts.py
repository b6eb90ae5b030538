"""Few images and long tails: how many training images of each class are kept, and which."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.stressors import StressorConfig
from explorer.core.stressors.draws import Purpose, hashed, key_of


def kept_counts(counts: NDArray[np.integer], config: StressorConfig) -> NDArray[np.int64]:
    """Return how many of the ``counts`` (S,) images of each class are kept, at least one of each.

    Class s of S keeps ρ^(-s/(S-1)) of its images, ρ the imbalance: the long tail of Cui et al. 2019,
    "Class-Balanced Loss Based on Effective Number of Samples", section 5.1.
    """
    most = np.minimum(counts, config.per_class) if config.per_class else counts
    fraction = config.imbalance ** (-np.arange(len(counts)) / max(1, len(counts) - 1))
    kept: NDArray[np.int64] = np.minimum(counts, np.maximum(1, np.round(most * fraction))).astype(np.int64)
    return kept


def kept_images(
    labels: NDArray[np.integer], classes: tuple[int, ...], config: StressorConfig, seed: int
) -> NDArray[np.int64]:
    """Return the positions, ascending, of the training images of ``classes`` that are kept.

    Which ones depends on the seed; with more images per class those of fewer are among them.
    """
    order = np.argsort(hashed(key_of(seed, TRAIN, Purpose.KEPT), np.arange(len(labels))), kind="stable")
    by_class = [order[labels[order] == label] for label in classes]
    counts = kept_counts(np.array([len(places) for places in by_class]), config)
    return np.sort(np.concatenate([places[:count] for places, count in zip(by_class, counts, strict=True)]))
