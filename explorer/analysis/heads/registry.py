"""HEADS: the table of kinds of classifiers by name; installed packages can add more.

A package adds a kind through an entry point in the group ``explorer.heads``: a subclass of `Head`, whose
``name`` is that of the entry point. A loss chooses it by `LossSpec.head`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from types import MappingProxyType

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.frames.trained_part import trained_part
from explorer.analysis.heads.angular import Angular
from explorer.analysis.heads.gaussian import Gaussian
from explorer.analysis.heads.head import Head
from explorer.analysis.heads.linear import Linear
from explorer.analysis.heads.nearest_mean import NearestMean
from explorer.analysis.heads.one_vs_all import OneVsAll
from explorer.analysis.heads.some_classes import SomeClasses
from explorer.analysis.heads.unit_linear import UnitLinear
from explorer.core.losses.heads import HEADS_GROUP
from explorer.core.plugins import load, plugin_fault, plugins
from explorer.core.texts import Text, text

_OURS: tuple[type[Head], ...] = (Linear, Angular, UnitLinear, OneVsAll, Gaussian, NearestMean)


def _collect() -> tuple[Mapping[str, type[Head]], tuple[Text, ...]]:
    """Return our heads and those of installed packages, and a sentence on each that cannot be used."""
    table = {head.name: head for head in _OURS}
    faults = []
    for point in plugins(HEADS_GROUP):
        fault = _add(table, point)
        if fault is not None:
            faults.append(
                text(
                    "The head {name!r} of {place!r} was not loaded: {fault}.",
                    name=point.name,
                    place=point.value,
                    fault=fault,
                )
            )
    return MappingProxyType(table), tuple(faults)


def _add(table: dict[str, type[Head]], point: EntryPoint) -> Text | None:
    """Add the head of an entry point, or return why it cannot be used."""
    if point.name in table:
        return text("the name is taken")
    try:
        head = load(point)
    except Exception as error:  # a package of somebody else's may fail in any way
        return plugin_fault(error)
    if not (isinstance(head, type) and issubclass(head, Head)):
        return text("it is not a subclass of Head")
    if head.name != point.name:
        return text("its name is {name!r}", name=head.name)
    table[point.name] = head
    return None


HEADS, HEAD_FAULTS = _collect()


def find_head(name: str) -> type[Head]:
    """Return the head of that name; `NearestMean` if that of a package cannot be used."""
    return HEADS.get(name, NearestMean)


def head_of(snapshot: Snapshot) -> Head:
    """Return the classifier of a frame.

    If the frame lacks an array that the head of its loss needs, features are compared with class means.
    Classes left out of training are never predicted.
    """
    part, probe = trained_part(snapshot), snapshot.probe
    head = find_head(snapshot.config.loss.spec.head).of(part) or NearestMean.of(part)
    return SomeClasses(head, probe.trained, probe.num_classes) if probe.unseen else head
