"""Which command of a plot or control a key press triggers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from explorer.analysis.frames.selection import SelectionMode
from explorer.gui.commands.command import Context
from explorer.gui.commands.control_commands import CONTROL_COMMANDS
from explorer.gui.commands.keymap import Keys, keymap
from explorer.gui.commands.plot_commands import PLOT_COMMANDS
from explorer.gui.commands.point_commands import POINT_COMMANDS

_SELECTION_MODES: Mapping[str, SelectionMode] = MappingProxyType(
    {"select": "replace", "add": "add", "remove": "remove"}
)


def selection_mode(id_: str) -> SelectionMode | None:
    """Return how a command changes the selection, None for one that does not."""
    _, _, name = id_.rpartition(".")
    return _SELECTION_MODES.get(name)


def pressed(event: QKeyEvent, context: Context) -> str:
    """Return the id of the command that a key means in a context, empty for none.

    Shift alone counts only where a command names it, since some layouts need it for a sign such as +. The
    keypad's keys are like any others.
    """
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    plain = Qt.KeyboardModifier.NoModifier if held == Qt.KeyboardModifier.ShiftModifier else held
    table = _commands_of_keys(tuple(keymap().own.items()))
    for modifiers in (held, plain):
        keys = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
        found = table.get((context, keys.toString(QKeySequence.SequenceFormat.PortableText)))
        if found is not None:
            return found
    return ""


@lru_cache(maxsize=1)
def _commands_of_keys(own: tuple[tuple[str, Keys], ...]) -> Mapping[tuple[Context, str], str]:
    """Return the command that a key means in a context, with these keys in place of the usual ones."""
    mine = dict(own)
    return MappingProxyType(
        {
            (command.context, key): command.id
            for command in (*PLOT_COMMANDS, *CONTROL_COMMANDS, *POINT_COMMANDS)
            for key in mine.get(command.id, command.shortcuts)
        }
    )
