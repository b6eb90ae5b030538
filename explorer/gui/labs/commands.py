"""The commands of the Labs window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Menu
from explorer.gui.labs.lab import LabSpec
from explorer.gui.labs.registry import LABS

if TYPE_CHECKING:
    from explorer.gui.labs.window import LabsWindow


def labs_entries() -> tuple[Menu | Command[LabsWindow], ...]:
    """Return the menus and commands of the Labs window, in the order of its menus."""
    return (
        Menu("file", N_("&File")),
        Command(
            id="labs.copy",
            text=N_("&Copy as image"),
            tip=N_("Copy the picture and the numbers of the lab to the clipboard."),
            shortcuts=("Ctrl+Shift+C",),
            context="labs",
            menu="file",
            group="image",
            calls=lambda window: window.copy_picture(),
        ),
        Command(
            id="labs.save",
            text=N_("&Save as image…"),
            tip=N_("Save the picture and the numbers of the lab as PNG, at any scale."),
            shortcuts=("Ctrl+S",),
            context="labs",
            menu="file",
            group="image",
            calls=lambda window: window.save_picture(),
        ),
        Command(
            id="labs.close",
            text=N_("C&lose"),
            tip=N_("Close the labs."),
            shortcuts=("Ctrl+W",),
            context="labs",
            menu="file",
            group="close",
            calls=lambda window: window.close(),
        ),
        Menu("lab", N_("&Lab")),
        Command(
            id="labs.demonstrate",
            text=N_("&Show me"),
            tip=N_("Play a short demonstration, or stop it."),
            shortcuts=("F5",),
            context="labs",
            menu="lab",
            group="lab",
            calls=lambda window: window.page.toggle_demonstration(),
        ),
        Command(
            id="labs.reset",
            text=N_("&Reset"),
            tip=N_("Use the options that the lab opened with."),
            shortcuts=("R",),
            context="labs",
            menu="lab",
            group="lab",
            calls=lambda window: window.page.reset(),
        ),
        *(_lab(place, lab) for place, lab in enumerate(LABS)),
    )


def _lab(place: int, lab: LabSpec[Any]) -> Command[LabsWindow]:
    return Command(
        id=f"labs.{lab.id}",
        text=lab.title,
        tip=lab.question,
        shortcuts=(f"Ctrl+{place + 1}",),
        context="labs",
        menu="lab",
        group="labs",
        choice="lab",
        calls=lambda window: window.show_lab(lab.id),
        checked=lambda window: window.current == lab.id,
    )
