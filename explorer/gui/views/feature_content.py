"""What the features view shows of a snapshot, whether in the plane or in space."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from explorer.core.coloring import Coloring, Colors, Levels
from explorer.core.selection import Mask, Rows
from explorer.core.snapshot import TEST, TRAIN, Floats, ProbeSet, Snapshot
from explorer.core.statistics import class_means, row_labels


class FeatureOptions(Struct, frozen=True):
    """What is shown. ``point_size`` is the radius of a point in pixels."""

    test: bool = True
    train: bool = False
    regions: bool = True
    bands: bool = True
    weights: bool = True
    centers: bool = True
    digits: bool = True
    circle: bool = False
    follow: bool = False
    point_size: float = 2.0


class Content(Struct, frozen=True, eq=False):
    """Points in drawing order, and what is marked among them.

    ``points`` (m, d), finite; ``rows`` (m,) their rows in the snapshot; ``colors`` (m,) index of their colour
    in ``table``, 0xffRRGGBB, and ``measured`` whether it stands for a number; ``chosen`` the places in
    ``rows`` of those that are selected; ``means`` (C, d), NaN where nothing of a class is shown; ``weight``
    (K, d) or None, ``weight_labels`` (K,) its classes, ``equal_weights`` whether only its directions count.
    """

    snapshot: Snapshot
    points: Floats
    rows: Rows
    colors: Levels
    table: Colors
    measured: bool
    chosen: Rows
    means: Floats
    weight: Floats | None
    weight_labels: tuple[int, ...]
    equal_weights: bool


def shown_rows(probe: ProbeSet, options: FeatureOptions, left_out: frozenset[int]) -> Rows:
    """Return the rows to show, without classes ``left_out``: training images first, beneath test images."""
    shown = ~np.isin(probe.labels, list(left_out))
    wanted = ((TRAIN, options.train), (TEST, options.test))
    return np.concatenate(
        [np.flatnonzero(shown & (probe.split == split) & on) for split, on in wanted], dtype=np.intp
    )


def content_of(snapshot: Snapshot, rows: Rows, coloring: Coloring, chosen: Mask) -> Content:
    """Return what to draw of ``rows`` of a snapshot, those with a number that is not finite left out.

    ``coloring`` and ``chosen`` have an entry for each of its images.
    """
    probe, weight = snapshot.probe, snapshot.weight
    points = snapshot.features
    if not np.array_equal(rows, np.arange(len(points))):  # else spare a copy
        points = points[rows]
    if not np.isfinite(points).all():
        finite = np.isfinite(points).all(axis=1)
        points, rows = points[finite], rows[finite]
    if weight is not None and not np.isfinite(weight).all():
        weight = None
    return Content(
        snapshot=snapshot,
        points=points,
        rows=rows,
        colors=coloring.level[rows],
        table=coloring.table,
        measured=coloring.measured,
        chosen=np.flatnonzero(chosen[rows]),
        means=class_means(points, probe.labels[rows], probe.num_classes),
        weight=weight,
        weight_labels=() if weight is None else tuple(row_labels(len(weight), probe.num_classes).tolist()),
        equal_weights=snapshot.config.loss.spec.head == "angular",
    )


def count_texts(snapshot: Snapshot, options: FeatureOptions) -> tuple[str, str]:
    """Return how many images of how many are shown, in full and in short."""
    probe = snapshot.probe
    full, short = [], []
    for on, split, size, name, note in (
        (options.test, TEST, probe.test_size, "test", ""),
        (options.train, TRAIN, probe.train_size, "training", " (pale)" if options.test else ""),
    ):
        if on:
            count = int(np.count_nonzero(probe.split == split))
            full.append(f"{count:,} of {size:,} {name} images{note}")
            short.append(f"{count:,}/{size:,} {name}")
    return "  ·  ".join(full) or "no images shown", " · ".join(short) or "none shown"
