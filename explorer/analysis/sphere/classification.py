"""The classifier of a snapshot on a sphere around the origin: decisions, margins and their borders."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.distinct import distinct
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.heads.head import Scores
from explorer.analysis.heads.registry import head_of
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.median import median
from explorer.analysis.plane.geometry import UNDECIDED

_NEXT = [1, 2, 0]
_ROUNDING = 1e-6
"""A margin missed by less counts as met: float32 directions are not more precise."""

Segments = NDArray[np.float32]
Corners = NDArray[np.float64]


class SphereClassification(Struct, frozen=True, eq=False):
    """The classes of n directions at one length.

    ``classes`` (K,) are those that can be predicted, or `UNDECIDED`; ``answers`` (n,) are indices into them,
    and ``deficits`` (K, n) the differences to the best score, 0 for the prediction. ``margin`` (n,) is the
    `TrainingMargin.slack` of samples of the predicted class, negative in the margin bands; None for a loss
    without a margin.
    """

    classes: NDArray[np.intp]
    answers: NDArray[np.intp]
    deficits: Floats
    margin: Floats | None

    @property
    def violates_margin(self) -> NDArray[np.bool_] | None:
        """Mask (n,) of directions in a margin band; None for a loss without a margin."""
        return None if self.margin is None else self.margin < 0

    def part(self, start: int, stop: int | None = None) -> SphereClassification:
        """Return the classes of the directions from ``start`` to ``stop``."""
        rows = slice(start, stop)
        margin = None if self.margin is None else self.margin[rows]
        return SphereClassification(self.classes, self.answers[rows], self.deficits[:, rows], margin)


SphereClassifier = Callable[[Floats], SphereClassification]
"""Takes directions (n, 3) of unit length."""


def classify_at(snapshot: Snapshot, length: float, *, bands: bool = True) -> SphereClassifier:
    """Return a function that classifies features of this ``length``, with margins if ``bands`` is set."""
    head = head_of(snapshot)
    margin = TrainingMargin.of(snapshot) if bands else None

    @np.errstate(invalid="ignore", over="ignore")
    def classify(directions: Floats) -> SphereClassification:
        points = directions * np.float32(length)
        columns = np.ascontiguousarray(head.scores(points).T)
        classes = np.flatnonzero(np.isfinite(columns).all(axis=1))
        if len(classes) < len(columns):
            columns = columns[classes]
        answers, best = _best(columns)
        slack = None
        if bands and len(classes) > 1:
            if margin is None:
                slack = head.training_slack(points, columns, classes, answers)
            else:
                slack = margin.slack(margin.scores(directions, classes[answers]), length)
        if head.kind.thresholded:
            answers[best <= 0] = len(classes)
            np.maximum(best, 0, out=best)
            columns = np.concatenate([columns, np.zeros((1, columns.shape[1]))])
            classes = np.append(classes, UNDECIDED)
        columns -= best
        return SphereClassification(
            classes,
            answers,
            columns.astype(np.float32),
            None if slack is None else (slack + _ROUNDING).astype(np.float32),
        )

    return classify


def typical_length(points: Floats) -> float:
    """Return the median length of the rows of ``points`` (n, d), 0 without any."""
    if not len(points):
        return 0.0
    return median(np.sqrt(np.einsum("nd,nd->n", points, points)))


def decision_lines(found: SphereClassification, fineness: int) -> Segments:
    """Return the borders between decisions on a `mesh` as short arcs (m, 2, 3), given by their ends."""
    answers, deficits = found.answers, found.deficits

    def share(start: NDArray[np.intp], end: NDArray[np.intp]) -> Floats:
        low, high = deficits[answers[end], start], deficits[answers[start], end]
        total = low + high
        result: Floats = np.divide(low, total, out=np.full_like(total, 0.5), where=total < 0)
        return result

    return _arcs(answers, share, fineness)


def margin_lines(found: SphereClassification, fineness: int) -> Segments:
    """Return the edges of the margin bands on a `mesh`, as `decision_lines` does."""
    margin = found.margin
    if margin is None:
        return np.zeros((0, 2, 3), dtype=np.float32)

    def share(start: NDArray[np.intp], end: NDArray[np.intp]) -> Floats:
        return margin[start] / (margin[start] - margin[end])

    return _arcs(margin < 0, share, fineness)


@cache
def _columns(fineness: int) -> NDArray[np.intp]:
    """Return the corners (3, m) of the triangles of a `mesh`, each column in one piece."""
    return np.ascontiguousarray(mesh(fineness)[1].T)


@cache
def mesh(fineness: int) -> tuple[Floats, NDArray[np.intp]]:
    """Return evenly spaced directions (n, 3), and the triangles (m, 3) they form.

    About 63° / 2^``fineness`` apart: 2,562 of them at a fineness of 4, 10,242 at 5.
    """
    points, faces = _icosahedron()
    for _ in range(fineness):
        points, faces = _subdivided(points, faces)
    return points.astype(np.float32), faces


def _icosahedron() -> tuple[Corners, NDArray[np.intp]]:
    """Return the 12 corners (12, 3) of an icosahedron on the unit sphere, and its triangles (20, 3)."""
    golden = (1 + 5**0.5) / 2
    first = np.array([[0, a, b * golden] for a in (-1, 1) for b in (-1, 1)])
    points = np.concatenate([first, np.roll(first, 2, axis=1), np.roll(first, 1, axis=1)])
    # Corners are an edge apart, 2, or farther than 3: three that are an edge apart are a triangle.
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    near = (apart > 0) & (apart < 2.1)
    faces = [(i, j, k) for i, j, k in combinations(range(12), 3) if near[i, j] and near[j, k] and near[i, k]]
    return points / np.linalg.norm(points, axis=1, keepdims=True), np.array(faces)


def _subdivided(points: Corners, faces: NDArray[np.intp]) -> tuple[Corners, NDArray[np.intp]]:
    """Return a mesh with each triangle of ``points`` (n, 3) and ``faces`` (m, 3) cut into four."""
    low, high = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1).T
    # Two triangles share an edge: its middle becomes one new point.
    edges = low * len(points) + high
    single = distinct(edges)
    where = np.searchsorted(single, edges)
    middles = points[np.stack(np.divmod(single, len(points)), axis=1)].mean(axis=1)
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    ab, bc, ca = where.reshape(3, -1) + len(points)
    a, b, c = faces.T
    quarters = (a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)
    return (
        np.concatenate([points, middles]),
        np.concatenate([np.stack(corners, axis=1) for corners in quarters]),
    )


def _best(columns: Scores) -> tuple[NDArray[np.intp], Scores]:
    """Return for scores (K, n) the place of the best and the best, each (n,).

    Ten passes over long rows are several times as fast as NumPy's reductions of short ones.
    """
    answers = np.zeros(columns.shape[1], dtype=np.intp)
    best = np.full(columns.shape[1], -np.inf)
    for place, column in enumerate(columns):
        np.copyto(answers, place, where=column > best)
        np.maximum(best, column, out=best)
    return answers, best


def _arcs(
    kinds: NDArray[np.intp] | NDArray[np.bool_],
    share: Callable[[NDArray[np.intp], NDArray[np.intp]], Floats],
    fineness: int,
) -> Segments:
    """Return the lines between corners of a `mesh` that differ in their ``kinds`` (n,).

    A line joins the crossed sides of a triangle; where all three are crossed, three lines meet in the middle.
    ``share`` returns how far along its side a crossing is, for the corners (m,) at the two ends of each.
    """
    points, corners = mesh(fineness)[0], _columns(fineness)
    own = kinds.take(corners)
    mixed = np.flatnonzero((own[0] != own[1]) | (own[0] != own[2]))
    own, corners = own.take(mixed, axis=1), corners.take(mixed, axis=1)
    # Triangle by triangle, so that the two crossings of one are neighbours.
    crossed = (own != own[_NEXT]).T
    sides = np.flatnonzero(crossed)
    start, end = (ends.T.ravel().take(sides) for ends in (corners, corners[_NEXT]))
    along = share(start, end).astype(np.float32)[:, None]
    places = points.take(start, axis=0) * (1 - along) + points.take(end, axis=0) * along
    threes = crossed.all(axis=1)
    if threes.any():
        corner = np.repeat(threes, 3)[sides]
        thirds = places[corner].reshape(-1, 3, 3)
        middles = np.repeat(thirds.mean(axis=1, keepdims=True), 3, axis=1)
        places = np.concatenate([places[~corner], np.stack([thirds, middles], axis=2).reshape(-1, 3)])
    places /= np.sqrt(np.einsum("nd,nd->n", places, places))[:, None]
    return places.reshape(-1, 2, 3)
