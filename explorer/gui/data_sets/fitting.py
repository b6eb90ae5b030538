"""Settings of a preset, a guide or a comparison, fitted to the device and the data set of a person."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.core.class_sets import MOST_CLASSES
from explorer.core.params import Value
from explorer.core.settings.config import LEAST_TRAINED, DataConfig, RunConfig
from explorer.core.texts import ngettext

OF_THIS_MACHINE = ("device", "threads", "data.source", "data.size", "data.classes")
"""Settings that depend on the machine: a preset or a guide leaves them as they are."""


def on_this_machine(config: RunConfig, own: RunConfig) -> RunConfig:
    """Return ``config`` on the device and with the data set of one's ``own`` settings.

    A choice of classes that the data set does not allow is dropped: all of its classes are trained on.
    """
    kept = {name: own.get(name) for name in OF_THIS_MACHINE}
    return config.replace({**kept, **fitting_classes(config.data, own.data.classes)})


def changed_on_this_machine(own: RunConfig, changes: Mapping[str, Value]) -> RunConfig:
    """Return one's ``own`` settings with ``changes`` whose author did not know the data set.

    Raises
    ------
    ConfigError
        For an unknown name or an invalid value, but not where only a choice of classes does not fit.
    """
    if "data.classes" in changes:  # they come with a data set
        return own.replace(changes)
    wide = own.replace({**changes, "data.classes": MOST_CLASSES})
    return wide.replace({"data.classes": own.data.classes, **fitting_classes(wide.data, own.data.classes)})


def unused_choice_text(wanted: Mapping[str, Value], config: RunConfig) -> str:
    """Return a sentence where ``config`` lacks a choice of classes that is ``wanted``, or nothing."""
    if not any(wanted.get(name) and not config.get(name) for name in ("data.subset", "data.left_out")):
        return ""
    count = config.data.classes
    return ngettext(
        "The choice of classes is not used: this data set has only {count} class.",
        "The choice of classes is not used: this data set has only {count} classes.",
        count,
    ).format(count=count)


def fitting_classes(data: DataConfig, count: int) -> dict[str, Value]:
    """Return the changes that a choice of classes needs in a data set of ``count`` classes."""
    usual, changes = DataConfig(), dict[str, Value]()
    subset = data.subset
    if subset > count:
        subset = changes["data.subset"] = usual.subset
    used = subset or count
    if data.unseen and (max(data.unseen) >= used or used - len(data.unseen) < LEAST_TRAINED):
        changes["data.left_out"] = usual.left_out
    return changes
