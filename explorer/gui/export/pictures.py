"""Pictures: copies and saves what the window shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from explorer.core.texts import _
from explorer.gui.export.images import picture_of
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.main_window import MainWindow
from explorer.gui.views.view import View

_CLIPBOARD_SCALE = 2


class Pictures(QObject):
    """Copies and saves the views of a window as images."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def copy_view(self, view: View[Any] | None = None) -> None:
        """Copy a view to the clipboard; the one that has the keyboard where none is given."""
        view = view or self._window.active_view
        QGuiApplication.clipboard().setImage(picture_of(view, _CLIPBOARD_SCALE))
        self._window.status.show_event(_("Copied “{view}” to the clipboard.").format(view=_(view.title)))

    def copy_window(self) -> None:
        """Copy the whole window to the clipboard."""
        QGuiApplication.clipboard().setImage(picture_of(self._window, _CLIPBOARD_SCALE))
        self._window.status.show_event(_("Copied the window to the clipboard."))

    def save(self, view: View[Any] | None = None) -> None:
        """Ask which view to save, and where; ``view``, or the one that has the keyboard, is offered first."""
        window = self._window
        parts = [*window.pane.views.values(), window]
        dialog = SavePictureDialog(window, parts, view or window.active_view)
        dialog.saved.connect(self._on_picture_saved)
        dialog.open()

    def _on_picture_saved(self, path: Path) -> None:
        self._window.status.show_event(_("Saved as {path}.").format(path=path))
