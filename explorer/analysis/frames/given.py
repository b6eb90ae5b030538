"""The labels that the images of a snapshot are trained with."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import Labels, Snapshot
from explorer.analysis.frames.weak_cache import weakly_cached
from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.stressors import ALIKE
from explorer.core.stressors.labels import given_labels


@weakly_cached
def given_of(snapshot: Snapshot) -> Labels:
    """Return the labels (n,) with which a loss compares the images of a snapshot.

    Those of training images are the ones that are trained with, wrong ones among them; those of test images
    are the true ones.
    """
    probe, config = snapshot.probe, snapshot.config
    rows = np.flatnonzero(probe.split == TRAIN)
    if not config.data.wrong_labels or not len(rows):
        return probe.labels
    alike = (probe.alike or None) if config.data.wrong_kind == ALIKE else None
    classes, share = tuple(probe.trained.tolist()), config.data.wrong_labels
    given = probe.labels.copy()
    given[rows] = given_labels(config.seed, probe.indices[rows], given[rows], classes, share, alike)
    return given
