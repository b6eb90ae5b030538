"""Commands that are made from another table: what is shown, palettes, themes, panels and presets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from explorer.core.settings.presets import Preset
from explorer.gui.commands.command import Command, Menu
from explorer.gui.theme.palettes import PALETTES

if TYPE_CHECKING:
    from explorer.gui.app import App

_SWITCHES = (
    ("test", "&Test images", "Show the test images."),
    ("train", "T&raining images", "Show the training images."),
    (
        "normalized",
        "Features at unit &length",
        "Direction only: project every feature onto the unit circle or sphere.",
    ),
    ("regions", "&Decision regions", "Colour the plane or the sphere by the predicted class."),
    ("bands", "&Margin bands", "Hatch where a feature is classified correctly, but inside the margin."),
    (
        "density",
        "Densit&y of each class",
        "In the plane, the solid line holds half of each class and the dashed line nine tenths; at unit "
        "length, hills along the circle show the density.",
    ),
    ("weights", "Class &weights", "Arrows, scaled to the view: only directions and relative lengths count."),
    ("centers", "&Centres", "Show the class centres that the loss learns."),
    ("digits", "D&igits at the clusters", "Label each cluster with its digit."),
    ("trails", "Trails of the &selection", "Show where the selected images were in the last frames."),
    ("circle", "&Unit circle", "Draw the unit circle."),
    ("polar", "&Polar grid", "In the plane: rings at round lengths, rays every 30°."),
    (
        "follow",
        "&Axes follow the data",
        "Fit the axes to the data. Off, or after the view was moved, they stay as they are; R resets them.",
    ),
)
"""Field of `FeatureOptions`, text and tip."""

_OPACITIES = {
    0: "&Off",
    10: "&10% opaque",
    20: "&20% opaque",
    35: "&35% opaque",
    50: "&50% opaque",
    75: "&75% opaque",
    100: "10&0% opaque",
}

_THEMES = (
    ("system", "Match s&ystem", "Use the light or the dark theme, whichever the system uses.", ()),
    ("light", "&Light", "Use the light theme.", ()),
    ("dark", "&Dark", "Use the dark theme; again, the light one.", ("Ctrl+D",)),
)


def switches() -> Iterator[Command[App]]:
    """Yield a command for each thing that the features view shows or hides."""
    return (_switch(*row) for row in _SWITCHES)


def opacities() -> Iterator[Command[App]]:
    """Yield a command for each opacity of the sphere in three dimensions."""
    return (_opacity(percent, text) for percent, text in _OPACITIES.items())


def themes() -> Iterator[Command[App]]:
    """Yield a command for each theme."""
    return (_theme(*row) for row in _THEMES)


def palettes() -> Iterator[Command[App]]:
    """Yield a command for each palette of the classes."""
    return (_palette(name, palette.title) for name, palette in PALETTES.items())


def panels(found: Mapping[str, str]) -> Iterator[Command[App]]:
    """Yield a command for each part of the window: its title and its shortcut, which may be empty."""
    return (_panel(title, shortcut) for title, shortcut in found.items())


def presets(found: Iterable[Preset]) -> Iterator[Menu | Command[App]]:
    """Yield a submenu for each figure, paper or collection, and a command for each preset in it."""
    members: dict[str, list[Preset]] = {}
    for preset in found:
        members.setdefault(_group(preset.name), []).append(preset)
    for title, group in members.items():
        menu = Menu(id=f"presets.{title}", text=title, parent="presets")
        yield menu
        for preset in group:
            yield _preset(preset, menu.id)


def _group(name: str) -> str:
    """Return the title of a preset's submenu."""
    if name.startswith("paper-defaults-fail"):
        return "Instructive failures"
    if "as-published" in name:
        return "Published settings"
    author, _, rest = name.partition("-")
    year, _, _ = rest.partition("-")
    return f"{author.capitalize()} et al. {year}" if year.isdigit() else "Other losses"


def _switch(option: str, text: str, tip: str) -> Command[App]:
    def toggle(app: App) -> None:
        options = app.features.options
        app.set_feature_options(replace(options, **{option: not asdict(options)[option]}))

    return Command(
        id=f"show.{option}",
        text=text,
        tip=tip,
        menu="show",
        calls=toggle,
        checked=lambda app: bool(asdict(app.features.options)[option]),
    )


def _opacity(percent: int, text: str) -> Command[App]:
    return Command(
        id=f"sphere.{percent}",
        text=text,
        tip=f"Draw the sphere {percent}% opaque." if percent else "Draw no sphere.",
        menu="sphere",
        choice="sphere",
        calls=lambda app: app.set_feature_options(replace(app.features.options, sphere=percent)),
        checked=lambda app: app.features.options.sphere == percent,
    )


def _theme(name: str, text: str, tip: str, shortcuts: tuple[str, ...]) -> Command[App]:
    return Command(
        id=f"theme.{name}",
        text=text,
        tip=tip,
        shortcuts=shortcuts,
        menu="view",
        group="theme",
        choice="theme",
        calls=lambda app: app.choose_theme(name),
        checked=lambda app: app.appearance.name == name,
    )


def _palette(name: str, title: str) -> Command[App]:
    return Command(
        id=f"palette.{name}",
        text=title,
        tip="Colour the classes with this palette.",
        menu="palettes",
        group="palettes",
        choice="palette",
        calls=lambda app: app.set_colors(replace(app.appearance.colors, palette=name)),
        checked=lambda app: app.appearance.colors.palette == name,
    )


def _panel(title: str, shortcut: str) -> Command[App]:
    return Command(
        id=f"panel.{title.lower().replace(' ', '-')}",
        text=title,
        tip="Show the panel and give it the keyboard. Choose it again to close it.",
        shortcuts=(shortcut,) if shortcut else (),
        menu="panels",
        group="panels",
        calls=lambda app: app.window.toggle_panel(title),
        checked=lambda app: app.window.is_panel_open(title),
    )


def _preset(preset: Preset, menu: str) -> Command[App]:
    return Command(
        id=f"preset.{preset.name}",
        text=preset.title.replace("&", "&&"),
        tip=preset.description,
        menu=menu,
        calls=lambda app: app.announcements.apply_preset(preset),
    )
