"""The keys of controls: the drawing pad, buttons, menus with ticks, number fields and the command palette."""

from __future__ import annotations

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, command_at

CONTROL_COMMANDS: tuple[Command[object], ...] = (
    command_at(
        "pad",
        "undo",
        N_("Undo"),
        N_("Undo the last stroke."),
        "Ctrl+Z",
        "Alt+Backspace",
        overrides=("edit.undo",),
    ),
    command_at("pad", "clear", N_("Clear"), N_("Clear the pad."), "Del", "Backspace"),
    command_at("pad", "open", N_("Open…"), N_("Load a picture from a file.")),
    command_at("pad", "paste", N_("Paste"), N_("Paste a picture from the clipboard."), "Ctrl+V", "Shift+Ins"),
    command_at(
        "pad", "sample", N_("Test image"), N_("Load the selected (or a random) test image to draw on.")
    ),
    command_at(
        "button",
        "press",
        N_("Press the button"),
        N_("Press the focused button. In the legend: hide or show the class."),
        "Space",
        overrides=("run.toggle",),
    ),
    command_at(
        "tick-menu",
        "tick",
        N_("Tick the entry"),
        N_("Tick or untick the entry and keep the menu open."),
        "Space",
        "Return",
        "Enter",
        overrides=("run.toggle",),
    ),
    command_at(
        "table",
        "copy",
        N_("Copy table"),
        N_("Copy the table as text, with tabs between the columns."),
        "Ctrl+C",
    ),
    command_at(
        "number-field",
        "enter",
        N_("Confirm typing"),
        N_("Use what is typed, and return to the plot."),
        "Return",
        "Enter",
    ),
    command_at(
        "number-field",
        "cancel",
        N_("Undo typing"),
        N_("Restore the number shown before typing."),
        "Esc",
        overrides=("selection.clear",),
    ),
    command_at("palette", "previous", N_("Previous entry"), N_("Go to the entry above."), "Up", group="go"),
    command_at("palette", "next", N_("Next entry"), N_("Go to the entry below."), "Down", group="go"),
    command_at("palette", "page-up", N_("Page up"), N_("Go a page of entries up."), "PgUp", group="page"),
    command_at(
        "palette", "page-down", N_("Page down"), N_("Go a page of entries down."), "PgDown", group="page"
    ),
    command_at("palette", "choose", N_("Choose the entry"), N_("Run the current entry."), "Return", "Enter"),
    command_at(
        "palette",
        "close",
        N_("Close the palette"),
        N_("Close the palette, and choose nothing."),
        "Esc",
        overrides=("selection.clear",),
    ),
)
"""What these do with a key while they have the focus."""
