"""FeatureSource: makes the content of the Features view from snapshots, shared state and options."""

from __future__ import annotations

from functools import partial

import numpy as np
from msgspec.structs import replace

from explorer.analysis.frames.references import unit
from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.frames.trail import Trail
from explorer.analysis.raster.colouring import SCALES, Coloring, Palette, coloring_of, emphasized
from explorer.analysis.statistics.near_origin import classes_near_origin
from explorer.gui.plots.keys.colour_key import palette_of
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import (
    Content,
    FeatureOptions,
    TrailLines,
    content_of,
    shown_rows,
)
from explorer.gui.views.features.projection.projector import Projector, is_projected

_GREY = 0.6
"""How much of the colour of muted text is in the grey that unselected points fade to.

Faded to the background they were white specks on a coloured region, and black ones on a dark sphere.
"""

MOST_TRAILS, _TRAIL_FRAMES = 40, 12
"""Most trails drawn, those of evenly spaced members of a larger selection; and the frames they go over."""


class FeatureSource:
    """Keeps between frames which rows are shown, their class colours, and the past positions of points.

    ``projector`` chooses the projection of features of more than three dimensions.
    """

    def __init__(self, state: ViewState) -> None:
        self._state = state
        self.projector = Projector()
        self._trail = Trail()
        self._coloring: tuple[ProbeSet, Palette, Coloring] | None = None
        self._rows: tuple[ProbeSet, tuple[object, ...], Rows] | None = None
        self._unseparated: tuple[Snapshot | None, tuple[int, ...]] = None, ()

    def note(self, snapshot: Snapshot | None) -> None:
        """Add a frame to the trails, whether it is drawn or not."""
        self._trail.add(snapshot)

    def content(self, snapshot: Snapshot, theme: Theme, options: FeatureOptions) -> Content:
        """Return what to draw of a snapshot."""
        state = self._state
        coloring = self._coloring_of(snapshot, palette_of(theme))
        chosen = state.selection.mask_of(len(snapshot.probe.labels))
        rows = self._shown_rows(snapshot.probe, options)
        if chosen[rows].any():  # what is selected but not shown dims nothing
            coloring = emphasized(coloring, chosen, mix(theme.plot, theme.muted, _GREY))
        projected = partial(self.projector.projection_of, snapshot, options=options)
        content = content_of(
            snapshot,
            rows,
            coloring,
            chosen,
            options.normalized,
            projected if is_projected(snapshot) else None,
            self._unseparated_of(snapshot),
        )
        if not options.trails or not len(content.chosen):
            return content
        return replace(content, trail=trail_lines(content, self._trail))

    def _coloring_of(self, snapshot: Snapshot, palette: Palette) -> Coloring:
        """Return the colours of all images, kept for the next frame where they do not depend on it."""
        mode, probe = self._state.display.color_mode, snapshot.probe
        if mode in SCALES:
            return coloring_of(snapshot, mode, palette)
        known = self._coloring
        if known is None or known[0] is not probe or known[1] != palette or known[2].mode != mode:
            self._coloring = known = probe, palette, coloring_of(snapshot, mode, palette)
        return known[2]

    def _unseparated_of(self, snapshot: Snapshot) -> tuple[int, ...]:
        """Return the classes near the origin, found once for each frame and not again between two."""
        frame = self._unseparated[0]
        between = frame is not None and snapshot.partway and frame.probe is snapshot.probe
        if not between and snapshot is not frame:
            self._unseparated = snapshot, classes_near_origin(snapshot)
        return self._unseparated[1]

    def _shown_rows(self, probe: ProbeSet, options: FeatureOptions) -> Rows:
        left_out = self._state.display.left_out(probe.num_classes)
        wanted = (options.test, options.train, left_out)
        if self._rows is None or self._rows[0] is not probe or self._rows[1] != wanted:
            self._rows = probe, wanted, shown_rows(probe, options, left_out)
        return self._rows[2]


def trail_lines(content: Content, trail: Trail) -> TrailLines | None:
    """Return the trails of the selected points, at most `MOST_TRAILS`; None without any."""
    places, count = content.chosen, len(content.chosen)
    if count > MOST_TRAILS:
        places = places[np.arange(MOST_TRAILS) * count // MOST_TRAILS]
    past = trail.positions(content.rows[places])[-_TRAIL_FRAMES:]
    between = content.snapshot.partway
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
