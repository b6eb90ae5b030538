"""The examples of the centre lab, and its demonstration."""

from __future__ import annotations

import math

import numpy as np
from msgspec.structs import replace

from explorer.analysis.labs.centres import (
    WORKED,
    half_squares,
    means,
    on_unit_sphere,
    shares,
    squared_product,
)
from explorer.analysis.labs.distances import norm
from explorer.core.texts import N_, _
from explorer.gui.labs.centre.options import CentreOptions
from explorer.gui.labs.lab import Example, Step, number

INITIAL = CentreOptions(
    outlier=(3.0, 3.2),
    start=(0.0, 0.0),
    rule="batch",
    rate=0.5,
    batch=4,
    steps=6,
    normalise=False,
    length=0.9,
    angle=60.0,
    table=False,
)
_AT_THE_MEAN = replace(INITIAL, rule="epoch", steps=3)
_FORMULA = replace(_AT_THE_MEAN, normalise=True, angle=0.0)


def _outlier(options: CentreOptions) -> str:
    squares = half_squares(options.points, options.path[-1])
    plain = np.sqrt(2 * squares)
    return _(
        "The share of one of {count} features in the loss is {squared}%; with plain distances, {plain}%."
    ).format(
        count=len(squares),
        squared=number(100 * float(shares(squares)[-1]), 1),
        plain=number(100 * float(shares(plain)[-1]), 1),
    )


def _formula(options: CentreOptions) -> str:
    cosines = np.array([1.0, 0.0])
    right, wrong = on_unit_sphere(cosines, options.length), squared_product(cosines, options.length)
    return _(
        "½‖x − c‖² = (1 + ‖c‖²)/2 − x·c. With ‖c‖ = {length:g} it is {near} at 0° and {far} at 90°; "
        "½(x·c)² is {wrong_near} and {wrong_far}."
    ).format(
        length=options.length,
        near=number(right[0]),
        far=number(right[1]),
        wrong_near=number(wrong[0]),
        wrong_far=number(wrong[1]),
    )


def _worked(_options: CentreOptions) -> str:
    parts = [_(", ").join(f"{part:g}" for part in np.round(mean, 12).tolist()) for mean in means(WORKED)]
    lengths = [norm(row) for rows in WORKED for row in rows]
    return _(
        "c₁ = ({first}), c₂ = ({second}), c₃ = ({third}). The vectors have lengths of {least} to {most}: "
        "none is 1."
    ).format(
        first=parts[0],
        second=parts[1],
        third=parts[2],
        least=number(min(lengths), 3),
        most=number(max(lengths), 3),
    )


def _updates(options: CentreOptions) -> str:
    after = replace(options, rule="epoch").path[-1], options.path[-1]
    gaps = [math.dist(centre, options.points.mean(axis=0)) for centre in after]
    return _(
        "In the paper: features as they are, a sum over the mini-batch, and after every batch the centre "
        "moves by α. After {steps} batches it is {moved} from the mean; set once per epoch, {set}."
    ).format(steps=options.steps, moved=number(gaps[1], 3), set=number(gaps[0], 3))


EXAMPLES: tuple[Example[CentreOptions], ...] = (
    Example(
        id="outlier",
        title=N_("Outliers dominate"),
        options=_AT_THE_MEAN,
        claim=N_("Outliers dominate a squared distance."),
        correct=_outlier,
        why=N_("Right: at twice the distance a feature counts four times, and pulls the centre as well."),
    ),
    Example(
        id="formula",
        title=N_("Only the inner product?"),
        options=_FORMULA,
        claim=N_(
            "On the unit sphere the distance simplifies to the negative inner product, so L = ½Σ‖−x·c‖²."
        ),
        correct=_formula,
        why=N_(
            "The squared distance falls with x·c itself, not with its square, and ‖c‖ changes during "
            "training. The square is largest where feature and centre agree: it would push them apart to 90°."
        ),
    ),
    Example(
        id="worked",
        title=N_("Three classes by hand"),
        options=replace(INITIAL, table=True),
        claim=N_("Twelve normalised vectors of three classes; c₁ = [.5, .575, .725]."),
        correct=_worked,
        why=N_("c₁ is right. Vectors of length 1 would have other means."),
    ),
    Example(
        id="updates",
        title=N_("When does the centre move?"),
        options=replace(INITIAL, steps=2),
        claim=N_("Features are normalised, m counts all samples, and centres are recomputed per epoch."),
        correct=_updates,
        why=N_(
            "Features move while the network trains: a centre that waits for the end of the epoch lags "
            "behind. The settings of Centre loss have both."
        ),
    ),
)

_NEAR = replace(_AT_THE_MEAN, outlier=(1.9, 1.4))

STEPS: tuple[Step[CentreOptions], ...] = (
    Step(_NEAR, 2.5, N_("Twelve features of a class, with the centre at their mean.")),
    Step(
        replace(_AT_THE_MEAN, outlier=(3.0, 4.0)),
        5.0,
        N_("One of them moves away: its share of the loss grows with the square of its distance."),
    ),
    Step(replace(INITIAL, steps=0), 2.5, N_("The centre begins at the origin.")),
    Step(replace(INITIAL, steps=12), 6.0, N_("After each batch of four it moves a part of the way, by α.")),
    Step(
        replace(INITIAL, steps=60),
        5.0,
        N_("It never rests: each batch pulls to its own mean, and the outlier's batch farthest."),
    ),
    Step(
        replace(INITIAL, rule="epoch", steps=6),
        4.0,
        N_("Set once per epoch, it waits and then jumps to the mean."),
    ),
)
