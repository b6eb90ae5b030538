"""The commands that views know: what a plot or control does with a key, and what their texts name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Context, command_at
from explorer.gui.commands.control_commands import CONTROL_COMMANDS


def _selecting(context: Context, select: str, add: str, remove: str) -> tuple[Command[object], ...]:
    """Return the commands that make what is marked the selection, add it to it, or remove it from it."""
    return (
        command_at(
            context, "select", select, N_("Select these images only."), "Return", "Enter", group="select"
        ),
        command_at(
            context,
            "add",
            add,
            N_("Add the images to the selection."),
            "Shift+Return",
            "Shift+Enter",
            group="select",
        ),
        command_at(
            context,
            "remove",
            remove,
            N_("Remove the images from the selection."),
            "Ctrl+Return",
            "Ctrl+Enter",
            "Alt+Return",
            "Alt+Enter",
            group="select",
        ),
    )


_TIMELINE = (
    ("back", N_("Previous frame"), N_("Show the previous frame."), "Left", "frame"),
    ("forward", N_("Next frame"), N_("Show the next frame."), "Right", "frame"),
    ("first", N_("First frame"), N_("Show the first frame."), "Home", "ends"),
    ("last", N_("Newest frame"), N_("Show the newest frame."), "End", "ends"),
    ("previous-mark", N_("Previous change or event"), N_("Go to the mark before."), "PgUp", "changes"),
    ("next-mark", N_("Next change or event"), N_("Go to the mark after."), "PgDown", "changes"),
)
"""Name, text, tip, key and group of each command of the timeline."""

_CURVES = (
    ("back", N_("Cursor back"), N_("Move the cursor to an earlier step."), ("Left",), "cursor"),
    ("forward", N_("Cursor forward"), N_("Move the cursor to a later step."), ("Right",), "cursor"),
    ("far-back", N_("Cursor far back"), N_("Move the cursor back ten times as far."), ("Shift+Left",), "far"),
    (
        "far-forward",
        N_("Cursor far forward"),
        N_("Move the cursor forward ten times as far."),
        ("Shift+Right",),
        "far",
    ),
    ("first", N_("First step"), N_("Move the cursor to the first step."), ("Home",), "ends"),
    ("last", N_("Last step"), N_("Move the cursor to the last step."), ("End",), "ends"),
    (
        "previous-change",
        N_("Previous change of settings"),
        N_("Move the cursor to the previous change of settings."),
        ("PgUp",),
        "changes",
    ),
    (
        "next-change",
        N_("Next change of settings"),
        N_("Move the cursor to the next change of settings."),
        ("PgDown",),
        "changes",
    ),
    ("zoom-in", N_("Zoom in"), N_("Show fewer steps, magnified."), ("+", "="), "zoom"),
    ("zoom-out", N_("Zoom out"), N_("Show more steps."), ("-",), "zoom"),
    ("whole", N_("Whole run"), N_("Show the whole run."), ("0",), "whole"),
)
"""Name, text, tip, keys and group of the commands of the curves."""

_THRESHOLD = (
    ("left", N_("Lower the threshold"), N_("Accept fewer pairs."), "Left", "move"),
    ("right", N_("Raise the threshold"), N_("Accept more pairs."), "Right", "move"),
    ("far-left", N_("Lower it far"), N_("Lower the threshold ten times as far."), "Shift+Left", "far"),
    ("far-right", N_("Raise it far"), N_("Raise the threshold ten times as far."), "Shift+Right", "far"),
    ("equal", N_("Equal errors"), N_("Accept up to where both errors are equally frequent."), "E", "equal"),
)
"""Likewise of the threshold between same and different pairs."""

PLOT_COMMANDS: tuple[Command[object], ...] = (
    Command(
        id="features.move",
        text=N_("Pan"),
        tip=N_("Pan (drag). Shift-drag selects, Ctrl-drag deselects."),
        context="features",
        icon="move",
    ),
    Command(
        id="features.lasso",
        text=N_("Lasso"),
        tip=N_("Draw around points to select them. Shift adds, Ctrl or Alt removes."),
        context="features",
        icon="lasso",
    ),
    Command(
        id="features.rectangle",
        text=N_("Rectangle"),
        tip=N_("Drag a rectangle around points to select them. Shift adds, Ctrl or Alt removes."),
        context="features",
        icon="rectangle",
    ),
    command_at(
        "features",
        "cancel",
        N_("Cancel the lasso"),
        N_("Cancel the lasso being drawn, or else clear the selection."),
        "Esc",
        overrides=("selection.clear",),
    ),
    command_at(
        "axes", "left", N_("Pan left"), N_("Move a tenth of the view to the left."), "Left", group="pan"
    ),
    command_at(
        "axes", "right", N_("Pan right"), N_("Move a tenth of the view to the right."), "Right", group="pan"
    ),
    command_at("axes", "up", N_("Pan up"), N_("Move a tenth of the view up."), "Up", group="pan"),
    command_at("axes", "down", N_("Pan down"), N_("Move a tenth of the view down."), "Down", group="pan"),
    command_at(
        "axes", "zoom-in", N_("Zoom in"), N_("Show a smaller range, magnified."), "+", "=", group="zoom"
    ),
    command_at("axes", "zoom-out", N_("Zoom out"), N_("Show a larger range."), "-", group="zoom"),
    command_at("space", "left", N_("Turn left"), N_("Turn the features to the left."), "Left", group="turn"),
    command_at(
        "space", "right", N_("Turn right"), N_("Turn the features to the right."), "Right", group="turn"
    ),
    command_at("space", "up", N_("Turn up"), N_("Turn the features up."), "Up", group="turn"),
    command_at("space", "down", N_("Turn down"), N_("Turn the features down."), "Down", group="turn"),
    command_at(
        "space", "pan-left", N_("Pan left"), N_("Move the features to the left."), "Shift+Left", group="pan"
    ),
    command_at(
        "space",
        "pan-right",
        N_("Pan right"),
        N_("Move the features to the right."),
        "Shift+Right",
        group="pan",
    ),
    command_at("space", "pan-up", N_("Pan up"), N_("Move the features up."), "Shift+Up", group="pan"),
    command_at("space", "pan-down", N_("Pan down"), N_("Move the features down."), "Shift+Down", group="pan"),
    command_at("space", "zoom-in", N_("Zoom &in"), N_("Magnify the features."), "+", "=", group="zoom"),
    command_at("space", "zoom-out", N_("Zoom &out"), N_("Show the features smaller."), "-", group="zoom"),
    *(command_at("curves", name, text, tip, *keys, group=group) for name, text, tip, keys, group in _CURVES),
    command_at(
        "curves",
        "hide-cursor",
        N_("Hide the cursor"),
        N_("Hide the cursor. If there is none, clear the selection."),
        "Esc",
        overrides=("selection.clear",),
    ),
    *(command_at("timeline", name, text, tip, key, group=group) for name, text, tip, key, group in _TIMELINE),
    *(
        command_at("threshold", name, text, tip, key, group=group)
        for name, text, tip, key, group in _THRESHOLD
    ),
    command_at(
        "histogram", "left", N_("Move the range left"), N_("Move the range by −1°."), "Left", group="move"
    ),
    command_at(
        "histogram", "right", N_("Move the range right"), N_("Move the range by 1°."), "Right", group="move"
    ),
    command_at(
        "histogram",
        "wider",
        N_("Widen the range"),
        N_("Raise the upper end of the range by 1°."),
        "Up",
        group="width",
    ),
    command_at(
        "histogram",
        "narrower",
        N_("Narrow the range"),
        N_("Lower the upper end of the range by 1°."),
        "Down",
        group="width",
    ),
    *_selecting(
        "histogram",
        N_("Select the range of angles"),
        N_("Add the range of angles"),
        N_("Remove the range of angles"),
    ),
    command_at("matrix", "left", N_("Go left"), N_("Go one class to the left."), "Left", group="go"),
    command_at("matrix", "right", N_("Go right"), N_("Go one class to the right."), "Right", group="go"),
    command_at("matrix", "up", N_("Go up"), N_("Go one class up."), "Up", group="go"),
    command_at("matrix", "down", N_("Go down"), N_("Go one class down."), "Down", group="go"),
    *_selecting("matrix", N_("Select the cell"), N_("Add the cell"), N_("Remove the cell")),
    *_selecting("gallery", N_("Select the image"), N_("Add the image"), N_("Remove the image")),
    command_at(
        "class-table",
        "select",
        N_("Select the errors of the class"),
        N_("Select the misclassified test images of the marked class."),
        "Return",
        "Enter",
    ),
    command_at(
        "legend",
        "isolate",
        N_("Show only this class"),
        N_("Hide all other classes, or show them again."),
        "Return",
        "Enter",
    ),
    command_at(
        "legend", "previous", N_("Previous class"), N_("Go to the previous class."), "Left", group="go"
    ),
    command_at("legend", "next", N_("Next class"), N_("Go to the next class."), "Right", group="go"),
)
"""Every key that a widget handles itself, and the commands of the buttons beside a plot."""

WINDOW_COMMANDS: tuple[Command[object], ...] = (
    Command(
        id="run.toggle",
        text=N_("&Start/Pause"),
        tip=N_("Start or pause training; after a failure, start again. A recording plays or holds."),
        shortcuts=("Space",),
        aliases=("train", "stop", "continue training"),
        menu="run",
    ),
    Command(
        id="view.reset",
        text=N_("&Reset view"),
        tip=N_("Show all data in the focused view."),
        shortcuts=("R",),
        menu="view",
        group="view",
    ),
)
"""Commands of the window whose keys are named in texts of the views."""

_BY_ID: Mapping[str, Command[object]] = MappingProxyType(
    {command.id: command for command in (*PLOT_COMMANDS, *CONTROL_COMMANDS, *WINDOW_COMMANDS)}
)


def plot_command(id_: str) -> Command[object]:
    """Return a command that a view knows by its id, to show its name, tip or key."""
    return _BY_ID[id_]
