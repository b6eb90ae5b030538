"""Density of the images of each class in the plane: contours that contain a fraction of them."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Labels
from explorer.analysis.plane.contours import closed_contours

SHARES = (0.9, 0.5)
"""Fractions of the images of a class inside a contour."""
FEWEST = 20
"""Least number of images of a class for a density."""

_SIDE = 56
"""Cells of the grid of a class in each direction."""
_REACH = 6.0
"""Half the side of the grid in standard deviations; points beyond it are outside all contours."""
_USUAL = 3.0
"""Standard deviations within which features determine the grid."""
_SHARPNESS = 0.8
"""Bandwidth of the smoothing as a fraction of Scott's rule: clusters are rarely normal."""
_FLAT = 1e-4
"""Least width of a cluster, as a fraction of its length."""


class DensityContour(Struct, frozen=True, eq=False):
    """A closed line (k, 2) of one class; the lines of a ``share`` contain that fraction of the class."""

    label: int
    share: float
    line: NDArray[np.float64]


def density_contours(points: Floats, labels: Labels, num_classes: int) -> list[DensityContour]:
    """Return the contours of the highest density regions of ``points`` (n, 2), finite, by their ``labels``.

    The density of a class is a histogram along its own axes, smoothed by a normal kernel with Scott's
    bandwidth; the level that holds a share of the class is the quantile of the densities at its points
    (Hyndman 1996, doi 10.1080/00031305.1996.10474359). Classes of fewer than `FEWEST` points have none.
    """
    counts = np.bincount(labels, minlength=num_classes)
    classes = np.flatnonzero(counts >= FEWEST)
    if not len(classes):
        return []
    place_of = np.full(num_classes, -1)
    place_of[classes] = np.arange(len(classes))
    group = place_of[labels]
    if len(classes) < np.count_nonzero(counts):
        points, group = points[group >= 0], group[group >= 0]
    places, centres, axes = _standardized(points.T.astype(np.float64), group, len(classes))
    step = 2 * _REACH / (_SIDE - 1)
    cells = (places + _REACH) / step
    inner = (cells.min(axis=0) > 1) & (cells.max(axis=0) < _SIDE - 2)
    fields = _smoothed(cells[:, inner], group[inner], counts[classes], step)
    heights = np.zeros(len(group))
    heights[inner] = _heights(fields, cells[:, inner], group[inner])
    levels = _levels(heights, group, len(classes))
    which, share = np.nonzero(levels > 0)  # a level of zero would take in what lies beyond the grid
    found = []
    for contour in closed_contours(fields[which], levels[which, share]):
        own = which[contour.field]
        line = (contour.line * step - _REACH) @ axes[own].T + centres[own]
        found.append(DensityContour(int(classes[own]), SHARES[share[contour.field]], line))
    return found


def _standardized(
    points: NDArray[np.float64], group: NDArray[np.intp], groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return points (2, n) in units of their group's spread, and its centre (g, 2) and axes (g, 2, 2).

    Axes are computed twice, the second time without the outliers of the first.
    """
    of, some = group, points
    for _ in range(2):
        count = np.maximum(np.bincount(of, minlength=groups), 1)
        x, y = some
        centres = np.stack([np.bincount(of, each, minlength=groups) / count for each in some])
        x, y = some - centres[:, of]
        products = (x * x, x * y, y * y)
        axes = _roots(*(np.bincount(of, product, minlength=groups) / count for product in products))
        (a, b), (c, d) = np.moveaxis(np.linalg.inv(axes), 0, 2)
        x, y = points - centres[:, group]
        places = np.stack([a[group] * x + b[group] * y, c[group] * x + d[group] * y])
        within = np.abs(places).max(axis=0) < _USUAL
        of, some = group[within], points[:, within]
    return places, centres.T, axes


def _roots(xx: NDArray[np.float64], xy: NDArray[np.float64], yy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return axes (g, 2, 2) in columns, as long as the spread along them and at right angles."""
    values, vectors = np.linalg.eigh(np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2))
    spread = np.sqrt(np.maximum(values, 0))
    longest = spread[:, 1:]
    spread = np.where(longest > 0, np.maximum(spread, _FLAT * longest), 1.0)
    result: NDArray[np.float64] = vectors * spread[:, None, :]
    return result


def _smoothed(
    cells: NDArray[np.float64], group: NDArray[np.intp], counts: NDArray[np.intp], step: float
) -> NDArray[np.float64]:
    """Return the density (g, side, side) of each group, in rows along its second axis; zero at the border."""
    column, row = np.round(cells).astype(np.intp)
    flat = (group * _SIDE + row) * _SIDE + column
    histogram = np.bincount(flat, minlength=len(counts) * _SIDE**2).reshape(-1, _SIDE, _SIDE)
    bandwidth = _SHARPNESS * counts ** (-1 / 6) / step
    apart = np.subtract.outer(np.arange(_SIDE), np.arange(_SIDE))
    kernel = np.exp(-0.5 * (apart / bandwidth[:, None, None]) ** 2)
    fields: NDArray[np.float64] = kernel @ histogram.astype(np.float64) @ kernel
    fields[:, [0, -1]] = 0
    fields[:, :, [0, -1]] = 0
    return fields


def _heights(
    fields: NDArray[np.float64], cells: NDArray[np.float64], group: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the density (n,) at points of a grid (2, n), blended from the four corners around each."""
    corner = cells.astype(np.intp)
    (u, v), (column, row) = cells - corner, corner
    flat, first = fields.ravel(), (group * _SIDE + row) * _SIDE + column
    below = flat[first] + u * (flat[first + 1] - flat[first])
    first += _SIDE
    above = flat[first] + u * (flat[first + 1] - flat[first])
    result: NDArray[np.float64] = below + v * (above - below)
    return result


def _levels(heights: NDArray[np.float64], group: NDArray[np.intp], groups: int) -> NDArray[np.float64]:
    """Return the level (g, shares) above which each share of a group lies."""
    rows = []
    for each in range(groups):
        own = heights[group == each]
        ranks = [round((1 - share) * (len(own) - 1)) for share in SHARES]
        rows.append(np.partition(own, ranks)[ranks])
    return np.array(rows)
