"""What is said of each beat of a batch, with the numbers of the image in focus."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.batches.moment import BatchMoment, force_parts
from explorer.analysis.heads.registry import head_of
from explorer.analysis.statistics.sample_loss import SampleLoss, sample_loss
from explorer.core.texts import N_, _
from explorer.gui.batches.state import BatchState, Beat
from explorer.gui.theory.sample_box import steps

_NAMES: Mapping[Beat, str] = MappingProxyType(
    {
        Beat.FEATURES: N_("1 of 4: features"),
        Beat.SCORES: N_("2 of 4: scores"),
        Beat.LOSS: N_("3 of 4: loss"),
        Beat.FORCE: N_("4 of 4: force"),
        Beat.STEP: N_("After the step"),
    }
)
_NEXT: Mapping[Beat, str] = MappingProxyType(
    {Beat.FORCE: N_("Make the step"), Beat.STEP: N_("Next batch")},
)


def title(state: BatchState) -> str:
    """Return the name of a beat."""
    return _(_NAMES[state.beat])


def next_words(state: BatchState) -> str:
    """Return what the button does that goes on."""
    return _(_NEXT.get(state.beat, N_("Next")))


def html(state: BatchState) -> str:
    """Return what is said of a beat, as rich text."""
    before, row = state.before, state.row
    if before is None:
        return escape(_("Waiting for the batch…"))
    match state.beat:
        case Beat.FEATURES:
            return escape(_features(before, row))
        case Beat.SCORES:
            return escape(_scores(before, row))
        case Beat.LOSS:
            return _loss(before, row)
        case Beat.FORCE:
            return _force(before, row)
        case Beat.STEP:
            return _step(before, state.after, row)


def _features(moment: BatchMoment, row: int) -> str:
    feature = moment.snapshot.features[row]
    sentence = _(
        "Step {step:,} trains on these {count} training images. The network turns each into a feature x; "
        "that of the image in focus is x = {feature}, ‖x‖ = {length:.4g}."
    ).format(
        step=moment.snapshot.step + 1,
        count=moment.count,
        feature=_vector(feature),
        length=float(np.linalg.norm(feature)),
    )
    if moment.lies_elsewhere:
        why = _(
            "The batch lies elsewhere than the other points: in training the network normalises by the mean "
            "of the batch, otherwise by running means, which have not followed yet."
        )
        return _("{first} {second}").format(first=sentence, second=why)
    return sentence


def _scores(moment: BatchMoment, row: int) -> str:
    logits, shares = moment.scores(row)
    probe = moment.snapshot.probe
    label, best = int(probe.labels[row]), int(np.nan_to_num(shares).argmax())
    if not np.isfinite(logits).all():
        return _("The classifier has no finite score for this image.")
    sentence = _(
        "The classifier gives each class a logit, without the margin, and softmax makes probabilities of "
        "them. The true class {label} gets {share:.1%}."
    ).format(label=probe.name(label), share=shares[label])
    if best == label:
        return sentence
    rival = _("Class {label} gets more: {share:.1%}.").format(label=probe.name(best), share=shares[best])
    return _("{first} {second}").format(first=sentence, second=rival)


def _loss(moment: BatchMoment, row: int) -> str:
    snapshot = moment.snapshot
    found, spec = sample_loss(snapshot, row), snapshot.config.loss.spec
    table = _pairs(list(steps(spec, found)))
    whole = _("Loss of the whole batch: {loss:.4g}.").format(loss=snapshot.scalars["loss"])
    if found.reason is None:
        return table + f"<div>{escape(whole)}</div>"
    words = _("{first} {second}").format(first=str(found.reason), second=whole)
    return table + f"<div>{escape(words)}</div>"


def _force(moment: BatchMoment, row: int) -> str:
    force = moment.forces[row]
    head = _("Force −{count}·∂L/∂x = {force}, length {length:.3g}. All arrows have one scale.").format(
        count=moment.count, force=_vector(force), length=float(np.linalg.norm(force))
    )
    return f"<div>{escape(head)}</div><div>{escape(_direction(moment, row))}</div>"


def _direction(moment: BatchMoment, row: int) -> str:
    """Return in words where the force pulls."""
    snapshot = moment.snapshot
    weight = _own_weight(moment, row)
    parts = force_parts(snapshot.features[row], moment.forces[row], weight)
    if not parts.length:
        return _("Nothing pulls this image: its gradient is zero.")
    turns = abs(parts.along) < _LEAST_SHARE * parts.length
    way = "turn" if turns else "out" if parts.along > 0 else "in"
    sentence = _(_PULLS[way, parts.towards])
    return sentence.format(along=f"{abs(parts.along):.3g}", across=f"{parts.across:.3g}")


_LEAST_SHARE = 1e-4
"""Of a force: a smaller part along the ray is what rounding leaves."""
_PULLS: Mapping[tuple[str, bool | None], str] = MappingProxyType(
    {
        ("out", None): N_("It pulls x by {along} away from the origin, and by {across} to the side."),
        ("in", None): N_("It pulls x by {along} towards the origin, and by {across} to the side."),
        ("turn", None): N_("It only turns x, by {across} to the side."),
        ("out", True): N_(
            "It pulls x by {along} away from the origin, and by {across} towards its class weight."
        ),
        ("in", True): N_(
            "It pulls x by {along} towards the origin, and by {across} towards its class weight."
        ),
        ("turn", True): N_("It only turns x, by {across} towards its class weight."),
        ("out", False): N_(
            "It pulls x by {along} away from the origin, and by {across} away from its class weight."
        ),
        ("in", False): N_(
            "It pulls x by {along} towards the origin, and by {across} away from its class weight."
        ),
        ("turn", False): N_("It only turns x, by {across} away from its class weight."),
    }
)
"""What is said of a force, by its part along the ray, and whether the rest turns x to its class weight."""


def _own_weight(moment: BatchMoment, row: int) -> NDArray[np.float32] | None:
    rows = head_of(moment.frame).rows
    if rows is None or len(rows) != moment.frame.probe.num_classes:
        return None
    weight: NDArray[np.float32] = rows[int(moment.snapshot.probe.labels[row])]
    return weight if np.isfinite(weight).all() else None


def _step(before: BatchMoment, after: BatchMoment | None, row: int) -> str:
    if after is None:
        return escape(_("Making the step…"))
    move = after.snapshot.features[row].astype(np.float64) - before.snapshot.features[row]
    length, pull = float(np.linalg.norm(move)), float(np.linalg.norm(before.forces[row]))
    moved = _(
        "The step changed the network, and with it all features: x moved by {move}, length {length:.3g}."
    )
    parts = [moved.format(move=_vector(move), length=length)]
    if length and pull:
        cosine = float(move @ before.forces[row]) / (length * pull)
        angle = math.degrees(math.acos(min(1.0, max(-1.0, cosine))))
        parts.append(
            _("That is {angle:.0f}° off the force: all images of the batch share the weights.").format(
                angle=angle
            )
        )
    parts.append(_losses(before, after, row))
    return "".join(f"<div>{escape(part)}</div>" for part in parts)


def _losses(before: BatchMoment, after: BatchMoment, row: int) -> str:
    old, new = (sample_loss(moment.snapshot, row) for moment in (before, after))
    batch = {"old": before.snapshot.scalars["loss"], "new": after.snapshot.scalars["loss"]}
    if _known(old) and _known(new):
        sentence = _(
            "Loss of the image: {old_own:.3g}, now {new_own:.3g}. Loss of the batch: {old:.3g}, now "
            "{new:.3g}."
        )
        return sentence.format(old_own=old.total, new_own=new.total, **batch)
    return _("Loss of the batch: {old:.3g}, now {new:.3g}.").format(**batch)


def _known(found: SampleLoss) -> bool:
    return bool(found.terms) and found.reason is None


def _vector(values: NDArray[np.floating]) -> str:
    return "(" + ", ".join(f"{value:.3g}" for value in values.tolist()).replace("-", "−") + ")"


def _pairs(rows: list[tuple[str, str]]) -> str:
    """Return steps as a table, two beside each other."""
    cells = [f"<td>{name}&nbsp;&nbsp;</td><td>{value}&nbsp;&nbsp;&nbsp;&nbsp;</td>" for name, value in rows]
    lines = "".join(f"<tr>{''.join(cells[place : place + 2])}</tr>" for place in _evens(len(cells)))
    return f"<table>{lines}</table>"


def _evens(count: int) -> Iterator[int]:
    return iter(range(0, count, 2))
