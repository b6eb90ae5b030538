"""The commands of plots and controls: the keys that a widget handles while it has the focus."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from explorer.analysis.frames.selection import SelectionMode
from explorer.gui.commands.command import Command, Context


def _at(
    context: Context,
    name: str,
    text: str,
    tip: str,
    *shortcuts: str,
    group: str = "",
    overrides: tuple[str, ...] = (),
) -> Command[object]:
    return Command(
        id=f"{context}.{name}".replace(" ", "-"),
        text=text,
        tip=tip,
        shortcuts=shortcuts,
        context=context,
        group=group or name,
        overrides=overrides,
    )


def _selecting(context: Context, what: str) -> tuple[Command[object], ...]:
    """Return the commands that make what is marked the selection, add it to it, or remove it from it."""
    return tuple(
        _at(context, name, text, tip, *keys, group="select")
        for name, text, tip, keys in (
            ("select", f"Select {what}", "Select these images only.", ("Return", "Enter")),
            ("add", f"Add {what}", "Add the images to the selection.", ("Shift+Return", "Shift+Enter")),
            (
                "remove",
                f"Remove {what}",
                "Remove the images from the selection.",
                ("Ctrl+Return", "Ctrl+Enter", "Alt+Return", "Alt+Enter"),
            ),
        )
    )


PLOT_COMMANDS: tuple[Command[object], ...] = (
    Command(
        id="features.move",
        text="Pan",
        tip="Pan (drag). Shift-drag selects, Ctrl-drag deselects.",
        context="features",
        icon="move",
    ),
    Command(
        id="features.lasso",
        text="Lasso",
        tip="Draw around points to select them. Shift adds, Ctrl or Alt removes.",
        context="features",
        icon="lasso",
    ),
    Command(
        id="features.rectangle",
        text="Rectangle",
        tip="Drag a rectangle around points to select them. Shift adds, Ctrl or Alt removes.",
        context="features",
        icon="rectangle",
    ),
    _at(
        "features",
        "cancel",
        "Cancel the lasso",
        "Cancel the lasso being drawn, or else clear the selection.",
        "Esc",
        overrides=("selection.clear",),
    ),
    _at("axes", "left", "Pan left", "Move a tenth of the view to the left.", "Left", group="pan"),
    _at("axes", "right", "Pan right", "Move a tenth of the view to the right.", "Right", group="pan"),
    _at("axes", "up", "Pan up", "Move a tenth of the view up.", "Up", group="pan"),
    _at("axes", "down", "Pan down", "Move a tenth of the view down.", "Down", group="pan"),
    _at("axes", "zoom-in", "Zoom in", "Show a smaller part, larger.", "+", "=", group="zoom"),
    _at("axes", "zoom-out", "Zoom out", "Show a larger part, smaller.", "-", group="zoom"),
    _at("space", "left", "Turn left", "Turn the features to the left.", "Left", group="turn"),
    _at("space", "right", "Turn right", "Turn the features to the right.", "Right", group="turn"),
    _at("space", "up", "Turn up", "Turn the features up.", "Up", group="turn"),
    _at("space", "down", "Turn down", "Turn the features down.", "Down", group="turn"),
    _at("space", "pan-left", "Pan left", "Move the features to the left.", "Shift+Left", group="pan"),
    _at("space", "pan-right", "Pan right", "Move the features to the right.", "Shift+Right", group="pan"),
    _at("space", "pan-up", "Pan up", "Move the features up.", "Shift+Up", group="pan"),
    _at("space", "pan-down", "Pan down", "Move the features down.", "Shift+Down", group="pan"),
    _at("space", "zoom-in", "Zoom &in", "Show the features larger.", "+", "=", group="zoom"),
    _at("space", "zoom-out", "Zoom &out", "Show the features smaller.", "-", group="zoom"),
    _at("curves", "back", "Cursor back", "Move the cursor to an earlier step.", "Left", group="cursor"),
    _at("curves", "forward", "Cursor forward", "Move the cursor to a later step.", "Right", group="cursor"),
    _at("curves", "far-back", "Cursor far back", "Move ten times as far.", "Shift+Left", group="far"),
    _at("curves", "far-forward", "Cursor far forward", "Move ten times as far.", "Shift+Right", group="far"),
    _at("curves", "first", "First step", "Move the cursor to the first step.", "Home", group="ends"),
    _at("curves", "last", "Last step", "Move the cursor to the last step.", "End", group="ends"),
    _at(
        "curves",
        "previous-change",
        "Previous change of settings",
        "Move the cursor to the change of settings before it.",
        "PgUp",
        group="changes",
    ),
    _at(
        "curves",
        "next-change",
        "Next change of settings",
        "Move the cursor to the change of settings after it.",
        "PgDown",
        group="changes",
    ),
    _at("curves", "zoom-in", "Zoom in", "Show fewer steps, wider.", "+", "=", group="zoom"),
    _at("curves", "zoom-out", "Zoom out", "Show more steps, narrower.", "-", group="zoom"),
    _at("curves", "whole", "Whole run", "Show the whole run.", "0"),
    _at(
        "curves",
        "hide-cursor",
        "Hide the cursor",
        "Hide the cursor; without one the key clears the selection.",
        "Esc",
        overrides=("selection.clear",),
    ),
    _at("histogram", "left", "Move the range left", "Move it by 1°.", "Left", group="move"),
    _at("histogram", "right", "Move the range right", "Move it by 1°.", "Right", group="move"),
    _at("histogram", "wider", "Widen the range", "Raise its upper end by 1°.", "Up", group="width"),
    _at(
        "histogram",
        "narrower",
        "Narrow the range",
        "Lower its upper end by 1°.",
        "Down",
        group="width",
    ),
    *_selecting("histogram", "the range of angles"),
    _at("matrix", "left", "Go left", "Go one class to the left.", "Left", group="go"),
    _at("matrix", "right", "Go right", "Go one class to the right.", "Right", group="go"),
    _at("matrix", "up", "Go up", "Go one class up.", "Up", group="go"),
    _at("matrix", "down", "Go down", "Go one class down.", "Down", group="go"),
    *_selecting("matrix", "the cell"),
    *_selecting("gallery", "the image"),
    _at(
        "class table",
        "select",
        "Select the errors of the class",
        "Select the misclassified test images of the marked class.",
        "Return",
        "Enter",
    ),
    _at("legend", "isolate", "Show only this class", "Show the class alone.", "Return", "Enter"),
    _at("legend", "previous", "Previous class", "Go to the class before.", "Left", group="go"),
    _at("legend", "next", "Next class", "Go to the class after.", "Right", group="go"),
    _at("pad", "undo", "Undo", "Undo the last stroke.", "Ctrl+Z", "Alt+Backspace"),
    _at("pad", "clear", "Clear", "Clear the pad.", "Del", "Backspace"),
    _at("pad", "open", "Open…", "Load a picture of a digit from a file."),
    _at("pad", "paste", "Paste", "Paste a picture from the clipboard.", "Ctrl+V", "Shift+Ins"),
    _at("pad", "sample", "Test image", "Load the selected (or a random) test image to draw on."),
    _at(
        "button",
        "press",
        "Press the button",
        "Press the button that Tab has reached; in the legend, hide or show the class.",
        "Space",
        overrides=("run.toggle",),
    ),
    _at(
        "tick menu",
        "tick",
        "Tick the entry",
        "Tick or untick the entry and keep the menu open.",
        "Space",
        "Return",
        "Enter",
        overrides=("run.toggle",),
    ),
    _at(
        "number field",
        "cancel",
        "Undo typing",
        "Restore the number that was there before typing.",
        "Esc",
        overrides=("selection.clear",),
    ),
)
"""Every key that a widget handles itself, and the commands of the buttons beside a plot."""

_SELECTION_MODES: Mapping[str, SelectionMode] = MappingProxyType(
    {"select": "replace", "add": "add", "remove": "remove"}
)
_BY_ID: Mapping[str, Command[object]] = MappingProxyType({command.id: command for command in PLOT_COMMANDS})


def plot_command(id_: str) -> Command[object]:
    """Return the command of an id."""
    return _BY_ID[id_]


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
    for modifiers in (held, plain):
        keys = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
        found = _KEYS.get((context, keys.toString(QKeySequence.SequenceFormat.PortableText)))
        if found is not None:
            return found
    return ""


_KEYS: Mapping[tuple[Context, str], str] = MappingProxyType(
    {(command.context, key): command.id for command in PLOT_COMMANDS for key in command.shortcuts}
)
