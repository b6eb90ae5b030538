"""What the Features view shows of a snapshot, as plain values, in the plane or in space."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct

from explorer.analysis.frames.references import class_means, row_labels, unit
from explorer.analysis.frames.selection import Mask, Rows
from explorer.analysis.frames.snapshot import Floats, Labels, ProbeSet, Snapshot
from explorer.analysis.frames.trail import Trail
from explorer.analysis.heads.registry import head_of
from explorer.analysis.raster.colouring import Coloring, ColorMode, Colors, Levels
from explorer.core.protocol.messages import TEST, TRAIN

MOST_TRAILS, _TRAIL_FRAMES = 40, 12
"""Most trails drawn, those of evenly spaced members of a larger selection; and the frames they go over."""


FeatureTool = Literal["move", "lasso", "rectangle"]


class FeatureOptions(Struct, frozen=True):
    """Display options of the features.

    ``point_size`` is the radius of a point in pixels; ``normalized`` shows features at unit length;
    ``follow`` fits the axes to the data of every frame; ``sphere`` is the opacity of the sphere in space in
    percent; ``perspective`` and ``turntable`` are about the camera in space; ``tool`` is what a drag does.
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
    sphere: Annotated[int, Meta(ge=0, le=100)] = 75
    perspective: bool = True
    turntable: bool = False
    tool: FeatureTool = "move"


class TrailLines(Struct, frozen=True, eq=False):
    """Past positions of selected points: ``positions`` (f, k, d), the oldest first, the last as shown now.

    ``colors`` (k,) are 0xffRRGGBB; k of the ``chosen`` points have a line.
    """

    positions: Floats
    colors: Colors
    chosen: int


class Content(Struct, frozen=True, eq=False):
    """Points in drawing order, with their marks; all at unit length where ``normalized``.

    Attributes
    ----------
    points : (m, d)
        Finite features.
    rows : (m,)
        Their rows in the snapshot.
    colors : (m,)
        Index of their colour in ``table`` (0xffRRGGBB); ``mode`` is what it stands for.
    chosen : (k,)
        Indices in ``rows`` of the selected points.
    means : (C, d)
        Class means of the points, NaN for a class of which none is shown.
    centers : (C, d) or None
        Learned centres.
    weight : (K, d) or None
        Class weights; ``weight_labels`` (K,) are their classes, and ``equal_weights`` tells whether only
        their directions count.
    trail : TrailLines or None
        Trails of the selected points.
    hollow : (m,) or None
        Which points are rings, because their class is left out of training; None without such a class.
    """

    snapshot: Snapshot
    normalized: bool
    points: Floats
    rows: Rows
    colors: Levels
    table: Colors
    mode: ColorMode
    chosen: Rows
    means: Floats
    centers: Floats | None
    weight: Floats | None
    weight_labels: tuple[int, ...]
    equal_weights: bool
    trail: TrailLines | None = None
    hollow: Mask | None = None

    @property
    def kind(self) -> tuple[object, ...]:
        """Key; contents with equal keys may show each other's regions until their own are computed."""
        return self.snapshot.config.loss.name, self.snapshot.probe.num_classes, self.normalized

    @property
    def labels(self) -> Labels:
        """The class (m,) of each point."""
        return self.snapshot.probe.labels[self.rows]


def shown_rows(probe: ProbeSet, options: FeatureOptions, left_out: frozenset[int]) -> Rows:
    """Return the rows to show, without classes ``left_out``; training images first, below test images."""
    shown = ~np.isin(probe.labels, list(left_out))
    wanted = ((TRAIN, options.train), (TEST, options.test))
    return np.concatenate(
        [np.flatnonzero(shown & (probe.split == split) & on) for split, on in wanted], dtype=np.intp
    )


def content_of(
    snapshot: Snapshot, rows: Rows, coloring: Coloring, chosen: Mask, normalized: bool = False
) -> Content:
    """Return what to draw of ``rows`` of a snapshot, without features that are not finite.

    ``coloring`` and ``chosen`` have an entry for each image of the snapshot.
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
    weight, weight_labels = _weight_arrows_of(snapshot, head.rows)
    return Content(
        snapshot=snapshot,
        normalized=normalized,
        points=points,
        rows=rows,
        colors=coloring.level[rows],
        table=coloring.table,
        mode=coloring.mode,
        chosen=np.flatnonzero(chosen[rows]),
        means=class_means(points, probe.labels[rows], probe.num_classes),
        centers=centers,
        weight=weight,
        weight_labels=weight_labels,
        equal_weights=not head.kind.weight_lengths_count,
        hollow=~probe.judged[rows] if probe.unseen else None,
    )


def _weight_arrows_of(snapshot: Snapshot, rows: Floats | None) -> tuple[Floats | None, tuple[int, ...]]:
    """Return the class weights (K, d) to draw, and their classes (K,); none where training has diverged."""
    if rows is None:
        return None, ()
    probe = snapshot.probe
    labels = row_labels(len(rows), probe.num_classes)
    trained = np.isin(labels, probe.trained)
    rows, labels = rows[trained], labels[trained]
    return (rows, tuple(labels.tolist())) if np.isfinite(rows).all() else (None, ())


def shown_point(point: Floats | None, dimensions: int, options: FeatureOptions) -> Floats | None:
    """Return a feature (1, d) as it is drawn; None where it is not finite, or d is not ``dimensions``."""
    if point is None or point.shape != (1, dimensions) or not np.isfinite(point).all():
        return None
    return unit(point) if options.normalized else point


def weight_arrows(content: Content) -> Floats:
    """Return the class weights (K, d) scaled so that the longest, or all, have length 1."""
    weight = np.zeros((0, content.points.shape[1]), np.float32) if content.weight is None else content.weight
    lengths = np.linalg.norm(weight, axis=1, keepdims=True)
    scale = lengths if content.equal_weights else np.full_like(lengths, lengths.max(initial=0))
    arrows: Floats = np.divide(weight, scale, out=np.zeros_like(weight), where=scale > 0)
    return arrows


def trail_lines(content: Content, trail: Trail) -> TrailLines | None:
    """Return the trails of the selected points, at most `MOST_TRAILS`; None without any."""
    places, count = content.chosen, len(content.chosen)
    if count > MOST_TRAILS:
        places = places[np.arange(MOST_TRAILS) * count // MOST_TRAILS]
    past = trail.positions(content.rows[places])[-_TRAIL_FRAMES:]
    between = content.snapshot.since is not None
    if not count or len(past) + between < 2:
        return None
    if content.normalized:
        past = unit(past.reshape(-1, past.shape[2])).reshape(past.shape)
    if between:
        past = np.concatenate([past, content.points[places][None]])
    whole = np.isfinite(past).all(axis=(0, 2))
    return TrailLines(past[:, whole], content.table[content.colors[places[whole]]], count)
