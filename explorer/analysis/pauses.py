"""Points at which a long computation can be made to wait for something more urgent in another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_wait: ContextVar[Callable[[], None] | None] = ContextVar("wait", default=None)


@contextmanager
def pausing(wait: Callable[[], None]) -> Iterator[None]:
    """Call ``wait`` at each `pause_point` that this thread reaches meanwhile."""
    token = _wait.set(wait)
    try:
        yield
    finally:
        _wait.reset(token)


def pause_point() -> None:
    """Wait here for as long as `pausing` says; without it, go on.

    To be called about every millisecond: while NumPy calls of two threads alternate, each of them waits for
    the interpreter's lock at every call, and what takes one alone 20 ms takes it 60.
    """
    wait = _wait.get()
    if wait is not None:
        wait()
