"""Pictures from files, cut to a square and scaled down."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from explorer.core.data.dataset import Bytes, DatasetError

if TYPE_CHECKING:
    from PIL import Image  # loaded where pictures are: most data sets have none

FORMATS = ("PNG", "JPEG", "WEBP", "BMP")
_DEEP = ("I;16", "I;16B", "I;16L", "I")
_WHITE = (255, 255, 255)


def read_picture(path: str, side: int) -> tuple[Bytes, bool]:
    """Return the middle square of a picture as (side, side, 3), and whether it has colours.

    Turned as its camera held it, and on white where it is transparent.

    Raises
    ------
    DatasetError
        If it cannot be read, or has more pixels than Pillow takes for safe.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=FORMATS) as picture:
            picture.draft(None, (2 * side, 2 * side))
            upright = ImageOps.exif_transpose(picture)
            grey = upright.mode in ("1", "L", "LA", *_DEEP)
            small = ImageOps.fit(_as_rgb(upright), (side, side), Image.Resampling.BOX)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DatasetError(
            "{file}: this picture has too many pixels to be unpacked safely.", file=path
        ) from None
    except Exception as error:  # of a damaged file, Pillow raises whatever its decoder meets
        raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None
    pixels = np.asarray(small, np.uint8)
    coloured = not grey and bool((pixels != pixels[..., :1]).any())
    return pixels, coloured


def refuse_bombs() -> None:
    """Make Pillow refuse pictures of too many pixels, as its documentation advises, instead of warning."""
    from PIL import Image

    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def _as_rgb(picture: Image.Image) -> Image.Image:
    from PIL import Image

    if picture.mode in _DEEP:
        values = np.asarray(picture).astype(np.float32)
        picture = Image.fromarray((values / 257).clip(0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, (*_WHITE, 255))
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    return picture.convert("RGB")
