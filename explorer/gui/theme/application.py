"""The one Qt application of a process, in the style of this program, at a scale that makes sense."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from contextlib import suppress
from types import MappingProxyType

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from explorer.core.c_memory import return_large_blocks
from explorer.core.data.resources import ResourceError, resource
from explorer.gui.starting.override_errors import make_errors_whole
from explorer.gui.theme.garbage_collection import GarbageCollection

_LIMITS = MappingProxyType(
    {"QT_SCALE_FACTOR": (0.25, 16.0), "QT_SCREEN_SCALE_FACTORS": (0.25, 16.0), "QT_FONT_DPI": (24.0, 1536.0)}
)
"""Least and largest value of each variable: 96 dots per inch are a scale of 1."""


def make_application() -> QApplication:
    """Return the one Qt application, in the style of this program."""
    make_errors_whole()
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    drop_senseless_scales(os.environ)
    application = QApplication(["loss-explorer"])
    application.setApplicationName("loss-explorer")
    application.setApplicationDisplayName("Loss Explorer")  # not shown in another language: a name
    application.setDesktopFileName("loss-explorer")  # Wayland takes the icon from the entry of this name
    with suppress(ResourceError):
        application.setWindowIcon(QIcon(str(resource("desktop", "loss-explorer.svg"))))
    application.setStyle("Fusion")
    GarbageCollection(application)
    return_large_blocks()
    return application


def drop_senseless_scales(environment: MutableMapping[str, str]) -> None:
    """Remove scales that are no number or show nothing; Qt complained at each drawing, thousands of times.

    ``QT_SCREEN_SCALE_FACTORS`` is a list such as ``2;1.5`` or ``eDP-1=2;HDMI-1=1``.
    """
    for name, (least, most) in _LIMITS.items():
        values = [part.rpartition("=")[2] for part in environment.get(name, "").split(";") if part]
        if not all(least <= _number(value) <= most for value in values):
            del environment[name]


def _number(word: str) -> float:
    """Return the number that a word is, 0 for none."""
    try:
        return float(word)
    except ValueError:
        return 0.0
