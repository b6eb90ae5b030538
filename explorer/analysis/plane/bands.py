"""Margin bands: where a sample is right at test time but not yet under the margin that its loss trains with.

In most losses the margin depends on direction alone, and bands are wedges within those of the classes. Where
it changes with the length of the feature, the edges of bands bend: there they are looked for along circles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.margins.training_margin import Contest, TrainingMargin
from explorer.analysis.plane.geometry import FULL_TURN, UNDECIDED, Rectangle, Region
from explorer.analysis.plane.roots import crossings
from explorer.analysis.plane.scan_strips import NO_KEY, Lines, Strip, refined, strips
from explorer.analysis.plane.wedges import Wedge

Numbers = NDArray[np.float64]

_FEWEST_STEPS, _MOST_STEPS = 8, 32
_STEPS_IN_ALL = 400
_MOST_TURNS = 4
"""Peaks of the slack within a wedge that are looked at beside the even steps."""
_JUST_INSIDE = 1e-9
"""Share of a wedge beyond its edges, which are ties at test time, where the answer is the one that counts."""
_CIRCLES = 48
_MOST_SPANS = 6
"""Bands that one class may have along a circle."""
_CLOSEST = 0.25
"""Pixels between circles up to which the place where bands meet is pinned down."""
_WIDEST_ARC = 0.25
_SAGITTA = 0.02
"""Pixels by which the chord of an arc may miss it."""


class _Looks(Struct, frozen=True, eq=False):
    """Directions ``angles`` (W, S) to look in, rising in each of W wedges, and what they come to."""

    labels: NDArray[np.intp]
    angles: Numbers
    contest: Contest


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
        Inside ``wedges``; all of a wedge where the margin cannot be met. Edges are exact; of a class' wedge a
        32nd is looked at at a time, with more than 12 classes a coarser part, and a band within a wedge that
        is narrower than that and touches neither its edges nor a turn of the slack may be missed.
    """
    wedges = [wedge for wedge in wedges if wedge.label != UNDECIDED]
    if not wedges:
        return []
    looks = _looks(wedges, margin)
    slack = margin.slack(looks.contest)
    failing = slack < 0
    which, step = np.nonzero(failing[:, 1:] != failing[:, :-1])
    labels = looks.labels[which]
    roots = crossings(
        lambda angles: margin.slack(margin.contest(_circle(angles), labels)),
        looks.angles[which, step],
        looks.angles[which, step + 1],
        slack[which, step],
        slack[which, step + 1],
    )
    bands = []
    for i, wedge in enumerate(wedges):
        edges = [wedge.start, *roots[which == i].tolist(), wedge.end]
        first = 0 if failing[i, 0] else 1
        bands += [Wedge(wedge.label, edges[k], edges[k + 1]) for k in range(first, len(edges) - 1, 2)]
    return [band for band in bands if band.end > band.start]


def length_bands(
    wedges: Sequence[Wedge], margin: TrainingMargin, view: Rectangle, pixel: float
) -> list[Region]:
    """Return the bands in a view for a margin that depends on the length of features too.

    Parameters
    ----------
    wedges, margin
        As for `margin_bands`.
    view : Rectangle
        What is visible.
    pixel : float
        Side of a pixel; edges are right to a part of it.
    """
    start, end, nearest, farthest = _polar(view)
    seen = [
        Wedge(wedge.label, low, high)
        for wedge in wedges
        for turn in (-FULL_TURN, 0.0, FULL_TURN)
        if (low := max(wedge.start + turn, start)) < (high := min(wedge.end + turn, end))
        and wedge.label != UNDECIDED
    ]
    if not seen:
        return []
    looks = _looks(seen, margin)
    corners = [length for length in margin.lengths if nearest < length < farthest]
    lengths = np.unique([*np.linspace(nearest, farthest, _CIRCLES), *corners])
    lines = refined(
        lambda at: _along(looks, margin, seen, at), _along(looks, margin, seen, lengths), _CLOSEST * pixel
    )
    found = []
    for i, wedge in enumerate(seen):
        mine = slice(i * _MOST_SPANS, (i + 1) * _MOST_SPANS)
        own = Lines(lines.v, lines.keys[:, mine], lines.start[:, mine], lines.end[:, mine])
        for strip in strips(own):
            found.append(Region(wedge.label, _bent(strip, farthest, pixel), convex=False))
    return found


