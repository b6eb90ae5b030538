"""The examples of the cost lab, and its demonstration."""

from __future__ import annotations

from msgspec.structs import replace

from explorer.analysis.labs.costs import memory, nearest
from explorer.core.losses.catalog import CENTRE_PAIR, MARGIN_PLACES
from explorer.core.texts import N_, _
from explorer.gui.labs.cost.content import size_text
from explorer.gui.labs.cost.costs import TIME
from explorer.gui.labs.cost.options import CostOptions
from explorer.gui.labs.lab import Example, Step, number

_PLAIN, _CENTRE = (spec.name for spec in CENTRE_PAIR)

INITIAL = CostOptions(first=_PLAIN, second=_CENTRE, classes=10_000, dim=64, batch=128)


def _centres(options: CostOptions) -> str:
    counted = memory(options.classes, options.dim, options.batch)
    sizes = _(
        "At {classes:,} classes and {dim} dimensions the centres take {centres}, the classifier's weights "
        "{weights}, their gradient as much again and the logits of a batch {logits}."
    ).format(
        classes=options.classes,
        dim=options.dim,
        centres=size_text(counted.centres),
        weights=size_text(counted.weights),
        logits=size_text(counted.logits),
    )
    return f"{sizes} {_times(options)}"


def _times(options: CostOptions) -> str:
    """Return what was measured for both losses at the nearest number of classes that both have."""
    points = [options.costs.points(TIME, loss) if options.costs else [] for loss in options.losses]
    found = [nearest(one, options.classes) for one in points]
    one, other = found
    if one is None or other is None or one[0] != other[0]:
        return _("Time: press “Measure”.")
    pattern = _("Measured at {classes:,}: a step takes {plain} ms without and {centre} ms with the centres.")
    return pattern.format(classes=one[0], plain=number(one[1], 2), centre=number(other[1], 2))


EXAMPLES: tuple[Example[CostOptions], ...] = (
    Example(
        id="centres",
        title=N_("Are centres too costly?"),
        options=INITIAL,
        claim=N_("Centre loss is very costly above 10,000 classes."),
        correct=_centres,
        why=N_(
            "Every class has a weight anyway, and each logit needs it. Centres take as much memory as these "
            "weights, and a batch changes only those of its own classes."
        ),
    ),
)

STEPS: tuple[Step[CostOptions], ...] = (
    Step(
        replace(INITIAL, classes=10),
        3.0,
        N_("Ten classes, as in MNIST: weights and centres take a few kilobytes."),
    ),
    Step(
        replace(INITIAL, classes=1_000_000),
        6.0,
        N_("With every tenfold number of classes, weights, centres and logits grow tenfold."),
    ),
    Step(
        replace(INITIAL, classes=100_000, dim=512),
        4.0,
        N_("With more dimensions the weights outgrow the logits; centres stay as large as the weights."),
    ),
    Step(
        replace(INITIAL, second=MARGIN_PLACES[1].name, classes=100_000),
        4.0,
        N_("A margin changes one logit of each sample; what grows is the number of logits."),
    ),
)
