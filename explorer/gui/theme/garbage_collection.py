"""GarbageCollection: lets Python look for unreachable cycles in the thread of the window only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 500


class GarbageCollection(QObject):
    """Takes the place of Python's automatic garbage collection.

    That runs in whichever thread happens to allocate. In the one that records, reads images or computes
    regions it would delete what is left of closed windows and dialogs there, and a Qt object that is deleted
    in another thread than its own ends the program.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()  # allocations are still counted
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()


def collect_due() -> int:
    """Collect the oldest generation whose threshold is passed, as Python does by itself; return it, or -1."""
    due = [
        generation
        for generation, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if count > most > 0
    ]
    if not due or due[0] != 0:
        return -1
    generation = 0
    while generation + 1 in due:
        generation += 1
    gc.collect(generation)
    return generation
