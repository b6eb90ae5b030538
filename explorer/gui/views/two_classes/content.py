"""What the view of two classes shows of a snapshot: points, boundaries and words."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from explorer.analysis.frames.selection import Mask
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.registry import head_of
from explorer.analysis.margins.class_pairs import Choice, PairSamples
from explorer.analysis.margins.two_class import Boundaries, Plane, reachable_edge
from explorer.analysis.raster.colouring import Coloring, class_table, emphasized
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.gui.plots.legend import palette_of
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.two_classes.plot import PairContent

_GREY = 0.75
_POINTERS: dict[Choice, tuple[str, ...]] = {
    "closest": ("closest pair", "closest"),
    "confused": ("most confused pair", "most confused"),
    "chosen": ("",),
}


class TwoClassesOptions(Struct, frozen=True):
    """What is shown; ``first`` and ``second`` are the pair if chosen, ``point_size`` is in pixels."""

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
) -> PairContent:
    """Return what to draw of the samples of two classes; ``chosen`` (m,) are those that are selected."""
    classes = max(pair) + 1
    coloring = Coloring(samples.labels.astype(np.intp), class_table(palette_of(theme), classes))
    if chosen.any():
        # towards grey, for towards the background they would vanish in the tint of their own class
        coloring = emphasized(coloring, chosen, mix(theme.plot, theme.muted, _GREY))
    outline = math.isfinite(samples.apart) and (options.plane != "logits" or not samples.rivals.free_scores)
    return PairContent(
        pair=pair,
        plane=options.plane,
        points=samples.points,
        colors=coloring.colors,
        boundaries=bounds,
        reachable=reachable_edge(samples.apart, samples.rivals) if outline else None,
        point_size=options.point_size,
        chosen=np.flatnonzero(chosen),
    )


def comparable(snapshot: Snapshot) -> bool:
    """Return whether there are two classes, and class weights that are numbers where there are any."""
    weight = head_of(snapshot).rows
    return snapshot.probe.num_classes > 1 and (weight is None or bool(np.isfinite(weight).all()))


def caption_texts(
    snapshot: Snapshot, samples: PairSamples, options: TwoClassesOptions, selected: int
) -> tuple[str, ...]:
    """Return which two classes are shown, how far apart and by how many images, the longest text first."""
    probe, test = snapshot.probe, options.split == TEST
    size, name = (probe.test_size, "test") if test else (probe.train_size, "training")
    apart = math.degrees(samples.apart)
    singular = samples.kind.removeprefix("class ")
    angle = "" if math.isnan(apart) else f"{apart:.1f}° between their {singular}"
    count = f"{len(samples.rows):,} of {size:,} {name} images"
    short = f"{len(samples.rows):,} {name} images"
    chosen = f"{selected:,} selected" if selected else ""
    pointer = _POINTERS[options.choice]
    brief = f"{apart:.1f}°" if angle else ""
    texts = [
        (pointer[0], angle, count, chosen),
        (pointer[-1], brief, count, chosen),
        (pointer[-1], brief, short, chosen),
        (short, chosen),
    ]
    return tuple("  ·  ".join(filter(None, parts)) for parts in texts)
