"""The colours that classes have unless a person chooses others, and those of the areas of classes."""

from __future__ import annotations

from functools import lru_cache

from explorer.analysis.raster.oklab import Rgb, tint

_MOST_FIELDS = 1024
_FIELDS = {"light": (0.95, 0.045), "dark": (0.3, 0.06)}
"""Lightness and chroma of the area of a class in Oklab, by the name of the theme."""
BAND_FRACTION = 0.2
"""Fraction of the class colour that a margin band has more than its region."""
EDGE_FRACTION = 0.6
"""That of the edge of a band, on the background of the plot."""
HUES_ON_LIGHT: tuple[Rgb, ...] = (
    (9, 123, 177),
    (226, 119, 3),
    (221, 23, 53),
    (35, 113, 0),
    (169, 97, 249),
    (74, 66, 0),
    (183, 37, 114),
    (1, 167, 132),
    (44, 36, 183),
    (134, 15, 135),
)
HUES_ON_DARK: tuple[Rgb, ...] = (
    (93, 200, 254),
    (255, 162, 97),
    (242, 114, 119),
    (45, 156, 22),
    (157, 83, 250),
    (246, 223, 103),
    (240, 2, 145),
    (31, 254, 189),
    (121, 154, 255),
    (199, 63, 194),
)
"""The same ten hues for a light and a dark background.

They come from a search for the greatest least distance between any two, in Oklab and for normal and
colour-blind eyes, under the conditions that the tests of palettes check.
"""


@lru_cache(_MOST_FIELDS)
def field_of(rgb: Rgb, theme: str) -> Rgb:
    """Return the colour of the area of a class whose points are in ``rgb``, in a theme of this name."""
    return tint(rgb, *_FIELDS[theme])
