"""Lets an error in a method that Qt calls be reported: on Python 3.11 it could end the process.

An error that C code raises, such as that of ``1 / 0`` or of an index beyond an array, exists in Python 3.11
as a type and a text until a handler in Python sees it. Where Qt was called by Python itself, as by
``super().event(event)`` or ``resize()``, PySide6 (6.10 and 6.11) takes the error of an overridden method for
whole when it hands it back to that caller, and crashes. So each of these methods gets a handler.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from types import FunctionType
from typing import Any

from shiboken6 import Shiboken

_WHOLE_FROM = (3, 12)
"""The version of Python in which every error is made whole where it is raised."""
_HOOK = "__init_subclass__"


def make_errors_whole() -> None:
    """Wrap what Qt calls of the program, in all classes that are there and in those to come."""
    if sys.version_info < _WHOLE_FROM and _HOOK not in vars(Shiboken.Object):
        setattr(Shiboken.Object, _HOOK, classmethod(_prepare_subclass))
        for cls in set(_subclasses(Shiboken.Object)):
            _wrap(cls)


def _prepare_subclass(cls: Any, /, **arguments: Any) -> None:
    super(Shiboken.Object, cls).__init_subclass__(**arguments)
    _wrap(cls)


def _subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    for known in cls.__subclasses__():
        yield known
        yield from _subclasses(known)


def _wrap(cls: type) -> None:
    if _is_of_qt(cls):
        return
    for name, method in list(vars(cls).items()):
        if isinstance(method, FunctionType) and _is_overridden(cls, name):
            setattr(cls, name, _whole(method))


def _is_of_qt(cls: type) -> bool:
    return cls.__module__.startswith(("PySide6.", "Shiboken"))


def _is_overridden(cls: type, name: str) -> bool:
    """Return whether Qt has a method of this name, so that it may call that of the class."""
    return any(name in vars(base) for base in cls.__mro__ if _is_of_qt(base))


def _whole(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method whose errors have passed a handler."""

    @wraps(method)
    def called(*args: Any, **named: Any) -> Any:
        try:
            return method(*args, **named)
        except BaseException:  # no more than this: the interpreter makes an error whole for a handler
            raise

    return called
