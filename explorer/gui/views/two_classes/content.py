"""What the Two classes view shows of a snapshot, as plain values: points, boundaries and texts."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from explorer.analysis.frames.selection import Mask
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.frames.trained_part import trained_part
from explorer.analysis.heads.registry import head_of
from explorer.analysis.margins.class_pairs import Choice, PairSamples
from explorer.analysis.margins.two_class import Boundaries, Plane, reachable_edge
from explorer.analysis.raster.colouring import Coloring, class_table, emphasized
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import N_, _
from explorer.gui.plots.keys.colour_key import palette_of
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.two_classes.plot import PairContent

_GREY = 0.75
_POINTERS: dict[Choice, tuple[str, ...]] = {
    "closest": (N_("closest pair"), N_("closest")),
    "confused": (N_("most confused pair"), N_("most confused")),
    "chosen": ("",),
}


class TwoClassesOptions(Struct, frozen=True):
    """The pair, axes and images shown; ``first`` and ``second`` are the pair where ``choice`` is "chosen".

    ``point_size`` is in pixels.
    """

    choice: Choice = "closest"
    first: Annotated[int, Meta(ge=0)] = 0
    second: Annotated[int, Meta(ge=0)] = 1
    plane: Plane = "angles"
    split: Annotated[int, Meta(ge=TEST, le=TRAIN)] = TEST
    point_size: Annotated[float, Meta(gt=0, le=50)] = 2.0


def pair_content(
    pair: tuple[int, int],
    samples: PairSamples,
    bounds: Boundaries,
    options: TwoClassesOptions,
    chosen: Mask,
    theme: Theme,
    probe: ProbeSet,
) -> PairContent:
    """Return what to draw of the samples of two classes; ``chosen`` (m,) masks the selected ones."""
    classes = max(pair) + 1
    coloring = Coloring(samples.labels.astype(np.intp), class_table(palette_of(theme), classes))
    if chosen.any():
        # Towards grey: blended towards the background they would vanish in the tint of their own class.
        coloring = emphasized(coloring, chosen, mix(theme.plot, theme.muted, _GREY))
    outline = math.isfinite(samples.apart) and (options.plane != "logits" or not samples.rivals.free_scores)
    short = probe.short_names()
    return PairContent(
        pair=pair,
        plane=options.plane,
        points=samples.points,
        colors=coloring.colors,
        boundaries=bounds,
        reachable=reachable_edge(samples.apart, samples.rivals) if outline else None,
        point_size=options.point_size,
        names=(probe.name(pair[0]), probe.name(pair[1])),
        tags=(short[pair[0]], short[pair[1]]),
        chosen=np.flatnonzero(chosen),
    )


def comparable(snapshot: Snapshot) -> bool:
    """Return whether there are two classes, and no class weight that is not finite."""
    weight = head_of(trained_part(snapshot)).rows
    return snapshot.probe.num_classes > 1 and (weight is None or bool(np.isfinite(weight).all()))


def caption_texts(
    snapshot: Snapshot, samples: PairSamples, options: TwoClassesOptions, selected: int
) -> tuple[str, ...]:
    """Return the pair shown, the angle between its weights, and the number of images; longest first."""
    probe, test = snapshot.probe, options.split == TEST
    count_pattern, short_pattern = (
        (_("{shown:,} of {count:,} test images"), _("{shown:,} test images"))
        if test
        else (_("{shown:,} of {count:,} training images"), _("{shown:,} training images"))
    )
    apart = math.degrees(samples.apart)
    pattern = (
        _("{angle:.1f}° between their weights")
        if samples.kind == "weights"
        else _("{angle:.1f}° between their means")
    )
    angle = "" if math.isnan(apart) else pattern.format(angle=apart)
    shown, size = len(samples.rows), probe.test_size if test else probe.train_size
    count = count_pattern.format(shown=shown, count=size)
    short = short_pattern.format(shown=shown)
    chosen = _("{count:,} selected").format(count=selected) if selected else ""
    pointer = [_(text) for text in _POINTERS[options.choice]]
    brief = f"{apart:.1f}°" if angle else ""
    texts = [
        (pointer[0], angle, count, chosen),
        (pointer[-1], brief, count, chosen),
        (pointer[-1], brief, short, chosen),
        (short, chosen),
    ]
    return tuple("  ·  ".join(filter(None, parts)) for parts in texts)
