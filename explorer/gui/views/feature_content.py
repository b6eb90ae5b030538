"""What the features view shows of a snapshot, whether in the plane or in space."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.core.snapshot import TEST, TRAIN, Floats, Labels, ProbeSet, Snapshot
from explorer.core.statistics import class_means, row_labels
from explorer.gui.theme import Theme
from explorer.gui.views.plot_style import mix

Rows = NDArray[np.intp]
_PALE = 0.55
"""How far the colour of a training image fades into the background, beside a test image's."""


class FeatureOptions(Struct, frozen=True):
    """What is shown. ``point_size`` is the radius of a point in pixels; ``hidden`` are classes left out."""

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
    hidden: frozenset[int] = frozenset()


class Content(Struct, frozen=True, eq=False):
    """Points in drawing order, and what is marked among them.

    ``points`` (m, d), finite; ``rows`` (m,) their rows in the snapshot; ``colors`` (m,) index of class and
    split in a `color_table`; ``means`` (C, d), NaN where nothing of a class is shown; ``weight`` (K, d) or
    None, ``weight_labels`` (K,) its classes, ``equal_weights`` whether only its directions count.
    """

    snapshot: Snapshot
    points: Floats
    rows: Rows
    colors: NDArray[np.intp]
    means: Floats
    weight: Floats | None
    weight_labels: tuple[int, ...]
    equal_weights: bool


def shown_rows(probe: ProbeSet, options: FeatureOptions) -> Rows:
    """Return the rows to show: training images first, so that test images lie above them."""
    shown = ~np.isin(probe.labels, list(options.hidden))
    wanted = ((TRAIN, options.train), (TEST, options.test))
    return np.concatenate(
        [np.flatnonzero(shown & (probe.split == split) & on) for split, on in wanted], dtype=np.intp
    )


def content_of(snapshot: Snapshot, rows: Rows) -> Content:
    """Return what to draw of ``rows`` of a snapshot, those with a number that is not finite left out."""
    probe, weight = snapshot.probe, snapshot.weight
    points = snapshot.features
    if not np.array_equal(rows, np.arange(len(points))):  # else spare a copy
        points = points[rows]
    if not np.isfinite(points).all():
        finite = np.isfinite(points).all(axis=1)
        points, rows = points[finite], rows[finite]
    labels = probe.labels[rows].astype(np.intp)
    if weight is not None and not np.isfinite(weight).all():
        weight = None
    return Content(
        snapshot=snapshot,
        points=points,
        rows=rows,
        colors=labels + probe.num_classes * (probe.split[rows] == TRAIN),
        means=class_means(points, probe.labels[rows], probe.num_classes),
        weight=weight,
        weight_labels=() if weight is None else tuple(row_labels(len(weight), probe.num_classes).tolist()),
        equal_weights=snapshot.config.loss.spec.head == "angular",
    )


def color_table(theme: Theme, num_classes: int, fade: float = 0.0) -> NDArray[np.uint32]:
    """Return 0xffRRGGBB (2 C,) of test images by class, then of training images, faded to the background."""
    classes: Labels = np.arange(num_classes, dtype=np.uint8)
    table = []
    for pale in (0.0, _PALE):
        for label in classes.tolist():
            red, green, blue = mix(theme.class_color(label), theme.plot, 1 - (1 - pale) * (1 - fade))
            table.append(0xFF000000 | red << 16 | green << 8 | blue)
    return np.array(table, dtype=np.uint32)


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
