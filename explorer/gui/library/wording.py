"""What the list of runs says of a run, and in which order runs stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec.structs import replace

from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Value
from explorer.core.settings.config import ConfigError, find_param
from explorer.core.texts import N_, Text, _, capitalised, ngettext
from explorer.gui.controls.descriptions import value_text
from explorer.gui.library.library import RunItem
from explorer.gui.library.summary import RunSummary

Order = Literal["newest", "oldest", "accuracy", "loss", "name", "size"]
_DOT = " · "


def title_of(item: RunItem) -> str:
    """Return the name of a run, else its losses, else the name of its file."""
    if item.notes.name:
        return item.notes.name
    return losses_text(item.summary) if item.summary is not None else item.path.stem


def losses_text(summary: RunSummary) -> str:
    """Return the losses of a run in order, such as "Softmax → ArcFace"."""
    return " → ".join(_(LOSSES[name].title) if name in LOSSES else name for name in summary.losses)


def settings_text(item: RunItem) -> str:
    """Return the dimension and the settings that differ from the defaults, then tags; a fault instead."""
    summary = item.summary
    if item.fault is not None:
        return _fault_text(item.fault)
    if summary is None:
        return _("Reading…")
    parts = [losses_text(summary)] if item.notes.name else []
    parts.append(_("{dim}-D").format(dim=summary.dim))
    loss = summary.losses[-1] if summary.losses else ""
    parts += [_setting(name, value, loss) for name, value in summary.changes.items()]
    parts += [f"#{tag}" for tag in item.notes.tags]
    return _DOT.join(parts)


def result_text(item: RunItem) -> str:
    """Return accuracy, steps and date."""
    summary = item.summary
    if summary is None:
        return date_text(item)
    if item.recording:
        return _DOT.join((_("Recording now"), date_text(item)))
    if summary.parent is None:
        steps = ngettext("{count:,} step", "{count:,} steps", summary.steps).format(count=summary.steps)
    else:
        steps = _("steps {first:,} to {last:,}").format(first=summary.parent.step, last=summary.steps)
    parts = [steps, date_text(item)]
    if summary.accuracy is not None:
        parts.insert(0, f"{summary.accuracy:.1%}")
    return _DOT.join(parts)


def date_text(item: RunItem) -> str:
    """Return when a run began: the time today, else the date."""
    began = _began(item)
    today = began.date() == datetime.now().date()
    return _("today {time}").format(time=f"{began:%H:%M}") if today else f"{began:%Y-%m-%d}"


def spoken_text(item: RunItem) -> str:
    """Return all that a row shows, for screen readers."""
    parts = (title_of(item), settings_text(item), result_text(item), _("Pinned") if item.notes.pinned else "")
    return _(", ").join(filter(None, parts))


def facts_text(item: RunItem, runs: Mapping[str, RunItem]) -> str:
    """Return what the list has no room for: where a run was continued from, damage, size and file.

    ``runs`` are those of the list by the names by which branches know them.
    """
    summary, lines = item.summary, list[str]()
    if item.fault is not None:
        lines.append(_fault_text(item.fault))
    if summary is not None:
        if summary.parent is not None:
            parent = runs.get(summary.parent.run)
            origin = title_of(parent) if parent is not None else _("a run that is not in this list")
            lines.append(
                _("Continued from step {step:,} of {run}.").format(step=summary.parent.step, run=origin)
            )
        if summary.damage is not None and not item.recording:
            lines.append(_fault_text(summary.damage))
    size = _("{size:,.1f} MB").format(size=item.size / 1e6)
    return "\n".join((*lines, _DOT.join((f"{_began(item):%Y-%m-%d %H:%M}", size, item.path.name))))


class RunRow(NamedTuple):
    """A run in the list, and its place in the tree of runs.

    ``lines`` has an entry for the run and for each that it continues, from the outermost: whether another
    branch of the same run follows below. A run that begins from its seed has none.
    """

    item: RunItem
    lines: tuple[bool, ...] = ()

    @property
    def depth(self) -> int:
        """How many runs above it led to this one."""
        return len(self.lines)


def arranged(items: Iterable[RunItem], order: Order, search: str) -> tuple[RunRow, ...]:
    """Return the runs that have every word of a search in any text, in an order; pinned ones come first.

    A run that continues another one of them stands below it. A run with all that continue it stands where
    the first of them would.
    """
    words = search.casefold().split()
    found = [item for item in items if not words or all(word in _searched(item) for word in words)]
    parents = _parents(found)
    place = {item.path: (not item.notes.pinned, _KEYS[order](item)) for item in found}
    for item in found:
        own = place[item.path]
        for ancestor in _ancestors(item, parents):
            place[ancestor.path] = min(place[ancestor.path], own)
    below: dict[Path | None, list[RunItem]] = {}
    for item in sorted(found, key=lambda item: place[item.path]):
        parent = parents.get(item.path)
        below.setdefault(None if parent is None else parent.path, []).append(item)
    rows, waiting = [], [RunRow(item) for item in reversed(below.get(None, []))]
    while waiting:
        row = waiting.pop()
        rows.append(row)
        branches = reversed(below.get(row.item.path, []))
        waiting += [RunRow(item, (*row.lines, number > 0)) for number, item in enumerate(branches)]
    return tuple(rows)


def _parents(items: Sequence[RunItem]) -> dict[Path, RunItem]:
    """Return for each run the one of the others that it continues, where that is among them."""
    names = run_names(items)
    parents: dict[Path, RunItem] = {}
    for item in items:
        origin = item.summary.parent if item.summary is not None else None
        parent = names.get(origin.run) if origin is not None else None
        # Headers can be damaged or made by others: no run may continue itself.
        if parent is not None and all(
            each.path != item.path for each in (parent, *_ancestors(parent, parents))
        ):
            parents[item.path] = parent
    return parents


def _ancestors(item: RunItem, parents: Mapping[Path, RunItem]) -> Iterator[RunItem]:
    parent = parents.get(item.path)
    while parent is not None:
        yield parent
        parent = parents.get(parent.path)


def run_names(items: Iterable[RunItem]) -> dict[str, RunItem]:
    """Return the runs by the names by which branches know them."""
    return {item.summary.run: item for item in items if item.summary is not None}


def _fault_text(fault: Text) -> str:
    """Return what is wrong with a file, without its path, for which the list has no room."""
    return capitalised(str(_without_path(fault)))


def _without_path(text: Text) -> Text:
    values = {
        key: _("this file") if key == "file" else _without_path(value) if isinstance(value, Text) else value
        for key, value in text.values.items()
    }
    return replace(text, values=values)


def _searched(item: RunItem) -> str:
    return f"{spoken_text(item)} {item.notes.notes} {item.path.name}".casefold()


def _began(item: RunItem) -> datetime:
    if item.summary is not None:
        try:
            return datetime.fromisoformat(item.summary.created).astimezone()
        except ValueError:
            pass  # the header is checked, but any text may stand in it
    return datetime.fromtimestamp(item.modified / 1e9).astimezone()


def _accuracy(item: RunItem) -> float:
    accuracy = item.summary.accuracy if item.summary is not None else None
    return -math.inf if accuracy is None else accuracy


def _setting(name: str, value: Value, loss: str) -> str:
    try:
        param = find_param(name, LOSSES.get(loss))
    except ConfigError:
        return f"{name} {value}"  # the loss or the setting is of another version or a plug-in
    return f"{_(param.label)} {value_text(param, value)}"


ORDERS: Mapping[Order, str] = MappingProxyType(
    {
        "newest": N_("Newest first"),
        "oldest": N_("Oldest first"),
        "accuracy": N_("Most accurate first"),
        "loss": N_("By loss"),
        "name": N_("By name"),
        "size": N_("Largest first"),
    }
)
_Key = Callable[[RunItem], tuple[str, float] | tuple[float, float]]
_KEYS: Mapping[Order, _Key] = MappingProxyType(
    {
        "newest": lambda item: (-_began(item).timestamp(), -item.modified),
        "oldest": lambda item: (_began(item).timestamp(), item.modified),
        "accuracy": lambda item: (-_accuracy(item), -item.modified),
        "loss": lambda item: (losses_text(item.summary) if item.summary else "~", -item.modified),
        "name": lambda item: (title_of(item).casefold(), -item.modified),
        "size": lambda item: (-item.size, -item.modified),
    }
)
