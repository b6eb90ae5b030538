"""Commands of the menu View, and of 3-D views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Menu
from explorer.gui.commands.command_state import has_own_colors, has_selection, is_in_space
from explorer.gui.commands.families import languages, palettes, panels, points, themes
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.layout.workspaces import workspace_entries

if TYPE_CHECKING:
    from explorer.analysis.projection.projection import ProjectionKind
    from explorer.gui.app import App
    from explorer.gui.panels import Panel
    from explorer.gui.views.features.space.camera import Look


_PROJECTIONS: tuple[tuple[ProjectionKind, str, str], ...] = (
    ("tour", N_("&Grand tour"), N_("Above 3-D: go slowly from one projection to the next.")),
    ("pca", N_("&Principal components"), N_("Above 3-D: show the directions along which points vary most.")),
    (
        "pair",
        N_("&Two classes"),
        N_("Above 3-D: show what separates two classes, chosen above the features."),
    ),
)


def view_entries(parts: Sequence[Panel]) -> tuple[Menu | Command[App], ...]:
    """Return the menu and its commands, for a window with these panels."""
    return (
        Menu("view", N_("&View")),
        Command(
            id="window.palette",
            text=N_("Comma&nd palette…"),
            tip=N_("Find a command, loss, preset, setting, class or topic by typing."),
            shortcuts=("Ctrl+Shift+P",),
            menu="view",
            group="palette",
            calls=lambda app: app.palette.toggle(),
        ),
        called("view.reset", lambda app: app.window.active_view.reset_view()),
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
            aliases=("deselect", "select none"),
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
            menu="space",
            group="camera",
            enabled=is_in_space,
            calls=_toggle_perspective,
            checked=lambda app: app.features.options.perspective,
        ),
        Command(
            id="space.turntable",
            text=N_("Tur&ntable"),
            tip=N_("Turn the features slowly."),
            shortcuts=("T",),
            aliases=("rotate", "spin"),
            menu="space",
            group="camera",
            enabled=is_in_space,
            calls=_toggle_turntable,
            checked=lambda app: app.features.options.turntable,
        ),
        called("space.zoom-in", lambda app: app.features.space.zoom(1.0), menu="space"),
        called("space.zoom-out", lambda app: app.features.space.zoom(-1.0), menu="space"),
        Menu("projection", N_("Pro&jection"), parent="view", group="view"),
        *(_projection(*row) for row in _PROJECTIONS),
        Command(
            id="projection.touring",
            text=N_("&Move the grand tour"),
            tip=N_("Resume or pause the grand tour."),
            menu="projection",
            group="motion",
            calls=_toggle_touring,
            checked=lambda app: app.features.options.touring,
        ),
        Command(
            id="projection.space",
            text=N_("Project to &3-D"),
            tip=N_("Project features of more than three dimensions to three instead of two."),
            menu="projection",
            group="motion",
            calls=_toggle_space,
            checked=lambda app: app.features.options.to_space,
        ),
        Command(
            id="view.smooth",
            text=N_("S&mooth motion"),
            tip=N_("Animate points between frames. Turn off to show measured frames only, without motion."),
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
            aliases=("fullscreen", "maximise"),
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
        *workspace_entries(),
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
    )


def _toggle_full_screen(app: App) -> None:
    app.window.setWindowState(app.window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _toggle_perspective(app: App) -> None:
    options = app.features.options
    app.set_feature_options(replace(options, perspective=not options.perspective))


def _toggle_turntable(app: App) -> None:
    options = app.features.options
    app.set_feature_options(replace(options, turntable=not options.turntable))


def _toggle_touring(app: App) -> None:
    options = app.features.options
    app.set_feature_options(replace(options, touring=not options.touring))


def _toggle_space(app: App) -> None:
    options = app.features.options
    app.set_feature_options(replace(options, to_space=not options.to_space))


def _projection(kind: ProjectionKind, text: str, tip: str) -> Command[App]:
    return Command(
        id=f"projection.{kind}",
        text=text,
        tip=tip,
        menu="projection",
        group="kind",
        choice="projection",
        calls=lambda app: app.set_feature_options(replace(app.features.options, projection=kind)),
        checked=lambda app: app.features.options.projection == kind,
    )


def _look(look: Look, text: str, key: str, tip: str) -> Command[App]:
    return Command(
        id=f"space.{look}",
        text=text,
        tip=tip,
        shortcuts=(key,),
        menu="space",
        group="look",
        enabled=is_in_space,
        calls=lambda app: app.features.space.look_from(look),
    )


def called(id_: str, calls: Callable[[App], object], menu: str = "") -> Command[App]:
    """Return a command that views know, with what it calls; ``menu`` puts one of a plot into a menu."""
    command = plot_command(id_)
    return replace(command, calls=calls, menu=menu or command.menu)
