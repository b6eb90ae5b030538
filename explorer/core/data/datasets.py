"""Images and labels from IDX files, plain or gzipped, with every fault named.

The format is that of LeCun, Cortes and Burges' MNIST page: two zero bytes, the type (8 for unsigned byte),
the number of dimensions, each dimension as a 32-bit big-endian number, then the values.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from math import prod
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.core.data.resources import resource

_UNSIGNED_BYTE = 8
Bytes = NDArray[np.uint8]


class DatasetError(ValueError):
    """A data set cannot be used; the message is one sentence that names the file and the fault."""


class Images(Struct, frozen=True):
    """One split: ``pixels`` (n, height, width) uint8, ``labels`` (n,) uint8."""

    pixels: Bytes
    labels: Bytes

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.labels)


class Dataset(Struct, frozen=True):
    """Training and test images of classes 0 to ``num_classes`` - 1."""

    train: Images
    test: Images
    num_classes: int


def load_dataset(source: str = "mnist", classes: int = 10, subset: int = 0) -> Dataset:
    """Return the data set called ``mnist``, or the one in a folder.

    ``classes`` is the number of classes in the files; ``subset`` keeps the images of the first so many, 0
    all.

    Raises
    ------
    DatasetError
        Where a file is missing or damaged, or the files do not fit each other.
    """
    folder = resource("mnist") if source == "mnist" else Path(source).expanduser()
    if not folder.is_dir():
        raise DatasetError(f"There is no folder {folder}: give one with four IDX files, or mnist.")
    train, test = (_load_split(folder, prefix, classes, subset or classes) for prefix in ("train", "t10k"))
    if train.pixels.shape[1:] != test.pixels.shape[1:]:
        raise DatasetError(
            f"{folder}: training images are {_size(train.pixels)}, test images {_size(test.pixels)}; they "
            f"must agree."
        )
    return Dataset(train, test, subset or classes)


def read_idx(path: Path, dimensions: int) -> Bytes:
    """Return the unsigned bytes in an IDX file, in its own shape.

    Raises
    ------
    DatasetError
        Where the file cannot be read, is no IDX file of unsigned bytes with that many dimensions, or its
        length does not match its header.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path}: cannot be read: {error}.") from None
    if len(data) < 4:
        raise DatasetError(f"{path}: truncated: {len(data)} bytes are too few for an IDX header.")
    zeros, kind, rank = struct.unpack(">HBB", data[:4])
    if zeros or kind != _UNSIGNED_BYTE:
        raise DatasetError(f"{path}: wrong magic number {data[:4].hex()}: not an IDX file of unsigned bytes.")
    if rank != dimensions:
        raise DatasetError(f"{path}: has {rank} dimensions where {dimensions} are expected.")
    start = 4 + 4 * rank
    if len(data) < start:
        raise DatasetError(f"{path}: truncated within its header.")
    shape = struct.unpack(f">{rank}I", data[4:start])
    expected = prod(shape)
    if len(data) - start < expected:
        raise DatasetError(f"{path}: truncated: {len(data) - start:,} of {expected:,} values are there.")
    if len(data) - start > expected:
        raise DatasetError(f"{path}: {len(data) - start - expected:,} bytes too many after the last value.")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _load_split(folder: Path, prefix: str, classes: int, keep: int) -> Images:
    images_path, labels_path = (
        _find(folder, f"{prefix}-images-idx3-ubyte"),
        _find(folder, f"{prefix}-labels-idx1-ubyte"),
    )
    pixels, labels = read_idx(images_path, 3), read_idx(labels_path, 1)
    if len(pixels) != len(labels):
        raise DatasetError(
            f"{labels_path}: {len(labels):,} labels for the {len(pixels):,} images of {images_path.name}."
        )
    if min(pixels.shape[1:]) < 8:
        raise DatasetError(f"{images_path}: images of {_size(pixels)} are too small; 8×8 is the least.")
    if (labels >= classes).any():
        row = int(np.argmax(labels >= classes))
        raise DatasetError(
            f"{labels_path}: label {labels[row]} of image {row:,} is out of range; data.classes = {classes} "
            f"admits 0 to {classes - 1}."
        )
    present = np.bincount(labels, minlength=classes)[:keep] > 0
    if not present.all():
        raise DatasetError(
            f"{labels_path}: no image has label {int(np.argmin(present))}; each of the {keep} classes needs "
            f"one."
        )
    chosen = labels < keep
    return Images(pixels, labels) if chosen.all() else Images(pixels[chosen], labels[chosen])


def _find(folder: Path, name: str) -> Path:
    for candidate in (folder / name, folder / f"{name}.gz", folder / name.replace("-idx", ".idx")):
        if candidate.is_file():
            return candidate
    raise DatasetError(f"{folder}: there is no {name} or {name}.gz.")


def _size(pixels: Bytes) -> str:
    return "×".join(str(side) for side in pixels.shape[1:])
