"""Figure: which views a picture shows, and how large they and their type are. Without Qt."""

from __future__ import annotations

import math
import sys

from msgspec import Struct
from msgspec.structs import replace

FIGURE_FORMATS = ("png", "svg", "pdf")
"""What a figure can be written as, by the ends of file names."""
FIGURE_THEMES = ("light", "dark")
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
SCREEN_DPI = 96
"""Logical pixels per inch of a figure whose size is given in pixels, as SVG counts them."""
MOST_SIDE = 8_000
"""Largest width and height of a figure in logical pixels."""
LEAST_SCALE, MOST_SCALE = 0.5, 16.0
"""Pixels of a raster image per logical pixel, at least and at most."""
_OTHER_TYPE = 0.005
"""By which part the type on paper may differ from what is asked for, so that the size need not."""


FIGURE_POINTS = ("auto", "vector", "image")
"""How the points of a view are drawn in a vector picture; the first is as vectors if they are few."""
MOST_VECTOR_POINTS = 2_000
"""Points of a view up to which they are few: a file has about 100 bytes for each."""


class Figure(Struct, frozen=True, kw_only=True):
    """Some views of one run, side by side.

    Attributes
    ----------
    views : tuple of str
        The ids of the views, in reading order.
    width, height : int
        Size in logical pixels, in which the views are laid out.
    dpi : float
        Logical pixels per inch at the final size.
    scale : float
        Pixels of a raster image, and of the points in a vector picture, per logical pixel.
    points : str
        One of `FIGURE_POINTS`.
    theme : str
        Name of the theme.
    transparent : bool
        Whether a raster image has no background.
    caption : bool
        Whether loss, settings and accuracy stand above the views.
    letters : bool
        Whether the views are lettered a, b, c …; one alone never is.
    """

    views: tuple[str, ...] = ("features",)
    width: int = 640
    height: int = 480
    dpi: float = SCREEN_DPI
    scale: float = 2.0
    points: str = FIGURE_POINTS[0]
    theme: str = "light"
    transparent: bool = False
    caption: bool = True
    letters: bool = True

    @property
    def columns(self) -> int:
        """How many views stand side by side: the number that leaves them closest to 4:3."""
        count = len(self.views)

        def unlikeness(columns: int) -> float:
            rows = math.ceil(count / columns)
            ratio = (self.width / columns) / (self.height / rows)
            return abs(math.log(ratio / (4 / 3))) + 0.1 * (rows * columns - count)

        return min(range(1, count + 1), key=unlikeness, default=1)

    @property
    def most_discs(self) -> int:
        """Points of a view up to which a vector picture has vectors for them."""
        return {"vector": sys.maxsize, "image": -1}.get(self.points, MOST_VECTOR_POINTS)

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height at the final size, in millimetres."""
        return self.width / self.dpi * MM_PER_INCH, self.height / self.dpi * MM_PER_INCH

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a raster image."""
        return round(self.width * self.scale), round(self.height * self.scale)

    def at_dpi(self, pixels: float) -> Figure:
        """Return the figure with so many pixels of an image per inch."""
        return replace(self, scale=pixels / self.dpi)


def printed(
    figure: Figure, width_mm: float, height_mm: float, type_points: float, type_pixels: float
) -> Figure:
    """Return the figure at a size on paper, with type of a given size there.

    Views are laid out in logical pixels, in which type has a fixed height; so the size of the type decides
    how many logical pixels an inch has. Both sides are whole numbers of these: of the widths that change
    the type by half a percent at most, that is taken of which the height is nearest to the one wanted.

    Parameters
    ----------
    figure : Figure
        What is shown; its ``scale`` is kept in pixels per inch.
    width_mm, height_mm : float
        Size on paper in millimetres.
    type_points : float
        Size of the type on paper, in points of 1/72 inch.
    type_pixels : float
        Size of the type in logical pixels.
    """
    usual = width_mm / MM_PER_INCH * type_pixels * POINTS_PER_INCH / type_points
    near = range(math.ceil((1 - _OTHER_TYPE) * usual), math.floor((1 + _OTHER_TYPE) * usual) + 1)

    def unlikeness(width: int) -> float:  # the height, a whole number of pixels as well, is off by this
        return abs(math.remainder(width * height_mm / width_mm, 1.0)) / width + 0.01 * abs(width / usual - 1)

    width = min(near, key=unlikeness, default=round(usual))
    return replace(
        figure,
        width=width,
        height=round(width * height_mm / width_mm),
        dpi=width / width_mm * MM_PER_INCH,
    )
