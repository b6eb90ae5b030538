"""Conditions that a guide waits for: a small closed vocabulary."""

from __future__ import annotations

import math
from typing import Literal

from msgspec import Struct

from explorer.core.params import Value
from explorer.core.texts import Text, text

Figure = Literal[
    "accuracy",
    "class-accuracy",
    "neighbour-angle",
    "own-angle",
    "scatter-ratio",
    "class-length",
    "length-spread",
    "true-accept",
    "step",
    "further-steps",
    "settled-steps",
]
"""What is measured in the newest frame of the live run: see `explorer.gui.guides.figures`."""
Event = Literal["learnt", "merged", "parted", "collapsed"]
"""Kinds of events of a class, as the events panel lists them."""


_SUBJECTS = (
    "figure",
    "setting",
    "option",
    "seen",
    "selected",
    "drawn",
    "running",
    "event",
    "classifier",
    "right_direction",
)
_COMPARED = ("figure", "setting", "option")
"""Subjects with a value, which one of the comparisons is about."""
_OF_CLASS = ("class-accuracy", "class-length")
_OF_FRAME = ("figure", "setting", "classifier", "right_direction")


class Condition(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"is_": "is", "label": "class"}
):
    """One condition: a subject, and for those with a value what it should be.

    Parameters
    ----------
    figure : Figure
        A figure of the newest frame; compared.
    setting : str
        The dotted name of a setting; compared.
    option : str
        A display option, as ``view.option``; compared.
    seen : str
        What is open and in front: the id of a panel, ``lab:id`` or ``card:id``.
    selected : int
        How many images are selected, at least.
    drawn : bool
        Whether there is a digit on the drawing pad that the network has seen.
    running : bool
        Whether the run trains.
    event : Event
        What happened to a class in the run.
    label : int
        The class that an event or a figure is about.
    classifier : bool
        Whether the loss trains a classifier, or else the features alone.
    right_direction : int
        How many images are selected, at least, if all are misclassified although their features are nearest
        in angle to the weight of their own class.
    is_, at_least, at_most
        The comparison.
    near : float
        In place of one: at most so far from the value of the setting with which the step before was done.
    """

    figure: Figure | None = None
    setting: str = ""
    option: str = ""
    seen: str = ""
    selected: int | None = None
    drawn: bool | None = None
    running: bool | None = None
    event: Event | None = None
    label: int | None = None
    classifier: bool | None = None
    right_direction: int | None = None
    is_: Value | None = None
    at_least: float | None = None
    at_most: float | None = None
    near: float | None = None

    @property
    def subject(self) -> str:
        """The name of the field that says what the condition is about; empty where none or several do."""
        given = [name for name in _SUBJECTS if getattr(self, name) not in (None, "")]
        return given[0] if len(given) == 1 else ""

    @property
    def comparisons(self) -> tuple[Value, ...]:
        """The values that are given to compare with: one in a valid condition with a value."""
        given = (self.is_, self.at_least, self.at_most, self.near)
        return tuple(value for value in given if value is not None)

    @property
    def of_frame(self) -> bool:
        """Whether it can be told from a frame, its settings and the images that are selected in it."""
        return self.subject in _OF_FRAME

    def problem(self) -> Text | None:
        """Return what is wrong with it, None where nothing is."""
        subject = self.subject
        if not subject:
            return text("a condition needs exactly one of {known}", known=_SUBJECTS)
        if len(self.comparisons) != (subject in _COMPARED):
            known = ("is", "at_least", "at_most", "near")
            return (
                text("{subject} needs exactly one of {known}", subject=subject, known=known)
                if subject in _COMPARED
                else text("{subject} is not compared with anything", subject=subject)
            )
        if subject == "figure" and self.at_least is None and self.at_most is None:
            return text("a figure needs at_least or at_most: it is hardly ever equal to a number")
        if self.near is not None and subject != "setting":
            return text("near is for settings")
        numbers = (self.at_least, self.at_most, self.near)
        if not all(math.isfinite(value) for value in numbers if value is not None):
            return text("a condition compares with a finite number")
        if (self.label is not None) != (subject == "event" or self.figure in _OF_CLASS):
            return text("class is needed by {known}, and by nothing else", known=("event", *_OF_CLASS))
        return None
