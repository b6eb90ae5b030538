"""FigureChoices: what was chosen in the figure dialog, remembered between sessions; and its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem

from explorer.core.texts import N_, _
from explorer.gui.controls.fields import DecimalSpinBox
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.controls.labels import set_role
from explorer.gui.export.images import MOST_PIXELS, too_many_pixels
from explorer.gui.figures.figure import FIGURE_FORMATS, FIGURE_POINTS, Figure, printed

if TYPE_CHECKING:
    from explorer.gui.views.registry import ViewSpec

CUSTOM = "custom"
SIZES: Mapping[str, tuple[str, float, float]] = MappingProxyType(
    {
        "ieee-1": (N_("One column, 88.9 mm (IEEE)"), 88.9, 80.0),
        "ieee-2": (N_("Two columns, 181.9 mm (IEEE)"), 181.9, 70.0),
        "springer-1": (N_("One column, 84 mm (Springer)"), 84.0, 76.0),
        "springer-2": (N_("Two columns, 174 mm (Springer)"), 174.0, 66.0),
        "slide": (N_("Slide, 16:9"), 338.7, 190.5),
    }
)
"""Name on screen, width and height in millimetres of the usual sizes, by their keys."""
THEME_WORDS: Mapping[str, str] = MappingProxyType(
    {"": N_("Same as the window"), "light": N_("Light"), "dark": N_("Dark")}
)
POINT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "auto": N_("Vectors for up to {count:,}, else an image"),
        "vector": N_("Vectors"),
        "image": N_("Image"),
    }
)
FORMAT_WORDS: Mapping[str, str] = MappingProxyType(
    {"png": N_("PNG image (*.png)"), "svg": N_("SVG drawing (*.svg)"), "pdf": N_("PDF document (*.pdf)")}
)
"""What formats, themes and ways of drawing points are called on screen."""
NO_VIEW = N_("Choose at least one view.")
MOST_PICTURE_SCALE = 8
_SLIDE_TYPE = 18.0
_PAPER_TYPE = 8.0


class PictureChoices(Struct, frozen=True):
    """How a picture of a view or the window is written: format, and pixels per logical pixel."""

    format: str = FIGURE_FORMATS[0]
    scale: Annotated[int, Meta(ge=1, le=MOST_PICTURE_SCALE)] = 2


class FigureChoices(Struct, frozen=True):
    """How figures are written: format, size on paper in millimetres, type in points, and pixels per inch.

    ``size`` is one of `SIZES`, or `CUSTOM`; ``points`` one of `FIGURE_POINTS`; ``theme`` is empty for that of
    the window.
    """

    format: str = FIGURE_FORMATS[0]
    size: str = "ieee-1"
    width: float = SIZES["ieee-1"][1]
    height: float = SIZES["ieee-1"][2]
    type_points: float = _PAPER_TYPE
    dpi: int = 600
    points: str = FIGURE_POINTS[0]
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
                points=self.points,
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


def facts_text(choices: FigureChoices, figure: Figure) -> str:
    """Return how large a figure is on paper, and what it is made of."""
    wide, high = figure.size_mm
    size = _("{width:.1f} × {height:.1f} mm").format(width=wide, height=high)
    if choices.format == "png":
        width, height = figure.pixels
        made_of = _("{width:,} × {height:,} pixels").format(width=width, height=height)
    else:
        made_of = _("axes, text and regions as vectors, images at {dpi} pixels per inch").format(
            dpi=choices.dpi
        )
    return f"{size} · {made_of}"


def size_fault(choices: FigureChoices, figure: Figure) -> str:
    """Return why an image cannot be so large; empty where it can, and for vector pictures."""
    width, height = figure.pixels
    too_large = choices.format == "png" and width * height > MOST_PIXELS
    return str(too_many_pixels(width, height)) if too_large else ""


def view_list(specs: Sequence[ViewSpec], views: Sequence[str]) -> QListWidget:
    """Return a list of all views, in which those with the ids ``views`` are checked."""
    result = QListWidget()
    result.setAccessibleName(_("Views"))
    for spec in specs:
        item = QListWidgetItem(_(spec.title), result)
        item.setData(Qt.ItemDataRole.UserRole, spec.id)
        item.setCheckState(Qt.CheckState.Checked if spec.id in views else Qt.CheckState.Unchecked)
    result.setFixedHeight(result.sizeHintForRow(0) * len(specs) + 2 * result.frameWidth())
    return result


def checked_views(views: QListWidget) -> tuple[str, ...]:
    """Return the ids of the views that are checked in a `view_list`."""
    items = [views.item(row) for row in range(views.count())]
    chosen = [item for item in items if item.checkState() == Qt.CheckState.Checked]
    return tuple(item.data(Qt.ItemDataRole.UserRole) for item in chosen)


def choice_box(name: str, entries: Iterable[tuple[str, str]]) -> ChoiceBox:
    """Return a list with a name for screen readers; each entry has a key, as its data, and a text.

    It is as wide as its longest entry: a dialog takes its width from its fields.
    """
    box = ChoiceBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMinimumContentsLength(0)  # else it may become narrower
    box.setAccessibleName(name)
    set_role(box, "role", "compact")
    for key, text in entries:
        box.addItem(text, key)
    return box


def number_box(name: str, least: float, most: float, unit: str) -> DecimalSpinBox:
    """Return a field for a number with a unit."""
    field = DecimalSpinBox(minimum=least, maximum=most, decimals=1, suffix=unit)
    field.setAccessibleName(name)
    return field
