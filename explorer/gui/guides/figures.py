"""Figures: what a guide measures in a frame, and how each is named and written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.analysis.distinct import distinct
from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import CLOSEST_ANGLE, OWN_ANGLE, RATIO, TEST_ACCURACY
from explorer.analysis.frames.selection import Rows
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.median import median
from explorer.analysis.statistics.classes import class_facts
from explorer.analysis.statistics.samples import facts_of
from explorer.analysis.verification.result import verification
from explorer.analysis.verification.roc import FALSE_ACCEPTS
from explorer.core.protocol.messages import TEST
from explorer.core.recording.header import RunEvent
from explorer.core.settings.config import RunConfig
from explorer.core.texts import N_, Text, text
from explorer.gui.guides.condition import Condition, Figure

NO_ROWS: Rows = np.zeros(0, np.intp)
_FALSE_ACCEPT = 0.01
"""False accept rate of the figure ``true-accept``."""


class Situation(Struct, frozen=True, kw_only=True, eq=False):
    """What conditions are checked against.

    Parameters
    ----------
    config : RunConfig
        The requested settings.
    snapshot : Snapshot or None
        The newest frame of the live run.
    history : History
        The scalars of its frames.
    events : sequence of RunEvent
        What happened in it.
    running : bool
        Whether it trains.
    rows : sequence of int
        The selected images, as rows of the frame.
    drawn : bool
        Whether the network has seen a drawn digit.
    options : mapping of str to Value
        Display options by ``view.option``.
    seen : set of str
        What is open and in front, as `Condition` names it.
    names : mapping of str to str
        What panels, labs, cards and display options are called on screen, in the language in force.
    since : int
        The step of the run at which the guide came to its step.
    before : RunConfig, optional
        The settings with which the step before was done.
    changed : int
        The step of the run from which on the settings of the frame are in force.
    """

    config: RunConfig
    snapshot: Snapshot | None = None
    history: History
    events: Iterable[RunEvent] = ()
    running: bool = False
    rows: Rows = NO_ROWS
    drawn: bool = False
    options: Mapping[str, object] = {}
    seen: frozenset[str] = frozenset()
    names: Mapping[str, str] = {}
    since: int = 0
    before: RunConfig | None = None
    changed: int = 0


Unit = Literal["percent", "degrees", "ratio", "number"]


class _Description(Struct, frozen=True):
    """The name of a figure, how it is written, and what measures it.

    ``measure`` gets the newest frame, the situation, and the class that the figure is about.
    """

    name: str
    unit: Unit
    measure: Callable[[Snapshot, Situation, int], float]


def measure(condition: Condition, now: Situation) -> float:
    """Return the value of a figure in the newest frame; NaN where it is not known."""
    if now.snapshot is None or condition.figure is None:
        return math.nan
    return _FIGURES[condition.figure].measure(now.snapshot, now, condition.label or 0)


def figure_name(figure: Figure, label: str) -> Text:
    """Return what a figure is called on screen; for one of a class, ``label`` is what that is called."""
    return text(_FIGURES[figure].name, label=label)


def unit_of(figure: Figure) -> Unit:
    """Return what a figure is measured in."""
    return _FIGURES[figure].unit


def shown(figure: Figure, value: float, *, below: bool = False) -> str:
    """Return a figure as it is written; one ``below`` its goal is not rounded up to it."""
    if math.isnan(value):
        return "–"
    match _FIGURES[figure].unit:
        case "percent":
            percent = np.floor(100 * value) if below else round(100 * value, 1)
            return f"{percent:g}%"
        case "degrees":
            return f"{np.floor(value) if below else round(value, 1):g}°"
        case "ratio":
            return f"{value:.2g}"
    return f"{value:,.0f}"


def has_classifier(snapshot: Snapshot) -> bool:
    """Return whether the loss of a frame trains a classifier, or else the features alone."""
    return snapshot.weight is not None or snapshot.centers is not None


def right_in_direction(snapshot: Snapshot, rows: Rows) -> NDArray[np.bool_]:
    """Return which of the images in ``rows`` (m,) are misclassified although their direction is right.

    The feature is nearest in angle to the weight of the true class, yet another class has the larger score:
    by its bias, or the length of its weight, where the feature is short.
    """
    facts = facts_of(snapshot)
    wrong = facts.prediction[rows] != snapshot.probe.labels[rows]
    right: NDArray[np.bool_] = wrong & (facts.own_angle[rows] < facts.other_angle[rows])
    return right


def _of_history(column: str) -> Callable[[Snapshot, Situation, int], float]:
    """Return what takes a figure from the history of the run, which has it already."""

    def measure_it(_snapshot: Snapshot, now: Situation, _label: int) -> float:
        values = now.history.column(column)
        return float(values[-1]) if len(values) else math.nan

    return measure_it


def _class_accuracy(snapshot: Snapshot, _now: Situation, label: int) -> float:
    facts = class_facts(snapshot, TEST)
    return float(facts.accuracy[label]) if label < len(facts.accuracy) else math.nan


def _class_length(snapshot: Snapshot, _now: Situation, label: int) -> float:
    """Return the mean feature length of a class, in units of the median over the classes."""
    lengths = np.linalg.norm(snapshot.features, axis=1)
    test, labels = snapshot.probe.split == TEST, snapshot.probe.labels
    means = {int(k): float(lengths[test & (labels == k)].mean()) for k in distinct(labels[test])}
    middle = median(np.array(list(means.values())))
    return means[label] / middle if label in means and middle > 0 else math.nan


def _length_spread(snapshot: Snapshot, _now: Situation, _label: int) -> float:
    """Return the standard deviation of the feature lengths of test images, in units of their mean."""
    lengths = np.linalg.norm(snapshot.features[snapshot.probe.split == TEST], axis=1).astype(np.float64)
    mean = float(lengths.mean()) if len(lengths) else math.nan
    return float(lengths.std()) / mean if mean > 0 else math.nan


def _true_accept(snapshot: Snapshot, _now: Situation, _label: int) -> float:
    """Return the true accept rate of verification by cosine distance at 1% false accepts."""
    classes = frozenset(distinct(snapshot.probe.labels).tolist())
    accepts = verification(snapshot, "cosine", classes).accepts
    return accepts[FALSE_ACCEPTS.index(_FALSE_ACCEPT)].value if accepts else math.nan


_FIGURES: Mapping[Figure, _Description] = MappingProxyType(
    {
        "accuracy": _Description(N_("accuracy"), "percent", _of_history(TEST_ACCURACY)),
        "class-accuracy": _Description(N_("accuracy of class {label}"), "percent", _class_accuracy),
        "neighbour-angle": _Description(
            N_("smallest angle between classes"), "degrees", _of_history(CLOSEST_ANGLE)
        ),
        "own-angle": _Description(N_("angle within classes"), "degrees", _of_history(OWN_ANGLE)),
        "scatter-ratio": _Description(N_("scatter ratio"), "ratio", _of_history(RATIO)),
        "class-length": _Description(N_("length of class {label}"), "percent", _class_length),
        "length-spread": _Description(N_("spread of lengths"), "percent", _length_spread),
        "true-accept": _Description(N_("true accept rate at FAR = 0.01"), "percent", _true_accept),
        "step": _Description(N_("step"), "number", lambda snapshot, _now, _label: snapshot.step),
        "further-steps": _Description(
            N_("further steps"), "number", lambda snapshot, now, _label: max(0, snapshot.step - now.since)
        ),
        "settled-steps": _Description(
            N_("steps with these settings"),
            "number",
            lambda snapshot, now, _label: max(0, snapshot.step - max(now.since, now.changed)),
        ),
    }
)
