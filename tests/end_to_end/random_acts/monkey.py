"""Monkey: acts on the windows of the program at random, and keeps the last acts to tell them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from end_to_end.random_acts.hands import Act, Hands
from end_to_end.random_acts.meters import LoopMeter
from end_to_end.random_acts.place import Place
from end_to_end.random_acts.program import Program
from PySide6.QtWidgets import QApplication

_LONGEST = 4
"""How many acts of a kind are told."""


class Monkey:
    """Does anything that a person can do, in an order that follows from a seed.

    Attributes
    ----------
    held : dict of str to list of (float, str)
        The acts of each kind that took longest: seconds of the processor in the window's thread, and words.
    """

    def __init__(self, place: Place, seed: int) -> None:
        self.place, self.seed = place, seed
        self.random = place.random
        self.meter = LoopMeter()
        self.acts: deque[str] = deque(maxlen=300)
        self.held: dict[str, list[tuple[float, str]]] = {}
        self.count = 0
        hands, program = Hands(place, self.random), Program(place, self.random)
        self._kinds: dict[Callable[[], Act], float] = {
            program.trigger: 8,
            hands.press: 12,
            hands.click: 10,
            hands.drag: 6,
            hands.turn_wheel: 3,
            hands.enter_nonsense: 5,
            hands.paste: 2,
            hands.choose: 3,
            hands.resize: 2,
            program.choose_options: 3,
            program.change_param: 6,
            program.change_loss: 2,
            program.change_run: 3,
            program.undo: 3,
            program.look_back: 2,
            program.use_palette: 2,
            program.answer_dialog: 3,
            program.open_dialog: 1.5,
            program.open_file: 1,
            program.use_run: 0.5,
            program.apply_preset: 0.5,
            program.use_lab: 0.7,
            program.compare: 0.3,
            program.change_locale: 0.3,
            program.go_on: 1,
            program.open_guide: 0.2,
            program.check_run: 0.15,
            program.close_window: 0.5,
        }

    @property
    def told(self) -> str:
        """The last acts, to find out what came of which."""
        return "\n".join([f"seed {self.seed}, {self.count} acts, the last of them:", *self.acts])

    @property
    def held_longest(self) -> list[str]:
        """The acts of each kind that took longest, in words, the longest first."""
        told = {
            name: ", ".join(f"{held:.2f} {words}" for held, words in acts) for name, acts in self.held.items()
        }
        return [f"{name}: {told[name]}" for name in sorted(told, key=self.held.__getitem__, reverse=True)]

    def act(self) -> None:
        """Do one thing, and note for how long that held the window up."""
        self.place.reopen_if_closed()
        (kind,) = self.random.choices(list(self._kinds), list(self._kinds.values()))
        words, act = kind()
        self.acts.append(words)
        self.count += 1
        began = time.thread_time()
        act()
        QApplication.processEvents()
        held = self.held.setdefault(kind.__name__, [])
        held.append((time.thread_time() - began, words))
        held.sort(reverse=True)
        del held[_LONGEST:]
