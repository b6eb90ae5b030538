"""GarbageCollection: lets Python look for unreachable cycles in the thread of the window only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from explorer.core.c_memory import return_free_pages

_INTERVAL_MS = 500
_OLDEST = 2


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
        self._timer.timeout.connect(self._on_first_timeout)
        self._timer.start()

    def _on_first_timeout(self) -> None:
        """Leave what start-up has made out of all searches: they would hold the window up for 70 ms."""
        gc.freeze()
        self._timer.timeout.disconnect(self._on_first_timeout)
        self._timer.timeout.connect(collect_due)


def collect_due() -> int:
    """Collect the oldest generation that is due, as Python does by itself; return it, or -1 for none.

    An older generation is due where its threshold is passed, and those of all younger ones.
    """
    generation = -1
    for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True):
        if not count > most > 0:
            break
        generation += 1
    if generation >= 0:
        gc.collect(generation)
    if generation == _OLDEST:  # after much has come and gone
        return_free_pages()
    return generation
