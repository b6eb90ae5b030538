"""Progress: how near the program is to the conditions that a guide waits for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from msgspec import Struct

from explorer.analysis.frames.history import History
from explorer.analysis.frames.run_columns import CLOSEST_ANGLE, OWN_ANGLE, RATIO, TEST_ACCURACY
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.classes import class_facts
from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Value
from explorer.core.protocol.messages import TEST
from explorer.core.recording.header import RunEvent
from explorer.core.settings.config import ConfigError, RunConfig, find_param
from explorer.core.texts import N_, Text, text, verbatim
from explorer.gui.guides.condition import Condition, Figure

_NAMES: Mapping[Figure, str] = {
    "accuracy": N_("accuracy"),
    "class-accuracy": N_("accuracy of class {label}"),
    "neighbour-angle": N_("smallest angle between classes"),
    "own-angle": N_("angle within classes"),
    "scatter-ratio": N_("scatter ratio"),
    "step": N_("step"),
    "further-steps": N_("further steps"),
}
_COLUMNS: Mapping[str, str] = {
    "accuracy": TEST_ACCURACY,
    "neighbour-angle": CLOSEST_ANGLE,
    "own-angle": OWN_ANGLE,
    "scatter-ratio": RATIO,
}
"""Figures that the history of a run has."""
_EVENTS: Mapping[str, str] = {
    "learnt": N_("class {label} is learned"),
    "merged": N_("class {label} merges with another"),
    "parted": N_("class {label} parts from another"),
    "collapsed": N_("class {label} collapses"),
}
_PERCENT, _DEGREES = ("accuracy", "class-accuracy"), ("neighbour-angle", "own-angle")


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
    selected : int
        Number of selected images.
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
    """

    config: RunConfig
    snapshot: Snapshot | None = None
    history: History
    events: Iterable[RunEvent] = ()
    running: bool = False
    selected: int = 0
    drawn: bool = False
    options: Mapping[str, object] = {}
    seen: frozenset[str] = frozenset()
    names: Mapping[str, str] = {}
    since: int = 0


class Progress(Struct, frozen=True):
    """Whether a condition is met, and how near it is, in words such as "accuracy 91% of 97%"."""

    met: bool
    text: Text


def progress_of(conditions: Iterable[Condition], now: Situation) -> tuple[Progress, ...]:
    """Return how near the program is to each condition.

    A figure counts only if its frame was trained with the settings that the other conditions ask for.
    """
    conditions = tuple(conditions)
    settings = [condition for condition in conditions if condition.subject == "setting"]
    trained = now.snapshot is not None and all(
        _setting_met(condition, now.snapshot.config) for condition in settings
    )
    return tuple(_progress(condition, now, trained) for condition in conditions)


def measure(condition: Condition, now: Situation) -> float:
    """Return the value of a figure in the newest frame; NaN where it is not known."""
    snapshot, name = now.snapshot, condition.figure
    if snapshot is None or name is None:
        return math.nan
    if name == "step":
        return float(snapshot.step)
    if name == "further-steps":
        return float(max(0, snapshot.step - now.since))
    if name == "class-accuracy":
        facts, label = class_facts(snapshot, TEST), condition.label or 0
        return float(facts.accuracy[label]) if label < len(facts.accuracy) else math.nan
    column = now.history.column(_COLUMNS[name])
    return float(column[-1]) if len(column) else math.nan


