"""The commands of all windows with the places where their keys act, and which of them share a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from explorer.core.texts import N_, _
from explorer.gui.commands.command import Command, Context
from explorer.gui.commands.keymap import Keys

if TYPE_CHECKING:
    from explorer.gui.app import App

WindowName = Literal["main", "labs", "compare"]

_PLACES: Mapping[Context, str] = MappingProxyType(
    {
        "features": N_("Features"),
        "axes": N_("2-D plots"),
        "space": N_("Features in 3-D"),
        "curves": N_("Curves"),
        "timeline": N_("Timeline"),
        "histogram": N_("Angles, histogram"),
        "threshold": N_("Verification, threshold"),
        "matrix": N_("Tables of classes by classes"),
        "gallery": N_("Images"),
        "class-table": N_("Classes"),
        "table": N_("Tables"),
        "pad": N_("Drawing pad"),
        "legend": N_("Legend"),
        "button": N_("Buttons"),
        "tick-menu": N_("Menus of a view"),
        "number-field": N_("Number fields"),
        "palette": N_("Command palette"),
        "labs": N_("Labs"),
        "lab-point": N_("Labs and predictions, points"),
        "drawn-curve": N_("T(θ) drawn by hand"),
    }
)
"""Where the keys of a context act."""
_WINNING: frozenset[Context] = frozenset({"pad", "space", "button", "tick-menu", "palette", "number-field"})
"""Contexts whose keys come before those of the window while their widget has the keyboard."""
_EVERYWHERE: frozenset[Context] = frozenset({"window", "labs"})


class ShortcutEntry(Struct, frozen=True, eq=False):
    """A command, the place where its keys act or that leads to it, and the windows that know it."""

    command: Command[Any]
    place: str
    windows: frozenset[WindowName] = frozenset({"main"})

    @property
    def id(self) -> str:
        """Id of the command."""
        return self.command.id

    @property
    def name(self) -> str:
        """Name of the command on screen."""
        return self.command.name

    @property
    def everywhere(self) -> bool:
        """Whether its keys act in a whole window."""
        return self.command.context in _EVERYWHERE


def shortcut_entries(app: App) -> list[ShortcutEntry]:
    """Return all commands that can have keys, in the order of the table; presets and guides are read."""
    from explorer.gui.compare.commands import compare_commands
    from explorer.gui.guides.guide import GUIDES
    from explorer.gui.labs.commands import labs_entries

    app.presets.load()
    app.presets.load_comparisons()
    app.workspaces.load()
    for kind in GUIDES:
        app.guides.load(kind)
    actions = app.actions
    of_main = [command for command in actions.commands if not actions.is_hidden(command.id)]
    of_labs = [entry for entry in labs_entries() if isinstance(entry, Command)]
    return [
        *(ShortcutEntry(c, _place(c, actions.place(c.id)), _windows(c)) for c in of_main),
        *(ShortcutEntry(c, _("Labs"), frozenset({"labs"})) for c in of_labs),
        *(ShortcutEntry(c, _("Comparison"), frozenset({"compare"})) for c in compare_commands()),
    ]


def sharers(
    entry: ShortcutEntry, keys: Iterable[str], entries: Sequence[ShortcutEntry], own: Mapping[str, Keys]
) -> list[ShortcutEntry]:
    """Return the other commands that have one of ``keys`` where ``entry`` acts too, with the keys ``own``.

    A key of a window and one of a widget that takes it from the window, such as Space on a button, are no
    conflict: `overriding` tells of those.
    """
    wanted = set(keys)
    return [
        other
        for other in entries
        if other.id != entry.id
        and wanted & set(own.get(other.id, other.command.shortcuts))
        and _meet(entry, other)
        and not _one_wins(entry, other)
    ]


def overriding(
    entry: ShortcutEntry, keys: Iterable[str], entries: Sequence[ShortcutEntry], own: Mapping[str, Keys]
) -> list[ShortcutEntry]:
    """Return the commands of widgets that, with the keyboard there, take one of ``keys`` from ``entry``."""
    wanted = set(keys)
    return [
        other
        for other in entries
        if entry.everywhere
        and not other.everywhere
        and wanted & set(own.get(other.id, other.command.shortcuts))
        and _meet(entry, other)
        and _one_wins(entry, other)
    ]


def settled(own: Mapping[str, Keys], entries: Sequence[ShortcutEntry]) -> dict[str, Keys]:
    """Return keys of a file such that each key is that of one command, as a newer version may add commands.

    A key that a person gave to a command is taken from the others; of two that were given it, from the later.
    """
    result = dict(own)
    for entry in entries:
        if entry.id not in own:
            continue
        for other in sharers(entry, result[entry.id], entries, result):
            kept = result.get(other.id, other.command.shortcuts)
            result[other.id] = tuple(key for key in kept if key not in result[entry.id])
    return result


def without_usual(own: Mapping[str, Keys], entries: Iterable[ShortcutEntry]) -> dict[str, Keys]:
    """Return the keys that differ from those of the table; those of commands that are not known are kept."""
    usual = {entry.id: entry.command.shortcuts for entry in entries}
    return {id_: keys for id_, keys in own.items() if usual.get(id_) != keys}


def _place(command: Command[Any], menus: str) -> str:
    return menus or _(_PLACES.get(command.context, ""))


def _windows(command: Command[Any]) -> frozenset[WindowName]:
    shared: dict[Context, frozenset[WindowName]] = {
        "lab-point": frozenset({"main", "labs"}),
        "button": frozenset({"main", "labs", "compare"}),
    }
    return shared.get(command.context, frozenset({"main"}))


def _meet(entry: ShortcutEntry, other: ShortcutEntry) -> bool:
    """Return whether the keys of two commands can be pressed in the same place."""
    same = entry.command.context == other.command.context
    return bool(entry.windows & other.windows) and (same or entry.everywhere or other.everywhere)


def _one_wins(entry: ShortcutEntry, other: ShortcutEntry) -> bool:
    """Return whether one of two is a widget's, and the table says that it comes before the window's."""
    if entry.everywhere == other.everywhere:
        return False
    of_widget, of_window = (other, entry) if entry.everywhere else (entry, other)
    return of_widget.command.context in _WINNING or of_window.id in of_widget.command.overrides
