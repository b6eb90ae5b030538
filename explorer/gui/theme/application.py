"""The one Qt application of a process, in the style of this program."""

from __future__ import annotations

import os
from contextlib import suppress

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from explorer.core.c_memory import return_large_blocks
from explorer.core.data.resources import ResourceError, resource
from explorer.gui.starting.override_errors import make_errors_whole
from explorer.gui.theme.display_scale import drop_senseless_scales
from explorer.gui.theme.garbage_collection import GarbageCollection


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
