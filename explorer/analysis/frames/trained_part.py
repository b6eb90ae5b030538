"""The part of a frame that belongs to the classes trained on, as if the data set had no others."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.frames.weak_cache import weakly_cached


def trained_part(snapshot: Snapshot) -> Snapshot:
    """Return a frame without the classes left out of training; the S others are numbered 0 to S − 1.

    It has those rows of the features that `ProbeSet.judged` masks, and the class weights, biases, centres and
    variances that are not NaN. A frame of a run that leaves none out is returned as it is.
    """
    return _part(snapshot) if snapshot.probe.unseen else snapshot


@weakly_cached
def _part(snapshot: Snapshot) -> Snapshot:
    probe, rows = snapshot.probe, np.flatnonzero(snapshot.probe.judged)
    place = np.zeros(probe.num_classes, probe.labels.dtype)
    place[probe.trained] = np.arange(len(probe.trained))

    def of_trained(values: Floats | None) -> Floats | None:
        """Return the rows (S·K, …) of arrays that have K rows for each class (C·K, …)."""
        if values is None:
            return None
        each = values.reshape(probe.num_classes, -1, *values.shape[1:])
        return each[probe.trained].reshape(-1, *values.shape[1:])

    return replace(
        snapshot,
        probe=replace(
            probe,
            labels=place[probe.labels[rows]],
            indices=probe.indices[rows],
            split=probe.split[rows],
            num_classes=len(probe.trained),
            unseen=frozenset(),
            class_names=tuple(probe.name(label) for label in probe.trained.tolist()),
        ),
        features=snapshot.features[rows],
        weight=of_trained(snapshot.weight),
        bias=of_trained(snapshot.bias),
        centers=of_trained(snapshot.centers),
        log_variance=of_trained(snapshot.log_variance),
    )
