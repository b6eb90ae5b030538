"""LOSSES: the table of all losses, by name, including those of installed packages.

A package adds a loss through two entry points of the same name: in the group ``explorer.catalog`` a
`LossSpec`, which the window reads without torch, and in the group ``explorer.losses`` the module that
computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from types import MappingProxyType

from explorer.core.losses.families import (
    adaptive,
    angular,
    centers,
    multiplicative,
    normalized,
    one_vs_all,
    pairs,
    proxies,
    softmax,
)
from explorer.core.losses.geometry_check import geometry_fault
from explorer.core.losses.heads import head_names
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import ParamError, with_suggestion
from explorer.core.plugins import guarded, plugin_fault, plugins
from explorer.core.texts import Text, text

PLUGIN_GROUP = "explorer.catalog"


_FAMILIES = (
    softmax,
    centers,
    normalized,
    multiplicative,
    angular,
    adaptive,
    one_vs_all,
    proxies,
    pairs,
)


def collect() -> tuple[Mapping[str, LossSpec], tuple[Text, ...]]:
    """Return our losses and those of installed packages, and why others of these cannot be used."""
    table = {spec.name: spec for family in _FAMILIES for spec in family.ENTRIES}
    faults = []
    for point in plugins(PLUGIN_GROUP):
        fault = _add(table, point)
        if fault is not None:
            faults.append(
                text(
                    "The loss {name!r} of {place!r} was not loaded: {fault}.",
                    name=point.name,
                    place=point.value,
                    fault=fault,
                )
            )
    return MappingProxyType(table), tuple(faults)


def _add(table: dict[str, LossSpec], point: EntryPoint) -> Text | None:
    """Add the loss of an entry point, or return why it cannot be used."""
    try:
        with guarded():
            spec = point.load()
            fault = _fault_of(spec, point.name, table)
    except Exception as error:  # the code of another package may fail in any way
        return plugin_fault(error)
    if fault is None:
        table[spec.name] = spec
    return fault


def _fault_of(spec: object, name: str, table: Mapping[str, LossSpec]) -> Text | None:
    """Return why the loss of an entry point of that name cannot be used, None where it can."""
    if not isinstance(spec, LossSpec):
        return text("it is not a LossSpec")
    if spec.name != name:
        return text("its LossSpec is named {name!r}", name=spec.name)
    if spec.name in table:
        return text("the name is already in use")
    heads = head_names()
    if spec.head not in heads:
        return text("there is no head {head!r}; known: {known}", head=spec.head, known=sorted(heads))
    return geometry_fault(spec)


LOSSES, PLUGIN_FAULTS = collect()

SUGGESTED = (LOSSES["normface"], LOSSES["arcface"])
"""Losses that have a curve T(θ), as suggestions: on the angle alone, and with a margin."""

MARGIN_PLACES = (LOSSES["cosface"], LOSSES["arcface"], LOSSES["l-softmax"])
"""A loss for each way of a margin: subtracted from the cosine, added to the angle, multiplying it."""

CENTRE_PAIR = (LOSSES["softmax"], LOSSES["center"])
"""The softmax loss, and the same with a term for centres."""


def find_loss(name: str) -> LossSpec:
    """Return the loss of that name.

    Raises
    ------
    ParamError
        If there is none; the message suggests a similar name.
    """
    if name not in LOSSES:
        sentence = text("There is no loss {name!r}; see: loss-explorer losses.", name=name)
        raise ParamError(with_suggestion(sentence, name, LOSSES))
    return LOSSES[name]
