"""What the features view says above its plot: how many images, how they are shown, and when."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.direction import decides_by_direction, margin_by_direction
from explorer.analysis.statistics.near_origin import classes_near_origin
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import _
from explorer.gui.commands.command import key_text
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.views.features.content import Content, FeatureOptions

Variants = tuple[str, ...]
"""A text, the longest variant first."""
_GAP = "  ·  "


def content_texts(content: Content, options: FeatureOptions) -> Variants:
    """Return how many images of how many are shown, and what of them needs a word."""
    full, short = count_texts(content.snapshot, options)
    long_notes, short_notes = [full], [short]
    if content.normalized:
        long_notes.append("at unit length")
        short_notes.append("unit length")
        missing = _left_out(content, options)
        if missing:
            long_notes.append(f"no {missing}: they depend on the length")
            short_notes.append(f"no {missing}")
    lost = classes_near_origin(content.snapshot)
    if lost:
        classes = f"class {lost[0]} is" if len(lost) == 1 else f"{len(lost)} classes are"
        title = content.snapshot.config.loss.spec.title
        long_notes.append(f"{classes} near the origin, where {title} finds no direction yet")
        short_notes.append(f"{classes} near the origin")
    trail = content.trail
    if trail is not None:
        frames, drawn = len(trail.positions), trail.positions.shape[1]
        some = f" of {drawn:,} of {trail.chosen:,}" if drawn < trail.chosen else ""
        long_notes.append(f"trails{some} over {frames} frames")
        if some:
            short_notes.append(f"trails{some}")
    return _GAP.join(long_notes), _GAP.join([short, *long_notes[1:]]), _GAP.join(short_notes)


def _left_out(content: Content, options: FeatureOptions) -> str:
    """Return the name of what is wanted but does not hold for features at unit length."""
    if not options.regions or content.points.shape[1] != 2:
        return ""
    if not decides_by_direction(content.snapshot):
        return "regions"
    by_direction = margin_by_direction(content.snapshot.config.loss)
    return "margin bands" if options.bands and not by_direction else ""


def count_texts(snapshot: Snapshot, options: FeatureOptions) -> tuple[str, str]:
    """Return how many images of how many are shown, in full and in short."""
    probe = snapshot.probe
    full, short = [], []
    for on, split, size, name, note in (
        (options.test, TEST, probe.test_size, "test", ""),
        (options.train, TRAIN, probe.train_size, "training", " (pale)" if options.test else ""),
    ):
        if on:
            count = int(np.count_nonzero(probe.split == split))
            full.append(f"{count:,} of {size:,} {name} images{note}")
            short.append(f"{count:,}/{size:,} {name}")
    return _GAP.join(full) or "no images shown", " · ".join(short) or "none shown"


def moment_texts(snapshot: Snapshot, *, held: bool) -> Variants:
    """Return which moment is shown, and whether the axes hold still whatever comes."""
    moment = step_text(snapshot), short_step_text(snapshot)
    if not held:
        return moment
    locked = _("View locked · {key} to reset").format(key=key_text(plot_command("view.reset")))
    return (*(f"{locked}{_GAP}{text}" for text in moment), *moment)


def step_text(snapshot: Snapshot) -> str:
    """Return which moment of the run is shown, and whether it lies between two frames."""
    if snapshot.since is not None:
        return f"{short_step_text(snapshot)}{_GAP}interpolated"
    return f"step {snapshot.step:,}{_GAP}epoch {snapshot.epoch:.1f}"


def short_step_text(snapshot: Snapshot) -> str:
    """Return the step, or the steps between which the points are on their way."""
    return (
        f"step {snapshot.step:,}"
        if snapshot.since is None
        else f"step {snapshot.since:,} → {snapshot.step:,}"
    )
