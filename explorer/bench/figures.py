"""Figures that a bench measures: what they are, their values, and what is to be said of those."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Scope = Literal["any", "cpu", "cuda"]
"""Where a budget holds: wherever the window opens, or only for training on that device."""


class Figure(Struct, frozen=True, kw_only=True):
    """One figure.

    Parameters
    ----------
    name : str
        Its section and its own name, with a dot between.
    text : str
        What is measured.
    unit : str
        Unit of value and budget; seconds are ``s``, milliseconds ``ms``.
    budget : float, optional
        The limit, None where there is none.
    at_least : bool
        Whether the limit is the least allowed rather than the most.
    scope : Scope
        Where the budget holds.
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
        Which of several, where a figure has more than one value: a loss and a number of classes.
    allowance : float
        What this run adds to the budget, such as the duration of a step.
    device : str
        What was trained on, where that decides the budget.
    note : str
        How it was measured: points, pixels, runs, the 95th percentile beside a median.
    """

    figure: str
    value: float
    case: str = ""
    allowance: float = 0.0
    device: str = ""
    note: str = ""


class Verdict(Struct, frozen=True):
    """A measurement against its budget; ``budget`` and ``ok`` are None where none holds on this machine."""

    name: str
    value: float
    unit: str
    budget: float | None
    ok: bool | None
    note: str
