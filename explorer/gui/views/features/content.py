"""What the Features view shows of a snapshot, as plain values, in the plane or in space."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct
from msgspec.structs import replace

from explorer.analysis.frames.references import class_means, row_labels, unit
from explorer.analysis.frames.selection import Mask, Rows
from explorer.analysis.frames.snapshot import Floats, Labels, ProbeSet, Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.projection.projection import Projection, ProjectionKind
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.raster.colouring import Coloring, ColorMode, Colors, Levels
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.gui.plots.splat import NOTHING

FeatureTool = Literal["move", "lasso", "rectangle"]


class FeatureOptions(Struct, frozen=True):
    """Display options of the features.

    ``point_size`` is the radius of a point in pixels; ``normalized`` shows features at unit length;
    ``follow`` fits the axes to the data of every frame; ``sphere`` is the opacity of the sphere in space in
    percent; ``perspective`` and ``turntable`` are about the camera in space; ``tool`` is what a drag does.

    Of features in more than three dimensions a ``projection`` is shown, to the plane or, with ``to_space``,
    to three dimensions. ``touring`` lets a tour move; ``first`` and ``second`` are the classes of a "pair".

    ``forces`` draws what the loss does to points, in the plane also as a field for features of
    ``force_class``, and with ``force_detached`` as if the margin had no gradient.
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
    forces: bool = False
    force_class: Annotated[int, Meta(ge=0)] | None = None
    force_detached: bool = False
    tool: FeatureTool = "move"
    projection: ProjectionKind = "tour"
    to_space: bool = False
    touring: bool = True
    first: Annotated[int, Meta(ge=0)] = 0
    second: Annotated[int, Meta(ge=0)] = 1


class TrailLines(Struct, frozen=True, eq=False):
    """Past positions of selected points: ``positions`` (f, k, d), the oldest first, the last as shown now.

    ``colors`` (k,) are 0xffRRGGBB; k of the ``chosen`` points have a line. ``whole`` are the positions before
    a projection.
    """

    positions: Floats
    colors: Colors
    chosen: int
    whole: Floats


class Whole(Struct, frozen=True, eq=False):
    """Points (m, d) and learned centres (C, d) in all their dimensions, of which a projection is shown."""

    points: Floats
    centers: Floats | None


class Content(Struct, frozen=True, eq=False):
    """Points in drawing order, with their marks; all at unit length where ``normalized``.

    Attributes
    ----------
    points : (m, d)
        Finite features, or their coordinates where a projection is shown: d = 2 or 3 in any case.
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
    projection : Projection or None
        What leads from the features to ``points``, ``means``, ``centers`` and ``trail``; None where they are
        shown as they are. ``weight`` has all dimensions: see `weight_arrows`.
    whole : Whole or None
        What is projected.
    wrong, given : (k,)
        Indices of the points that are trained with a wrong label, and that label.
    unseparated : tuple of int
        The `classes_near_origin`; between two frames, those of the frame before.
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
    projection: Projection | None = None
    whole: Whole | None = None
    wrong: Rows = NOTHING
    given: Rows = NOTHING
    unseparated: tuple[int, ...] = ()

    @property
    def kind(self) -> tuple[object, ...]:
        """Key; contents with equal keys may show each other's regions until their own are computed."""
        sides = None if self.projection is None else (self.projection.kind, self.projection.sides)
        return self.snapshot.config.loss.name, self.snapshot.probe.num_classes, self.normalized, sides

    @property
    def labels(self) -> Labels:
        """The class (m,) of each point."""
        return self.snapshot.probe.labels[self.rows]

    def shown(self, vectors: Floats) -> Floats:
        """Return where vectors (…, d) are seen: their coordinates (…, k) in the projection, if there is one.

        It is linear, so that differences of features, such as forces, are projected like features.
        """
        return vectors if self.projection is None else self.projection.apply(vectors)

    def feature(self, place: int) -> Floats:
        """Return the feature (d,) of a point, in all its dimensions."""
        vector: Floats = (self.points if self.whole is None else self.whole.points)[place]
        return vector


