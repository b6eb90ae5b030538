"""Commands that copy and save what is shown, the menu Share that has them, and the way to the loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from explorer.core.texts import N_
from explorer.gui.commands.command import Command
from explorer.gui.focus import go_to
from explorer.gui.panels import SETTINGS

if TYPE_CHECKING:
    from explorer.gui.app import App

_FORMATS = (
    (
        "html",
        N_("Save as web p&age…"),
        N_("Write the run as a page that plays it in a browser, without a network."),
        ("web page", "html", "share page"),  # not shown
    ),
    (
        "script",
        N_("Save as sc&ript…"),
        N_("Write the run as a PyTorch script that trains it again."),
        ("python", "pytorch", "share script"),  # not shown
    ),
)
"""Format of the export, text, tip and aliases."""
_MENU = (
    ("image.copy-view", "image.save", "image.figure", "image.film"),
    ("data.html", "data.script"),
    ("settings.copy",),
)
"""What the menu Share has, in groups."""


def sharing_entries() -> Iterator[Command[App]]:
    """Yield the commands that copy and save pictures, films and data."""
    pictures: tuple[Command[App], ...] = (
        Command(
            id="image.copy-view",
            text=N_("&Copy view as image"),
            tip=N_("Copy the focused view to the clipboard."),
            shortcuts=("Ctrl+Shift+C",),
            aliases=("share", "share picture", "copy picture", "screenshot"),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.copy_view(),
        ),
        Command(
            id="image.copy-window",
            text=N_("Copy &window as image"),
            tip=N_("Copy the whole window to the clipboard."),
            shortcuts=("Ctrl+Alt+C",),
            aliases=("screenshot",),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.copy_window(),
        ),
        Command(
            id="image.save",
            text=N_("&Save as image…"),
            tip=N_("Save a view or the window as PNG, at any scale."),
            shortcuts=("Ctrl+S",),
            aliases=("save picture", "screenshot"),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.save(),
        ),
        Command(
            id="image.figure",
            text=N_("Save &figure…"),
            tip=N_("Save views side by side as PNG, SVG or PDF, at the size of a journal or a slide."),
            shortcuts=("Ctrl+Shift+S",),
            aliases=("print", "paper", "latex"),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.save_figure(),
        ),
        Command(
            id="image.film",
            text=N_("Save fil&m…"),
            tip=N_("Save a stretch of the run as a film: GIF, WebP or MP4."),
            shortcuts=("Ctrl+Alt+S",),
            aliases=("animation", "movie", "video", "gif"),
            menu="file",
            group="image",
            calls=lambda app: app.pictures.save_film(),
        ),
        Command(
            id="data.export",
            text=N_("&Export data…"),
            tip=N_("Write features, labels, metrics or the run as a script for other programs."),
            aliases=("export run", "save run", "share run", "csv", "python", "web page", "tensorboard"),
            menu="file",
            group="image",
            calls=lambda app: app.data.export_shown(),
        ),
    )
    yield from pictures
    yield from (_export(*row) for row in _FORMATS)


def loss_command() -> Command[App]:
    """Return the command that leads to the loss."""
    return Command(
        id="run.loss",
        text=N_("Go to the &loss"),
        tip=N_("Go to the loss and its parameters."),
        menu="run",
        group="loss",
        calls=_go_to_loss,
    )


def fill_share_menu(app: App) -> None:
    """Fill the menu Share of the run bar."""
    menu = app.window.run_bar.share.menu()
    for group in _MENU:
        menu.addActions([app.actions.action(id_) for id_ in group])
        menu.addSeparator()


def _export(name: str, text: str, tip: str, aliases: tuple[str, ...]) -> Command[App]:
    return Command(
        id=f"data.{name}",
        text=text,
        tip=tip,
        aliases=aliases,
        menu="file",
        group="image",
        calls=lambda app: app.data.export_shown(name),
    )


def _go_to_loss(app: App) -> None:
    panel = app.window.side_panel
    app.window.bring_up(SETTINGS.id)
    panel.ensureWidgetVisible(panel.loss.choice)
    go_to(panel.loss.choice)
