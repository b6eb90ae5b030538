"""Which forces the Features view asks for, and the arrows that it draws of the answer."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.analysis.forces.force_frame import (
    ForceFrame,
    ForceWish,
    round_number,
    spread_rows,
    typical_length,
    unit_vectors,
)
from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.plane.geometry import Rectangle
from explorer.gui.views.features.content import Content, FeatureOptions

MOST_ARROWS, MOST_FOCUSED = 150, 5
"""Arrows that can still be told apart, and selected points with pull and push beside the total."""
_CELLS, _FEWER_CELLS = 18, 12
"""Arrows of a field along the longer side of the plot; for each, a loss on pairs compares a whole batch."""
_TYPICAL, _LEAST, _MOST = 36.0, 7.0, 110.0
"""Pixels of the arrow of a typical force when the scale is chosen, and between which it is kept."""
_LONGEST_KEY = 48.0


class ForceScale(Struct, frozen=True):
    """How long arrows are: ``pixels`` for a force of one, which stays while typical arrows can be read.

    Parameters
    ----------
    pixels : float
        0 before the first force.
    """

    pixels: float = 0.0

    def fitted(self, typical: float) -> ForceScale:
        """Return the scale for forces of this typical length: this one, unless arrows are dots, or a mess."""
        if not typical > 0 or _LEAST <= typical * self.pixels <= _MOST:
            return self
        return ForceScale(_TYPICAL / typical)

    @property
    def key(self) -> float:
        """A round force, for an arrow that says how long they are; 0 before the first force."""
        return round_number(_LONGEST_KEY / self.pixels) if self.pixels else 0.0


class ForceArrows(Struct, frozen=True, eq=False):
    """Arrows as they are drawn; vectors are forces, ``scale`` says how long they are.

    Attributes
    ----------
    points, total : (k, d)
        Where arrows begin, and their vectors.
    focused : (f,)
        Indices of those that are pointed at, or selected, which have ``pull`` and ``push`` (f, d) as well,
        None where the loss does not say.
    nodes, field : (g, d) or None
        The points of a field, and its vectors, of class ``label``; ``cell`` is how far nodes are apart.
    """

    points: Floats
    total: Floats
    focused: NDArray[np.intp]
    pull: Floats | None
    push: Floats | None
    scale: ForceScale
    nodes: Floats | None = None
    field: Floats | None = None
    label: int = 0
    cell: float = 0.0


def force_wish(
    content: Content, options: FeatureOptions, hovered: int, visible: Rectangle | None
) -> ForceWish:
    """Return what to ask for: forces on some points of each class, on those in focus, and a field.

    ``visible`` is the part of the plane that is seen, None in space.
    """
    probe = content.snapshot.probe
    rows = content.rows[probe.judged[content.rows]]
    focus = _focused_rows(content, hovered)
    asked = np.union1d(spread_rows(probe.labels, rows, MOST_ARROWS), focus)
    wish = ForceWish(asked, detached=options.force_detached)
    label = field_class(content, options)
    if visible is None or label is None:
        return wish
    pairs = content.snapshot.config.loss.spec.balanced
    return replace(wish, points=_grid(visible, _FEWER_CELLS if pairs else _CELLS), label=label)


def field_class(content: Content, options: FeatureOptions) -> int | None:
    """Return the class whose field is drawn; None where it cannot be, or none is chosen."""
    label, probe = options.force_class, content.snapshot.probe
    flat = content.snapshot.features.shape[1] == 2 and not content.normalized
    known = label is not None and label < probe.num_classes and label not in probe.unseen
    return label if flat and known else None


def force_arrows(content: Content, forces: ForceFrame, hovered: int, scale: ForceScale) -> ForceArrows:
    """Return the arrows of those forces whose points are shown, at their points."""
    place = np.full(len(content.snapshot.probe.labels), -1, np.intp)
    place[content.rows] = np.arange(len(content.rows))
    at = place[forces.rows]
    total = _shown(forces.total, forces, content)
    there = (at >= 0) & np.isfinite(total).all(axis=1)
    rows, at = forces.rows[there], at[there]
    focused = np.flatnonzero(np.isin(rows, _focused_rows(content, hovered)))
    pull, push = (
        None if part is None else _shown(part, forces, content)[there][focused]
        for part in (forces.pull, forces.push)
    )
    nodes = forces.wish.points if forces.field is not None and not content.normalized else None
    return ForceArrows(
        points=content.points[at],
        total=total[there],
        focused=focused,
        pull=pull,
        push=push,
        scale=scale.fitted(typical_length(total[there])),
        nodes=nodes,
        field=None if nodes is None else forces.field,
        label=forces.wish.label,
        cell=0.0 if nodes is None else _cell(nodes),
    )


def _shown(vectors: Floats, forces: ForceFrame, content: Content) -> Floats:
    """Return vectors (k, d) as they act on the points that are drawn, in the projection of these."""
    whole = unit_vectors(vectors, forces.features) if content.normalized else vectors
    return whole if content.projection is None else content.projection.apply(whole)


def _focused_rows(content: Content, hovered: int) -> Rows:
    """Return the row that is pointed at, or else a few of the selected ones that are shown."""
    if hovered >= 0:
        return np.array([hovered], np.intp)
    return content.rows[content.chosen[:MOST_FOCUSED]]


def _grid(visible: Rectangle, cells: int) -> Floats:
    """Return nodes (g, 2) of a square grid in a rectangle, half a cell from its sides."""
    width, height = visible.right - visible.left, visible.top - visible.bottom
    cell = max(width, height) / cells
    across, up = max(1, int(width / cell)), max(1, int(height / cell))
    left = visible.left + (width - (across - 1) * cell) / 2
    bottom = visible.bottom + (height - (up - 1) * cell) / 2
    x, y = np.meshgrid(left + cell * np.arange(across), bottom + cell * np.arange(up))
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def _cell(nodes: Floats) -> float:
    """Return how far neighbours on a grid are apart; the first two are such."""
    return float(np.linalg.norm(nodes[1] - nodes[0])) if len(nodes) > 1 else 0.0
