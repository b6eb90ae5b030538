"""The captions above the features: how many images are shown, how, and of which step."""

from __future__ import annotations

import numpy as np

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.direction import decides_by_direction, margin_by_direction
from explorer.analysis.raster.colouring import SCALES
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import _, ngettext
from explorer.gui.commands.command import key_text
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.projection.texts import projection_notes

Variants = tuple[str, ...]
"""A text, the longest variant first."""
Note = tuple[str, str]
"""A text, and a shorter one for a narrow view; empty where it is left out there."""
_GAP = "  ·  "


def start_text() -> str:
    """Return what stands in place of the features while there are none: what to do."""
    return _("Press Start (or {key}) to begin training").format(key=key_text(plot_command("run.toggle")))


def content_texts(content: Content, options: FeatureOptions) -> Variants:
    """Return how many images are shown, and the notes that apply to what is drawn of them."""
    full, short = count_texts(content, options)
    notes = [
        *projection_notes(content, options),
        *_ring_notes(content),
        *_cross_notes(content),
        *_unit_length_notes(content, options),
        *_weight_notes(content, options),
        *_color_notes(content),
        *_origin_notes(content),
        *_trail_notes(content),
    ]
    long_notes, short_notes = [note[0] for note in notes], [note[1] for note in notes if note[1]]
    return (
        _GAP.join([full, *long_notes]),
        _GAP.join([short, *long_notes]),
        _GAP.join([full, *short_notes]),
        _GAP.join([short, *short_notes]),
    )


def _ring_notes(content: Content) -> list[Note]:
    """Return which classes are left out of training, where their points are shown."""
    if content.hollow is None or not content.hollow.any():
        return []
    words = _("rings: classes {classes}, left out of training")
    return [(words.format(classes=content.snapshot.probe.unseen_text), _("rings: left out"))]


def _cross_notes(content: Content) -> list[Note]:
    """Return that crosses are wrong labels, where there are any among the points shown."""
    return [(_("crosses: wrong labels"), _("× wrong labels"))] if len(content.wrong) else []


def _unit_length_notes(content: Content, options: FeatureOptions) -> list[Note]:
    """Return that features have unit length, and what is hidden since it does not hold for such."""
    if not content.normalized:
        return []
    notes = [(_("unit length"), _("unit length"))]
    if options.regions and content.points.shape[1] == 2 and content.projection is None:
        if not decides_by_direction(content.snapshot):
            notes.append((_("regions hidden: they depend on ‖x‖"), _("regions hidden")))
        elif options.bands and not margin_by_direction(content.snapshot.config.loss):
            notes.append((_("margin bands hidden: they depend on ‖x‖"), _("margin bands hidden")))
    return notes


def _weight_notes(content: Content, options: FeatureOptions) -> list[Note]:
    """Return that arrows of class weights are scaled to the view, where their lengths differ."""
    if not options.weights or content.weight is None or content.equal_weights:
        return []
    return [(_("weight arrows: relative lengths"), "")]


def _color_notes(content: Content) -> list[Note]:
    """Return what number the colours stand for; classes and splits have a legend."""
    if content.mode not in SCALES:
        return []
    if content.mode == "length" and content.normalized:
        return [(_("colour: feature length ‖x‖ before normalisation"), "")]
    return [(_("colour: {number}").format(number=_(SCALES[content.mode].title)), "")]


def _origin_notes(content: Content) -> list[Note]:
    """Return which classes are near the origin and not separated yet, for a loss that uses angles only."""
    snapshot, lost = content.snapshot, content.unseparated
    if not lost:
        return []
    loss = _(snapshot.config.loss.spec.title)
    if len(lost) == 1:
        full = _("class {label} is near the origin; {loss} has not separated it yet")
        short = _("class {label} is near the origin")
        name = snapshot.probe.name(lost[0])
        return [(full.format(label=name, loss=loss), short.format(label=name))]
    count = len(lost)
    full = ngettext(
        "{count} class is near the origin; {loss} has not separated it yet",
        "{count} classes are near the origin; {loss} has not separated them yet",
        count,
    )
    short = ngettext("{count} class is near the origin", "{count} classes are near the origin", count)
    return [(full.format(count=count, loss=loss), short.format(count=count))]


def _trail_notes(content: Content) -> list[Note]:
    """Return over how many frames trails go, and of how many images where not all have one."""
    trail = content.trail
    if trail is None:
        return []
    frames, drawn = len(trail.positions), trail.positions.shape[1]
    if drawn == trail.chosen:
        full = ngettext("trails over {count} frame", "trails over {count} frames", frames)
        return [(full.format(count=frames), "")]
    full = ngettext(
        "trails of {drawn:,} of {chosen:,} over {count} frame",
        "trails of {drawn:,} of {chosen:,} over {count} frames",
        frames,
    )
    short = _("trails of {drawn:,} of {chosen:,}").format(drawn=drawn, chosen=trail.chosen)
    return [(full.format(drawn=drawn, chosen=trail.chosen, count=frames), short)]


def count_texts(content: Content, options: FeatureOptions) -> tuple[str, str]:
    """Return how many images of how many are shown, in full and in short."""
    probe = content.snapshot.probe
    split = probe.split[content.rows]
    full, short = [], []
    if options.test:
        counts = {"shown": int(np.count_nonzero(split == TEST)), "count": probe.test_size}
        full.append(_("{shown:,} of {count:,} test images").format(**counts))
        short.append(_("{shown:,}/{count:,} test").format(**counts))
    if options.train:
        counts = {"shown": int(np.count_nonzero(split == TRAIN)), "count": probe.train_size}
        words = (
            _("{shown:,} of {count:,} training images (pale)")
            if options.test
            else _("{shown:,} of {count:,} training images")
        )
        full.append(words.format(**counts))
        short.append(_("{shown:,}/{count:,} training").format(**counts))
    return _GAP.join(full) or _("no images shown"), " · ".join(short) or _("none shown")


def moment_texts(snapshot: Snapshot, *, held: bool) -> Variants:
    """Return which step is shown, and whether the view is locked rather than fitted to the data."""
    moment = step_text(snapshot), short_step_text(snapshot)
    if not held:
        return moment
    locked = _("View locked · {key} to reset").format(key=key_text(plot_command("view.reset")))
    return (*(f"{locked}{_GAP}{text}" for text in moment), *moment)


def step_text(snapshot: Snapshot) -> str:
    """Return the step and epoch, or between which steps the points are interpolated."""
    if snapshot.partway:
        between = _("between frames")
        return f"{short_step_text(snapshot)}{_GAP}{between}"
    epoch = _("epoch {epoch:.1f}").format(epoch=snapshot.epoch)
    return f"{short_step_text(snapshot)}{_GAP}{epoch}"


def short_step_text(snapshot: Snapshot) -> str:
    """Return the step, or the steps between which the points are interpolated."""
    since, step = snapshot.since, snapshot.step
    if snapshot.toward is not None:
        since, step = step, snapshot.toward
    if since is None:
        return _("step {step:,}").format(step=step)
    return _("step {since:,} → {step:,}").format(since=since, step=step)
