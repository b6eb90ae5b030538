"""The table of commands: menus, buttons, shortcuts and the README's list of keys are made from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt

from explorer.core.texts import N_
from explorer.gui.commands.command import (
    Command,
    Menu,
    can_continue,
    can_step,
    has_own_colors,
    has_selection,
    is_live_run,
)
from explorer.gui.commands.compare_menu import comparisons
from explorer.gui.commands.families import languages, palettes, panels, points, themes
from explorer.gui.commands.help_commands import help_entries
from explorer.gui.commands.plot_commands import PLOT_COMMANDS, plot_command
from explorer.gui.commands.point_commands import POINT_COMMANDS
from explorer.gui.commands.timeline_commands import timeline
from explorer.gui.views.draw.view import DrawView

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.panels import Panel
    from explorer.gui.views.features.content import FeatureTool
    from explorer.gui.views.features.space.camera import Look


def all_entries(parts: Sequence[Panel]) -> tuple[Menu | Command[App], ...]:
    """Return the menus and commands of a window with these panels, in the order of the menus.

    A command stands in the menu that it names, after what is above it in the table.
    """
    entries: tuple[Menu | Command[App], ...] = (
        Menu("file", N_("&File")),
        Command(
            id="recording.open",
            text=N_("&Open…"),
            tip=N_("Open a recorded run (.lossrun), settings (.toml, .json) or a picture of a digit."),
            shortcuts=("Ctrl+O",),
            menu="file",
            group="recording",
            calls=lambda app: app.opener.choose(),
        ),
        Command(
            id="image.copy-view",
            text=N_("&Copy view as image"),
            tip=N_("Copy the focused view to the clipboard."),
            shortcuts=("Ctrl+Shift+C",),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.copy_view(),
        ),
        Command(
            id="image.copy-window",
            text=N_("Copy &window as image"),
            tip=N_("Copy the whole window to the clipboard."),
            shortcuts=("Ctrl+Alt+C",),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.copy_window(),
        ),
        Command(
            id="image.save",
            text=N_("&Save as image…"),
            tip=N_("Save a view or the window as PNG, at any scale."),
            shortcuts=("Ctrl+S",),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.save(),
        ),
        Menu("presets", N_("&Presets"), parent="file", group="presets"),
        Command(
            id="window.quit",
            text=N_("&Quit"),
            tip=N_("Close the window and end the run."),
            shortcuts=("Ctrl+Q",),
            menu="file",
            group="quit",
            calls=lambda app: app.window.close(),
        ),
        Menu("run", N_("&Run")),
        _called("run.toggle", lambda app: app.viewer.toggle()),
        Command(
            id="run.step",
            text=N_("Single s&tep"),
            tip=N_("Train one step."),
            shortcuts=(".",),
            menu="run",
            enabled=can_step,
            calls=lambda app: app.run.step(),
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
        *comparisons(),
        *timeline(),
        Menu("view", N_("&View")),
        _called("view.reset", lambda app: app.window.active_view.reset_view()),
        Command(
            id="view.reset-all",
            text=N_("Reset &all views"),
            tip=N_("Show all data in every view."),
            shortcuts=("Shift+R",),
            menu="view",
            group="view",
            calls=lambda app: app.pane.reset_views(),
        ),
        Command(
            id="selection.clear",
            text=N_("&Clear selection"),
            tip=N_("Deselect all images, or cancel the lasso being drawn."),
            shortcuts=("Esc",),
            menu="view",
            group="view",
            enabled=has_selection,
            calls=lambda app: app.pane.clear_selection(),
        ),
        *points(),
        Menu("space", N_("&3-D"), parent="view", group="view"),
        _look("front", N_("From the &front"), "1", N_("x₁ points to the right and x₃ up.")),
        _look("top", N_("From the &top"), "2", N_("x₁ points to the right and x₂ up.")),
        _look("side", N_("From the &side"), "3", N_("x₂ points to the right and x₃ up.")),
        Command(
            id="space.perspective",
            text=N_("&Perspective"),
            tip=N_("Draw near points larger."),
            shortcuts=("P",),
            context="space",
            menu="space",
            group="camera",
            calls=_toggle_perspective,
            checked=lambda app: app.features.options.perspective,
        ),
        Command(
            id="space.turntable",
            text=N_("Tur&ntable"),
            tip=N_("Turn the features slowly."),
            shortcuts=("T",),
            context="space",
            menu="space",
            group="camera",
            calls=_toggle_turntable,
            checked=lambda app: app.features.options.turntable,
        ),
        _called("space.zoom-in", lambda app: app.features.space.zoom(1.0), menu="space"),
        _called("space.zoom-out", lambda app: app.features.space.zoom(-1.0), menu="space"),
        Command(
            id="view.smooth",
            text=N_("S&mooth motion"),
            tip=N_("Animate points between frames. Turn off to show measured frames only."),
            menu="view",
            group="view",
            calls=lambda app: app.set_smooth(not app.pane.clock.smooth),
            checked=lambda app: app.pane.clock.smooth,
        ),
        Command(
            id="window.full-screen",
            text=N_("F&ull screen"),
            tip=N_("Fill the screen with the window. Choose it again to return."),
            shortcuts=("F11",),
            menu="view",
            group="panels",
            calls=_toggle_full_screen,
            checked=lambda app: app.window.isFullScreen(),
        ),
        Command(
            id="window.hide-panels",
            text=N_("&Hide all panels"),
            tip=N_("Leave the window to the features and the timeline. Choose it again to show the panels."),
            shortcuts=("Shift+F11",),
            menu="view",
            group="panels",
            calls=lambda app: app.window.toggle_panels(),
            checked=lambda app: app.window.panels_hidden,
        ),
        Menu("panels", N_("&Panels"), parent="view", group="panels"),
        *panels(parts),
        *themes(),
        Menu("language", N_("Lan&guage"), parent="view", group="theme"),
        *languages(),
        Menu("palettes", N_("Class c&olours"), parent="view", group="theme"),
        *palettes(),
        Command(
            id="palette.restore",
            text=N_("&Restore default colours"),
            tip=N_("Use the colours of the palette for all classes."),
            menu="palettes",
            group="restore",
            enabled=has_own_colors,
            calls=lambda app: app.colors.choose(replace(app.appearance.colors, changed=())),
        ),
        *help_entries(),
        _called("features.move", lambda app: _use_tool(app, "move")),
        _called("features.lasso", lambda app: _use_tool(app, "lasso")),
        _called("features.rectangle", lambda app: _use_tool(app, "rectangle")),
        _called("pad.undo", lambda app: app.pane.view(DrawView).pad.undo()),
        _called("pad.clear", lambda app: app.pane.view(DrawView).pad.clear()),
        _called("pad.open", lambda app: app.pane.view(DrawView).open_picture()),
        _called("pad.paste", lambda app: app.pane.view(DrawView).pad.paste()),
        _called("pad.sample", lambda app: app.pane.view(DrawView).load_test_image()),
    )
    known = {entry.id for entry in entries}
    widgets = (*PLOT_COMMANDS, *POINT_COMMANDS)
    return (*entries, *(command for command in widgets if command.id not in known))


def _toggle_full_screen(app: App) -> None:
    app.window.setWindowState(app.window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _toggle_perspective(app: App) -> None:
    options = app.features.options
    app.set_feature_options(replace(options, perspective=not options.perspective))


def _toggle_turntable(app: App) -> None:
    options = app.features.options
    app.set_feature_options(replace(options, turntable=not options.turntable))


def _use_tool(app: App, tool: FeatureTool) -> None:
    app.set_feature_options(replace(app.features.options, tool=tool))


def _look(look: Look, text: str, key: str, tip: str) -> Command[App]:
    return Command(
        id=f"space.{look}",
        text=text,
        tip=tip,
        shortcuts=(key,),
        context="space",
        menu="space",
        group="look",
        calls=lambda app: app.features.space.look_from(look),
    )


def _called(id_: str, calls: Callable[[App], object], menu: str = "") -> Command[App]:
    """Return a command that views know, with what it calls; ``menu`` puts one of a plot into a menu."""
    command = plot_command(id_)
    return replace(command, calls=calls, menu=menu or command.menu)
