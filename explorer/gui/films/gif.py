"""GIF: one palette for the whole film, and of each frame only the pixels that have changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.GifImagePlugin import getdata, getheader

from explorer.analysis.distinct import distinct

Pixels = NDArray[np.uint8]
"""A picture (height, width, 3): red, green, blue."""
Part = tuple[NDArray[np.uint8], tuple[int, int]]
"""Entries of the palette (height, width) of a rectangle, and its upper left corner."""
GRID_MS = 10
"""Milliseconds of which durations in a GIF are multiples."""
_MOST_MS = GRID_MS * 0xFFFF
"""Longest duration of a picture: a GIF has 16 bits for it."""
_COLORS = 256
_UNCHANGED = _COLORS - 1
"""Entry of the palette that leaves a pixel as it was."""
_AT_ONCE = 1 << 14
"""Most colours that are compared with the palette at a time."""
_EXACT = 64
"""Entries for the colours with the most pixels: backgrounds, regions and points keep theirs."""
_END = b";"


def palette_of(samples: Sequence[Pixels]) -> Pixels:
    """Return a palette (256, 3) for pictures like the samples; its last entry stands for no change.

    The colours with the most pixels have an entry each, and the others share the rest (octree).
    """
    mosaic = Image.fromarray(np.concatenate(samples))
    counted = mosaic.getcolors(mosaic.width * mosaic.height) or []
    exact = np.array([color for _count, color in sorted(counted, reverse=True)[:_EXACT]], np.uint8)
    mixed = mosaic.quantize(_UNCHANGED - len(exact), Image.Quantize.FASTOCTREE).getpalette() or []
    rows = np.concatenate([exact, np.array(mixed, np.uint8).reshape(-1, 3)])
    palette = np.broadcast_to(rows[0], (_COLORS, 3)).astype(np.uint8)
    palette[: len(rows)] = rows
    return palette


class NearestColors:
    """Finds the entry of a palette (n, 3), n < 256, that is nearest to a colour.

    What is found is kept for the next picture. Pillow takes one entry for 64 colours next to each other, so
    that white would become a grey.
    """

    def __init__(self, palette: Pixels) -> None:
        self._palette = palette.astype(np.float32)
        self._found = np.full(1 << 24, _UNCHANGED, np.uint8)

    def __call__(self, picture: Pixels) -> NDArray[np.uint8]:
        """Return the entries (height, width) for the pixels of a picture."""
        red, green, blue = np.moveaxis(picture.astype(np.uint32), -1, 0)
        colors = (red << 16) | (green << 8) | blue
        entries: NDArray[np.uint8] = self._found[colors]
        new = distinct(colors[entries == _UNCHANGED])
        if not len(new):
            return entries
        for part in np.array_split(new, math.ceil(len(new) / _AT_ONCE)):
            self._found[part] = self._search(part)
        known: NDArray[np.uint8] = self._found[colors]
        return known

    def _search(self, colors: NDArray[np.uint32]) -> NDArray[np.uint8]:
        rgb = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=1).astype(np.float32)
        squares = np.einsum("nc,nc->n", self._palette, self._palette)
        apart = squares - 2 * rgb @ self._palette.T  # |p − c|² but for |c|²
        found: NDArray[np.uint8] = apart.argmin(axis=1).astype(np.uint8)
        return found


def write_gif(
    file: BinaryIO,
    pictures: Iterable[Pixels],
    palette: Pixels,
    durations: Sequence[int],
    comment: str,
    *,
    loop: bool,
) -> None:
    """Write a film; ``durations`` are those of the pictures in milliseconds, multiples of `GRID_MS`.

    The pictures are written as they come: Pillow's own way keeps them all until the end. Without dithering
    what does not move does not flicker.
    """
    nearest = NearestColors(palette[:_UNCHANGED])
    before: NDArray[np.uint8] | None = None
    part: Part | None
    waiting: Part | None = None
    shown = 0
    for picture, duration in zip(pictures, durations, strict=True):
        indices = nearest(picture)
        if before is None:
            image = Image.fromarray(indices)
            image.putpalette(palette.tobytes())
            info = {"comment": comment, "duration": duration, **({"loop": 0} if loop else {})}
            file.write(b"".join(getheader(image, info=info)[0]))
            part = indices, (0, 0)
        else:
            part = _changed(before, indices)
        if part is not None:
            _write_part(file, waiting, shown)
            waiting, shown = part, 0
        before, shown = indices, shown + duration
    _write_part(file, waiting, shown)
    file.write(_END)


def _changed(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> Part | None:
    """Return the rectangle that has changed, its other pixels marked, and its corner; None for none."""
    changed = now != before
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return None
    place = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return np.where(changed[place], now[place], _UNCHANGED).astype(np.uint8), (int(columns[0]), int(rows[0]))


def _write_part(file: BinaryIO, part: Part | None, duration: int) -> None:
    """Write a part, and after it parts that change nothing where one cannot be shown for so long."""
    while part is not None:
        indices, corner = part
        shown = min(duration, _MOST_MS)
        keep = {"disposal": 1, "transparency": _UNCHANGED}
        file.write(b"".join(getdata(Image.fromarray(indices), corner, duration=shown, **keep)))
        duration -= shown
        part = (np.full((1, 1), _UNCHANGED, np.uint8), (0, 0)) if duration else None
