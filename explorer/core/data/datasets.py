"""Images and labels from IDX files, plain or gzipped.

The format is described on the MNIST page of LeCun, Cortes and Burges: two zero bytes, the type (8 for
unsigned byte), the number of dimensions, each dimension as a 32-bit big-endian number, then the values.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from math import prod
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from explorer.core.data.resources import resource
from explorer.core.texts import TextError, plural, text

_UNSIGNED_BYTE = 8
Bytes = NDArray[np.uint8]


class DatasetError(TextError, ValueError):
    """A data set cannot be read or used; the message names the file and the reason."""


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
    """Return the data set ``mnist``, or the one in a folder.

    ``classes`` is the number of classes in the files; ``subset`` keeps images of the first ``subset`` classes
    only, 0 keeps all.

    Raises
    ------
    DatasetError
        If a file is missing or damaged, or the files do not match.
    """
    folder = resource("mnist") if source == "mnist" else Path(source).expanduser()
    if not folder.is_dir():
        raise DatasetError(
            "Folder not found: {folder}. Choose a folder with the four IDX files, or use mnist.",
            folder=folder,
        )
    train, test = (_load_split(folder, prefix, classes, subset or classes) for prefix in ("train", "t10k"))
    if train.pixels.shape[1:] != test.pixels.shape[1:]:
        raise DatasetError(
            "{folder}: training images are {train}, test images {test}; they must have the same size.",
            folder=folder,
            train=_size(train.pixels),
            test=_size(test.pixels),
        )
    return Dataset(train, test, subset or classes)


def dataset_digest(source: str = "mnist") -> str:
    """Return the SHA-256 of the four files of a data set, concatenated, in hexadecimal.

    Raises
    ------
    DatasetError
        If one of them is missing or cannot be read.
    """
    folder = resource("mnist") if source == "mnist" else Path(source).expanduser()
    digest = hashlib.sha256()
    for prefix in ("train", "t10k"):
        for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"):
            path = _find(folder, f"{prefix}-{kind}")
            try:
                digest.update(path.read_bytes())
            except OSError as error:
                raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None
    return digest.hexdigest()


def read_idx(path: Path, dimensions: int) -> Bytes:
    """Return the unsigned bytes in an IDX file, in its shape.

    Raises
    ------
    DatasetError
        If the file cannot be read, is not an IDX file of unsigned bytes with ``dimensions`` dimensions, or
        its length does not match its header.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None
    if len(data) < 4:
        raise DatasetError(
            plural(
                "{file}: truncated: {count} byte is too short for an IDX header.",
                "{file}: truncated: {count} bytes are too short for an IDX header.",
                count=len(data),
                file=path,
            )
        )
    zeros, kind, rank = struct.unpack(">HBB", data[:4])
    if zeros or kind != _UNSIGNED_BYTE:
        raise DatasetError(
            "{file}: wrong magic number {number}: not an IDX file of unsigned bytes.",
            file=path,
            number=data[:4].hex(),
        )
    if rank != dimensions:
        raise DatasetError(
            "{file}: {found}-dimensional data where {expected}-dimensional data is expected.",
            file=path,
            found=rank,
            expected=dimensions,
        )
    start = 4 + 4 * rank
    if len(data) < start:
        raise DatasetError("{file}: truncated within its header.", file=path)
    shape = struct.unpack(f">{rank}I", data[4:start])
    expected = prod(shape)
    if len(data) - start < expected:
        raise DatasetError(
            "{file}: truncated: only {found:,} of {expected:,} values.",
            file=path,
            found=len(data) - start,
            expected=expected,
        )
    if len(data) - start > expected:
        raise DatasetError(
            plural(
                "{file}: {count:,} byte too many after the last value.",
                "{file}: {count:,} bytes too many after the last value.",
                count=len(data) - start - expected,
                file=path,
            )
        )
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _load_split(folder: Path, prefix: str, classes: int, keep: int) -> Images:
    images_path, labels_path = (
        _find(folder, f"{prefix}-images-idx3-ubyte"),
        _find(folder, f"{prefix}-labels-idx1-ubyte"),
    )
    pixels, labels = read_idx(images_path, 3), read_idx(labels_path, 1)
    if len(pixels) != len(labels):
        raise DatasetError(
            "{file}: {labels:,} labels for {images:,} images in {images_file}.",
            file=labels_path,
            labels=len(labels),
            images=len(pixels),
            images_file=images_path.name,
        )
    if min(pixels.shape[1:]) < 8:
        raise DatasetError(
            "{file}: images of {size} are too small; the minimum is 8×8.",
            file=images_path,
            size=_size(pixels),
        )
    if (labels >= classes).any():
        row = int(np.argmax(labels >= classes))
        raise DatasetError(
            "{file}: label {label} of image {row:,} is out of range; {classes} classes allow 0 to {last}.",
            file=labels_path,
            label=int(labels[row]),
            row=row,
            classes=classes,
            last=classes - 1,
        )
    present = np.bincount(labels, minlength=classes)[:keep] > 0
    if not present.all():
        sentence = text(
            "{file}: no image has label {label}; each of the {classes} classes needs at least one.",
            file=labels_path,
            label=int(np.argmin(present)),
            classes=keep,
        )
        raise DatasetError(sentence)
    chosen = labels < keep
    return Images(pixels, labels) if chosen.all() else Images(pixels[chosen], labels[chosen])


def _find(folder: Path, name: str) -> Path:
    for candidate in (folder / name, folder / f"{name}.gz", folder / name.replace("-idx", ".idx")):
        if candidate.is_file():
            return candidate
    raise DatasetError("{folder}: there is no {name} or {name}.gz.", folder=folder, name=name)


def _size(pixels: Bytes) -> str:
    return "×".join(str(side) for side in pixels.shape[1:])
