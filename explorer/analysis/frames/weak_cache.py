"""weakly_cached: a cache whose results live as long as the argument they were computed from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def weakly_cached(function: Callable[[Argument], Result]) -> Callable[[Argument], Result]:
    """Return ``function`` with its results cached until its argument is freed.

    The argument must be compared by identity and take weak references, and the result must not refer to it.
    So the results of one run never evict those of another, and no snapshot is kept alive.
    """
    known: WeakKeyDictionary[Argument, Result] = WeakKeyDictionary()

    @wraps(function)
    def cached(argument: Argument) -> Result:
        if argument not in known:
            known[argument] = function(argument)
        return known[argument]

    return cached
