"""The examples of the margin lab, and its demonstration."""

from __future__ import annotations

import math

from msgspec.structs import replace

from explorer.analysis.labs.margins import largest_angle, outcome, pull_at
from explorer.core.losses.catalog import MARGIN_PLACES
from explorer.core.settings.config import LossConfig
from explorer.core.texts import N_, _
from explorer.gui.labs.lab import Example, Step, number
from explorer.gui.labs.margin.computed import computed
from explorer.gui.labs.margin.options import MarginOptions

_SUBTRACTED, _ADDED, _MULTIPLIED = (spec.name for spec in MARGIN_PLACES)
_MANY = 10_000


def _loss(name: str, **params: float) -> LossConfig:
    return LossConfig(name, dict(params))


_ARC = _loss(_ADDED, margin=0.5, scale=10.0)
_COS = _loss(_SUBTRACTED, margin=0.35, scale=10.0)
_POWER = _loss(_MULTIPLIED, margin=4, annealing=0.0)

INITIAL = MarginOptions(
    first=_ARC, second=_COS, theta1=40.0, theta2=50.0, apart=90.0, classes=10, every=False
)
_NEAR_ZERO = replace(INITIAL, theta1=5.0, theta2=85.0, classes=_MANY)


def _test_time(options: MarginOptions) -> str:
    found = outcome(computed(options.first, options.classes).curve, *options.angles)
    return _(
        "θ₁ = {first:g}°, θ₂ = {second:g}°. Test: {score} > {other}, so class 1: right. Training: "
        "{target} < {other}: not yet enough."
    ).format(
        first=options.theta1,
        second=options.theta2,
        score=number(found.score, 3),
        other=number(found.other_score, 3),
        target=number(found.target, 3),
    )


def _flat(options: MarginOptions) -> str:
    known = [computed(loss, options.classes) for loss in options.losses]
    added, subtracted = (outcome(one.curve, *options.angles).slope for one in known)
    pulls = [number(pull_at(one.pulls, options.angles[0]), 2) for one in known]
    return _(
        "At θ = {angle:g}° the slope dT/dθ is {subtracted} with a margin on the cosine, whatever m, and "
        "{added} with 0.5 rad added to the angle. With {classes:,} classes the pulls are {weak} and {strong}."
    ).format(
        angle=options.theta1,
        subtracted=number(subtracted, 3),
        added=number(added, 3),
        classes=options.classes,
        weak=pulls[1],
        strong=pulls[0],
    )


def _boundary(options: MarginOptions) -> str:
    reach = largest_angle(computed(options.first, options.classes).curve, options.angles[1])
    return _("At θ₂ = {second:g}° training wants θ₁ below {first}°, the test only below {second:g}°.").format(
        second=options.theta2, first=number(math.degrees(reach), 2)
    )


EXAMPLES: tuple[Example[MarginOptions], ...] = (
    Example(
        id="test-time",
        title=N_("Does θ + m separate?"),
        options=replace(INITIAL, second=None),
        claim=N_("Increase θ to θ + m to separate the classes."),
        correct=_test_time,
        why=N_(
            "The margin only makes the target harder in training, so that samples come nearer to their class "
            "weight. At test time the plain cos θ decides."
        ),
    ),
    Example(
        id="why-angle",
        title=N_("Why add to the angle?"),
        options=_NEAR_ZERO,
        claim=N_("The angle is the better place for a margin: the cosine is flat near 0."),
        correct=_flat,
        why=N_(
            "Right, where there are many classes. Subtracting m lowers the curve and keeps its slope; adding "
            "m moves it to where it is steep."
        ),
    ),
    Example(
        id="multiply",
        title=N_("Multiply the angle"),
        options=replace(INITIAL, first=_POWER, second=None, theta1=20.0, theta2=60.0, apart=80.0),
        claim=N_("L-Softmax multiplies the angle: cos(mθ)."),
        correct=_boundary,
        why=N_("The margin is a share of θ₂: wide between distant classes, narrow between similar ones."),
    ),
    Example(
        id="subtract",
        title=N_("Subtract from the cosine"),
        options=replace(INITIAL, first=_COS, second=None, theta1=40.0, theta2=60.0),
        claim=N_("AM-Softmax subtracts the margin from the cosine: cos θ − m."),
        correct=_boundary,
        why=N_("The margin is constant in the cosine, and in the angle it changes with θ₂."),
    ),
    Example(
        id="add",
        title=N_("Add to the angle"),
        options=replace(INITIAL, second=None, theta1=40.0, theta2=60.0),
        claim=N_("ArcFace adds the margin to the angle, in radians: cos(θ + m)."),
        correct=_boundary,
        why=N_("The margin is m radians everywhere: 0.5 rad is 28.65°."),
    ),
)

_PLAIN = replace(INITIAL, first=_loss(_ADDED, margin=0.0, scale=10.0), second=None)
_MET = replace(INITIAL, second=None, theta1=20.0, theta2=70.0)

STEPS: tuple[Step[MarginOptions], ...] = (
    Step(_PLAIN, 3.0, N_("Without a margin, 40° to the true class and 50° to the other are enough.")),
    Step(
        replace(INITIAL, second=None),
        5.0,
        N_("A margin m is added to the angle: the test still says class 1, but training is not satisfied."),
    ),
    Step(_MET, 5.0, N_("Training turns the sample to its weight until it is beyond the margin.")),
    Step(
        replace(_MET, first=_COS),
        4.0,
        N_("A margin on the cosine lowers the whole curve; its boundary is curved in the angles."),
    ),
    Step(
        replace(_MET, first=_POWER),
        4.0,
        N_("A factor on the angle: similar classes, with a small θ₂, have little margin."),
    ),
    Step(
        _NEAR_ZERO,
        5.0,
        N_("With many classes, a margin on the angle pulls more near θ = 0, where the cosine is flat."),
    ),
)
