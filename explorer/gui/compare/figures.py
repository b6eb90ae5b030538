"""The figures of compared runs, and their differences from the first run."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from explorer.analysis.frames import run_columns as columns
from explorer.analysis.frames.history import STEP, History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.texts import N_, _

_NONE = "–"


class Figure(Struct, frozen=True):
    """A column of the table.

    Parameters
    ----------
    label, tip : str
        Message ids.
    pattern : str
        How a number is written.
    value : callable
        Returns the number of a frame with its history, NaN where it is not known.
    compared : bool
        Whether a difference means something.
    factor : float
        By what the number is multiplied when it is written.
    unit : str
        What follows the number.
    """

    label: str
    tip: str
    pattern: str
    value: Callable[[Snapshot, History], float]
    compared: bool = True
    factor: float = 1.0
    unit: str = ""

    def text(self, number: float) -> str:
        """Return a number as the table writes it, a dash for NaN."""
        if math.isnan(number):
            return _NONE
        return f"{format(self.factor * number, self.pattern)}{self.unit}"

    def difference_text(self, number: float, first: float) -> str:
        """Return how much larger a number is than that of the first run; empty where that means nothing."""
        difference = number - first
        if not self.compared or math.isnan(difference):
            return ""
        written = format(abs(self.factor * difference), self.pattern)
        sign = "−" if difference < 0 and written.strip("0.") else "+"
        return f"{sign}{written}"


def _scalar(name: str) -> Callable[[Snapshot, History], float]:
    return lambda snapshot, _history: snapshot.scalars.get(name, math.nan)


def _since_frame(name: str) -> Callable[[Snapshot, History], float]:
    """Return what reads a number of the batches since the frame before.

    A frame that is sent again where training pauses has none: then it is the newest one up to its step.
    """

    def value(snapshot: Snapshot, history: History) -> float:
        if name in snapshot.scalars:
            return snapshot.scalars[name]
        numbers = history.column(name)[history.column(STEP) <= snapshot.step]
        known = numbers[np.isfinite(numbers)]
        return float(known[-1]) if len(known) else math.nan

    return value


def _column(name: str) -> Callable[[Snapshot, History], float]:
    """Return what reads a column of the history at the step of a frame, NaN where it lacks that step."""

    def value(snapshot: Snapshot, history: History) -> float:
        steps = history.column(STEP)
        row = int(np.searchsorted(steps, snapshot.step))
        known = row < len(steps) and steps[row] == snapshot.step
        return float(history.column(name)[row]) if known else math.nan

    return value


FIGURES: tuple[Figure, ...] = (
    Figure(
        N_("Step"),
        N_("Number of weight updates so far."),
        ",.0f",
        lambda snapshot, _history: float(snapshot.step),
        compared=False,
    ),
    Figure(
        N_("Test accuracy"),
        N_("Fraction of the plotted test images classified correctly."),
        ".2f",
        _scalar(columns.TEST_ACCURACY),
        factor=100.0,
        unit="%",
    ),
    Figure(
        N_("Training accuracy"),
        N_("Fraction of the training images classified correctly since the previous frame."),
        ".2f",
        _since_frame(columns.TRAIN_ACCURACY),
        factor=100.0,
        unit="%",
    ),
    Figure(
        N_("Accuracy with margin"),
        N_("Fraction of the plotted training images whose class wins even with the margin taken from it."),
        ".2f",
        _scalar(columns.MARGIN_ACCURACY),
        factor=100.0,
        unit="%",
    ),
    Figure(
        N_("Loss"),
        N_("Mean over the batches since the previous frame. Values of different losses cannot be compared."),
        ".4g",
        _since_frame(columns.LOSS),
        compared=False,
    ),
    Figure(
        N_("Intra-class angle"),
        N_("Mean angle between a test feature and the mean of its class."),
        ".1f",
        _column(columns.OWN_ANGLE),
        unit="°",
    ),
    Figure(
        N_("Closest class means"),
        N_("Smallest angle between the means of two classes."),
        ".1f",
        _column(columns.CLOSEST_ANGLE),
        unit="°",
    ),
    Figure(
        N_("Scatter ratio"),
        N_("Within-class scatter divided by between-class scatter."),
        ".4f",
        _column(columns.RATIO),
    ),
    Figure(
        N_("Training time"),
        N_("Seconds of training, without pauses. Other work on the machine makes it longer."),
        ",.1f",
        lambda snapshot, _history: snapshot.elapsed,
        unit=" s",
    ),
)


class Cell(Struct, frozen=True):
    """A figure of a run, and its difference from that of the first run."""

    text: str
    difference: str = ""


class Column(Struct, frozen=True):
    """A column of the table, in the language in force: a cell for each run."""

    label: str
    tip: str
    cells: tuple[Cell, ...]


def figure_columns(runs: Sequence[tuple[Snapshot | None, History]]) -> tuple[Column, ...]:
    """Return the figures of these frames, each with the history of its run."""
    return tuple(Column(_(figure.label), _(figure.tip), _cells(figure, runs)) for figure in FIGURES)


def _cells(figure: Figure, runs: Sequence[tuple[Snapshot | None, History]]) -> tuple[Cell, ...]:
    numbers = [
        math.nan if snapshot is None else figure.value(snapshot, history) for snapshot, history in runs
    ]
    return tuple(
        Cell(figure.text(number), figure.difference_text(number, numbers[0]) if place else "")
        for place, number in enumerate(numbers)
    )
