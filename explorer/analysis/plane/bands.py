"""Margin bands: where a sample is classified correctly at test time, but misses the margin of its loss.

In most losses the margin depends on direction alone, and bands are wedges within those of the classes. Where
it changes with the length of the feature, the edges of bands bend: `length_bands`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.margins.training_margin import TrainingMargin, TrainingScores
from explorer.analysis.plane.geometry import FULL_TURN, UNDECIDED
from explorer.analysis.plane.roots import crossings
from explorer.analysis.plane.wedges import Wedge

Numbers = NDArray[np.float64]

_FEWEST_STEPS, _MOST_STEPS = 8, 32
_STEPS_IN_ALL = 400
_MOST_TURNS = 4
"""Turns of the slack within a wedge that are looked at beside the even steps, of each kind."""
_JUST_INSIDE = 1e-9
"""Share of a wedge beyond its edges, which are ties at test time, where the answer is the one that counts."""


class Directions(Struct, frozen=True, eq=False):
    """Directions ``angles`` (W, S) in radians, rising in each of W wedges, and the scores of samples there.

    The samples are of the classes ``labels`` (W,) of the wedges. ``scores`` has arrays (W, S), except
    ``others`` (W, S, 1), which holds only the greatest logit of another class.
    """

    labels: NDArray[np.intp]
    angles: Numbers
    scores: TrainingScores


def margin_bands(wedges: Sequence[Wedge], margin: TrainingMargin) -> list[Wedge]:
    """Return the bands of every class for a margin that depends on direction alone, anticlockwise in each.

    Parameters
    ----------
    wedges : sequence of Wedge
        Where each class is the answer at test time.
    margin : TrainingMargin
        With rows (K, 2).

    Returns
    -------
    list of Wedge
        Inside ``wedges``; the whole wedge where the margin cannot be met. Edges are exact. Each wedge is
        sampled at 8 to 32 directions: a band within a wedge that is narrower than their distance, and touches
        neither the edges of the wedge nor a turn of the slack, may be missed.
    """
    wedges = [wedge for wedge in wedges if wedge.label != UNDECIDED]
    if not wedges:
        return []
    found = directions_of(wedges, margin)
    slack = margin.slack(found.scores)
    failing = slack < 0
    which, step = np.nonzero(failing[:, 1:] != failing[:, :-1])
    labels = found.labels[which]
    roots = crossings(
        lambda angles: margin.slack(margin.scores(on_circle(angles), labels)),
        found.angles[which, step],
        found.angles[which, step + 1],
        slack[which, step],
        slack[which, step + 1],
    )
    bands = []
    for i, wedge in enumerate(wedges):
        edges = [wedge.start, *roots[which == i].tolist(), wedge.end]
        first = 0 if failing[i, 0] else 1
        bands += [Wedge(wedge.label, edges[k], edges[k + 1]) for k in range(first, len(edges) - 1, 2)]
    return [band for band in bands if band.end > band.start]


#  slack
#    |        /\               _____        The slack of samples of a wedge's class has turns: peaks at rows
#    |       /  \    /\       /              of that class, and kinks where one rival takes over from another.
#  0 |------/----\--/--\-----/-------        A dip below zero narrower than an even step, as in the middle,
#    |     /      \/    \___/                 would be missed by the even steps alone: both its edges lie
#    +----|---|---|---|---|---|-----  angle   between the same two. So the turns are set in among them.


def directions_of(wedges: Sequence[Wedge], margin: TrainingMargin) -> Directions:
    """Return an even grid of directions in each of W ``wedges``, including the turns of the slack."""
    labels = np.array([wedge.label for wedge in wedges])
    grid = _even_grid(wedges)
    scores = _scores(margin, grid, labels)
    turns = np.concatenate([_own_rows(grid, margin, labels), _takeovers(grid, scores)], axis=1)
    # Where a wedge has fewer turns than there is room for, its first direction once more changes nothing.
    turns = np.where(np.isnan(turns), grid[:, :1], turns)
    more = _scores(margin, turns, labels)
    angles = np.concatenate([grid, turns], axis=1)
    order = np.argsort(angles, axis=1)

    def merged(first: Numbers, second: Numbers) -> Numbers:
        return np.take_along_axis(np.concatenate([first, second], axis=1), order, axis=1)

    return Directions(
        labels,
        np.take_along_axis(angles, order, axis=1),
        TrainingScores(
            merged(scores.theta, more.theta),
            merged(scores.gain, more.gain),
            merged(scores.others.max(axis=-1), more.others.max(axis=-1))[..., None],
        ),
    )


def _even_grid(wedges: Sequence[Wedge]) -> Numbers:
    """Return directions (W, S) evenly along each wedge, the first and the last just inside of it."""
    start = np.array([wedge.start for wedge in wedges])
    width = np.array([wedge.end - wedge.start for wedge in wedges])
    steps = max(_FEWEST_STEPS, min(_MOST_STEPS, _STEPS_IN_ALL // len(wedges)))
    shares = np.linspace(0, 1, steps + 1)
    shares[[0, -1]] = _JUST_INSIDE, 1 - _JUST_INSIDE
    return start[:, None] + width[:, None] * shares


def _own_rows(grid: Numbers, margin: TrainingMargin, labels: NDArray[np.intp]) -> Numbers:
    """Return the directions (W, `_MOST_TURNS`) of rows of its class that lie within each wedge, then NaN.

    ``grid`` (W, S) has directions from one end of each wedge to the other, ``labels`` (W,) its class.
    """
    start, end = grid[:, :1], grid[:, -1:]
    rows = np.arctan2(margin.rows[:, 1], margin.rows[:, 0])
    ahead = start + (rows - start) % FULL_TURN
    wedge, row = np.nonzero((labels[:, None] == margin.labels) & (ahead < end))
    return _in_columns(wedge, ahead[wedge, row], len(grid))


def _takeovers(grid: Numbers, scores: TrainingScores) -> Numbers:
    """Return about where (W, `_MOST_TURNS`) another row becomes the greatest rival in a wedge, then NaN.

    ``scores`` is that of directions ``grid`` (W, S). Between two of them, the lead of the old rival over the
    new one is treated as linear.
    """
    rivals = scores.others.argmax(axis=-1)
    wedge, step = np.nonzero(rivals[:, 1:] != rivals[:, :-1])
    before, after = rivals[wedge, step], rivals[wedge, step + 1]
    ahead = scores.others[wedge, step, before] - scores.others[wedge, step, after]
    behind = scores.others[wedge, step + 1, after] - scores.others[wedge, step + 1, before]
    share = ahead / np.maximum(ahead + behind, 1e-300)
    turns = grid[wedge, step] + share * (grid[wedge, step + 1] - grid[wedge, step])
    return _in_columns(wedge, turns, len(grid))


def _in_columns(wedge: NDArray[np.intp], angles: Numbers, count: int) -> Numbers:
    """Return the first `_MOST_TURNS` of ``angles`` (k,) of each of ``count`` wedges as its row, NaN after."""
    place = rank_in_groups(wedge)
    fits = place < _MOST_TURNS
    columns = np.full((count, _MOST_TURNS), np.nan)
    columns[wedge[fits], place[fits]] = angles[fits]
    return columns


def _scores(margin: TrainingMargin, angles: Numbers, labels: NDArray[np.intp]) -> TrainingScores:
    return margin.scores(on_circle(angles), np.broadcast_to(labels[:, None], angles.shape))


def rank_in_groups(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the place of each of ``groups`` (n,), which rise, among those that are equal."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups)


def on_circle(angles: Numbers) -> Numbers:
    """Return the points (…, 2) at ``angles`` (…) on the unit circle."""
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)
