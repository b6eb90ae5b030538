"""ContextMenus: the menu of a right click on a view, with the commands about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from explorer.core.texts import _
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.export.images import copy_picture
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.export.table_copy import add_copies
from explorer.gui.views.features.view import FeaturesView

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.views.view import View

_OF_FEATURES, _OF_SPACE = ("show", "color"), ("sphere", "space")
"""Menus that are about the features, and about those in three dimensions."""
_GROUPS = ("view.reset", "selection.clear"), ("image.copy-view", "image.save", "image.figure")
"""Commands that follow, in groups."""


class ContextMenus(QObject):
    """Opens a menu where a view asks for one; its entries are those of the menu bar."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        for view in app.pane.views.values():
            view.menuRequested.connect(partial(self.open, view))

    def open(self, view: View[Any], at: QPoint) -> None:
        """Open the menu of a view at a place on the screen."""
        menu = self.menu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def menu(self, view: View[Any]) -> QMenu:
        """Return the menu of a view: submenus about the features, then commands; without what is hidden."""
        actions, menu = self._app.actions, QMenu(view)
        menu.setToolTipsVisible(True)
        if isinstance(view, FeaturesView):
            in_space = view.projections.in_space
            for id_ in (*_OF_FEATURES, *(_OF_SPACE if in_space else ())):
                if not actions.menu(id_).isEmpty() and actions.menu(id_).menuAction().isVisible():
                    menu.addMenu(actions.menu(id_))
            menu.addSeparator()
        add_copies(menu, view)
        menu.addSeparator()
        for group in _GROUPS:
            for id_ in group:
                if not actions.is_hidden(id_):
                    menu.addAction(self._action(id_, view, menu))
            menu.addSeparator()
        return menu

    def _action(self, id_: str, view: View[Any], menu: QMenu) -> QAction:
        """Return what does a command for this view, whichever has the keyboard."""
        app, command = self._app, self._app.actions.action(id_)
        acts: dict[str, Callable[[], object]] = {
            "view.reset": view.reset_view,
            "image.copy-view": partial(app.pictures.copy_view, view),
            "image.save": partial(app.pictures.save, view),
            "image.figure": partial(app.pictures.save_figure, view),
        }
        if id_ not in acts:
            return command
        action = QAction(command.text(), menu)
        action.setToolTip(command.toolTip())
        action.triggered.connect(lambda _checked: acts[id_]())
        return action


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
