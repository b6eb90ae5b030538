"""The entry points through which installed packages add losses and heads."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from importlib.metadata import EntryPoint, distributions, entry_points
from typing import Any

from explorer.core.texts import Text, TextError, error_text

PLUGINS = "LOSS_EXPLORER_PLUGINS"
"""Name of the variable of the environment that leaves out plug-ins where it is "off"; workers inherit it."""


_LONGEST = 10.0
"""Seconds that the code of a package may take: the window opens only after that."""


class PluginError(TextError):
    """A package tried to end the program, or takes too long."""


class _OutOfTime(BaseException):
    """The time is over; no handler of a package for `Exception` catches this."""


def plugins(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group; none where plug-ins are off."""
    if os.environ.get(PLUGINS) == "off":
        return ()
    try:
        return tuple(entry_points(group=group))
    except Exception:  # the metadata of any package that is installed, and has nothing to do with this one
        return tuple(_readable(group))


def load(point: EntryPoint) -> Any:
    """Return what an entry point names; raises what its package raises, and as `guarded`."""
    with guarded():
        return point.load()


@contextmanager
def guarded() -> Iterator[None]:
    """Let a block run code of a package; what that prints goes to standard error.

    Standard output is that of a command, such as JSON.

    Raises
    ------
    PluginError
        In place of SystemExit and of all else that would end the program, but for what a person did; and
        where the block takes too long, as far as this can be noticed: see `_limited`.
    """
    try:
        with redirect_stdout(sys.stderr), _limited(_LONGEST):
            yield
    except (Exception, KeyboardInterrupt):
        raise
    except _OutOfTime as error:
        raise PluginError("it takes longer than {seconds:.0f} seconds", seconds=_LONGEST) from error
    except BaseException as error:
        raise PluginError("it tried to end the program") from error


def plugin_fault(error: Exception) -> Text:
    """Return why a package cannot be used, to follow a colon, from what was raised in a `guarded` block."""
    return error.text if isinstance(error, PluginError) else error_text(error)


def _readable(group: str) -> Iterator[EntryPoint]:
    """Yield the entry points of a group, of all packages whose metadata can be read.

    As in `entry_points`, one that is found twice is the first: only that is imported.
    """
    found = set()
    for package in distributions():
        with suppress(Exception):
            name = re.sub(r"[-_.]+", "-", package.name).casefold()
            if name not in found:
                found.add(name)
                yield from package.entry_points.select(group=group)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise _OutOfTime in a block that takes longer; only in the main thread, and not on Windows.

    Not by another thread that runs it: a package that imports what is being imported would wait for ever.

    It is raised between any two instructions of Python, so what the package was doing stays half done: a lock
    that it took, a table that it filled, other modules that it changed. Python forgets the modules that were
    being imported, and the package is not used, but what else it touched stays as it is until the program
    ends. Code that never returns to Python is not interrupted, nor is a bare ``except`` in a loop.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(*_arguments: object) -> None:
        raise _OutOfTime

    began, handler = time.monotonic(), signal.signal(signal.SIGALRM, give_up)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # a timer of whoever runs this, such as that of a test
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - time.monotonic() + began), interval)
