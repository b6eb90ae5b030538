"""Data sets in folders of pictures: one folder for each class."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from heapq import merge
from os import cpu_count
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.core.data.dataset import Bytes, DatasetError, Progress, RawDataset, RawSplit, no_progress
from explorer.core.data.image_cache import cached_pixels
from explorer.core.data.limits import require_memory
from explorer.core.data.pictures import read_picture, refuse_bombs
from explorer.core.texts import Text, plural, showable, text

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
_TRAIN, _TEST = ("train", "training"), ("test", "testing", "val", "valid", "validation")
_NUMBERS = re.compile(r"(\d+)")
_UNSHOWN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]")
"""Control characters, ends of lines and of paragraphs, and what overrides or embeds a direction."""
_AT_ONCE = 512
"""Pictures between two reports of progress."""
_SORTED_AT_ONCE = 4096


class Listing(Struct, frozen=True):
    """The pictures of a data set, and the class (n,) of each; the first ``trained`` are training images.

    ``files`` are paths as text: a million objects would hold the window up whenever garbage is searched for.
    ``names`` are those of the classes, ``ignored`` counts the files that are no pictures.
    """

    files: list[str]
    labels: NDArray[np.int64]
    names: list[str]
    trained: int
    ignored: int

    @property
    def split(self) -> bool:
        """Whether there are test images."""
        return self.trained < len(self.files)


def has_class_folders(folder: Path) -> bool:
    """Return whether there are folders in a folder, which could be classes."""
    return any(_folders(folder))


def list_pictures(folder: Path, progress: Progress = no_progress) -> Listing:
    """Return the pictures of ``class/picture.png``, or of ``train/class/…`` and ``test/class/…``.

    ``progress`` is told that nothing is read yet, but that work goes on.

    Raises
    ------
    DatasetError
        If a class has no pictures, or classes of training and test images differ.
    """
    train, test = _part(folder, _TRAIN), _part(folder, _TEST)
    roots = [train or folder, *([test] if train and test else [])]
    names = [path.name for path in _folders(roots[0])]
    files: list[str] = []
    labels: list[int] = []
    counts, ignored = [], 0
    for root in roots:
        for path in _folders(root):
            if path.name not in names:
                raise DatasetError(
                    "{folder}: there is no class of this name in {other}.", folder=path, other=roots[0]
                )
            progress(0, len(names))
            found, others = _pictures(path)
            files += found
            labels += [names.index(path.name)] * len(found)
            ignored += others
        counts.append(len(files))
    return Listing(files, np.array(labels, np.int64), names, counts[0], ignored)


def read_image_folder(folder: Path, side: int, progress: Progress) -> RawDataset:
    """Return the data set of a folder of pictures, resized to ``side`` by ``side`` pixels.

    What was read is kept in a file of the user's cache, so that it is read again only where it has changed.

    Raises
    ------
    DatasetError
        If there is no picture, or one cannot be read.
    """
    listing = list_pictures(folder, progress)
    if not listing.files:
        raise DatasetError(
            "{folder}: there are no pictures (PNG, JPEG, WebP or BMP) in its folders.", folder=folder
        )
    require_memory(len(listing.files) * side * side * 3, folder)
    decode = partial(decode_pictures, listing.files, side)
    pixels = cached_pixels(folder, listing.files, side, decode, progress)
    cut = listing.trained
    train = RawSplit(pixels[:cut], listing.labels[:cut], folder)
    test = RawSplit(pixels[cut:], listing.labels[cut:], folder) if listing.split else None
    return RawDataset(
        train,
        test,
        showable(folder.name),
        dict(enumerate(map(_shown, listing.names))),
        notes=_notes(listing, pixels),
    )


def _notes(listing: Listing, pixels: Bytes) -> tuple[Text, ...]:
    side = pixels.shape[1]
    sentence = (
        text("The pictures were cut to squares and resized to {side}×{side} pixels in colour.", side=side)
        if pixels.ndim == 4
        else text("The pictures were cut to squares and resized to {side}×{side} pixels in grey.", side=side)
    )
    if not listing.ignored:
        return (sentence,)
    others = plural(
        "{count:,} file that is not PNG, JPEG, WebP or BMP was left out.",
        "{count:,} files that are not PNG, JPEG, WebP or BMP were left out.",
        count=listing.ignored,
    )
    return (sentence, others)


def decode_pictures(files: list[str], side: int, progress: Progress) -> Bytes:
    """Return the pictures (n, side, side, 3), or (n, side, side) where none has colours."""
    refuse_bombs()
    pixels = np.empty((len(files), side, side, 3), np.uint8)
    coloured = False
    with ThreadPoolExecutor(min(cpu_count() or 1, 8), thread_name_prefix="pictures") as pool:
        for start in range(0, len(files), _AT_ONCE):
            some = files[start : start + _AT_ONCE]
            for place, (picture, has_colour) in enumerate(
                pool.map(read_picture, some, [side] * len(some)), start
            ):
                pixels[place] = picture
                coloured = coloured or has_colour
            progress(start + len(some), len(files))
    return pixels if coloured else np.ascontiguousarray(pixels[..., 0])


def _shown(name: str) -> str:
    """Return the name of a class without what breaks a line, or turns the direction of the words after it."""
    return _UNSHOWN.sub(" ", showable(name)).strip() or "?"


def _part(folder: Path, names: tuple[str, ...]) -> Path | None:
    """Return the folder of a split; one without folders is a class that is called so."""
    found = (path for path in _folders(folder) if path.name.casefold() in names)
    return next((path for path in found if has_class_folders(path)), None)


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder that are not hidden, those with numbers in the order of these."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _is_shown(entry.name) and entry.is_dir()]
    except OSError as error:
        raise _unreadable(folder, error) from None
    return [folder / name for name in _in_order(names)]


def _pictures(folder: Path) -> tuple[list[str], int]:
    """Return the pictures of a class, and the number of other files."""
    try:
        entries = [name for name in os.listdir(folder) if _is_shown(name)]
    except OSError as error:
        raise _unreadable(folder, error) from None
    pictures = [name for name in entries if os.path.splitext(name)[1].casefold() in SUFFIXES]
    if not pictures:
        raise DatasetError(
            "{folder}: there are no pictures (PNG, JPEG, WebP or BMP) of this class.", folder=folder
        )
    files = [os.path.join(folder, name) for name in _in_order(pictures)]
    return files, len(entries) - len(files)


def _is_shown(name: str) -> bool:
    return not name.startswith((".", "__"))


def _unreadable(folder: Path, error: OSError) -> DatasetError:
    return DatasetError("Cannot read {file}: {error}.", file=folder, error=error)


def _in_order(names: list[str]) -> list[str]:
    """Return names in their natural order.

    A part at a time: one sort of half a million names would hold up all threads for a second.
    """
    starts = range(0, len(names), _SORTED_AT_ONCE)
    parts = [sorted(names[start : start + _SORTED_AT_ONCE], key=_natural) for start in starts]
    return list(merge(*parts, key=_natural))


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a sorting key under which 2 comes before 10."""
    parts = _NUMBERS.split(name.casefold())
    return [(int(part), "") if part.isdecimal() and part.isascii() else (-1, part) for part in parts]
