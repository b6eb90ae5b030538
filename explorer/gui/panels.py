"""Panel: a part of the window, and those that are no views."""

from __future__ import annotations

from msgspec import Struct

from explorer.core.texts import N_


class Panel(Struct, frozen=True):
    """A part of the window that can be given the keyboard, and closed where it is a dock.

    ``title`` is a message id; ``shortcut`` is a key sequence, empty for none; ``aliases`` are what else a
    person may type to find it, in English.
    """

    id: str
    title: str
    shortcut: str = ""
    aliases: tuple[str, ...] = ()


SETTINGS = Panel("settings", N_("Settings"), "Ctrl+2", aliases=("preferences", "options", "parameters"))
LOG = Panel("log", N_("Trainer log"), "Ctrl+0", aliases=("console", "output"))
RUNS = Panel("runs", N_("Runs"), "Ctrl+Shift+L", aliases=("history", "saved runs", "delete run"))
THEORY = Panel("theory", N_("Theory"), "F1", aliases=("formula", "explain"))
EVENTS = Panel("events", N_("Events"), "Ctrl+Shift+E")
