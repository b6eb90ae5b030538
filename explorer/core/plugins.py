"""The entry points through which installed packages add losses and heads."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from importlib.metadata import EntryPoint, distributions, entry_points
from typing import Any

from explorer.core.texts import _

PLUGINS = "LOSS_EXPLORER_PLUGINS"
"""Name of the variable of the environment that leaves out plug-ins where it is "off"; workers inherit it."""


_LONGEST = 10.0
"""Seconds that a package may take to be loaded: the window opens only after that."""


def plugins(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group; none where plug-ins are off."""
    if os.environ.get(PLUGINS) == "off":
        return ()
    try:
        return tuple(entry_points(group=group))
    except Exception:  # the metadata of any package that is installed, and has nothing to do with this one
        return tuple(_readable(group))


def load(point: EntryPoint) -> Any:
    """Return what an entry point names; what its package prints meanwhile goes to standard error.

    Standard output is that of a command, such as JSON.

    Raises
    ------
    Exception
        Whatever the package raises; RuntimeError in place of SystemExit, which would end the program, and
        TimeoutError where it takes too long, as far as this can be noticed: see `_limited`.
    """
    try:
        with redirect_stdout(sys.stderr), _limited(_LONGEST):
            return point.load()
    except SystemExit as error:
        raise RuntimeError(_("it tried to end the program")) from error


def _readable(group: str) -> Iterator[EntryPoint]:
    """Yield the entry points of a group, of all packages whose metadata can be read."""
    for package in distributions():
        with suppress(Exception):
            yield from package.entry_points.select(group=group)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in a block that takes longer; only in the main thread, and not on Windows.

    Not by another thread that loads it: a package that imports what is being imported would wait for ever.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(*_arguments: object) -> None:
        raise TimeoutError(_("it takes longer than {seconds:.0f} seconds").format(seconds=seconds))

    began, handler = time.monotonic(), signal.signal(signal.SIGALRM, give_up)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # a timer of whoever runs this, such as that of a test
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - time.monotonic() + began), interval)
