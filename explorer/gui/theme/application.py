"""The one Qt application of a process, in the style of this program."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication


def make_application() -> QApplication:
    """Return the one Qt application, in the style of this program."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(["loss-explorer"])
    application.setApplicationName("loss-explorer")
    application.setApplicationDisplayName("Loss Explorer")  # not shown in another language: a name
    application.setStyle("Fusion")
    return application
