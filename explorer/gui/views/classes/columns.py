"""The columns of the table of classes: what each is called, what it shows, and what it is sorted by."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from explorer.analysis.statistics.angles import ABSENT
from explorer.analysis.statistics.classes import ClassFacts
from explorer.core.texts import N_

ColumnName = Literal["class", "accuracy", "spread", "radius", "weight", "nearest", "images"]
WEIGHT: ColumnName = "weight"
"""Is hidden where the lengths of weights do not count."""


class Column(Struct, frozen=True):
    """A column of the table.

    Parameters
    ----------
    name : str
        Key of the column in the options of the view; never changes.
    title, help : str
        Message ids of its header and of the tooltip of the header.
    number, text : callable
        Return, of the facts and a class, the number to sort by and its text.
    """

    name: ColumnName
    title: str
    help: str
    number: Callable[[ClassFacts, int], float]
    text: Callable[[ClassFacts, int], str]


def _number(value: float, pattern: str, factor: float = 1.0) -> str:
    return "–" if math.isnan(value) else format(factor * value, pattern)


def _nearest(facts: ClassFacts, label: int) -> str:
    if facts.nearest[label] == ABSENT:
        return "–"
    return f"{facts.name(int(facts.nearest[label]))} · {math.degrees(facts.nearest_angle[label]):.1f}°"


COLUMNS = (
    Column(
        "class",
        N_("Class"),
        N_("Class label"),
        lambda _facts, label: float(label),
        lambda facts, label: facts.name(label),
    ),
    Column(
        "accuracy",
        N_("Accuracy"),
        N_("Fraction of the images of the class that are classified correctly"),
        lambda facts, label: float(facts.accuracy[label]),
        lambda facts, label: _number(facts.accuracy[label], ".1%"),
    ),
    Column(
        "spread",
        N_("Spread"),
        N_("Root mean square angle between the features of the class and their mean direction"),
        lambda facts, label: float(facts.spread[label]),
        lambda facts, label: _number(facts.spread[label], ".1f", 180 / math.pi) + "°",
    ),
    Column(
        "radius",
        N_("Radius"),
        N_("Mean distance from the features of the class to its learned centre, or to their mean"),
        lambda facts, label: float(facts.radius[label]),
        lambda facts, label: _number(facts.radius[label], "#.3g").rstrip("."),
    ),
    Column(
        WEIGHT,
        "‖w‖",
        N_(
            "Length of the class weight: a long one lets its class win at a larger angle. With softmax, "
            "weights of rare classes stay short"
        ),
        lambda facts, label: float(facts.weight_length[label]),
        lambda facts, label: _number(facts.weight_length[label], ".2f"),
    ),
    Column(
        "nearest",
        N_("Nearest"),
        N_("Other class whose weight (or mean) is nearest in angle, and that angle"),
        lambda facts, label: float(facts.nearest_angle[label]),
        _nearest,
    ),
    Column(
        "images",
        N_("Images"),
        N_("Number of test images of the class behind these numbers"),
        lambda facts, label: float(facts.counts[label]),
        lambda facts, label: f"{facts.counts[label]:,}",
    ),
)
