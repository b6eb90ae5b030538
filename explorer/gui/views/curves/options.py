"""What the curves show: which panels, along what, on which scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct

from explorer.core.texts import N_

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
            title=N_("Loss"),
            help=N_("Loss and its terms, averaged over the batches since the previous frame."),
            logarithmic=True,
        ),
        "accuracy": Panel(
            title=N_("Accuracy"),
            help=N_(
                "Fraction of images classified correctly: of the test images shown, and of the batches since "
                "the previous frame."
            ),
            logarithmic=False,
            digits=".1f",
            unit="%",
            greatest=100.0,
        ),
        "spread": Panel(
            title=N_("Spread"),
            help=N_(
                "Distances in the feature space, over the test images shown. Intra-class: root mean square "
                "distance of a feature to the mean of its class. Inter-class: root mean square distance of "
                "its class mean to the mean of all. Closest: smallest distance between two class means."
            ),
            logarithmic=True,
        ),
        "ratio": Panel(
            title=N_("Intra / inter"),
            help=N_(
                "Within-class scatter over between-class scatter, tr S_W / tr S_B: the square of intra-class "
                "over inter-class spread, over the test images shown. The smaller, the tighter the clusters."
            ),
            logarithmic=True,
        ),
        "angles": Panel(
            title=N_("Angles"),
            help=N_(
                "Seen from the origin, over the test images shown. Intra-class: mean angle between a feature "
                "and the mean of its class. Closest: smallest angle between two class means."
            ),
            logarithmic=False,
            digits=".1f",
            unit="°",
            greatest=180.0,
        ),
        "rate": Panel(
            title=N_("Learning rate"),
            help=N_("The learning rate in force, after warm-up and schedule."),
            logarithmic=True,
        ),
    }
)
"""All panels, from top to bottom."""
