"""Panel: a part of the window, and those that are no views."""

from __future__ import annotations

from msgspec import Struct

from explorer.core.texts import N_


class Panel(Struct, frozen=True):
    """A part of the window that can be given the keyboard, and closed where it is a dock.

    ``title`` is a message id; ``shortcut`` is a key sequence, empty for none.
    """

    id: str
    title: str
    shortcut: str = ""


SETTINGS = Panel("settings", N_("Settings"), "Ctrl+2")
LOG = Panel("log", N_("Trainer log"), "Ctrl+0")
RUNS = Panel("runs", N_("Runs"), "Ctrl+Shift+L")
THEORY = Panel("theory", N_("Theory"), "F1")
EVENTS = Panel("events", N_("Events"), "Ctrl+Shift+E")
