"""Which past positions of selected points the Features view shows as trails."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.trail import Trail
from explorer.gui.views.features.content import Content, TrailLines

MOST_TRAILS, _TRAIL_FRAMES = 40, 12
"""Most trails drawn, those of evenly spaced members of a larger selection; and the frames they go over."""


def trail_lines(content: Content, trail: Trail) -> TrailLines | None:
    """Return the trails of the selected points, at most `MOST_TRAILS`; None without any."""
    places, count = content.chosen, len(content.chosen)
    if count > MOST_TRAILS:
        places = places[np.arange(MOST_TRAILS) * count // MOST_TRAILS]
    past = trail.positions(content.rows[places])[-_TRAIL_FRAMES:]
    between = content.snapshot.since is not None
    if not count or len(past) + between < 2:
        return None
    if content.normalized:
        past = unit(past.reshape(-1, past.shape[2])).reshape(past.shape)
    if between:
        now = content.points if content.whole is None else content.whole.points
        past = np.concatenate([past, now[places][None]])
    known = np.isfinite(past).all(axis=(0, 2))
    past = past[:, known]
    return TrailLines(content.shown(past), content.table[content.colors[places[known]]], count, past)
