"""Progress: how near the program is to the conditions that a guide waits for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from msgspec import Struct

from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Value
from explorer.core.settings.config import ConfigError, RunConfig, find_param
from explorer.core.texts import N_, Text, text, verbatim
from explorer.gui.guides.condition import Condition
from explorer.gui.guides.figures import Situation as Situation
from explorer.gui.guides.figures import figure_name, has_classifier, measure, right_in_direction, shown

_ROUNDING = 1e-9
"""Of .3 + .05 and the like, which are no exact binary numbers."""
_EVENTS: Mapping[str, str] = {
    "learnt": N_("class {label} is learned"),
    "merged": N_("class {label} merges with another"),
    "parted": N_("class {label} parts from another"),
    "collapsed": N_("class {label} collapses"),
}


class Progress(Struct, frozen=True):
    """Whether a condition is met, and how near it is, in words such as "accuracy 91% (goal 97%)"."""

    met: bool
    text: Text


def progress_of(conditions: Iterable[Condition], now: Situation) -> tuple[Progress, ...]:
    """Return how near the program is to each condition.

    A figure counts only if its frame was trained with the settings that the other conditions ask for.
    """
    conditions = tuple(conditions)
    settings = [condition for condition in conditions if condition.subject == "setting"]
    trained = now.snapshot is not None and all(
        _setting_met(condition, now.snapshot.config, now.before) for condition in settings
    )
    return tuple(_progress(condition, now, trained) for condition in conditions)


def _progress(condition: Condition, now: Situation, trained: bool) -> Progress:
    match condition.subject:
        case "figure":
            return _of_figure(condition, now, trained)
        case "setting":
            return _of_setting(condition, now.config, now.before)
        case "option":
            met = _compares(condition, now.options.get(condition.option))
            name = now.names.get(condition.option, condition.option)
            return Progress(met, text("{name}: {value}", name=name, value=_plain(condition.comparisons[0])))
        case "seen":
            name = now.names.get(condition.seen, condition.seen)
            return Progress(condition.seen in now.seen, text("open {name}", name=name))
        case "selected":
            goal = condition.selected or 0
            words = text("{value} of {goal} images selected", value=min(len(now.rows), goal), goal=goal)
            return Progress(len(now.rows) >= goal, words)
        case "drawn":
            words = text("something is drawn") if condition.drawn else text("the drawing pad is empty")
            return Progress(now.drawn == condition.drawn, words)
        case "running":
            words = text("training started") if condition.running else text("training paused")
            return Progress(now.running == condition.running, words)
        case "classifier":
            words = (
                text("a loss with a classifier")
                if condition.classifier
                else text("a loss without a classifier")
            )
            snapshot = now.snapshot
            met = snapshot is not None and has_classifier(snapshot) == condition.classifier
            return Progress(met, words)
        case "right_direction":
            return _of_selection(condition.right_direction or 0, now)
        case _:
            happened = any(
                event.kind == condition.event and condition.label in event.classes for event in now.events
            )
            return Progress(happened, text(_EVENTS[str(condition.event)], label=_class_name(condition, now)))


def _class_name(condition: Condition, now: Situation) -> str:
    label = condition.label or 0
    return str(label) if now.snapshot is None else now.snapshot.probe.name(label)


def _of_figure(condition: Condition, now: Situation, trained: bool) -> Progress:
    assert condition.figure is not None, "the subject is a figure"
    value = measure(condition, now)
    goal = condition.at_least if condition.at_least is not None else condition.at_most
    assert goal is not None, "a figure is compared"
    met = _compares(condition, value)
    unknown = math.isnan(value) or (met and not trained)  # of the settings that are asked for
    words = {
        "name": figure_name(condition.figure, _class_name(condition, now)),
        "value": "–" if unknown else shown(condition.figure, value, below=goal > value),
        "goal": shown(condition.figure, goal),
    }
    sentence = (
        text("{name} {value} (goal {goal})", **words)
        if condition.at_least is not None
        else text("{name} {value}, at most {goal}", **words)
    )
    return Progress(trained and met, sentence)


def _of_selection(goal: int, now: Situation) -> Progress:
    """Return how many of the selected images are misclassified although their direction is right."""
    found = () if now.snapshot is None else right_in_direction(now.snapshot, now.rows)
    right = int(np.count_nonzero(found))
    others = len(now.rows) - right
    words = text("{value} of {goal} images found", value=min(right, goal), goal=goal)
    if others:
        words = text("{progress}, {count} other selected", progress=words, count=others)
    return Progress(right >= goal and not others, words)


def _of_setting(condition: Condition, config: RunConfig, before: RunConfig | None) -> Progress:
    value, label = _setting_value(condition, config), _label(condition.setting, config)
    wanted = _choice(condition.setting, condition.comparisons[0], config)
    now = verbatim("–") if value is None else _choice(condition.setting, value, config)
    met = _setting_met(condition, config, before)
    if condition.at_least is not None:
        return Progress(met, text("{name} {value} (goal {goal})", name=label, value=now, goal=wanted))
    if condition.at_most is not None:
        return Progress(met, text("{name} {value}, at most {goal}", name=label, value=now, goal=wanted))
    if condition.near is not None:
        then = None if before is None else _setting_value(condition, before)
        middle = verbatim("–") if then is None else _choice(condition.setting, then, config)
        sentence = text(
            "{name} {value}, at most {near} from {goal}", name=label, value=now, near=wanted, goal=middle
        )
        return Progress(met, sentence)
    return Progress(met, text("{name}: {value}", name=label, value=wanted))


def _setting_met(condition: Condition, config: RunConfig, before: RunConfig | None) -> bool:
    value = _setting_value(condition, config)
    if condition.near is None:
        return _compares(condition, value)
    then = None if before is None else _setting_value(condition, before)
    numbers = [number for number in (value, then) if isinstance(number, int | float)]
    return len(numbers) == 2 and abs(numbers[0] - numbers[1]) <= condition.near * (1 + _ROUNDING)


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
