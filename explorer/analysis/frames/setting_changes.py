"""Changes of settings during a run, and the marks of them on its time axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from explorer.core.params import Param, Value
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig, diff, find_param
from explorer.core.texts import N_, Text, _, listed, ngettext, text

_LOSS = "loss.name"
_DRAG_SECONDS = 1.5
"""Seconds of training between two changes of the same settings that still count as one drag."""
MOST_MARKS = 200
"""Marks kept of a run; beyond, the two closest in steps are joined."""


class Change(Struct, frozen=True):
    """One setting that changed.

    Parameters
    ----------
    name : str
        Dotted name of the setting.
    label, symbol, unit : str
        Message ids; the label stands in for a symbol where there is none, and the unit may be empty.
    before, after : str or Text
        Its values: a number or name as it is, or a text that is translated where it is shown.
    """

    name: str
    label: str
    symbol: str
    unit: str
    before: str | Text
    after: str | Text

    @property
    def text(self) -> Text:
        """What changed, to be translated where it is shown."""
        return self._named(self.label)

    @property
    def texts(self) -> tuple[str, ...]:
        """What changed, in the language in force, from the longest wording to the shortest."""
        full, brief = str(self.text), str(self._named(self.symbol))
        if self.name == _LOSS:
            return full, f"→ {self.after}", _(self.symbol)
        return full, brief, f"{_(self.symbol)} → {self.after}", _(self.symbol)

    def _named(self, label: str) -> Text:
        values = {"label": text(label), "before": self.before, "after": self.after}
        if self.unit:
            return text("{label} {before} → {after} {unit}", unit=text(self.unit), **values)
        return text("{label} {before} → {after}", **values)


class Mark(Struct, frozen=True):
    """Settings that changed at one step, or in one drag.

    ``step``, ``elapsed`` (seconds of training) and ``epoch`` are those of the first change of the drag, which
    ended at ``until`` seconds of training.
    """

    step: float
    elapsed: float
    epoch: float
    until: float
    changes: tuple[Change, ...]

    @property
    def text(self) -> Text:
        """What changed in the longest wording, to be translated where it is shown."""
        return listed([change.text for change in self.changes])

    @property
    def texts(self) -> tuple[str, ...]:
        """What changed, in the language in force, from the longest wording to the shortest."""
        if len(self.changes) == 1:
            return self.changes[0].texts
        full, brief = (_(", ").join(change.texts[level] for change in self.changes) for level in (0, 1))
        count = len(self.changes)
        return full, brief, ngettext("{count} setting", "{count} settings", count).format(count=count)


class Marks:
    """The marks of a run, the oldest first; at most `MOST_MARKS`."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def __len__(self) -> int:
        """Return the number of marks."""
        return len(self._marks)

    def __iter__(self) -> Iterator[Mark]:
        """Yield the marks."""
        return iter(self._marks)

    def add(self, mark: Mark) -> None:
        """Add a mark; one of the same drag is joined to the last mark, and both go where they cancel out."""
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
    """Return what changed between two configurations; of another loss only its name."""
    changed = diff(old, new)
    names = (*changed.live, *changed.restart)
    if _LOSS in names:
        names = (_LOSS, *(name for name in names if not name.startswith("loss.")))
    return tuple(_change(name, old, new) for name in names)


def _change(name: str, old: RunConfig, new: RunConfig) -> Change:
    if name == _LOSS:
        before, after = text(old.loss.spec.title), text(new.loss.spec.title)
        return Change(name, N_("Loss:"), N_("loss"), "", before, after)
    param = find_param(name, new.loss.spec)
    old_text, new_text = (value_text(param, config.get(name)) for config in (old, new))
    return Change(name, param.label, param.symbol or param.label, param.shown_unit, old_text, new_text)


def value_text(param: Param, value: Value) -> str | Text:
    """Return the value of a setting without its unit: a number or name, or a text to be translated."""
    if isinstance(value, bool):
        return text("on") if value else text("off")
    if param.zero and value == 0:
        return text(param.zero)
    if param.kind == "choice":
        return text(param.title(str(value)))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _same_drag(last: Mark, mark: Mark) -> bool:
    names = [{change.name for change in each.changes} for each in (last, mark)]
    return names[0] == names[1] and mark.elapsed - last.until <= _DRAG_SECONDS


def _joined(first: Mark, second: Mark) -> list[Mark]:
    """Return the mark that joins two marks in a list, which is empty where their changes cancel out."""
    changes = {change.name: change for change in first.changes}
    for change in second.changes:
        before = changes[change.name].before if change.name in changes else change.before
        changes[change.name] = replace(change, before=before)
    kept = tuple(change for change in changes.values() if change.before != change.after)
    return [replace(first, until=second.until, changes=kept)] if kept else []


def without_superseded(changes: Iterable[m.SettingChange]) -> tuple[m.SettingChange, ...]:
    """Leave out changes that trained no step: of a slider dragged in a pause, only the last place matters.

    The losses that were tried are all kept: each draws random numbers, on which later steps depend.
    """
    kept: list[m.SettingChange] = []
    for change in changes:
        if kept and (kept[-1].step, kept[-1].config.loss.name) == (change.step, change.config.loss.name):
            kept.pop()
        kept.append(change)
    return tuple(kept)
