"""The classifier of a snapshot: scores, softmax and references."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.references import Reference, mean_reference, row_labels
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.head import Scores
from explorer.analysis.heads.registry import head_of


@np.errstate(invalid="ignore", over="ignore")
def scores(snapshot: Snapshot, points: Floats | None = None) -> Scores:
    """Return the test-time scores (n, C) of ``points`` (n, d), or of all features; the largest decides.

    −∞ for a class that cannot be predicted, NaN for features that are not finite.
    """
    return head_of(snapshot).scores(snapshot.features if points is None else points)


@np.errstate(invalid="ignore", over="ignore")
def logits(snapshot: Snapshot, points: Floats | None = None) -> Scores:
    """Return the logits (n, C) of a softmax at test time: the scores multiplied by the scale of the loss.

    Of ``points`` (n, d), or of all features.
    """
    return head_of(snapshot).logits(snapshot.features if points is None else points)


def log_softmax(values: Scores) -> Scores:
    """Return the log-softmax (n, C) of logits; NaN in rows with a NaN."""
    result: Scores = values - values.max(axis=1, keepdims=True)
    result -= np.log(np.exp(result).sum(axis=1, keepdims=True))
    return result


def reference_rows(snapshot: Snapshot, split: int) -> Reference:
    """Return the class weights, or the class means of a split for a classifier without class weights.

    NaN for classes left out of training.
    """
    return weight_reference(snapshot) or _trained_means(snapshot, split)


def _trained_means(snapshot: Snapshot, split: int) -> Reference:
    means = mean_reference(snapshot, split)
    if snapshot.probe.unseen:
        means.rows[list(snapshot.probe.unseen)] = np.nan
    return means


def weight_reference(snapshot: Snapshot) -> Reference | None:
    """Return the class weights, None for a classifier without any."""
    rows = head_of(snapshot).rows
    if rows is None:
        return None
    return Reference("weights", rows, row_labels(len(rows), snapshot.probe.num_classes))
