"""Commands made from other tables: display switches, palettes, themes, panels and presets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from explorer.core.settings.presets import Preset
from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Menu
from explorer.gui.theme.palettes import PALETTES

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.main_window import Panel

_FAILURES = N_("Instructive failures")
_SWITCHES = (
    ("test", N_("&Test images"), N_("Show the test images.")),
    ("train", N_("T&raining images"), N_("Show the training images.")),
    (
        "normalized",
        N_("Features at unit &length"),
        N_("Direction only: project every feature onto the unit circle or sphere."),
    ),
    ("regions", N_("&Decision regions"), N_("Colour the plane or the sphere by the predicted class.")),
    (
        "bands",
        N_("&Margin bands"),
        N_("Hatch where a feature is classified correctly, but inside the margin."),
    ),
    (
        "density",
        N_("Densit&y of each class"),
        N_(
            "2-D: the solid line encloses half of each class, the dashed line nine tenths. On the unit "
            "circle, a curve outside it shows the density."
        ),
    ),
    (
        "weights",
        N_("Class &weights"),
        N_("Arrows, scaled to the view: only directions and relative lengths are meaningful."),
    ),
    ("centers", N_("&Centres"), N_("Show the class centres that the loss learns.")),
    ("digits", N_("D&igits at the clusters"), N_("Label each cluster with its digit.")),
    ("trails", N_("Trails of the &selection"), N_("Show where the selected images were in the last frames.")),
    ("circle", N_("&Unit circle"), N_("Draw the unit circle.")),
    ("polar", N_("&Polar grid"), N_("2-D: rings at round lengths, rays every 30°.")),
    (
        "follow",
        N_("&Axes follow the data"),
        N_("Fit the axes to the data. When off, or after you move the view, they stay until you reset it."),
    ),
)
"""Field of `FeatureOptions`, text and tip."""

_OPACITIES = {
    0: N_("&Off"),
    10: N_("&10% opaque"),
    20: N_("&20% opaque"),
    35: N_("&35% opaque"),
    50: N_("&50% opaque"),
    75: N_("&75% opaque"),
    100: N_("10&0% opaque"),
}

_THEMES = (
    ("system", N_("Match s&ystem"), N_("Use the light or the dark theme, whichever the system uses."), ()),
    ("light", N_("&Light"), N_("Use the light theme."), ()),
    (
        "dark",
        N_("&Dark"),
        N_("Use the dark theme. Choose it again to return to the light theme."),
        ("Ctrl+D",),
    ),
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


def panels(found: Sequence[Panel]) -> Iterator[Command[App]]:
    """Yield a command for each panel; the first stands in the middle of the window and cannot be closed."""
    for place, panel in enumerate(found):
        yield _panel(panel, closable=place > 0)


def presets(found: Iterable[Preset]) -> Iterator[Menu | Command[App]]:
    """Yield a submenu for each paper or collection, failures last, and a command for each preset in it."""
    members: dict[str, list[Preset]] = {}
    for preset in found:
        members.setdefault(_group(preset.name), []).append(preset)
    for title, group in sorted(members.items(), key=lambda item: item[0] == _FAILURES):
        menu = Menu(id=f"presets.{title}", text=title, parent="presets")
        yield menu
        for preset in group:
            yield _preset(preset, menu.id)


def _group(name: str) -> str:
    """Return the title of a preset's submenu."""
    if name.startswith("paper-defaults-fail"):
        return _FAILURES
    if "as-published" in name:
        return N_("Published settings")
    author, _, rest = name.partition("-")
    year, _, _ = rest.partition("-")
    citation = f"{author.capitalize()} et al. {year}"  # not shown in another language
    return citation if year.isdigit() else N_("Other losses")


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
        tip=N_("Choose how opaque the sphere is drawn."),
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
        tip=N_("Colour the classes with this palette."),
        menu="palettes",
        group="palettes",
        choice="palette",
        calls=lambda app: app.set_colors(replace(app.appearance.colors, palette=name)),
        checked=lambda app: app.appearance.colors.palette == name,
    )


def _panel(panel: Panel, closable: bool) -> Command[App]:
    return Command(
        id=f"panel.{panel.id}",
        text=panel.title,
        tip=N_("Show and focus the panel. Choose it again to close it.")
        if closable
        else N_("Focus this view."),
        shortcuts=(panel.shortcut,) if panel.shortcut else (),
        menu="panels",
        group="panels",
        calls=lambda app: app.window.toggle_panel(panel.id),
        checked=(lambda app: app.window.is_panel_open(panel.id)) if closable else None,
    )


def _preset(preset: Preset, menu: str) -> Command[App]:
    return Command(
        id=f"preset.{preset.name}",
        text=preset.title.replace("&", "&&"),
        tip=preset.description,
        menu=menu,
        calls=lambda app: app.apply_preset(preset),
    )