def _progress(condition: Condition, now: Situation, trained: bool) -> Progress:
    match condition.subject:
        case "figure":
            return _of_figure(condition, measure(condition, now), trained)
        case "setting":
            return _of_setting(condition, now.config)
        case "option":
            met = _compares(condition, now.options.get(condition.option))
            name = now.names.get(condition.option, condition.option)
            return Progress(met, text("{name}: {value}", name=name, value=_plain(condition.comparisons[0])))
        case "seen":
            name = now.names.get(condition.seen, condition.seen)
            return Progress(condition.seen in now.seen, text("open {name}", name=name))
        case "selected":
            goal = condition.selected or 0
            words = text("{value} of {goal} images selected", value=min(now.selected, goal), goal=goal)
            return Progress(now.selected >= goal, words)
        case "drawn":
            words = text("a digit is drawn") if condition.drawn else text("the drawing pad is empty")
            return Progress(now.drawn == condition.drawn, words)
        case "running":
            words = text("training started") if condition.running else text("training paused")
            return Progress(now.running == condition.running, words)
        case _:
            happened = any(
                event.kind == condition.event and condition.label in event.classes for event in now.events
            )
            return Progress(happened, text(_EVENTS[str(condition.event)], label=condition.label))


def _of_figure(condition: Condition, value: float, trained: bool) -> Progress:
    assert condition.figure is not None, "the subject is a figure"
    goal = condition.at_least if condition.at_least is not None else condition.at_most
    assert goal is not None, "a figure is compared"
    words = {
        "name": text(_NAMES[condition.figure], label=condition.label or 0),
        "value": "–" if math.isnan(value) else _shown(condition.figure, value, below=goal > value),
        "goal": _shown(condition.figure, goal),
    }
    sentence = (
        text("{name} {value} of {goal}", **words)
        if condition.at_least is not None
        else text("{name} {value}, at most {goal}", **words)
    )
    return Progress(trained and _compares(condition, value), sentence)


def _of_setting(condition: Condition, config: RunConfig) -> Progress:
    value, label = _setting_value(condition, config), _label(condition.setting, config)
    wanted = _choice(condition.setting, condition.comparisons[0], config)
    shown = verbatim("–") if value is None else _choice(condition.setting, value, config)
    met = _setting_met(condition, config)
    if condition.at_least is not None:
        return Progress(met, text("{name} {value} of {goal}", name=label, value=shown, goal=wanted))
    if condition.at_most is not None:
        return Progress(met, text("{name} {value}, at most {goal}", name=label, value=shown, goal=wanted))
    return Progress(met, text("{name}: {value}", name=label, value=wanted))


def _setting_met(condition: Condition, config: RunConfig) -> bool:
    return _compares(condition, _setting_value(condition, config))


def _setting_value(condition: Condition, config: RunConfig) -> Value | None:
    try:
        return config.get(condition.setting)
    except ConfigError:  # a parameter that the loss does not have
        return None


def _compares(condition: Condition, value: object) -> bool:
    if condition.is_ is not None:
        return value == condition.is_
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return False
    if condition.at_least is not None:
        return value >= condition.at_least
    return condition.at_most is not None and value <= condition.at_most


def _label(name: str, config: RunConfig) -> Text:
    if name == "loss.name":
        return text("Loss function")
    try:
        return text(find_param(name, config.loss.spec).label)
    except ConfigError:
        return verbatim(name.rpartition(".")[2])


def _choice(name: str, value: Value, config: RunConfig) -> Text:
    """Return the value of a setting as the panel shows it."""
    if name == "loss.name" and value in LOSSES:
        return text(LOSSES[str(value)].title)
    if isinstance(value, str):
        return text(find_param(name, config.loss.spec).title(value))
    return _plain(value)


def _plain(value: Value) -> Text:
    """Return a value as it is written, without its name."""
    if isinstance(value, bool):
        return text("on") if value else text("off")
    return verbatim(value if isinstance(value, str) else f"{value:g}")


def _shown(figure: Figure, value: float, *, below: bool = False) -> str:
    """Return a figure as it is written; one ``below`` its goal is not rounded up to it."""
    if figure in _PERCENT:
        percent = np.floor(100 * value) if below else round(100 * value, 1)
        return f"{percent:g}%"
    if figure in _DEGREES:
        return f"{np.floor(value) if below else round(value, 1):g}°"
    return f"{value:.2g}" if figure == "scatter-ratio" else f"{value:,.0f}"
