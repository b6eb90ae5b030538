"""Angles between classes: between the directions of their weights or of their means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.references import Reference

AngleTable = NDArray[np.float64]


def class_angles(reference: Reference, num_classes: int) -> AngleTable:
    """Return the angle (C, C) in radians between each pair of classes; a symmetric table.

    Between classes with several rows, the smallest angle counts. NaN on the diagonal, and for a class whose
    rows are all absent, not finite or of length zero.
    """
    known = np.isfinite(reference.rows).all(axis=1) & reference.rows.any(axis=1)
    result = np.full((num_classes, num_classes), np.nan)
    if not known.any():
        return result
    rows, labels = reference.rows[known].astype(np.float64), reference.labels[known]
    order = np.argsort(labels, kind="stable")
    directions, labels = (rows / np.linalg.norm(rows, axis=1, keepdims=True))[order], labels[order]
    angles = np.arccos(np.clip(directions @ directions.T, -1, 1))
    first = np.flatnonzero(np.diff(labels, prepend=-1))
    nearest = np.minimum.reduceat(np.minimum.reduceat(angles, first, axis=0), first, axis=1)
    result[np.ix_(labels[first], labels[first])] = nearest
    np.fill_diagonal(result, np.nan)
    return result


def closest_pair(angles: AngleTable) -> tuple[int, int] | None:
    """Return the two classes with the smallest angle, in ascending order; None where all are NaN."""
    if np.isnan(angles).all():
        return None
    first, second = np.unravel_index(int(np.nanargmin(angles)), angles.shape)
    return int(min(first, second)), int(max(first, second))


def known_classes(angles: AngleTable) -> int:
    """Return the number of classes that have an angle to any other."""
    return int(np.count_nonzero(~np.isnan(angles).all(axis=1)))
