"""Projector: chooses the projection in which features of more than three dimensions are shown."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import class_means
from explorer.analysis.frames.snapshot import Floats, Labels, Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.margins.class_pairs import chosen_pair
from explorer.analysis.projection.class_pair import pair_projection
from explorer.analysis.projection.principal import pca
from explorer.analysis.projection.projection import (
    Projection,
    total_variance,
)
from explorer.analysis.projection.tour import Tour, dragged
from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.gui.views.features.content import Content, FeatureOptions

_Axes = NDArray[np.floating]


def is_projected(snapshot: Snapshot) -> bool:
    """Return whether the features of a snapshot have too many dimensions to be shown as they are."""
    dimensions: int = snapshot.features.shape[1]
    return dimensions > FEW_DIMENSIONS


class ProjectionLook(Struct, frozen=True, eq=False):
    """The axes (d, k) of a picture, and whether a tour has moved there."""

    axes: Floats
    toured: bool


class Projector:
    """Keeps the axes from frame to frame, so that the picture does not flip, and where the tour is.

    Before a tour moves it shows principal components, as does a picture of a run in which none ever moved.
    """

    def __init__(self) -> None:
        self._axes: _Axes | None = None
        self._tour: Tour | None = None
        self._total = 0.0

    def projection_of(
        self, snapshot: Snapshot, points: Floats, labels: Labels, options: FeatureOptions
    ) -> Projection:
        """Return the projection in which to show features (m, d), at unit length or not as options say.

        Between two frames that of the frame before is kept.
        """
        dim, count = points.shape[1], 3 if options.to_space else 2
        if self._axes is not None and self._axes.shape != (dim, count):
            self._axes = self._tour = None
        between = snapshot.since is not None and self._axes is not None
        if not between:
            self._total = total_variance(points)
        projection = self._chosen(snapshot, points, labels, options, count)
        self._axes = projection.axes
        return projection.of_points(projection.apply(points), self._total)

    def move(self, content: Content, angle: float) -> Projection | None:
        """Return the projection of a tour that has turned by an angle in radians; None without a content."""
        tour = self._begun(content)
        if tour is None:
            return None
        tour.advance(angle, _anchors(content))
        return self._of_tour(tour, content)

    @property
    def look(self) -> ProjectionLook | None:
        """The axes that are shown, for another projector; None before there are any."""
        if self._axes is None:
            return None
        return ProjectionLook(self._axes.astype(np.float32), toured=self._tour is not None)

    def hold(self, content: Content, look: ProjectionLook, options: FeatureOptions) -> Projection | None:
        """Return the projection of a content turned like another picture: a tour goes on from there."""
        if content.whole is None or self._axes is None or self._axes.shape != look.axes.shape:
            return None
        self._axes, self._tour = look.axes, Tour(look.axes) if look.toured else None
        return self.projection_of(content.snapshot, content.whole.points, content.labels, options)

    def drag(self, content: Content, weight: int, to: tuple[float, float]) -> Projection | None:
        """Return the projection in which a class weight, at unit length, is seen at other coordinates."""
        tour = self._begun(content)
        if tour is None or content.weight is None:
            return None
        tour.hold(dragged(tour.frame, content.weight[weight], to))
        return self._of_tour(tour, content)

    def _chosen(
        self, snapshot: Snapshot, points: Floats, labels: Labels, options: FeatureOptions, count: int
    ) -> Projection:
        before, kind = self._axes, options.projection
        if kind != "tour":
            self._tour = None  # the next one goes on from what is shown until then
        elif self._tour is not None:
            return Projection(kind, self._tour.frame.astype(np.float32))
        pair = chosen_pair(options.first, options.second, snapshot.probe)
        if kind == "pair" and pair[0] != pair[1]:
            return pair_projection(
                snapshot, pair, points, labels, count, on_unit=options.normalized, before=before
            )
        if snapshot.since is not None and before is not None:
            axes = before.astype(np.float32)
        else:
            axes = pca(points, count, before).axes
        return Projection("pca", axes)

    def _begun(self, content: Content) -> Tour | None:
        if self._tour is None and self._axes is not None and content.whole is not None:
            self._tour = Tour(self._axes)
        return self._tour

    def _of_tour(self, tour: Tour, content: Content) -> Projection | None:
        if content.whole is None or content.whole.points.shape[1] != len(tour.frame):
            return None
        projection = Projection("tour", tour.frame.astype(np.float32))
        self._axes = projection.axes
        return projection.of_points(projection.apply(content.whole.points), self._total)


def _anchors(content: Content) -> Floats:
    """Return the class weights (K, d) that a tour goes along, or class means for a loss without any."""
    rows = head_of(content.snapshot).rows
    if rows is not None:
        return rows
    assert content.whole is not None
    return class_means(content.whole.points, content.labels, content.snapshot.probe.num_classes)
