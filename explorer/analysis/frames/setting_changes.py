"""Changes of settings while a run goes on, and the marks that they leave on its time axis."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from explorer.core.params import Value
from explorer.core.settings.config import RunConfig, diff, find_param

_LOSS = "loss.name"
_DRAG_SECONDS = 1.5
"""Seconds of training; what follows on a change of the same settings sooner belongs to the same drag."""
MOST_MARKS = 200


class Change(Struct, frozen=True):
    """One setting that changed: its dotted name, label, symbol and unit, and its values as text."""

    name: str
    label: str
    symbol: str
    unit: str
    before: str
    after: str

    @property
    def texts(self) -> tuple[str, ...]:
        """What changed, from the longest wording to the shortest."""
        full = f"{self.label} {self.before} → {self.after} {self.unit}".strip()
        if self.name == _LOSS:
            return full, f"→ {self.after}", self.symbol
        brief = f"{self.symbol} {self.before} → {self.after} {self.unit}".strip()
        return full, brief, f"{self.symbol} → {self.after}", self.symbol


class Mark(Struct, frozen=True):
    """Settings that changed at a step: the first of a drag, which ended at ``until`` seconds of training."""

    step: float
    elapsed: float
    epoch: float
    until: float
    changes: tuple[Change, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what changed, from the longest wording to the shortest."""
        if len(self.changes) == 1:
            return self.changes[0].texts
        full, brief = (", ".join(change.texts[level] for change in self.changes) for level in (0, 1))
        return full, brief, f"{len(self.changes)} settings"


class Marks:
    """The marks of a run, the oldest first; never more than `MOST_MARKS`."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def __len__(self) -> int:
        """Return the number of marks."""
        return len(self._marks)

    def __iter__(self) -> Iterator[Mark]:
        """Yield the marks."""
        return iter(self._marks)

    def add(self, mark: Mark) -> None:
        """Add a mark; one that goes on with a drag is joined to the last, and one that undoes it goes."""
        last = self._marks[-1] if self._marks else None
        if last is not None and _same_drag(last, mark):
            self._marks[-1:] = _joined(last, mark)
        else:
            self._marks.append(mark)
        if len(self._marks) > MOST_MARKS:
            gaps = [after.step - before.step for before, after in pairwise(self._marks)]
            at = gaps.index(min(gaps))
            self._marks[at : at + 2] = _joined(*self._marks[at : at + 2])


def changes_between(old: RunConfig, new: RunConfig) -> tuple[Change, ...]:
    """Return what changed from one configuration to the next; of another loss, not its parameters."""
    changed = diff(old, new)
    names = (*changed.live, *changed.restart)
    if _LOSS in names:
        names = (_LOSS, *(name for name in names if not name.startswith("loss.")))
    return tuple(_change(name, old, new) for name in names)


def _change(name: str, old: RunConfig, new: RunConfig) -> Change:
    if name == _LOSS:
        return Change(name, "Loss:", "loss", "", old.loss.spec.title, new.loss.spec.title)
    param = find_param(name, new.loss.spec)
    before, after = (_text(config.get(name)) for config in (old, new))
    return Change(name, param.label, param.symbol or param.label, param.unit, before, after)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _same_drag(last: Mark, mark: Mark) -> bool:
    names = [{change.name for change in each.changes} for each in (last, mark)]
    return names[0] == names[1] and mark.elapsed - last.until <= _DRAG_SECONDS


def _joined(first: Mark, second: Mark) -> list[Mark]:
    """Return the mark, if any, of what two of them changed together."""
    changes = {change.name: change for change in first.changes}
    for change in second.changes:
        before = changes[change.name].before if change.name in changes else change.before
        changes[change.name] = replace(change, before=before)
    kept = tuple(change for change in changes.values() if change.before != change.after)
    return [replace(first, until=second.until, changes=kept)] if kept else []
