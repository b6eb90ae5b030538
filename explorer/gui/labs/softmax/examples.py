"""The examples of the softmax lab, and its demonstration."""

from __future__ import annotations

import math

import numpy as np
from msgspec.structs import replace

from explorer.analysis.labs.softmax import cross_entropy, lowest_loss, probabilities
from explorer.core.texts import N_, _
from explorer.gui.labs.lab import Example, Step, number
from explorer.gui.labs.softmax.options import LABEL, SoftmaxOptions
from explorer.gui.labs.vectors import Vector, stretched

_LONG, _WIDE = 10.0, 3.0


def _polar(degrees: float, length: float) -> Vector:
    return length * math.cos(math.radians(degrees)), length * math.sin(math.radians(degrees))


INITIAL = SoftmaxOptions(
    f=_polar(45, 1.5),
    w1=(0.0, 1.0),
    w2=_polar(210, 1.0),
    w3=_polar(330, 1.0),
    scale=1.0,
    normalise=False,
    direct=False,
    z1=2.0,
    z2=1.0,
    z3=-1.0,
)
_LONGER = replace(INITIAL, f=stretched(INITIAL.f, _LONG))
_WIDER = replace(INITIAL, w3=stretched(INITIAL.w3, _WIDE))
_UNIT = replace(INITIAL, normalise=True)


def _decision(options: SoftmaxOptions) -> int:
    """Return the number of the class with the largest logit, from 1."""
    return int(np.argmax(options.logits)) + 1


def _loss(options: SoftmaxOptions) -> str:
    return number(cross_entropy(options.logits, LABEL), 3)


def _lengths(options: SoftmaxOptions) -> str:
    before = replace(options, w3=stretched(options.w3, 1.0))
    longer = replace(before, f=stretched(before.f, _LONG))
    return _(
        "‖f‖ = 1.5 and ‖f‖ = {length:g} both give class {same}. With ‖w₃‖ = {weight:g} instead of 1 the same "
        "feature goes to class {other}."
    ).format(length=_LONG, same=_both(before, longer), weight=_WIDE, other=_decision(options))


def _both(first: SoftmaxOptions, second: SoftmaxOptions) -> str:
    return _(", ").join(str(k) for k in sorted({_decision(first), _decision(second)}))


def _long_features(options: SoftmaxOptions) -> str:
    pattern = _("At the same angle the loss falls from {before} at ‖f‖ = 1.5 to {after} at ‖f‖ = {length:g}.")
    return pattern.format(before=_loss(INITIAL), after=_loss(options), length=_LONG)


def _any_scores(options: SoftmaxOptions) -> str:
    parts = probabilities(options.logits)
    return _("p = ({parts}), with sum {total}").format(
        parts=_(", ").join(number(part) for part in parts), total=number(math.fsum(parts))
    )


def _only_angles(options: SoftmaxOptions) -> str:
    floors = [number(lowest_loss(options.weights, LABEL, scale), 3) for scale in (1.0, 16.0)]
    pattern = _("Right; but with s = 1 the loss cannot fall below {low}, even at θ = 0. With s = 16: {high}.")
    return pattern.format(low=floors[0], high=floors[1])


EXAMPLES: tuple[Example[SoftmaxOptions], ...] = (
    Example(
        id="lengths",
        title=N_("Do ‖w‖ and ‖f‖ matter?"),
        options=_WIDER,
        claim=N_("The lengths ‖w‖ and ‖f‖ do not matter to the decision."),
        correct=_lengths,
        why=N_("‖f‖ is a factor of every logit and cancels. Each logit has its own ‖wⱼ‖, which does not."),
    ),
    Example(
        id="long-features",
        title=N_("Long features"),
        options=_LONGER,
        claim=N_("Softmax loss favours easy images, whose features are long."),
        correct=_long_features,
        why=N_("Right. The network can lower the loss by longer features instead of better angles."),
    ),
    Example(
        id="any-scores",
        title=N_("Any scores"),
        options=replace(INITIAL, direct=True),
        claim=N_("Softmax turns any scores into numbers between 0 and 1 that sum to 1."),
        correct=_any_scores,
        why=N_("Right. Adding a constant to all scores changes nothing; a factor makes them more certain."),
    ),
    Example(
        id="only-angles",
        title=N_("Only angles"),
        options=_UNIT,
        claim=N_("Normalising features and weights leaves only the angle."),
        correct=_only_angles,
        why=N_("Cosines lie between −1 and 1, too close together for high probabilities: hence the scale s."),
    ),
)

STEPS: tuple[Step[SoftmaxOptions], ...] = (
    Step(INITIAL, 2.5, N_("The feature f belongs to class 1, 45° away from its weight w₁.")),
    Step(_LONGER, 5.0, N_("It only becomes longer. Every angle stays, and the loss falls.")),
    Step(INITIAL, 2.5, N_("Back to the short feature.")),
    Step(_WIDER, 5.0, N_("w₃ becomes longer: its region grows, and takes the feature.")),
    Step(
        replace(_WIDER, normalise=True),
        4.0,
        N_("At unit length only angles decide: the feature is back in class 1."),
    ),
    Step(
        replace(_WIDER, normalise=True, scale=16.0),
        5.0,
        N_("Cosines alone leave the loss high; the scale s takes the place of the lengths."),
    ),
)
