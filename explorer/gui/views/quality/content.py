"""What the Quality view shows of a snapshot, as plain values: points, medians and texts."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from explorer.analysis.frames.selection import Mask, Rows
from explorer.analysis.frames.snapshot import Floats, Snapshot
from explorer.analysis.quality.cleaning import Cleaning, cleaning_of
from explorer.analysis.quality.stress import Stress
from explorer.analysis.quality.trend import Trend, trend_of
from explorer.analysis.raster.colouring import packed
from explorer.analysis.raster.splatter import Colors
from explorer.analysis.statistics.samples import facts_of
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.stressors import DAMAGES
from explorer.core.stressors.damage import NONE
from explorer.core.texts import N_, _
from explorer.gui.plots.splat import NOTHING
from explorer.gui.theme.theme import Theme, mix

Shown = Literal["length", "angle", "labels"]
Kind = Literal["all", "blur", "noise", "occlusion", "contrast"]
AXES: dict[Shown, tuple[str, str]] = {
    "length": (N_("strength of the damage"), N_("feature length ‖x‖")),
    "angle": (N_("strength of the damage"), N_("θ to the true class (°)")),
    "labels": (N_("θ to the class of the label (°)"), N_("θ to the nearest other class (°)")),
}
_NO_DAMAGE = N_("Set a strength under Stressors, such as Blur, to see what damage does to the features")
_NO_WRONG_LABELS = N_("Set Wrong labels under Stressors to see which of them the angles reveal")
_OTHER_DAMAGE = N_(
    "No image has this damage: {kind}. Set its strength under Stressors, or choose another damage."
)
_HIDDEN = N_("These images are of hidden classes. Show a class in the legend to see its images.")
_NONE_DAMAGED = N_("None of the images plotted is damaged")
_NONE_WRONG = N_("None of the training images plotted has a wrong label")
TIPS: dict[Shown, str] = {
    "length": N_(
        "The line connects the medians of images of similar damage. ρ is Spearman's rank correlation of "
        "damage and length: −1 where the feature of each more damaged image is shorter, 0 where they are "
        "unrelated."
    ),
    "angle": N_(
        "The line connects the medians of images of similar damage. ρ is Spearman's rank correlation of "
        "damage and angle: 1 where each more damaged image is farther from its class, 0 where they are "
        "unrelated."
    ),
    "labels": N_(
        "Training images. A label is judged wrong if the image is closer in angle to the weight of "
        "another class than to that of its label: below the line. Found: the fraction of the wrong "
        "labels for which this holds. False alarms: the fraction of the correct labels. For a loss "
        "without class weights, class means are used."
    ),
}
_KINDS = {
    "blur": N_("blur"),
    "noise": N_("noise"),
    "occlusion": N_("occlusion"),
    "contrast": N_("low contrast"),
}


class QualityOptions(Struct, frozen=True):
    """What is shown; for damage, of which kind, and of which images. ``point_size`` is in pixels."""

    shown: Shown = "length"
    kind: Kind = "all"
    split: Annotated[int, Meta(ge=TEST, le=TRAIN)] = TEST
    point_size: Annotated[float, Meta(gt=0, le=50)] = 2.0


class QualityContent(Struct, frozen=True, eq=False):
    """Points (m, 2) of the images in ``rows`` (m,) of the snapshot, in ``colors`` (m,).

    ``trend`` is the line of medians, None where there is the diagonal instead; ``texts`` is the caption,
    longest first. ``most`` is the end of the X axis.
    """

    shown: Shown
    rows: Rows
    points: Floats
    colors: Colors
    most: float
    trend: Trend | None
    texts: tuple[str, ...]
    point_size: float
    chosen: Rows = NOTHING


def quality_content(
    snapshot: Snapshot,
    stress: Stress,
    options: QualityOptions,
    left_out: frozenset[int],
    chosen: Mask,
    theme: Theme,
) -> QualityContent | None:
    """Return what to draw; None where no image of the snapshot shows it.

    Classes ``left_out`` are not drawn; ``chosen`` (n,) masks the selected images.
    """
    if options.shown == "labels":
        return _of_labels(snapshot, stress, options, left_out, chosen, theme)
    values = _values(snapshot, options.shown)
    known = np.isfinite(values) & (snapshot.probe.split == options.split) & _shown(snapshot, left_out)
    if options.kind != "all":
        known &= np.isin(stress.kind, [NONE, DAMAGES.index(options.kind)])
    rows = np.flatnonzero(known)
    if not (stress.kind[rows] != NONE).any():
        return None
    points = np.stack([stress.strength[rows], values[rows]], axis=1).astype(np.float32)
    most = max(
        strength
        for name, strength in zip(DAMAGES, snapshot.config.data.strengths, strict=True)
        if options.kind in ("all", name)
    )
    trend = trend_of(stress.strength[rows], values[rows], most)
    return QualityContent(
        options.shown,
        rows,
        points,
        _class_colors(theme)[snapshot.probe.labels[rows] % len(theme.classes)],
        most,
        trend,
        _damage_texts(snapshot, options, trend),
        options.point_size,
        np.flatnonzero(chosen[rows]),
    )


def empty_sentence(
    snapshot: Snapshot | None, stress: Stress | None, options: QualityOptions, theme: Theme
) -> str:
    """Return why nothing is drawn where `quality_content` returns None, and what changes that."""
    data, of_labels = None if snapshot is None else snapshot.config.data, options.shown == "labels"
    if data is None or not (data.wrong_labels if of_labels else any(data.strengths)):
        return _(_NO_WRONG_LABELS if of_labels else _NO_DAMAGE)
    if not of_labels and options.kind != "all" and not data.strengths[DAMAGES.index(options.kind)]:
        return _(_OTHER_DAMAGE).format(kind=_(_KINDS[options.kind]))
    if snapshot is not None and stress is not None:
        none = np.zeros(len(snapshot.probe.labels), bool)
        if quality_content(snapshot, stress, options, frozenset(), none, theme) is not None:
            return _(_HIDDEN)
    return _(_NONE_WRONG if of_labels else _NONE_DAMAGED)


def _of_labels(
    snapshot: Snapshot,
    stress: Stress,
    options: QualityOptions,
    left_out: frozenset[int],
    chosen: Mask,
    theme: Theme,
) -> QualityContent | None:
    cleaning = cleaning_of(snapshot, stress)
    cleaning = cleaning.part(_shown(snapshot, left_out)[cleaning.rows])
    if not cleaning.wrong.any():
        return None
    order = np.argsort(cleaning.wrong, kind="stable")  # wrong ones above the others
    rows = cleaning.rows[order]
    points = np.degrees(np.stack([cleaning.own[order], cleaning.other[order]], axis=1)).astype(np.float32)
    table = packed([mix(theme.muted, theme.plot, 0.45), theme.error])
    return QualityContent(
        options.shown,
        rows,
        points,
        table[cleaning.wrong[order].astype(np.intp)],
        float(points.max(initial=1.0)),
        None,
        _label_texts(cleaning),
        options.point_size,
        np.flatnonzero(chosen[rows]),
    )


def _shown(snapshot: Snapshot, left_out: frozenset[int]) -> NDArray[np.bool_]:
    hidden: NDArray[np.bool_] = np.isin(snapshot.probe.labels, list(left_out))
    return ~hidden


def _values(snapshot: Snapshot, shown: Shown) -> Floats:
    """Return the lengths (n,) of the features, or their angles to the true class in degrees."""
    if shown == "angle":
        return np.degrees(facts_of(snapshot).own_angle)
    features = snapshot.features.astype(np.float64)
    lengths: Floats = np.sqrt(np.einsum("nd,nd->n", features, features))
    return lengths


def _class_colors(theme: Theme) -> Colors:
    return packed(list(theme.classes))


def _damage_texts(snapshot: Snapshot, options: QualityOptions, trend: Trend) -> tuple[str, ...]:
    """Return the correlation, of which damage and of how many images; longest first."""
    active = [
        _(_KINDS[name])
        for name, strength in zip(DAMAGES, snapshot.config.data.strengths, strict=True)
        if strength and options.kind in ("all", name)
    ]
    correlation = (
        _("ρ undefined")
        if math.isnan(trend.correlation)
        else f"ρ = {trend.correlation:+.2f}".replace("-", "−")
    )
    pattern = _("{count:,} test images") if options.split == TEST else _("{count:,} training images")
    kinds, count = ", ".join(active), pattern.format(count=trend.count)
    return (f"{correlation}  ·  {kinds}  ·  {count}", f"{correlation}  ·  {count}", correlation)


def _label_texts(cleaning: Cleaning) -> tuple[str, ...]:
    count = int(np.count_nonzero(cleaning.wrong))
    found = _("{share:.0%} of {count:,} wrong labels found by angle").format(
        share=cleaning.found_share, count=count
    )
    false = _("false alarms: {share:.1%} of the correct labels").format(share=cleaning.false_share)
    short = _("found: {share:.0%}").format(share=cleaning.found_share)
    return (f"{found}  ·  {false}", found, short)
