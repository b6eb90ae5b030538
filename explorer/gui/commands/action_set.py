"""ActionSet: the actions, menus and buttons that are made from a table of commands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QMenu, QWidget

from explorer.core.texts import _
from explorer.gui.commands.command import Command, Context, Menu, key_text, plain, tip_with_key
from explorer.gui.commands.command_state import CommandState
from explorer.gui.commands.keymap import KeyListener
from explorer.gui.theme.tooltips import wrapped

T = TypeVar("T")


class ActionSet(Generic[T]):
    """One action per command that calls something, in the menu that the command names.

    Parameters
    ----------
    window : QMainWindow
        Owner of the actions; its menu bar gets the menus.
    receiver : T
        What the commands are called with.
    surfaces : mapping of Context to QWidget
        Widget in which the shortcuts of a context act as actions. In contexts without one the widgets handle
        their keys themselves.
    everywhere : Context
        The context whose shortcuts act in the whole window.
    """

    def __init__(
        self,
        window: QMainWindow,
        receiver: T,
        surfaces: Mapping[Context, QWidget],
        everywhere: Context = "window",
    ) -> None:
        self._window, self._receiver, self._surfaces = window, receiver, surfaces
        self._everywhere = everywhere
        self._commands: dict[str, Command[T]] = {}
        self._menu_specs: dict[str, Menu] = {}
        self._menus: dict[str, QMenu] = {}
        self._actions: dict[str, QAction] = {}
        self._choices: dict[str, QActionGroup] = {}
        self._buttons: list[tuple[QAbstractButton, str]] = []
        self._keyed: set[str] = set()
        self._last_group: dict[str, str] = {}
        self._state = CommandState()
        self._hidden_commands: frozenset[str] = frozenset()
        self._hidden_menus: frozenset[str] = frozenset()
        self._kept: frozenset[str] = frozenset()
        self._unreachable: frozenset[str] = frozenset()
        KeyListener(self.update_keys, window)

    def add(self, entries: Iterable[Menu | Command[T]]) -> None:
        """Add menus and commands, each below what its menu has already."""
        for entry in entries:
            if isinstance(entry, Menu):
                self._add_menu(entry)
            else:
                self._commands[entry.id] = entry
                if entry.calls is not None:
                    self._add_action(entry)
        self.retranslate()
        self._hide()
        self._enable()
        self.update_checked()

    def hide(self, commands: Collection[str], menus: Collection[str], kept: Collection[str] = ()) -> None:
        """Let commands, and those in menus, be in no menu and have no key, from now on.

        A button that is bound to one still works. Ids that are not known may come later, as those of presets
        do. The commands ``kept`` keep their keys where their menu is hidden.
        """
        self._hidden_commands, self._hidden_menus = frozenset(commands), frozenset(menus)
        self._kept = frozenset(kept)
        self._hide()

    def is_hidden(self, id_: str) -> bool:
        """Return whether a command is hidden, or in a hidden menu."""
        if id_ in self._hidden_commands:
            return True
        return id_ not in self._kept and self._is_menu_hidden(self._commands[id_].menu)

    def remove(self, ids: Iterable[str]) -> None:
        """Take commands away again, with their entries in menus."""
        for id_ in ids:
            command = self._commands.pop(id_, None)
            if command is not None:
                action = self._actions.pop(id_)
                if command.menu:
                    self._menus[command.menu].removeAction(action)
                action.deleteLater()

    @property
    def commands(self) -> tuple[Command[T], ...]:
        """The table: every command, also those without an action."""
        return tuple(self._commands.values())

    def action(self, id_: str) -> QAction:
        """Return the action of a command."""
        return self._actions[id_]

    def key(self, id_: str) -> str:
        """Return the first key of a command as the platform writes it, empty for none."""
        command = self._commands[id_]
        return key_text(command) if command.keys else ""

    def key_or_name(self, id_: str) -> str:
        """Return the first key of a command, its name where it has none."""
        return key_text(self._commands[id_])

    def place(self, id_: str) -> str:
        """Return the menus that lead to a command, such as "View › Show"; empty where none does."""
        titles, menu = list[str](), self._commands[id_].menu
        while menu:
            spec = self._menu_specs[menu]
            titles.insert(0, plain(_(spec.text)))
            menu = spec.parent
        return " › ".join(titles)

    def menu(self, id_: str) -> QMenu:
        """Return a menu."""
        return self._menus[id_]

    def bind(self, id_: str, button: QAbstractButton) -> None:
        """Let a button do what a command does, with its tip, and enabled as the command is."""
        button.clicked.connect(self._actions[id_].trigger)
        self.describe(id_, button)

    def describe(self, id_: str, button: QAbstractButton) -> None:
        """Give a button that is connected elsewhere the tip of a command, and enable it with the command."""
        self._buttons.append((button, id_))
        button.setToolTip(tip_with_key(self._commands[id_]))
        button.setEnabled(self._actions[id_].isEnabled())

    def set_state(self, state: CommandState) -> None:
        """Enable what can be used now."""
        if state != self._state:
            self._state = state
            self._enable()

    def update_checked(self) -> None:
        """Check the actions of what is on, after anything that may have changed it."""
        for id_, action in self._actions.items():
            checked = self._commands[id_].checked
            if checked is not None:
                action.setChecked(checked(self._receiver))

    def retranslate(self) -> None:
        """Write the texts of all menus, actions and buttons in the language in force."""
        for id_, menu in self._menus.items():
            menu.setTitle(_(self._menu_specs[id_].text))
        for id_, action in self._actions.items():
            action.setText(_(self._commands[id_].text))
            action.setToolTip(wrapped(_(self._commands[id_].tip)))
        for button, id_ in self._buttons:
            button.setToolTip(tip_with_key(self._commands[id_]))

    def update_keys(self) -> None:
        """Give actions and tips of buttons the keys that the commands have now."""
        for id_ in self._keyed & self._actions.keys():
            keys = () if self.is_hidden(id_) else self._commands[id_].keys
            self._actions[id_].setShortcuts([QKeySequence(key) for key in keys])
        for button, id_ in self._buttons:
            button.setToolTip(tip_with_key(self._commands[id_]))

    def _enable(self) -> None:
        for id_, action in self._actions.items():
            enabled = self._commands[id_].enabled(self._state) and id_ not in self._unreachable
            action.setEnabled(enabled)
        for button, id_ in self._buttons:
            button.setEnabled(self._actions[id_].isEnabled())

    def _hide(self) -> None:
        if not (self._hidden_commands or self._hidden_menus):
            return
        hidden = {id_ for id_ in self._actions if self.is_hidden(id_)}
        with_button = {id_ for _button, id_ in self._buttons} - self._hidden_commands
        self._unreachable = frozenset(hidden - with_button)
        for id_ in hidden:
            self._actions[id_].setShortcuts([])
        for id_ in self._unreachable:
            self._actions[id_].setVisible(False)
        self._enable()
        for id_, menu in self._menus.items():
            if self._is_menu_hidden(id_):  # a menu in a hidden one can be opened elsewhere
                menu.menuAction().setVisible(False)

    def _is_menu_hidden(self, id_: str) -> bool:
        """Return whether a menu is hidden, or in a hidden one."""
        while id_ and id_ not in self._hidden_menus:
            id_ = self._menu_specs[id_].parent
        return bool(id_)

    def _add_menu(self, spec: Menu) -> None:
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        self._menu_specs[spec.id], self._menus[spec.id] = spec, menu
        if spec.parent:
            self._separate(spec.parent, spec.group)
            self._menus[spec.parent].addMenu(menu)
        else:
            self._window.menuBar().addMenu(menu)

    def _add_action(self, command: Command[T]) -> None:
        action = QAction(self._window, checkable=command.checked is not None)
        action.setAutoRepeat(command.repeats)
        self._actions[command.id] = action
        action.triggered.connect(partial(self._on_action_triggered, command))
        of_window = command.context == self._everywhere
        surface = self._window if of_window else self._surfaces.get(command.context)
        if surface is not None:
            self._keyed.add(command.id)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            surface.addAction(action)
        if not of_window:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if command.choice:
            self._choices.setdefault(command.choice, QActionGroup(self._window)).addAction(action)
        if command.menu:
            self._separate(command.menu, command.group)
            self._menus[command.menu].addAction(action)

    def _separate(self, menu: str, group: str) -> None:
        """Put a separator before the next entry of a menu where it is of another group."""
        if self._last_group.setdefault(menu, group) != group:
            self._last_group[menu] = group
            self._menus[menu].addSeparator()

    def _on_action_triggered(self, command: Command[T], _checked: bool = False) -> None:
        assert command.calls is not None, "only such commands have an action"
        command.calls(self._receiver)
        self.update_checked()
