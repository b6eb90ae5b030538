"""The table of commands: menus, buttons, shortcuts and the README's list of keys are made from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Menu
from explorer.gui.commands.command_state import (
    CommandState,
    can_continue,
    can_redo,
    can_step,
    can_undo,
    is_live_run,
)
from explorer.gui.commands.compare_menu import comparisons
from explorer.gui.commands.control_commands import CONTROL_COMMANDS
from explorer.gui.commands.help_commands import help_entries
from explorer.gui.commands.plot_commands import PLOT_COMMANDS
from explorer.gui.commands.point_commands import POINT_COMMANDS
from explorer.gui.commands.sharing_commands import fill_share_menu, loss_command, sharing_entries
from explorer.gui.commands.timeline_commands import timeline
from explorer.gui.commands.view_commands import called, view_entries
from explorer.gui.views.draw.view import DrawView

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.panels import Panel
    from explorer.gui.views.features.content import FeatureTool


def all_entries(parts: Sequence[Panel]) -> tuple[Menu | Command[App], ...]:
    """Return the menus and commands of a window with these panels, in the order of the menus.

    A command stands in the menu that it names, after what is above it in the table.
    """
    entries: tuple[Menu | Command[App], ...] = (
        Menu("file", N_("&File")),
        Command(
            id="recording.open",
            text=N_("&Open…"),
            tip=N_("Open a recorded run (.lossrun), settings (.toml, .json), a data set or a picture."),
            shortcuts=("Ctrl+O",),
            aliases=("load", "import"),
            menu="file",
            group="recording",
            calls=lambda app: app.opener.choose(),
        ),
        *sharing_entries(),
        Menu("presets", N_("&Presets"), parent="file", group="presets"),
        Command(
            id="presets.browse",
            text=N_("&Browse presets…"),
            tip=N_("List all presets, each with a picture of what it sets."),
            menu="file",
            group="presets",
            calls=_browse_presets,
        ),
        Command(
            id="window.quit",
            text=N_("&Quit"),
            tip=N_("Close the window and end the run."),
            shortcuts=("Ctrl+Q",),
            aliases=("exit",),
            menu="file",
            group="quit",
            calls=lambda app: app.window.close(),
        ),
        Menu("edit", N_("&Edit")),
        Command(
            id="edit.undo",
            text=N_("&Undo"),
            tip=N_("Undo the last change of settings, selection, shown classes, zoom or layout."),
            shortcuts=("Ctrl+Z",),
            menu="edit",
            enabled=can_undo,
            calls=lambda app: app.undo.undo(),
            repeats=True,
        ),
        Command(
            id="edit.redo",
            text=N_("&Redo"),
            tip=N_("Redo the change that was undone last."),
            shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
            menu="edit",
            enabled=can_redo,
            calls=lambda app: app.undo.redo(),
            repeats=True,
        ),
        Command(
            id="settings.copy",
            text=N_("&Copy settings"),
            tip=N_("Copy the settings of the run that is shown as text, which Paste settings takes."),
            aliases=("share settings",),
            menu="edit",
            group="settings",
            calls=lambda app: app.sharing.copy(),
        ),
        Command(
            id="settings.paste",
            text=N_("&Paste settings"),
            tip=N_("Use the settings in the clipboard: text from Copy settings, TOML or JSON."),
            menu="edit",
            group="settings",
            calls=lambda app: app.sharing.paste(),
        ),
        Command(
            id="edit.shortcuts",
            text=N_("&Keyboard shortcuts…"),
            tip=N_("Show the keys of all commands, and change them."),
            aliases=("hotkeys",),
            menu="edit",
            group="shortcuts",
            calls=lambda app: app.shortcuts.open(),
        ),
        Menu("run", N_("&Run")),
        called("run.toggle", lambda app: app.viewer.toggle()),
        Command(
            id="run.step",
            text=N_("Single s&tep"),
            tip=N_("Train one step."),
            shortcuts=(".",),
            menu="run",
            enabled=can_step,
            calls=lambda app: app.run.step(),
            repeats=True,
        ),
        Command(
            id="run.batch",
            text=N_("&One batch, step by step"),
            tip=N_("Show features, scores, loss and forces of the next batch, then make its step."),
            shortcuts=("F9",),
            menu="run",
            enabled=can_step,
            calls=lambda app: app.batches.go_on(),
        ),
        Command(
            id="run.restart",
            text=N_("&Restart"),
            tip=N_("Restart from step 0 with the same seed."),
            shortcuts=("Ctrl+R",),
            aliases=("new run", "reset run", "start over"),
            menu="run",
            enabled=is_live_run,
            calls=lambda app: app.run.restart(),
        ),
        Command(
            id="run.continue",
            text=N_("Continue &from here"),
            tip=N_("Train on from the step that is shown, as a new run. The run so far is kept."),
            shortcuts=("Ctrl+B",),
            menu="run",
            group="continue",
            enabled=can_continue,
            calls=lambda app: app.continuing.continue_here(),
        ),
        loss_command(),
        *comparisons(),
        *timeline(),
        *view_entries(parts),
        *help_entries(),
        called("features.move", lambda app: _use_tool(app, "move")),
        called("features.lasso", lambda app: _use_tool(app, "lasso")),
        called("features.rectangle", lambda app: _use_tool(app, "rectangle")),
        called("pad.undo", lambda app: app.pane.view(DrawView).pad.undo()),
        called("pad.clear", lambda app: app.pane.view(DrawView).pad.clear()),
        called("pad.open", lambda app: app.pane.view(DrawView).open_picture()),
        called("pad.paste", lambda app: app.pane.view(DrawView).pad.paste()),
        called("pad.sample", lambda app: app.pane.view(DrawView).load_test_image()),
    )
    known = {entry.id for entry in entries}
    widgets = (*PLOT_COMMANDS, *CONTROL_COMMANDS, *POINT_COMMANDS)
    return (*entries, *(command for command in widgets if command.id not in known))


def bind_buttons(app: App) -> None:
    """Give buttons the commands that they stand for, and enable those of 3-D as features change dimension."""
    bar, line = app.window.run_bar, app.window.timeline
    buttons = {
        "run.toggle": bar.toggle,
        "run.step": bar.step,
        "run.restart": bar.restart,
        "run.loss": bar.loss,
        "time.play": line.play,
        "time.loop": line.loop,
        "time.live": line.live,
        "run.continue": line.continue_,
    }
    for command, button in buttons.items():
        app.actions.bind(command, button)
    fill_share_menu(app)
    app.features.projections.spaceChanged.connect(app.enable_commands)


def command_state(app: App) -> CommandState:
    """Return the state of a window."""
    return CommandState(
        phase=app.run.phase,
        has_selection=app.pane.state.selection.count > 0,
        has_own_colors=bool(app.appearance.colors.changed),
        recorded=app.viewer.recording is not None,
        live=app.viewer.cursor.live,
        can_look_back=len(app.viewer.cursor.frames) > 1,
        in_space=app.features.projections.in_space,
        guide=app.guides.state,
        can_undo=app.undo.can_undo,
        can_redo=app.undo.can_redo,
    )


def _browse_presets(app: App) -> None:
    from explorer.gui.presets.picker import open_picker  # not before it is wanted: starting is quick

    open_picker(app)


def _use_tool(app: App, tool: FeatureTool) -> None:
    app.set_feature_options(replace(app.features.options, tool=tool))
