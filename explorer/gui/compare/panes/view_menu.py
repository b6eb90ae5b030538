"""The menu of a right click on a view of a comparison."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from explorer.core.texts import _
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.export.images import picture_of
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.export.table_copy import TableCopier
from explorer.gui.views.view import View

_CLIPBOARD_SCALE = 2


def view_menu(view: View[Any]) -> QMenu:
    """Return a menu that resets, copies and saves a view, and copies its tables."""
    menu = QMenu(view)
    menu.addAction(_(plot_command("view.reset").text)).triggered.connect(view.reset_view)
    for copier in view.findChildren(TableCopier):
        if copier.table.isVisible():
            menu.addAction(_(copier.words)).triggered.connect(copier.copy)
    menu.addSeparator()
    menu.addAction(_("&Copy view as image")).triggered.connect(lambda: _copy(view))
    menu.addAction(_("&Save as image…")).triggered.connect(lambda: _save(view))
    return menu


def open_view_menu(view: View[Any], at: QPoint) -> None:
    """Open the menu of a view at a place on the screen."""
    menu = view_menu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at)


def _copy(view: View[Any]) -> None:
    QGuiApplication.clipboard().setImage(picture_of(view, _CLIPBOARD_SCALE))


def _save(view: View[Any]) -> None:
    SavePictureDialog(view.window(), [view, view.window()], view).open()
