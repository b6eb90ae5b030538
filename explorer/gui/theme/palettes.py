"""Colours of the classes: palettes for colour-blind eyes, what a person changed, and what to warn of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.raster.colour_vision import NEAREST, distances, look_alikes
from explorer.core.texts import N_, _, ngettext
from explorer.gui.theme.theme import DARK, LIGHT, Rgb, Theme

_MOST_CLASSES = 256
_MOST_NAMED = 3


class ClassPalette(Struct, frozen=True):
    """Ten colours under a title, on a light and on a dark background."""

    title: str
    light: tuple[Rgb, ...]
    dark: tuple[Rgb, ...]


PETROFF_10: tuple[Rgb, ...] = (
    (63, 144, 218),
    (255, 169, 14),
    (189, 31, 1),
    (148, 164, 162),
    (131, 45, 182),
    (169, 107, 89),
    (231, 99, 0),
    (185, 172, 112),
    (113, 117, 129),
    (146, 218, 221),
)
"""Petroff 2021, arXiv 2107.02270."""
_BLACK, _WHITE = (0, 0, 0), (240, 240, 240)
_OKABE_ITO: tuple[Rgb, ...] = (
    (0, 114, 178),
    (230, 159, 0),
    (213, 94, 0),
    (86, 180, 233),
    (204, 121, 167),
    (0, 158, 115),
    (240, 228, 66),
    (152, 47, 0),
    (122, 228, 201),
)
_TOL: tuple[Rgb, ...] = (
    (136, 204, 238),
    (204, 102, 119),
    (221, 204, 119),
    (17, 119, 51),
    (170, 68, 153),
    (68, 170, 153),
    (153, 153, 51),
)
DEFAULT = "ten-hues"
PALETTES: Mapping[str, ClassPalette] = MappingProxyType(
    {
        DEFAULT: ClassPalette(N_("Ten &hues"), LIGHT.classes, DARK.classes),
        "petroff": ClassPalette(N_("&Petroff (ten colours)"), PETROFF_10, PETROFF_10),
        "okabe-ito": ClassPalette(N_("&Okabe–Ito (plus two)"), (*_OKABE_ITO, _BLACK), (*_OKABE_ITO, _WHITE)),
        "tol": ClassPalette(
            N_("&Tol Muted (plus black or white)"),
            (*_TOL, (51, 34, 136), (136, 34, 85), _BLACK),
            (*_TOL, (112, 96, 214), (150, 40, 95), _WHITE),
        ),
    }
)
"""By the name that is remembered.

Okabe and Ito 2008, with a brown and a mint; Tol 2021,
personal.sron.nl/~pault, its indigo and wine lighter on a dark background.
"""


class ClassColors(Struct, frozen=True):
    """A palette by name, and the colours (class, colour) that a person changed, by class."""

    palette: str = DEFAULT
    changed: tuple[tuple[int, Rgb], ...] = ()

    def with_color(self, label: int, rgb: Rgb | None) -> ClassColors:
        """Return the same with another colour of a class, or the palette's own for None."""
        changed = dict(self.changed)
        changed.pop(label, None)
        if rgb is not None:
            changed[label] = rgb
        return replace(self, changed=tuple(sorted(changed.items())))

    def on(self, theme: Theme) -> Theme:
        """Return a theme with these colours."""
        palette = PALETTES[self.palette]
        classes = palette.dark if theme.name == "dark" else palette.light
        if self.changed:
            changed = dict(self.changed)
            classes = tuple(
                changed.get(label, classes[label % len(classes)]) for label in range(_MOST_CLASSES)
            )
        return theme if theme.classes == classes else replace(theme, classes=classes)


def colors_to_mapping(colors: ClassColors) -> dict[str, object]:
    """Return colours as a file holds them."""
    changed = {str(label): "#{:02x}{:02x}{:02x}".format(*rgb) for label, rgb in colors.changed}
    return {"palette": colors.palette, "changed": changed}


def colors_from_mapping(data: Mapping[str, object]) -> ClassColors:
    """Return colours from a file; a palette that is not known is the default.

    Raises
    ------
    ValueError
        For what is no class or no colour.
    """
    name, changed = data.get("palette", DEFAULT), data.get("changed", {})
    if not isinstance(changed, Mapping):
        raise ValueError("changed colours are not a table")
    entries = {_label(key): _rgb(value) for key, value in changed.items()}
    return ClassColors(
        name if isinstance(name, str) and name in PALETTES else DEFAULT, tuple(sorted(entries.items()))
    )


def concern(theme: Theme, names: Sequence[str]) -> str:
    """Return a sentence where classes with these ``names`` are hard to tell apart or to see, else nothing."""
    colors = [theme.class_color(label) for label in range(len(names))]
    pairs = look_alikes(colors)
    if pairs:
        some = _(", ").join(
            _("{first} and {second}").format(first=names[i], second=names[j]) for i, j in pairs[:_MOST_NAMED]
        )
        if len(pairs) <= _MOST_NAMED:
            return _("Hard to tell apart with red-green colour blindness: classes {pairs}.").format(
                pairs=some
            )
        more = len(pairs) - _MOST_NAMED
        return ngettext(
            "Hard to tell apart with red-green colour blindness: classes {pairs} and {count} more pair.",
            "Hard to tell apart with red-green colour blindness: classes {pairs} and {count} more pairs.",
            more,
        ).format(pairs=some, count=more)
    faint = distances([theme.plot, *colors])[0, 1:] < NEAREST
    if faint.any():
        return _("Class {label} is hard to see on the background.").format(label=names[int(faint.argmax())])
    return ""


def _label(key: object) -> int:
    label = int(str(key))
    if not 0 <= label < _MOST_CLASSES:
        raise ValueError(f"{key} is not a class")
    return label


def _rgb(value: object) -> Rgb:
    text = str(value)
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"{text} is not a colour")
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue
