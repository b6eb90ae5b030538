"""Data sets in NumPy's .npz files."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from explorer.core.data.dataset import (
    SPLITS,
    DatasetError,
    Progress,
    RawDataset,
    RawSplit,
    no_progress,
    stages,
)
from explorer.core.data.known import known_as, recognised
from explorer.core.data.limits import require_memory
from explorer.core.data.pixels import as_labels, as_pixels
from explorer.core.texts import Text

_TRAIN = (("x_train", "y_train"), ("train_images", "train_labels"), ("images", "labels"), ("x", "y"))
_TEST = (("x_test", "y_test"), ("test_images", "test_labels"))
_NUMBERED = ("arr_0", "arr_1", "arr_2", "arr_3")
_Place = tuple[Path, str]
"""File and name of an array."""
_SINGLE = "arr_0"
_IMAGES, _LABELS = ("imgs", "images"), "labels"
_SUFFIX = ".npy"
_DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError)
"""What reading an archive raises where it is damaged, encrypted or packed in an unknown way."""


def read_npz(path: Path, progress: Progress) -> RawDataset:
    """Return the data set of an .npz file, or that of the pairs of files beside it whose names tell so.

    A pair is one file of images and one of labels with an array each, as KMNIST is published, such as
    ``kmnist-train-imgs.npz`` and ``kmnist-train-labels.npz``.

    Raises
    ------
    DatasetError
        If the arrays are not those of a data set.
    """
    names = _names(path)
    if names == [_SINGLE]:
        return read_pairs(path.parent, progress)
    pairs = [((path, images), (path, labels)) for images, labels in _pairs(path, names)]
    return _dataset(pairs, path.stem, path.stem, progress)


def has_pairs(folder: Path) -> bool:
    """Return whether a folder has a file of training images in `_SINGLE` beside one of labels."""
    return _pair(folder, "train") is not None


def read_pairs(folder: Path, progress: Progress) -> RawDataset:
    """Return the data set of pairs of files in a folder; raises as `read_npz`."""
    train, test = _pair(folder, "train"), _pair(folder, "test")
    if train is None:
        raise DatasetError(
            "{folder}: there are no files such as train-images.npz and train-labels.npz.", folder=folder
        )
    pairs = [(_first(images), _first(labels)) for images, labels in filter(None, (train, test))]
    return _dataset(pairs, folder.name, train[0].stem, progress)


def npz_files(folder: Path) -> list[Path]:
    """Return the files of the pairs in a folder."""
    pairs = (_pair(folder, part) for part in ("train", "test"))
    return [path for pair in pairs if pair for path in pair]


def _dataset(pairs: list[tuple[_Place, _Place]], title: str, name: str, progress: Progress) -> RawDataset:
    """Return the data set of pairs of images and labels, training images first."""
    splits: list[RawSplit] = []
    notes: list[Text] = []
    for (images, labels), told in zip(pairs, stages(progress, *SPLITS), strict=False):
        split, said = _split(images, labels, told)
        splits.append(split)
        notes += [note for note in said if note not in notes]
    test = splits[1] if len(splits) > 1 else None
    return known_as(RawDataset(splits[0], test, title, notes=tuple(notes)), recognised(name, 0))


def _pair(folder: Path, part: str) -> tuple[Path, Path] | None:
    files = sorted(path for path in folder.glob("*.npz") if part in path.stem.casefold())
    images = [path for path in files if any(word in path.stem.casefold() for word in _IMAGES)]
    labels = [path for path in files if _LABELS in path.stem.casefold()]
    return (images[0], labels[0]) if images and labels else None


def _pairs(path: Path, names: list[str]) -> list[tuple[str, str]]:
    """Return the names of the arrays of training images and labels, and of the test ones if there are any."""
    found = {name.casefold(): name for name in names}
    for train in _TRAIN:
        if all(name in found for name in train):
            tests = (pair for pair in _TEST if all(name in found for name in pair))
            return [(found[images], found[labels]) for images, labels in (train, *tests)][:2]
    numbered = [found[name] for name in _NUMBERED if name in found]
    if len(numbered) >= 2:
        return list(zip(numbered[::2], numbered[1::2], strict=False))
    raise DatasetError(
        "{file}: there are no arrays images and labels, nor x_train and y_train; it has {found}.",
        file=path,
        found=names[:8] or ["-"],
    )


def _split(images_of: _Place, labels_of: _Place, progress: Progress) -> tuple[RawSplit, list[Text]]:
    (images_file, images), (labels_file, labels) = images_of, labels_of
    pixels, notes = as_pixels(_array(images_file, images, progress), images_file, images)
    targets = as_labels(_array(labels_file, labels, no_progress), labels_file, labels)
    if len(pixels) != len(targets):
        raise DatasetError(
            "{file}: {labels:,} labels for {images:,} images in {images_file}.",
            file=labels_file,
            labels=len(targets),
            images=len(pixels),
            images_file=images,
        )
    return RawSplit(pixels, targets, images_file), notes


def _first(path: Path) -> _Place:
    """Return the place of the first array."""
    names = _names(path)
    if not names:
        raise DatasetError("{file}: there are no arrays.", file=path)
    return path, names[0]


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return [name.removesuffix(_SUFFIX) for name in archive.namelist() if name.endswith(_SUFFIX)]
    except (*_DAMAGED, ValueError) as error:
        raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None


def _array(path: Path, name: str, progress: Progress) -> NDArray[Any]:
    """Return an array of the file; objects are refused, because reading them would run code from it."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name + _SUFFIX) as member:
            size = archive.getinfo(name + _SUFFIX).file_size
            require_memory(size, path)
            counted = _Counted(member, size, progress)
            result: NDArray[Any] = np.lib.format.read_array(counted, allow_pickle=False)
            return result
    except _DAMAGED as error:
        raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None
    except ValueError as error:
        if isinstance(error, DatasetError):
            raise
        raise DatasetError(
            "{file}: cannot read {name}: {error}.", file=path, name=name, error=error
        ) from None
    except (SyntaxError, TypeError, MemoryError) as error:  # a header that is not one
        raise DatasetError(
            "{file}: cannot read {name}: {error}.", file=path, name=name, error=error
        ) from None


class _Counted:
    """A file that tells how much of it is read."""

    def __init__(self, file: IO[bytes], size: int, progress: Progress) -> None:
        self._file, self._size, self._progress, self._done = file, size, progress, 0

    def read(self, count: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(count)
        self._done += len(data)
        self._progress(self._done, self._size)
        return data


def files_of(path: Path) -> Iterable[Path]:
    """Return the files that a data set in this file is read from."""
    return npz_files(path.parent) if _names(path) == [_SINGLE] else [path]
