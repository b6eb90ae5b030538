"""The one Qt application of a process, in the style of this program."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from explorer.core.data.resources import ResourceError, resource
from explorer.gui.starting.override_errors import make_errors_whole
from explorer.gui.theme.garbage_collection import GarbageCollection

_LARGE_BYTES = 4 << 20
"""Size from which a block is returned to the system once it is freed; a new one costs its pages, 1 ms."""
_M_MMAP_THRESHOLD = -3


def make_application() -> QApplication:
    """Return the one Qt application, in the style of this program."""
    make_errors_whole()
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
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


def return_large_blocks() -> None:
    """Let the C library give blocks such as pictures of a large window back to the system.

    That of Linux raises the size from which it does so to that of the largest block freed so far, up to 32 MB
    (mallopt(3), M_MMAP_THRESHOLD), and keeps smaller ones in its heap. There they are cut up for whatever
    comes next, and what is free between blocks in use stays: tens of megabytes after ten minutes.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
