"""The examples of the distance lab, and its demonstration."""

from __future__ import annotations

from msgspec.structs import replace

from explorer.analysis.labs.distances import compare, norm, unit
from explorer.core.texts import N_, _
from explorer.gui.labs.distance.options import DistanceOptions
from explorer.gui.labs.lab import Example, Step, number

INITIAL = DistanceOptions(
    a=(2.0, 1.0), b=(4.0, 2.5), c=(1.0, 2.0), normalise=False, assumed_mean=3.0, unit=""
)


def _ratings(options: DistanceOptions) -> str:
    found = compare(options.a, options.b, options.assumed_mean)
    return _(
        "cos = {cosine}. Adjusted by the assumed mean {mean:g}: {assumed}. Adjusted by each person's own "
        "mean: {own}."
    ).format(
        cosine=number(found.cosine),
        mean=options.assumed_mean,
        assumed=number(found.assumed_mean),
        own=number(found.own_means),
    )


def _nearer(options: DistanceOptions) -> str:
    near, far = (compare(options.a, other, 0.0) for other in (options.b, options.c))
    return _(
        "B is at distance {near} with cosine {near_cosine}, C at distance {far} with cosine {far_cosine}. "
        "The smaller distance has the smaller similarity."
    ).format(
        near=number(near.euclidean, 3),
        near_cosine=number(near.cosine, 3),
        far=number(far.euclidean, 3),
        far_cosine=number(far.cosine, 3),
    )


def _length(options: DistanceOptions) -> str:
    squares = round(norm(options.a) ** 2)
    return _("√{squares} = {length}; unit vector ({parts})").format(
        squares=squares,
        length=number(norm(options.a)),
        parts=_(", ").join(number(part) for part in unit(options.a)),
    )


def _range(options: DistanceOptions) -> str:
    found = compare(options.a, options.b, 0.0)
    return _("Cosine {cosine}, cosine distance {distance}: from −1 to 1, and from 0 to 2.").format(
        cosine=number(found.cosine), distance=number(found.cosine_distance)
    )


def _units(options: DistanceOptions) -> str:
    in_cm, in_mm = (
        [compare(*pair, 0.0).euclidean for pair in _pairs(replace(options, unit=unit))]
        for unit in ("cm", "mm")
    )
    return _(
        "In cm and kg B is nearer ({b_cm} to {c_cm}); in mm and kg C is nearer ({c_mm} to {b_mm})."
    ).format(
        b_cm=number(in_cm[0], 2),
        c_cm=number(in_cm[1], 2),
        b_mm=number(in_mm[0], 2),
        c_mm=number(in_mm[1], 2),
    )


def _pairs(options: DistanceOptions) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    first, *others = options.vectors
    return [(first, other) for other in others]


EXAMPLES: tuple[Example[DistanceOptions], ...] = (
    Example(
        id="ratings",
        title=N_("Ratings of two people"),
        options=replace(INITIAL, a=(1.0, 2.0), b=(4.0, 5.0), c=()),
        claim=N_("The ratings (1, 2) and (4, 5) have cosine .98, adjusted cosine −.8: they are opposite."),
        correct=_ratings,
        why=N_(
            "−.8 needs one assumed mean for both people. Compared with their own means, 1.5 and 4.5, both "
            "liked the second film half a point more. The choice of the mean decides."
        ),
    ),
    Example(
        id="nearer",
        title=N_("Nearer is not more similar"),
        options=replace(INITIAL, a=(1.0, 0.0), b=(0.1, 0.1), c=(10.0, 0.0)),
        claim=N_("The smaller the distance, the larger the similarity."),
        correct=_nearer,
        why=N_("Distance counts length, cosine does not. They agree only for vectors of one length."),
    ),
    Example(
        id="length",
        title=N_("Length of (2, 3, 5)"),
        options=replace(INITIAL, a=(2.0, 3.0, 5.0), b=unit((2.0, 3.0, 5.0)), c=()),
        claim=N_("‖[2, 3, 5]‖ = √38 ≈ 6.164; unit vector [.324, .486, .811]"),
        correct=_length,
        why=N_("The second component .4867 rounds to .487; .486 is cut off."),
    ),
    Example(
        id="range",
        title=N_("Cosine between 0 and 1"),
        options=replace(INITIAL, a=(1.0, 2.0), b=(-2.0, -4.0), c=()),
        claim=N_("The cosine lies between 0 and 1."),
        correct=_range,
        why=N_(
            "It does only where no component is negative, as after a ReLU, which keeps all features in one "
            "quadrant."
        ),
    ),
    Example(
        id="units",
        title=N_("Height and weight"),
        options=replace(INITIAL, a=(170.0, 60.0), b=(180.0, 61.0), c=(172.0, 75.0), unit="cm"),
        claim=N_("The Euclidean distance needs comparable units."),
        correct=_units,
        why=N_(
            "A component in a small unit has large numbers and decides alone. Divide each component by its "
            "standard deviation first, or use one unit."
        ),
    ),
)


def _turned(x: float, y: float) -> DistanceOptions:
    return replace(INITIAL, a=(2.0, 0.0), b=(x, y), c=(), normalise=True)


STEPS: tuple[Step[DistanceOptions], ...] = (
    Step(INITIAL, 2.5, N_("C is nearer to A in distance; B is nearer in angle.")),
    Step(
        replace(INITIAL, b=(8.0, 5.0)),
        4.0,
        N_("B moves along its own ray: the distance grows, the cosine stays."),
    ),
    Step(
        replace(INITIAL, b=(1.6, 1.0)),
        4.0,
        N_("Back on the same ray, B is nearer than C by either measure."),
    ),
    Step(
        replace(INITIAL, b=(1.6, 1.0), normalise=True),
        4.0,
        N_("At unit length only directions are left: d² = 2(1 − cos), and both measures agree."),
    ),
    Step(_turned(1.6, 1.0), 2.0, N_("A lies to the right, and B turns away from it.")),
    Step(_turned(0.0, 1.9), 3.0, N_("At a right angle the cosine is 0 and d² is 2.")),
    Step(_turned(-1.9, 0.0), 4.0, N_("Opposite: the cosine is −1, its distance 2, and d² is 4.")),
)
