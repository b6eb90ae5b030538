"""Commands made from other tables: display switches, colour modes, palettes, themes, languages and panels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from explorer.analysis.raster.colouring import ColorMode
from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Menu
from explorer.gui.language.interface_language import SYSTEM, names_of_languages
from explorer.gui.state.forces import DETACHED_TIP
from explorer.gui.theme.palettes import PALETTES

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.panels import Panel

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
    ("digits", N_("&Names at the clusters"), N_("Label each cluster with the name of its class.")),
    ("trails", N_("Trails of the &selection"), N_("Show where the selected images were in the last frames.")),
    (
        "forces",
        N_("&Forces"),
        N_(
            "Arrows of −∂L/∂x: the direction in which the loss of each feature falls fastest. "
            "Needs a live run."
        ),
    ),
    (
        "force_detached",
        N_("Forces with the margin's gradient detached"),
        DETACHED_TIP,
    ),
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
    10: N_("Opacity &10%"),
    20: N_("Opacity &20%"),
    35: N_("Opacity &35%"),
    50: N_("Opacity &50%"),
    75: N_("Opacity &75%"),
    100: N_("Opacity 10&0%"),
}

_COLOR_MODES: tuple[tuple[ColorMode, str, str], ...] = (
    ("class", N_("By &class"), N_("Colour each point by the class of its image.")),
    (
        "loss",
        N_("By &loss"),
        N_("Colour each point by the cross-entropy of its image, with the label that it is trained with."),
    ),
    ("angle", N_("By &angle"), N_("Colour each point by the angle between its feature and the true class.")),
    ("confidence", N_("By c&onfidence"), N_("Colour each point by the probability of the prediction.")),
    (
        "length",
        N_("By feature l&ength"),
        N_("Colour each point by ‖x‖, also where features are shown at unit length."),
    ),
    ("split", N_("By &data: test or training"), N_("Colour test images and training images differently.")),
)

_THEMES = (
    (
        "system",
        N_("Match s&ystem"),
        N_("Use the light or the dark theme, whichever the system uses."),
        (),
        (),
    ),
    ("light", N_("&Light"), N_("Use the light theme."), (), ("day mode", "bright")),  # not shown
    (
        "dark",
        N_("&Dark"),
        N_("Use the dark theme. Choose it again to return to the light theme."),
        ("Ctrl+D",),
        ("night mode",),  # not shown
    ),
)


_ALIASES = {"regions": ("boundary", "boundaries"), "digits": ("labels",), "normalized": ("normalise",)}
"""What else a person may type for a switch, by its option."""
_LANGUAGE_ALIASES = {"zh_CN": ("chinese", "mandarin"), "en": ("english",)}
"""Likewise for a language, by its code."""


def points() -> Iterator[Menu | Command[App]]:
    """Yield what the features view shows, how opaque the sphere is, and what colours stand for."""
    yield Menu("show", N_("&Show"), parent="view", group="view")
    yield from (_switch(*row) for row in _SWITCHES)
    yield Menu("sphere", N_("Sp&here in 3-D"), parent="show")
    yield from (_opacity(percent, text) for percent, text in _OPACITIES.items())
    yield Menu("color", N_("Colour of poin&ts"), parent="view", group="view")
    yield from (_color_mode(*row) for row in _COLOR_MODES)


def themes() -> Iterator[Command[App]]:
    """Yield a command for each theme, and those for the sizes of type and controls."""
    yield from (_theme(*row) for row in _THEMES)
    yield Command(
        id="view.large-type",
        text=N_("Larg&e type"),
        tip=N_("Write everything larger, plots and exported images too, as for a projector."),
        aliases=("font size", "bigger text", "projector"),
        menu="view",
        group="theme",
        calls=lambda app: app.appearance.choose_large(not app.appearance.large),
        checked=lambda app: app.appearance.large,
    )
    yield Command(
        id="view.large-controls",
        text=N_("Large controls"),
        tip=N_("Make buttons, fields and sliders large enough for a finger."),
        aliases=("touch",),
        menu="view",
        group="theme",
        calls=lambda app: app.appearance.choose_large_controls(not app.appearance.large_controls),
        checked=lambda app: app.appearance.large_controls,
    )


def languages() -> Iterator[Command[App]]:
    """Yield a command for each language, in that language, and one for that of the system."""
    yield _language(SYSTEM, N_("Match s&ystem"), N_("Use the language of the system."))
    for code, name in names_of_languages().items():
        yield _language(code, name, N_("Show everything in this language."))


def palettes() -> Iterator[Command[App]]:
    """Yield a command for each palette of the classes."""
    return (_palette(name, palette.title) for name, palette in PALETTES.items())


def panels(found: Sequence[Panel]) -> Iterator[Command[App]]:
    """Yield a command for each panel; the first stands in the middle of the window and cannot be closed."""
    for place, panel in enumerate(found):
        yield _panel(panel, closable=place > 0)


def _switch(option: str, text: str, tip: str) -> Command[App]:
    def toggle(app: App) -> None:
        options = app.features.options
        app.set_feature_options(replace(options, **{option: not asdict(options)[option]}))

    return Command(
        id=f"show.{option}",
        text=text,
        tip=tip,
        aliases=_ALIASES.get(option, ()),
        menu="show",
        calls=toggle,
        checked=lambda app: bool(asdict(app.features.options)[option]),
    )


def _color_mode(mode: ColorMode, text: str, tip: str) -> Command[App]:
    return Command(
        id=f"color.{mode}",
        text=text,
        tip=tip,
        menu="color",
        choice="color",
        calls=lambda app: app.pane.state.set_color_mode(mode),
        checked=lambda app: app.pane.state.display.color_mode == mode,
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


def _theme(name: str, text: str, tip: str, keys: tuple[str, ...], aliases: tuple[str, ...]) -> Command[App]:
    return Command(
        id=f"theme.{name}",
        text=text,
        tip=tip,
        shortcuts=keys,
        aliases=aliases,
        menu="view",
        group="theme",
        choice="theme",
        calls=lambda app: _choose_theme(app, name),
        checked=lambda app: app.appearance.name == name,
    )


def _language(code: str, text: str, tip: str) -> Command[App]:
    return Command(
        id=f"language.{code}",
        text=text,
        tip=tip,
        aliases=_LANGUAGE_ALIASES.get(code, ()),
        menu="language",
        choice="language",
        calls=lambda app: app.choose_language(code),
        checked=lambda app: app.language.name == code,
    )


def _choose_theme(app: App, name: str) -> None:
    """Use a theme; choosing the dark one a second time returns to the light one."""
    again = name == app.appearance.name == "dark"
    app.appearance.choose("light" if again else name)


def _palette(name: str, title: str) -> Command[App]:
    return Command(
        id=f"palette.{name}",
        text=title,
        tip=N_("Colour the classes with this palette."),
        aliases=("color blind", "colorblind"),
        menu="palettes",
        group="palettes",
        choice="palette",
        calls=lambda app: app.colors.choose(replace(app.appearance.colors, palette=name)),
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
        aliases=panel.aliases,
        menu="panels",
        group="panels",
        calls=lambda app: app.window.toggle_panel(panel.id),
        checked=(lambda app: app.window.is_panel_open(panel.id)) if closable else None,
    )
