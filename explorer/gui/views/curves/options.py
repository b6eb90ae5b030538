"""What the curves show: which panels, along what, on which scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct

Axis = Literal["step", "time", "epoch"]
PanelName = Literal["loss", "accuracy", "spread", "ratio", "angles", "rate"]


class CurveOptions(Struct, frozen=True):
    """Display options of the curves."""

    axis: Axis = "step"
    logarithmic: bool = False
    panels: Annotated[tuple[PanelName, ...], Meta(min_length=1)] = ("loss", "accuracy")


class Panel(Struct, frozen=True):
    """One panel: its title, with the unit that all its curves share; what they are; and how they are shown.

    ``logarithmic`` tells whether the panel follows the switch of the scale; ``digits`` and ``unit`` are the
    format of a value, and ``greatest`` is the greatest that there can be.
    """

    title: str
    help: str
    logarithmic: bool
    digits: str = ".3g"
    unit: str = ""
    greatest: float = math.inf


PANELS: Mapping[PanelName, Panel] = MappingProxyType(
    {
        "loss": Panel(
            title="Loss",
            help="Mean over the batches since the last frame: the loss, and its terms where it has several.",
            logarithmic=True,
        ),
        "accuracy": Panel(
            title="Accuracy",
            help="Share of images whose class is recognised: of the test images shown, and of the batches "
            "since the last frame.",
            logarithmic=False,
            digits=".1f",
            unit="%",
            greatest=100.0,
        ),
        "spread": Panel(
            title="Spread",
            help="Distances in the feature space, over the test images shown. Intra-class: root mean square "
            "distance of a feature to the mean of its class. Inter-class: root mean square distance of its "
            "class mean to the mean of all. Closest: smallest distance between two class means.",
            logarithmic=True,
        ),
        "ratio": Panel(
            title="Intra / inter",
            help="Within-class scatter over between-class scatter, tr S_W / tr S_B: the square of "
            "intra-class "
            "over inter-class spread, over the test images shown. The smaller, the tighter the clusters.",
            logarithmic=True,
        ),
        "angles": Panel(
            title="Angles",
            help="Seen from the origin, over the test images shown. Intra-class: mean angle between a "
            "feature "
            "and the mean of its class. Closest: smallest angle between two class means.",
            logarithmic=False,
            digits=".1f",
            unit="°",
            greatest=180.0,
        ),
        "rate": Panel(
            title="Learning rate",
            help="The learning rate in force, after warm-up and schedule.",
            logarithmic=True,
        ),
    }
)
"""All panels, from top to bottom."""
