"""Nothing goes wrong here: what Qt or Python say of errors and warnings meanwhile fails where it happened."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

_OF_THE_PLATFORM = "This plugin does not support"
_HARMLESS = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)


@contextmanager
def calm() -> Iterator[None]:
    """Raise the first error that Qt's events came upon, or what Qt warned of."""
    errors: list[BaseException] = []
    warnings: list[str] = []

    def take_message(kind: QtMsgType, _context: object, text: str) -> None:
        if kind not in _HARMLESS and not text.startswith(_OF_THE_PLATFORM):
            warnings.append(text)

    hook, handler = sys.excepthook, qInstallMessageHandler(take_message)
    sys.excepthook = lambda _kind, error, _trace: errors.append(error)
    try:
        yield
    finally:
        sys.excepthook = hook
        qInstallMessageHandler(handler)
    if errors:
        raise errors[0]
    assert not warnings, f"Qt warned: {warnings}"
