"""What the Verification view shows of a snapshot, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct

from explorer.analysis.frames.selection import Mask
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.statistics.samples import image_text
from explorer.analysis.verification.distances import Distances, Measure
from explorer.analysis.verification.plan import VerificationPlan
from explorer.analysis.verification.result import (
    EqualErrorRate,
    PairDistances,
    Verification,
    equal_error_rate,
    verification,
)
from explorer.analysis.verification.roc import Roc
from explorer.core.texts import N_, _
from explorer.gui.plots.gallery import Tile

Page = Literal["distances", "roc"]
Group = Literal["seen", "unseen"]

MEASURES: Mapping[Measure, tuple[str, str]] = MappingProxyType(
    {
        "cosine": (N_("Cosine"), N_("cosine distance 1 − cos")),
        "euclidean": (N_("Euclidean"), N_("Euclidean distance")),
        "manhattan": (N_("Manhattan"), N_("Manhattan distance")),
        "adjusted-cosine": (N_("Adjusted cosine"), N_("adjusted cosine distance 1 − cos")),
    }
)
"""Of each measure the name in the list, and that on an axis, as message ids."""


_PIXELS = 1_000
"""Resolution of a plot for which points are left out, along both axes; a quarter of it for a power of ten."""


class VerificationOptions(Struct, frozen=True):
    """Which page is shown, and what is compared how.

    ``threshold`` is the largest distance that is accepted as the same class, None for that of equal errors.
    ``logarithmic`` concerns the axis of false accept rates; ``group`` the classes, which are either trained
    on or not.
    """

    page: Page = "distances"
    measure: Measure = "cosine"
    threshold: Annotated[float, Meta(ge=0)] | None = None
    logarithmic: bool = True
    group: Group = "seen"


class Groups(Struct, frozen=True):
    """The ``classes`` of a ``group``, and the ``others``, of which only the rate of equal errors is shown."""

    group: Group
    classes: frozenset[int]
    others: frozenset[int]


class VerificationContent(Struct, frozen=True, eq=False):
    """The numbers of a frame, for the classes of a ``group`` that are not hidden.

    ``other`` is the rate of equal errors of the other group, None where no class was left out of training.
    ``curve`` (2, k) is the operating characteristic without points that no plot could show apart: false and
    true accept rates.
    """

    snapshot: Snapshot
    found: Verification
    curve: Distances
    group: Group = "seen"
    other: EqualErrorRate | None = None

    def fits(self, snapshot: Snapshot, options: VerificationOptions, groups: Groups) -> bool:
        """Return whether this is what is to be shown."""
        return (
            self.snapshot is snapshot
            and self.found.measure == options.measure
            and self.found.plan.wanted == groups.classes
            and (frozenset() if self.other is None else self.other.plan.wanted) == groups.others
        )

    def threshold(self, options: VerificationOptions) -> float:
        """Return the threshold in force; NaN without pairs."""
        if options.threshold is not None and self.found.measure == options.measure:
            return options.threshold
        return math.nan if self.found.equal is None else self.found.equal.threshold

    def chosen(self, part: PairDistances, selected: Mask) -> Distances:
        """Return the distances (k,) of the pairs that have a selected image."""
        return part.distances[selected[part.pairs].any(axis=1)] if selected.any() else part.distances[:0]


def verification_content(
    snapshot: Snapshot, measure: Measure, groups: Groups, before: VerificationContent | None
) -> VerificationContent:
    """Return what is shown of a frame; plans of an earlier content are used again where they fit."""
    plans: list[VerificationPlan | None] = [None, None]
    if before is not None:
        plans = [before.found.plan, None if before.other is None else before.other.plan]
    if groups.group != ("seen" if before is None else before.group):
        plans.reverse()
    found = verification(snapshot, measure, groups.classes, plans[0])
    other = equal_error_rate(snapshot, measure, groups.others, plans[1]) if groups.others else None
    return VerificationContent(snapshot, found, _thinned(found.roc), groups.group, other)


def _thinned(roc: Roc | None) -> Distances:
    """Return the first of all points (2, k) that would share a pixel on a linear or a logarithmic axis."""
    if roc is None:
        return np.zeros((2, 0))
    decades = np.log10(np.maximum(roc.far, 1e-9))
    pixels = np.rint(np.stack([_PIXELS * roc.far, _PIXELS * roc.tar, _PIXELS / 4 * decades]))
    differs = (pixels[:, 1:] != pixels[:, :-1]).any(axis=0)
    return np.stack([roc.far, roc.tar])[:, np.append(True, differs)]


def shown_groups(probe: ProbeSet, group: Group, hidden: frozenset[int]) -> Groups:
    """Return the classes of a group, and of the other; all are seen where training left none out."""
    seen, unseen = frozenset(probe.trained.tolist()) - hidden, probe.unseen - hidden
    if not probe.unseen:
        return Groups("seen", seen, frozenset())
    return Groups(group, seen, unseen) if group == "seen" else Groups(group, unseen, seen)


def pair_texts(content: VerificationContent) -> tuple[str, ...]:
    """Return how many pairs of how many images are compared, from the longest wording to the shortest."""
    found = content.found
    same, different, planned = len(found.same.pairs), len(found.different.pairs), len(found.plan.same)
    images = len(found.plan.images)
    texts = [
        _("{same:,} same and {different:,} different pairs of {images:,} test images").format(
            same=same, different=different, images=images
        ),
        _("{same:,} + {different:,} pairs of {images:,} images").format(
            same=same, different=different, images=images
        ),
        _("{same:,} + {different:,} pairs").format(same=same, different=different),
    ]
    undefined = 2 * planned - same - different
    if undefined:
        texts.insert(0, _("{pairs} · {count:,} without a distance").format(pairs=texts[0], count=undefined))
    return tuple(texts)


def distance_text(distance: float) -> str:
    """Return a distance for a label: three digits, without an exponent where it is not tiny or huge."""
    return f"{distance:#.3g}".rstrip(".") if 1e-3 <= distance < 1e4 or not distance else f"{distance:.1e}"


def pair_tiles(
    content: VerificationContent, part: PairDistances, places: tuple[int, ...], threshold: float
) -> list[Tile]:
    """Return the tiles of pairs; those that are decided wrongly at the threshold are marked."""
    probe, tiles = content.snapshot.probe, []
    short = probe.short_names()
    for place in places:
        rows = tuple(part.pairs[place].tolist())
        labels, distance = probe.labels[list(rows)].tolist(), float(part.distances[place])
        accepted = distance <= threshold
        words = _(
            "{first} (class {one}) and {second} (class {other}), distance {distance}: {decision}"
        ).format(
            first=image_text(probe, rows[0]),
            one=probe.name(labels[0]),
            second=image_text(probe, rows[1]),
            other=probe.name(labels[1]),
            distance=distance_text(distance),
            decision=_("accepted as same") if accepted else _("rejected"),
        )
        caption = f"{short[labels[0]]} · {short[labels[1]]}  {distance_text(distance)}"
        tiles.append(Tile(rows, caption, words, accepted != (labels[0] == labels[1]), tuple(labels)))
    return tiles


def shares(distances: Distances, limit: float, bins: int) -> Distances:
    """Return the percentage (bins,) of rising distances in each bin from 0 to ``limit``."""
    edges = np.linspace(0.0, limit, bins + 1)
    below = np.searchsorted(distances, edges, side="left")
    below[-1] = np.searchsorted(distances, limit, side="right")
    return 100.0 * np.diff(below) / max(1, len(distances))
