"""Options of the Curves view, and the table of its panels."""

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
    """Display options of the curves: X axis, scale, and the panels shown."""

    axis: Axis = "step"
    logarithmic: bool = False
    panels: Annotated[tuple[PanelName, ...], Meta(min_length=1)] = ("loss", "accuracy")


class Panel(Struct, frozen=True):
    """One panel of curves that share a unit.

    Parameters
    ----------
    title, help : str
        Message ids of its header and of the tooltip of the header.
    logarithmic : bool
        Whether it follows the switch to a logarithmic scale.
    digits, unit : str
        Format specification of a value, and its unit.
    greatest : float
        Largest possible value.
    """

    title: str
    help: str
    logarithmic: bool
    digits: str = "#.3g"
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
                "Fraction of images classified correctly: of the test images shown, and of the training "
                "batches since the previous frame."
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
                "its class mean to the overall mean. Closest: smallest distance between two class means."
            ),
            logarithmic=True,
        ),
        "ratio": Panel(
            title=N_("Scatter ratio"),
            help=N_(
                "Within-class scatter divided by between-class scatter (traces), over the test images shown: "
                "the square of intra-class over inter-class spread. Smaller means more compact clusters."
            ),
            logarithmic=True,
        ),
        "angles": Panel(
            title=N_("Angles"),
            help=N_(
                "Angles at the origin, over the test images shown. Intra-class: mean angle between a feature "
                "and the mean of its class. Closest: smallest angle between two class means."
            ),
            logarithmic=False,
            digits=".1f",
            unit="°",
            greatest=180.0,
        ),
        "rate": Panel(
            title=N_("Learning rate"),
            help=N_("Current learning rate, after warm-up and schedule."),
            logarithmic=True,
        ),
    }
)
"""All panels, from top to bottom."""
