"""The options of the cost lab, and its controls."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from explorer.core.losses.catalog import CENTRE_PAIR, LOSSES
from explorer.core.params import Param
from explorer.core.texts import N_
from explorer.gui.labs.cost.costs import Costs
from explorer.gui.labs.lab import Control, fields

MOST_CLASSES = 1_000_000
ORDER = tuple(dict.fromkeys([*(spec.name for spec in CENTRE_PAIR), *LOSSES]))
"""All losses in the order in which they are measured: first those that the lab opens with."""


class CostOptions(Struct, frozen=True):
    """Two losses, a size of the problem, and what was measured.

    Parameters
    ----------
    first, second : str
        Names of the losses.
    classes, dim, batch : int
        Number of classes C, dimensions d and samples in a batch B.
    costs : Costs, optional
        What was measured, None where nothing was.
    """

    first: str
    second: str
    classes: int
    dim: int
    batch: int
    costs: Costs | None = None

    @property
    def losses(self) -> tuple[str, ...]:
        """The names of the losses to compare."""
        return tuple(dict.fromkeys((self.first, self.second)))


def with_costs_of(before: CostOptions, after: CostOptions) -> CostOptions:
    """Return other options with what was measured before."""
    return replace(after, costs=before.costs)


def _loss(name: str, label: str) -> Param:
    return Param(
        name=name,
        label=label,
        kind="choice",
        default=CENTRE_PAIR[0].name,
        choices=ORDER,
        titles=tuple(LOSSES[one].title for one in ORDER),
        help=N_("A loss whose costs are drawn in colour; the others are grey."),
    )


_PARAMS = (
    _loss("first", N_("Loss")),
    _loss("second", N_("Compare with")),
    Param(
        name="classes",
        label=N_("Number of classes"),
        symbol="C",
        kind="int",
        default=10_000,
        min=10,
        max=MOST_CLASSES,
        step=1,
        log=True,
        help=N_("MNIST has 10, collections of faces have up to a million."),
    ),
    Param(
        name="dim",
        label=N_("Feature dimensions"),
        symbol="d",
        kind="int",
        default=64,
        min=2,
        max=1024,
        step=1,
        log=True,
        help=N_("For the counted memory. Measurements have 64 dimensions."),
    ),
    Param(
        name="batch",
        label=N_("Batch size"),
        symbol="B",
        kind="int",
        default=128,
        min=1,
        max=4096,
        step=1,
        log=True,
        help=N_("For the counted memory. Measurements have batches of 128."),
    ),
)


def controls(_options: CostOptions) -> Sequence[Control[CostOptions]]:
    """Return the controls."""
    return fields(_PARAMS)