def _looks(wedges: Sequence[Wedge], margin: TrainingMargin) -> _Looks:
    """Return an even grid of directions, with the turns of the slack in each wedge set in.

    The slack peaks at the rows of the own class, and where one other row takes over from another.
    """
    labels = np.array([wedge.label for wedge in wedges])
    start = np.array([wedge.start for wedge in wedges])
    width = np.array([wedge.end - wedge.start for wedge in wedges])
    steps = max(_FEWEST_STEPS, min(_MOST_STEPS, _STEPS_IN_ALL // len(wedges)))
    shares = np.linspace(0, 1, steps + 1)
    shares[[0, -1]] = _JUST_INSIDE, 1 - _JUST_INSIDE
    grid = start[:, None] + width[:, None] * shares
    contest = _contest(margin, grid, labels)
    extra = np.repeat(grid[:, :1], 2 * _MOST_TURNS, axis=1)
    rows = np.arctan2(margin.rows[:, 1], margin.rows[:, 0])
    own = start[:, None] + (rows - start[:, None]) % FULL_TURN
    which, row = np.nonzero((labels[:, None] == margin.labels) & (own < grid[:, -1:]))
    place = _rank(which)
    fits = place < _MOST_TURNS
    extra[which[fits], place[fits]] = own[which[fits], row[fits]]
    rivals = contest.others.argmax(axis=-1)
    which, step = np.nonzero(rivals[:, 1:] != rivals[:, :-1])
    before, after = rivals[which, step], rivals[which, step + 1]
    ahead = contest.others[which, step, before] - contest.others[which, step, after]
    behind = contest.others[which, step + 1, after] - contest.others[which, step + 1, before]
    share = ahead / np.maximum(ahead + behind, 1e-300)
    place = _rank(which)
    fits = place < _MOST_TURNS
    turns = grid[which, step] + share * (grid[which, step + 1] - grid[which, step])
    extra[which[fits], _MOST_TURNS + place[fits]] = turns[fits]
    more = _contest(margin, extra, labels)
    angles = np.concatenate([grid, extra], axis=1)
    order = np.argsort(angles, axis=1)
    return _Looks(
        labels,
        np.take_along_axis(angles, order, axis=1),
        Contest(
            np.take_along_axis(np.concatenate([contest.theta, more.theta], axis=1), order, axis=1),
            np.take_along_axis(np.concatenate([contest.gain, more.gain], axis=1), order, axis=1),
            np.take_along_axis(
                np.concatenate([contest.others, more.others], axis=1), order[..., None], axis=1
            ),
        ),
    )


def _contest(margin: TrainingMargin, angles: Numbers, labels: NDArray[np.intp]) -> Contest:
    return margin.contest(_circle(angles), np.broadcast_to(labels[:, None], angles.shape))


def _along(looks: _Looks, margin: TrainingMargin, wedges: Sequence[Wedge], lengths: Numbers) -> Lines:
    """Return the bands along circles of these ``lengths`` (n,): `_MOST_SPANS` columns for each wedge.

    A key tells how the band lies in its wedge: at its start, at its end, both, or neither.
    """
    contest, count = looks.contest, len(lengths)
    slack = margin.slack_over(
        contest.theta[None], contest.gain[None], contest.others.max(axis=-1)[None], lengths[:, None, None]
    )
    failing = slack < 0
    line, which, step = np.nonzero(failing[..., 1:] != failing[..., :-1])
    labels, norms = looks.labels[which], lengths[line]
    roots = crossings(
        lambda angles: margin.slack(margin.contest(_circle(angles), labels), norms),
        looks.angles[which, step],
        looks.angles[which, step + 1],
        slack[line, which, step],
        slack[line, which, step + 1],
    )
    shape = (count, len(wedges), 2 * _MOST_SPANS)
    edges = np.full(shape, np.nan)
    first = failing[..., 0].astype(np.intp)
    edges[..., 0][first == 1] = np.broadcast_to([wedge.start for wedge in wedges], first.shape)[first == 1]
    group = line * len(wedges) + which
    place = first[line, which] + _rank(group)
    fits = place < 2 * _MOST_SPANS
    edges[line[fits], which[fits], place[fits]] = roots[fits]
    used = np.isfinite(edges).sum(axis=2)
    open_end = (used % 2 == 1) & (used < 2 * _MOST_SPANS)
    row, column = np.nonzero(open_end)
    edges[row, column, used[row, column]] = np.array([wedge.end for wedge in wedges])[column]
    start, end = (edges[..., k::2].reshape(count, -1) for k in (0, 1))
    at_start = np.zeros((count, len(wedges), _MOST_SPANS), dtype=np.intp)
    at_start[..., 0] = first
    at_end = np.zeros_like(at_start)
    at_end[row, column, used[row, column] // 2] = 1
    keys = np.where(np.isfinite(start), (at_start + 2 * at_end).reshape(count, -1), NO_KEY)
    return Lines(lengths, keys, np.nan_to_num(start), np.nan_to_num(end))


def _bent(strip: Strip, farthest: float, pixel: float) -> Numbers:
    """Return the outline (n, 2) in the plane of a strip of directions (radians) along lengths."""
    ring = strip.ring
    ring[ring[:, 1] >= farthest, 1] *= 1.01  # beyond the view, so that the chords of its arc are too
    following = np.roll(ring, -1, axis=0)
    reach = np.maximum(ring[:, 1], following[:, 1])
    step = np.minimum(_WIDEST_ARC, np.sqrt(8 * _SAGITTA * pixel / np.maximum(reach, pixel)))
    count = 1 + (np.abs(following[:, 0] - ring[:, 0]) / step).astype(np.intp)
    begins = np.cumsum(count) - count
    share = ((np.arange(count.sum()) - np.repeat(begins, count)) / np.repeat(count, count))[:, None]
    angle, length = (np.repeat(ring, count, axis=0) + share * np.repeat(following - ring, count, axis=0)).T
    outline: Numbers = length[:, None] * _circle(angle)
    return outline


def _rank(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the place of each of ``groups`` (n,), which rise, among those that are equal."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups)


def _circle(angles: Numbers) -> Numbers:
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _polar(view: Rectangle) -> tuple[float, float, float, float]:
    """Return the least and greatest direction and distance, seen from the origin, of what is in a view."""
    corners = np.array(view.corners)
    farthest = float(np.hypot(*corners.T).max())
    x = min(max(0.0, view.left), view.right)
    y = min(max(0.0, view.bottom), view.top)
    if x == y == 0:
        return -math.pi, math.pi, 0.0, farthest
    middle = math.atan2((view.bottom + view.top) / 2, (view.left + view.right) / 2)
    turns = (np.arctan2(corners[:, 1], corners[:, 0]) - middle + math.pi) % FULL_TURN - math.pi
    return middle + float(turns.min()), middle + float(turns.max()), math.hypot(x, y), farthest
