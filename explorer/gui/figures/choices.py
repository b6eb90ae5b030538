"""FigureChoices: what was chosen in the figure dialog, remembered between sessions; and its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox

from explorer.core.texts import N_
from explorer.gui.figures.figure import FIGURE_FORMATS, Figure, printed

CUSTOM = "custom"
SIZES: Mapping[str, tuple[str, float, float]] = MappingProxyType(
    {
        "ieee-1": (N_("One column, 88.9 mm (IEEE)"), 88.9, 66.0),
        "ieee-2": (N_("Two columns, 181.9 mm (IEEE)"), 181.9, 70.0),
        "springer-1": (N_("One column, 84 mm (Springer)"), 84.0, 63.0),
        "springer-2": (N_("Two columns, 174 mm (Springer)"), 174.0, 66.0),
        "slide": (N_("Slide, 16:9"), 338.7, 190.5),
    }
)
"""Name on screen, width and height in millimetres of the usual sizes, by their keys."""
_SLIDE_TYPE = 18.0
_PAPER_TYPE = 8.0


class FigureChoices(Struct, frozen=True):
    """How figures are written: format, size on paper in millimetres, type in points, and pixels per inch.

    ``size`` is one of `SIZES`, or `CUSTOM`; ``theme`` is empty for that of the window.
    """

    format: str = FIGURE_FORMATS[0]
    size: str = "ieee-1"
    width: float = SIZES["ieee-1"][1]
    height: float = SIZES["ieee-1"][2]
    type_points: float = _PAPER_TYPE
    dpi: int = 600
    theme: str = ""
    transparent: bool = False
    caption: bool = True
    letters: bool = True

    def figure(self, views: tuple[str, ...], theme: str, type_pixels: float) -> Figure:
        """Return the figure of some views; ``type_pixels`` is the size of type in logical pixels."""
        whole = printed(
            Figure(
                views=views,
                theme=self.theme or theme,
                transparent=self.transparent and self.format == "png",
                caption=self.caption,
                letters=self.letters,
            ),
            self.width,
            self.height,
            self.type_points,
            type_pixels,
        )
        return whole.at_dpi(self.dpi)


def of_size(choices: FigureChoices, size: str) -> FigureChoices:
    """Return the choices with one of `SIZES`, and the type that goes with it."""
    if size not in SIZES:
        return replace(choices, size=CUSTOM)
    _name, width, height = SIZES[size]
    points = _SLIDE_TYPE if size == "slide" else _PAPER_TYPE
    return replace(choices, size=size, width=width, height=height, type_points=points)


def choice_box(name: str, entries: Iterable[tuple[str, str]]) -> QComboBox:
    """Return a list with a name for screen readers; each entry has a key, as its data, and a text."""
    box = QComboBox()
    box.setAccessibleName(name)
    for key, text in entries:
        box.addItem(text, key)
    return box


def number_box(name: str, least: float, most: float, unit: str) -> QDoubleSpinBox:
    """Return a field for a number with a unit."""
    field = QDoubleSpinBox(minimum=least, maximum=most, decimals=1, suffix=unit)
    field.setAccessibleName(name)
    return field
