"""LabSpec: the description of a lab, with its controls, examples and demonstration."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from explorer.core.params import Param, Value
from explorer.core.texts import _
from explorer.gui.theme.theme import Theme

Options = TypeVar("Options", bound=Struct)

FIRST_CONTROLS = 3
"""Number of controls that are always visible; the others are behind "More"."""


class Control(Struct, Generic[Options], frozen=True, eq=False):
    """A control of a lab: its description, and the value that it shows of the options and changes in them.

    ``write`` may raise `ParamError` for a value that the parameter alone cannot check.
    """

    param: Param
    read: Callable[[Options], Value]
    write: Callable[[Options, Value], Options]


class Example(Struct, Generic[Options], frozen=True, eq=False):
    """Options with a name, and what course notes claim of them.

    Parameters
    ----------
    id, title : str
        Unique name within the lab, and message id of the name on screen.
    options : Options
        The options to show.
    claim, why : str
        Message ids: the value or sentence of the notes, and why it is right or wrong. Both may be empty.
    correct : callable, optional
        Returns the right value or sentence for the options, with computed numbers, in the language in force.
    """

    id: str
    title: str
    options: Options
    claim: str = ""
    correct: Callable[[Options], str] | None = None
    why: str = ""


class Step(Struct, Generic[Options], frozen=True, eq=False):
    """A step of a demonstration: the options at its end, its length in seconds, and a sentence.

    Numbers move evenly from those of the step before; everything else changes at the beginning.
    """

    options: Options
    seconds: float
    text: str


class Reading(Struct, frozen=True):
    """A row of numbers: its name, a value for each column, and which of them are marked."""

    name: str
    values: tuple[str, ...]
    marked: tuple[int, ...] = ()


class Readings(Struct, frozen=True):
    """The exact numbers of a lab: headings of the columns of values, and the rows; texts are translated."""

    columns: tuple[str, ...]
    rows: tuple[Reading, ...]


class Figure(QWidget, Generic[Options]):
    """The picture of a lab: a function of its options and the theme.

    It changes nothing itself: a drag in it asks for other options.

    Signals
    -------
    optionsRequested(object)
        A person asks for other options, of the type of the lab.
    measured(object)
        The options with what the figure has measured: no person asked for it, and it ends nothing.
    """

    optionsRequested = Signal(object)
    measured = Signal(object)

    def first_options(self, options: Options) -> Options:
        """Return the options to open with, given those of the lab; most figures add nothing to them."""
        return options

    def show_options(self, options: Options, theme: Theme) -> None:
        """Show these options in the colours of a theme."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop what runs in the background, in a figure that has such."""


class LabContext(Struct, frozen=True):
    """The arguments of a figure.

    ``folder`` is where a lab keeps what it has measured; ``bench`` is the command that measures the costs of
    the losses whose names follow.
    """

    theme: Theme
    folder: Path
    bench: tuple[str, ...] = (sys.executable, "-m", "explorer.bench.scale")


def nothing_carried(_before: Options, after: Options) -> Options:
    """Return the options as they are."""
    return after


class LabSpec(Struct, Generic[Options], frozen=True, kw_only=True, eq=False):
    """A lab.

    Parameters
    ----------
    id, title, question : str
        Unique name, and message ids: the name on screen and the question that it answers.
    initial : Options
        The options that it opens with.
    controls : callable
        Returns the controls for these options; the first three are always visible.
    examples, steps : sequence
        The examples, and the steps of the demonstration.
    readings : callable
        Returns the numbers of these options.
    figure : callable
        Returns the picture.
    carry : callable
        From the options before and those of an example, a step or a reset to the ones to use: with what a
        person would not want to lose, such as measurements.
    """

    id: str
    title: str
    question: str
    initial: Options
    controls: Callable[[Options], Sequence[Control[Options]]]
    examples: tuple[Example[Options], ...]
    steps: tuple[Step[Options], ...]
    readings: Callable[[Options], Readings]
    figure: Callable[[LabContext], Figure[Options]]
    carry: Callable[[Options, Options], Options] = nothing_carried


def field(param: Param) -> Control[Options]:
    """Return the control of the field of the options that has the name of the parameter."""

    def read(options: Options) -> Value:
        value: Value = getattr(options, param.name)
        return value

    def write(options: Options, value: Value) -> Options:
        return replace(options, **{param.name: value})

    return Control(param, read, write)


def fields(params: Sequence[Param]) -> list[Control[Options]]:
    """Return the control of each field of the options that has the name of a parameter."""
    return [field(param) for param in params]


def number(value: float, decimals: int = 4) -> str:
    """Return a number as the readings show it, a dash where it is not defined."""
    if value != value:
        return _("not defined")
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")
