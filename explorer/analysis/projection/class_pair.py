"""Projection that separates two classes: the normal of their border, and the leading direction across it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.references import class_means
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.plane.geometry import Division, Rectangle, Region
from explorer.analysis.projection.principal import principal_axes
from explorer.analysis.projection.projection import Projection, Sides, aligned, orthonormal

_Row = tuple[NDArray[np.float64], float]


def pair_projection(
    snapshot: Snapshot,
    pair: tuple[int, int],
    points: Floats,
    labels: NDArray[np.integer],
    count: int,
    *,
    on_unit: bool,
    before: NDArray[np.floating] | None = None,
) -> Projection:
    """Return the projection (d, count) whose first axis is the normal of the border of two classes.

    It points to the first class. The others are the leading principal components, perpendicular to it, of
    the points of both classes. Where the scores of the two are not linear, the normal is the difference of
    their means, and no border is known.

    Parameters
    ----------
    snapshot : Snapshot
        Its classifier decides.
    pair : (int, int)
    points, labels : (n, d), (n,)
        The features shown, at unit length if ``on_unit``, and their classes.
    count : int
        2 or 3.
    before : (d, count), optional
        Axes of the frame before, which all but the first are turned to.
    """
    normal, border = _border(snapshot, pair, on_unit=on_unit)
    if normal is None:
        means = class_means(points, labels.astype(np.int32), snapshot.probe.num_classes)
        normal = means[pair[0]].astype(np.float64) - means[pair[1]]
    axis = orthonormal(normal[:, None], principal_axes(points, count))
    both = points[(labels == pair[0]) | (labels == pair[1])]
    rest = principal_axes(both if len(both) > count else points, count - 1, axis)
    earlier = None if before is None or before.shape[1] != count else before[:, 1:]
    axes = np.concatenate([axis, aligned(rest, earlier)], axis=1).astype(np.float32)
    sides = None if border is None else Sides(*pair, border)
    return Projection("pair", axes, sides=sides)


def side_regions(sides: Sides, view: Rectangle) -> Division:
    """Return the parts of a view on both sides of the border between two classes."""
    border = min(max(sides.border, view.left), view.right)
    parts = []
    for label, left, right in ((sides.second, view.left, border), (sides.first, border, view.right)):
        if right > left:
            corners = np.array(Rectangle(left, view.bottom, right, view.top).corners)
            ends = np.array([(border, view.bottom), (border, view.top)])
            parts.append(Region(label, corners, (ends,) if view.left < border < view.right else ()))
    return Division(parts, [])


def _border(
    snapshot: Snapshot, pair: tuple[int, int], *, on_unit: bool
) -> tuple[NDArray[np.float64] | None, float | None]:
    """Return the normal (d,) of the border between two classes, and where it is along the unit normal.

    Scores are s·x + o, of x/‖x‖ for some classifiers. There the border is a plane if the offsets agree; if
    they do not, only among features at unit length. None where scores have squares or several rows a class.
    """
    form = head_of(snapshot).form()
    if form is None or form.squares is not None:
        return None, None
    rows: list[_Row] = []
    for label in pair:
        places = np.flatnonzero(form.labels == label)
        if len(places) != 1:
            return None, None
        rows.append((form.slopes[places[0]], float(form.offsets[places[0]])))
    normal = rows[0][0] - rows[1][0]
    length, offset = float(np.linalg.norm(normal)), rows[0][1] - rows[1][1]
    if not np.isfinite(length) or length == 0:
        return None, None
    plain = offset == 0 or form.on_unit == on_unit
    return normal, -offset / length if plain and np.isfinite(offset) else None
