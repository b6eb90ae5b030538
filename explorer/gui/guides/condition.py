"""Conditions that a guide waits for: a small closed vocabulary."""

from __future__ import annotations

import math
from typing import Literal

from msgspec import Struct

from explorer.core.params import Value
from explorer.core.texts import Text, text

Figure = Literal[
    "accuracy", "class-accuracy", "neighbour-angle", "own-angle", "scatter-ratio", "step", "further-steps"
]
"""What is measured in the newest frame of the live run: the fraction of test images classified correctly, of
all or of one class; the smallest angle between two class means and the mean angle between a feature and its
class mean, in degrees; the scatter ratio; the step, and the steps since the guide came to its step."""
Event = Literal["learnt", "merged", "parted", "collapsed"]
"""Kinds of events of a class, as the events panel lists them."""


_SUBJECTS = ("figure", "setting", "option", "seen", "selected", "drawn", "running", "event")
_COMPARED = ("figure", "setting", "option")
"""Subjects with a value, which one of the comparisons is about."""
_OF_CLASS = ("class-accuracy",)


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
    is_, at_least, at_most
        The comparison.
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
    is_: Value | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def subject(self) -> str:
        """The name of the field that says what the condition is about; empty where none or several do."""
        given = [name for name in _SUBJECTS if getattr(self, name) not in (None, "")]
        return given[0] if len(given) == 1 else ""

    @property
    def comparisons(self) -> tuple[Value, ...]:
        """The values that are given to compare with: one in a valid condition with a value."""
        return tuple(value for value in (self.is_, self.at_least, self.at_most) if value is not None)

    def problem(self) -> Text | None:
        """Return what is wrong with it, None where nothing is."""
        subject = self.subject
        if not subject:
            return text("a condition needs exactly one of {known}", known=_SUBJECTS)
        if len(self.comparisons) != (subject in _COMPARED):
            known = ("is", "at_least", "at_most")
            return (
                text("{subject} needs exactly one of {known}", subject=subject, known=known)
                if subject in _COMPARED
                else text("{subject} is not compared with anything", subject=subject)
            )
        if subject == "figure" and self.is_ is not None:
            return text("a figure needs at_least or at_most: it is hardly ever equal to a number")
        if not all(math.isfinite(value) for value in (self.at_least, self.at_most) if value is not None):
            return text("a condition compares with a finite number")
        if (self.label is not None) != (subject == "event" or self.figure in _OF_CLASS):
            return text("class is needed by {known}, and by nothing else", known=("event", *_OF_CLASS))
        return None
