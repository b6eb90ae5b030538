"""The menu of a right click on a view of a comparison."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from explorer.core.texts import _
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.export.images import copy_picture
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.export.table_copy import add_copies
from explorer.gui.views.view import View


def open_view_menu(view: View[Any], at: QPoint) -> None:
    """Open a menu at a place on the screen that resets, copies and saves a view, and copies its tables."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(_(plot_command("view.reset").text)).triggered.connect(view.reset_view)
    add_copies(menu, view)
    menu.addSeparator()
    menu.addAction(_("&Copy view as image")).triggered.connect(partial(_copy, view))
    menu.addAction(_("&Save as image…")).triggered.connect(partial(_save, view))
    menu.popup(at)


def _copy(view: View[Any], *_checked: bool) -> None:
    copy_picture(view)


def _save(view: View[Any], *_checked: bool) -> None:
    SavePictureDialog(view.window(), [view, view.window()], view).open()
