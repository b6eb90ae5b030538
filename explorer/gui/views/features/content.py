"""What the features view shows of a snapshot, whether in the plane or in space."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import class_means, row_labels, unit
from explorer.analysis.frames.selection import Mask, Rows
from explorer.analysis.frames.snapshot import Floats, ProbeSet, Snapshot
from explorer.analysis.frames.trail import Trail
from explorer.analysis.heads.registry import head_of
from explorer.analysis.raster.colouring import Coloring, Colors, Levels
from explorer.core.protocol.messages import TEST, TRAIN

MOST_TRAILS = 100
"""Trails that are drawn; of a larger selection they are those of evenly chosen members."""


FeatureTool = Literal["move", "lasso", "rectangle"]


class FeatureOptions(Struct, frozen=True):
    """What is shown. ``point_size`` is the radius of a point in pixels.

    ``normalized``: everything at unit length; ``follow``: axes take the data's range, else they hold;
    ``sphere``: how opaque the sphere in space is, in percent; ``perspective`` and ``turntable``: how features
    in space are looked at; ``tool``: what a drag in the plot does.
    """

    test: bool = True
    train: bool = False
    normalized: bool = False
    regions: bool = True
    bands: bool = True
    density: bool = False
    weights: bool = True
    centers: bool = True
    digits: bool = True
    trails: bool = True
    circle: bool = False
    polar: bool = False
    follow: bool = True
    point_size: Annotated[float, Meta(gt=0, le=50)] = 2.0
    sphere: Annotated[int, Meta(ge=0, le=100)] = 35
    perspective: bool = True
    turntable: bool = False
    tool: FeatureTool = "move"


class TrailLines(Struct, frozen=True, eq=False):
    """Where chosen points were: ``positions`` (f, k, d), the oldest first and the last as shown now.

    ``colors`` (k,) 0xffRRGGBB; k of ``chosen`` points have a line.
    """

    positions: Floats
    colors: Colors
    chosen: int


class Content(Struct, frozen=True, eq=False):
    """Points in drawing order, and what is marked among them, all at unit length where ``normalized``.

    ``points`` (m, d), finite; ``rows`` (m,) their rows in the snapshot; ``colors`` (m,) index of their colour
    in ``table``, 0xffRRGGBB, and ``measured`` whether it stands for a number; ``chosen`` the places in
    ``rows`` of those that are selected; ``means`` (C, d) of the points, NaN where nothing of a class is
    shown; ``centers`` (C, d) that were learned, or None; ``weight`` (K, d) or None, ``weight_labels`` (K,)
    its classes, ``equal_weights`` whether only its directions count; ``trail`` where there is one to draw.
    """

    snapshot: Snapshot
    normalized: bool
    points: Floats
    rows: Rows
    colors: Levels
    table: Colors
    measured: bool
    chosen: Rows
    means: Floats
    centers: Floats | None
    weight: Floats | None
    weight_labels: tuple[int, ...]
    equal_weights: bool
    trail: TrailLines | None = None

    @property
    def kind(self) -> tuple[object, ...]:
        """What two contents have in common of which one's regions may stand for the other's for a moment."""
        return self.snapshot.config.loss.name, self.snapshot.probe.num_classes, self.normalized

    @property
    def labels(self) -> NDArray[np.uint8]:
        """The class (m,) of each point."""
        return self.snapshot.probe.labels[self.rows]


def shown_rows(probe: ProbeSet, options: FeatureOptions, left_out: frozenset[int]) -> Rows:
    """Return the rows to show, without classes ``left_out``: training images first, beneath test images."""
    shown = ~np.isin(probe.labels, list(left_out))
    wanted = ((TRAIN, options.train), (TEST, options.test))
    return np.concatenate(
        [np.flatnonzero(shown & (probe.split == split) & on) for split, on in wanted], dtype=np.intp
    )


def content_of(
    snapshot: Snapshot, rows: Rows, coloring: Coloring, chosen: Mask, normalized: bool = False
) -> Content:
    """Return what to draw of ``rows`` of a snapshot, those with a number that is not finite left out.

    ``coloring`` and ``chosen`` have an entry for each of its images.
    """
    probe, head, centers = snapshot.probe, head_of(snapshot), snapshot.centers
    points = snapshot.features
    if not np.array_equal(rows, np.arange(len(points))):  # else spare a copy
        points = points[rows]
    if not np.isfinite(points).all():
        finite = np.isfinite(points).all(axis=1)
        points, rows = points[finite], rows[finite]
    if normalized:
        points = unit(points)
        centers = None if centers is None else unit(centers)
    weight = head.rows
    if weight is not None and not np.isfinite(weight).all():
        weight = None
    return Content(
        snapshot=snapshot,
        normalized=normalized,
        points=points,
        rows=rows,
        colors=coloring.level[rows],
        table=coloring.table,
        measured=coloring.measured,
        chosen=np.flatnonzero(chosen[rows]),
        means=class_means(points, probe.labels[rows], probe.num_classes),
        centers=centers,
        weight=weight,
        weight_labels=() if weight is None else tuple(row_labels(len(weight), probe.num_classes).tolist()),
        equal_weights=not head.weight_lengths_count,
    )


def weight_arrows(content: Content) -> Floats:
    """Return the class weights (K, d), the longest of length 1, or all where only directions count."""
    weight = np.zeros((0, content.points.shape[1]), np.float32) if content.weight is None else content.weight
    lengths = np.linalg.norm(weight, axis=1, keepdims=True)
    scale = lengths if content.equal_weights else np.full_like(lengths, lengths.max(initial=0))
    arrows: Floats = np.divide(weight, scale, out=np.zeros_like(weight), where=scale > 0)
    return arrows


def trail_lines(content: Content, trail: Trail) -> TrailLines | None:
    """Return the trails of the chosen points, up to `MOST_TRAILS` of them; None where there are none."""
    places, count = content.chosen, len(content.chosen)
    if count > MOST_TRAILS:
        places = places[np.arange(MOST_TRAILS) * count // MOST_TRAILS]
    past = trail.positions(content.rows[places])
    between = content.snapshot.since is not None
    if not count or len(past) + between < 2:
        return None
    if content.normalized:
        past = unit(past.reshape(-1, past.shape[2])).reshape(past.shape)
    if between:
        past = np.concatenate([past, content.points[places][None]])
    whole = np.isfinite(past).all(axis=(0, 2))
    return TrailLines(past[:, whole], content.table[content.colors[places[whole]]], count)
