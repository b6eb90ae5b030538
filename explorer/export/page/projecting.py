"""What a page shows of features of more than three dimensions: one projection to three, for all frames."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.projection.principal import pca
from explorer.analysis.projection.projection import Projection, total_variance
from explorer.core.dimensions import FEW_DIMENSIONS

_DIMENSIONS = 3


class PageProjection(Struct, frozen=True, eq=False):
    """A projection of the features of a run, at unit length if ``on_unit``."""

    projection: Projection
    on_unit: bool

    @classmethod
    def of(cls, last: Snapshot, rows: NDArray[np.intp]) -> PageProjection | None:
        """Return the principal components of some rows of the last frame; None where all is shown.

        At unit length where only directions count for the classifier.
        """
        if last.features.shape[1] <= FEW_DIMENSIONS:
            return None
        on_unit = head_of(last).ignores_length
        points = last.features[rows]
        points = unit(points) if on_unit else points
        projection = pca(points, _DIMENSIONS)
        return cls(projection.of_points(projection.apply(points), total_variance(points)), on_unit)

    def apply(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the coordinates (n, 3) of features, class weights or centres (n, d)."""
        return self.projection.apply(unit(vectors) if self.on_unit else vectors)