def shown_rows(probe: ProbeSet, options: FeatureOptions, left_out: frozenset[int]) -> Rows:
    """Return the rows to show, without classes ``left_out``; training images first, below test images."""
    shown = ~np.isin(probe.labels, list(left_out))
    wanted = ((TRAIN, options.train), (TEST, options.test))
    return np.concatenate(
        [np.flatnonzero(shown & (probe.split == split) & on) for split, on in wanted], dtype=np.intp
    )


ProjectionOf = Callable[[Floats, Labels], Projection]
"""Returns the projection in which to show features (m, d) of classes (m,)."""


def content_of(
    snapshot: Snapshot,
    rows: Rows,
    coloring: Coloring,
    chosen: Mask,
    normalized: bool = False,
    projection_of: ProjectionOf | None = None,
    unseparated: tuple[int, ...] = (),
) -> Content:
    """Return what to draw of ``rows`` of a snapshot, without features that are not finite.

    ``coloring`` and ``chosen`` have an entry for each image of the snapshot. Without ``projection_of``,
    features are shown as they are.
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
    labels, whole, projection = probe.labels[rows], None, None
    if projection_of is not None:
        whole, projection = Whole(points, centers), projection_of(points, labels)
        points = projection.apply(points)
        centers = None if centers is None else projection.apply(centers)
    stress = stress_of(snapshot)
    wrong = NOTHING if stress is None else np.flatnonzero(stress.wrong[rows])
    return Content(
        snapshot=snapshot,
        normalized=normalized,
        points=points,
        rows=rows,
        colors=coloring.level[rows],
        table=coloring.table,
        mode=coloring.mode,
        chosen=np.flatnonzero(chosen[rows]),
        means=class_means(points, labels, probe.num_classes),
        centers=centers,
        weight=weight,
        weight_labels=weight_labels,
        equal_weights=not head.kind.weight_lengths_count,
        hollow=~probe.judged[rows] if probe.unseen else None,
        wrong=wrong,
        given=NOTHING if stress is None else stress.given[rows[wrong]],
        projection=projection,
        whole=whole,
        unseparated=unseparated,
    )


def turned(content: Content, projection: Projection) -> Content:
    """Return a content of projected features in another projection: nothing but places is computed."""
    whole, trail = content.whole, content.trail
    if whole is None:
        return content
    points = projection.apply(whole.points)
    return replace(
        content,
        projection=projection,
        points=points,
        means=class_means(points, content.labels, content.snapshot.probe.num_classes),
        centers=None if whole.centers is None else projection.apply(whole.centers),
        trail=None if trail is None else replace(trail, positions=projection.apply(trail.whole)),
    )


def _weight_arrows_of(snapshot: Snapshot, rows: Floats | None) -> tuple[Floats | None, tuple[int, ...]]:
    """Return the class weights (K, d) to draw, and their classes (K,); none where training has diverged."""
    if rows is None:
        return None, ()
    probe = snapshot.probe
    labels = row_labels(len(rows), probe.num_classes)
    if probe.unseen:
        trained = np.isin(labels, probe.trained)
        rows, labels = rows[trained], labels[trained]
    return (rows, tuple(labels.tolist())) if np.isfinite(rows).all() else (None, ())


def weight_arrows(content: Content) -> Floats:
    """Return the class weights (K, d), scaled so that the longest, or all, have length 1, as they are seen.

    Their lengths are those in all dimensions: an arrow is short where its weight lies across the projection.
    """
    if content.weight is None:
        return np.zeros((0, content.points.shape[1]), np.float32)
    weight = content.weight
    lengths = np.linalg.norm(weight, axis=1, keepdims=True)
    scale = lengths if content.equal_weights else np.full_like(lengths, lengths.max(initial=0))
    return content.shown(np.divide(weight, scale, out=np.zeros_like(weight), where=scale > 0))
