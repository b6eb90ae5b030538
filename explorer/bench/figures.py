"""Figures of the benchmarks, measurements of them, and verdicts against their budgets."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from explorer.core.texts import Text

Scope = Literal["any", "cpu", "cuda"]
"""Where a budget applies: on every machine, or only where training runs on that device."""


class Figure(Struct, frozen=True, kw_only=True):
    """A quantity that is measured, and its budget.

    Parameters
    ----------
    name : str
        Name of the section and of the figure, separated by a dot.
    text : str
        Message id: what is measured.
    unit : str
        Unit of value and budget; seconds are ``s``, milliseconds ``ms``.
    budget : float, optional
        The limit; None for a figure without one.
    at_least : bool
        Whether the limit is a minimum rather than a maximum.
    scope : Scope
        Where the budget applies.
    """

    name: str
    text: str
    unit: str
    budget: float | None = None
    at_least: bool = False
    scope: Scope = "any"

    @property
    def section(self) -> str:
        """The section that measures it."""
        return self.name.partition(".")[0]


class Measurement(Struct, frozen=True, kw_only=True):
    """A value of a figure.

    Parameters
    ----------
    figure : str
        Name of the figure.
    value : float
        In the unit of the figure.
    case : str
        Distinguishes several values of a figure, such as loss and number of classes.
    allowance : float
        Added to the budget, such as the duration of a step.
    device : str
        Device that trained, if the budget depends on it.
    note : Text, optional
        How it was measured: points, pixels, runs, the 95th percentile beside a median.
    """

    figure: str
    value: float
    case: str = ""
    allowance: float = 0.0
    device: str = ""
    note: Text | None = None


class Verdict(Struct, frozen=True):
    """A measurement and its budget.

    ``budget`` and ``ok`` are None where no budget applies on this machine; ``note`` is rendered.
    """

    name: str
    value: float
    unit: str
    budget: float | None
    ok: bool | None
    note: str
