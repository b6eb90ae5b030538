"""Threads that a process may not be given: the system limits how many it has."""

from __future__ import annotations

from threading import Thread


def start(thread: Thread) -> None:
    """Start a thread; where the system gives this process no more of them, do its work now."""
    try:
        thread.start()
    except RuntimeError:
        thread.run()
