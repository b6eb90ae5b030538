"""Brute force against regions and bands of the plane: which points lie where, and which lie near a border."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from explorer.analysis.plane.geometry import UNDECIDED, Rectangle, Region

POINTS = 10_000
SIDE = 900
"""Pixels along a side of the view."""
VIEWS = {
    "around the origin": Rectangle(-40, -40, 40, 40),
    "origin at the edge": Rectangle(-3, 2, 77, 82),
    "far": Rectangle(-190, 110, -110, 190),
    "deep": Rectangle(12.0, -9.04, 12.08, -8.96),
    "deep at the origin": Rectangle(-0.03, -0.05, 0.05, 0.03),
    "wide": Rectangle(-4e4, -4e4, 4e4, 4e4),
}
Answer = Callable[[np.ndarray], np.ndarray]


def pixel_of(view: Rectangle) -> float:
    return (view.right - view.left) / SIDE


def scattered(view: Rectangle, seed: int = 5) -> np.ndarray:
    shares = np.random.default_rng(seed).uniform(size=(POINTS, 2))
    return (view.left, view.bottom) + shares * (view.right - view.left, view.top - view.bottom)


def winding(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How often a closed polygon goes around each point."""
    result = np.zeros(len(points), dtype=int)
    near = np.flatnonzero(((points >= polygon.min(axis=0)) & (points <= polygon.max(axis=0))).all(axis=1))
    for some in np.array_split(near, 1 + len(near) * len(polygon) // 1_000_000):
        x, y = points[some, 0, None], points[some, 1, None]
        (x0, y0), (x1, y1) = polygon.T, np.roll(polygon, -1, axis=0).T
        left = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        up, down = (y0 <= y) & (y1 > y) & (left > 0), (y0 > y) & (y1 <= y) & (left < 0)
        result[some] = up.sum(axis=1) - down.sum(axis=1)
    return result


def covered(regions: Sequence[Region], points: np.ndarray, classes: int) -> np.ndarray:
    """In how many regions of each class a point lies, (n, classes + 1), the last column for undecided."""
    result = np.zeros((len(points), classes + 1), dtype=int)
    for region in regions:
        if len(region.polygon):
            result[:, region.label] += winding(region.polygon, points) != 0
    return result


def inland(answer: Answer, points: np.ndarray, view: Rectangle) -> np.ndarray:
    """Whether the answer is the same a pixel away in all directions."""
    here = answer(points)
    turns = np.arange(8) * np.pi / 4
    around = pixel_of(view) * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return np.all([answer(points + shift) == here for shift in around], axis=0)


def assert_regions(regions: Sequence[Region], answer: Answer, view: Rectangle, classes: int) -> None:
    """Each point lies in the regions of the class that ``answer`` gives, and of that alone."""
    points = scattered(view)
    clear = inland(answer, points, view)
    assert clear.mean() > 0.6
    wanted = np.zeros((len(points), classes + 1), dtype=bool)
    wanted[np.arange(len(points)), answer(points)] = True
    found = covered(regions, points, classes)
    np.testing.assert_array_equal((found > 0)[clear], wanted[clear])
    for region in regions:
        assert region.label == UNDECIDED or 0 <= region.label < classes


def assert_bands(bands: Sequence[Region], answer: Answer, view: Rectangle, classes: int) -> None:
    """Each point lies in a band of the class that ``answer`` gives, or in none where that is −1."""
    points = scattered(view)
    clear = inland(answer, points, view)
    assert clear.mean() > 0.6
    labels = answer(points)
    found = covered(bands, points, classes) > 0
    wanted = labels[:, None] == np.arange(classes + 1)
    np.testing.assert_array_equal(found[clear], wanted[clear])
