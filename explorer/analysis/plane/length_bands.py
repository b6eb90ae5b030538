"""Margin bands of losses whose margin changes with the length of the feature: found along circles."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.distinct import distinct
from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.analysis.plane.bands import Directions, directions_of, on_circle, rank_in_groups
from explorer.analysis.plane.geometry import FULL_TURN, UNDECIDED, Rectangle, Region
from explorer.analysis.plane.roots import crossings
from explorer.analysis.plane.scan_strips import NO_KEY, Lines, Strip, refined, strips
from explorer.analysis.plane.wedges import Wedge

Numbers = NDArray[np.float64]

_CIRCLES = 48
_MOST_SPANS = 6
"""Bands that one class may have along a circle."""
_CLOSEST = 0.25
"""Pixels between circles up to which the place where bands meet is pinned down."""
_WIDEST_ARC = 0.25
_SAGITTA = 0.02
"""Pixels by which the chord of an arc may miss it."""


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
        Side of a pixel; edges are accurate to a fraction of it.
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
    found = directions_of(seen, margin)
    corners = [length for length in margin.lengths if nearest < length < farthest]
    lengths = distinct(np.array([*np.linspace(nearest, farthest, _CIRCLES), *corners]))
    lines = refined(
        lambda at: _along(found, margin, seen, at), _along(found, margin, seen, lengths), _CLOSEST * pixel
    )
    regions = []
    for i, wedge in enumerate(seen):
        mine = slice(i * _MOST_SPANS, (i + 1) * _MOST_SPANS)
        own = Lines(lines.v, lines.keys[:, mine], lines.start[:, mine], lines.end[:, mine])
        regions += [Region(wedge.label, _bent(strip, farthest, pixel), convex=False) for strip in strips(own)]
    return regions


#   along a circle:   wedge.start                                  wedge.end
#                          |======      ========             ========|
#   edges                  0     1      2      3             4       5      `_edges`, ``used`` = 6
#   spans                  0            1                    2              pairs of edges
#   keys                   1            0                    2              1 at the start, + 2 at the end


def _along(found: Directions, margin: TrainingMargin, wedges: Sequence[Wedge], lengths: Numbers) -> Lines:
    """Return the bands along circles of these ``lengths`` (n,): `_MOST_SPANS` columns for each of W wedges.

    A key tells how the band lies in its wedge: at its start (1), at its end (2), both (3), or neither (0).
    """
    failing, circle, wedge, roots = _changes(found, margin, lengths)
    starts_failing = failing[..., 0]
    edges = np.full((*starts_failing.shape, 2 * _MOST_SPANS), np.nan)
    edges[..., 0] = np.where(starts_failing, [each.start for each in wedges], np.nan)
    place = starts_failing[circle, wedge] + rank_in_groups(circle * len(wedges) + wedge)
    fits = place < 2 * _MOST_SPANS
    edges[circle[fits], wedge[fits], place[fits]] = roots[fits]
    used = np.isfinite(edges).sum(axis=2)
    # An odd number of edges: the last band goes on to the end of the wedge.
    row, column = np.nonzero(used % 2 == 1)
    edges[row, column, used[row, column]] = np.array([each.end for each in wedges])[column]
    keys = np.zeros((*starts_failing.shape, _MOST_SPANS), dtype=np.intp)
    keys[..., 0] = starts_failing
    keys[row, column, used[row, column] // 2] += 2
    start, end = edges[..., ::2], edges[..., 1::2]
    keys[np.isnan(start)] = NO_KEY
    count = len(lengths)
    return Lines(
        lengths,
        keys.reshape(count, -1),
        np.nan_to_num(start).reshape(count, -1),
        np.nan_to_num(end).reshape(count, -1),
    )


def _changes(
    found: Directions, margin: TrainingMargin, lengths: Numbers
) -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[np.intp], Numbers]:
    """Return where samples fail under the margin along circles of these ``lengths`` (n,).

    Returns
    -------
    failing : (n, W, S)
        In each of the directions ``found``.
    circle, wedge, angle : (k,)
        Where that changes between two of them, in their order.
    """
    scores = found.scores
    slack = margin.slack_over(
        scores.theta[None], scores.gain[None], scores.others[None, ..., 0], lengths[:, None, None]
    )
    failing = slack < 0
    circle, wedge, step = np.nonzero(failing[..., 1:] != failing[..., :-1])
    labels, norms = found.labels[wedge], lengths[circle]
    angle = crossings(
        lambda angles: margin.slack(margin.scores(on_circle(angles), labels), norms),
        found.angles[wedge, step],
        found.angles[wedge, step + 1],
        slack[circle, wedge, step],
        slack[circle, wedge, step + 1],
    )
    return failing, circle, wedge, angle


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
    outline: Numbers = length[:, None] * on_circle(angle)
    return outline


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
