"""Demonstration: plays the steps of a lab, as a short change of its options."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.core.texts import _
from explorer.gui.labs.lab import Step

Options = TypeVar("Options", bound=Struct)

_INTERVAL_MS = 33
_MOVING = 0.6
"""Fraction of a step during which its numbers move; for the rest they rest, so that they can be read."""


class Demonstration(QObject):
    """Plays steps one after the other.

    Signals
    -------
    optionsRequested(object)
        The options of this moment.
    textChanged(str)
        The sentence of the step that begins; empty at the end.
    """

    optionsRequested = Signal(object)
    textChanged = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._steps: Sequence[Step[Any]] = ()
        self._start: Any = None
        self._smooth = True
        self._begun = 0.0
        self._index = -1

    @property
    def playing(self) -> bool:
        """Whether steps are being played."""
        return self._timer.isActive()

    def play(self, start: Struct, steps: Sequence[Step[Any]], smooth: bool) -> None:
        """Play steps from these options on; without ``smooth`` each step jumps to its end."""
        self._start, self._steps, self._smooth = start, steps, smooth
        self._begun, self._index = time.perf_counter(), -1
        self._timer.start()
        self.show_moment(0.0)

    def stop(self) -> None:
        """Stop where it is."""
        if self.playing:
            self._timer.stop()
            self.textChanged.emit("")

    def show_moment(self, seconds: float) -> None:
        """Ask for the options at a time since the beginning; the end of the last step stops it."""
        index, share = _place(self._steps, seconds)
        if index != self._index:
            if index > 0:  # a timer that was late may have left out the end of a step
                self.optionsRequested.emit(self._steps[index - 1].options)
            self._index = index
            if index < len(self._steps):
                self.textChanged.emit(_(self._steps[index].text))
        if index == len(self._steps):
            self.stop()
            return
        before = self._steps[index - 1].options if index else self._start
        moved = min(1.0, share / _MOVING) if self._smooth else 1.0
        self.optionsRequested.emit(blend(before, self._steps[index].options, moved))

    def _on_timer_timeout(self) -> None:
        self.show_moment(time.perf_counter() - self._begun)


def blend(before: Options, after: Options, share: float) -> Options:
    """Return ``after`` with its numbers moved back towards ``before``: by nothing for a ``share`` of one."""
    if share >= 1.0:
        return after
    old = asdict(before)
    return replace(
        after, **{name: _between(old[name], value, share) for name, value in asdict(after).items()}
    )


def _between(old: object, new: object, share: float) -> object:
    match old, new:
        case (bool(), _) | (_, bool()):
            return new
        case int(), int():
            return round(old + (new - old) * share)
        case float() | int(), float() | int():
            return old + (new - old) * share
        case tuple(), tuple() if len(old) == len(new):
            return tuple(_between(one, other, share) for one, other in zip(old, new, strict=True))
        case dict(), dict() if old.keys() == new.keys():
            return {key: _between(old[key], value, share) for key, value in new.items()}
        case Struct(), Struct() if type(old) is type(new) and _words(old) == _words(new):
            return blend(old, new, share)
    return new


def _words(options: Struct) -> list[str]:
    """Return the fields that are words: with another name of a loss, its numbers are others as well."""
    return [value for value in asdict(options).values() if isinstance(value, str)]


def _place(steps: Sequence[Step[Any]], seconds: float) -> tuple[int, float]:
    """Return the index of the step at a time, and the fraction of it that has passed."""
    for index, step in enumerate(steps):
        if seconds < step.seconds:
            return index, seconds / step.seconds
        seconds -= step.seconds
    return len(steps), 0.0
