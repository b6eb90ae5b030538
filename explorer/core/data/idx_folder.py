"""Data sets in four IDX files, as MNIST and its relatives are published."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from explorer.core.data.dataset import SPLITS, DatasetError, Progress, RawDataset, RawSplit, stages
from explorer.core.data.idx import read_idx, read_labels
from explorer.core.data.known import known_as, recognised, upright

_IMAGES = "images-idx3-ubyte"
_LABELS = ("labels-idx1-ubyte", "labels-idx2-int")
_TRAIN, _TEST = ("train",), ("t10k", "test", "test10k")
_RAW = "raw"


def has_idx_name(path: Path) -> bool:
    """Return whether a path is called as an IDX file is, and is no folder."""
    name = path.name.casefold()
    return ("-idx" in name or ".idx" in name) and not path.is_dir()


def find_idx(folder: Path) -> Path | None:
    """Return the folder with IDX files: this one, ``raw`` in it, or ``NAME/raw`` as torchvision has it."""
    candidates = (folder, folder / _RAW, *sorted(folder.glob(f"*/{_RAW}")))
    return next((one for one in candidates if one.is_dir() and _found(one, _TRAIN, (_IMAGES,))), None)


def idx_files(folder: Path) -> list[Path]:
    """Return the files of a data set: images and labels of the training and of the test images.

    Raises
    ------
    DatasetError
        If one of them is missing.
    """
    return [_file(folder, prefixes, kinds) for prefixes in (_TRAIN, _TEST) for kinds in ((_IMAGES,), _LABELS)]


def read_idx_folder(folder: Path, progress: Progress) -> RawDataset:
    """Return the data set of the four IDX files in a folder.

    Raises
    ------
    DatasetError
        If one of them is missing or damaged.
    """
    files = idx_files(folder)
    parts = zip((files[:2], files[2:]), stages(progress, *SPLITS), strict=True)
    train, test = (_split(images, labels, told) for (images, labels), told in parts)
    stem = files[0].name.partition(_TRAIN[0])[0].strip("-_.")
    place = folder.parent if folder.name == _RAW else folder
    word = f"{place.name} {stem}"
    known = recognised(word, zlib.crc32(test.labels.astype(np.uint8).tobytes()))
    return known_as(upright(RawDataset(train, test, place.name), known, stem), known)


def _split(images: Path, labels: Path, progress: Progress) -> RawSplit:
    pixels, values = read_idx(images, 3, progress), read_labels(labels)
    if len(pixels) != len(values):
        raise DatasetError(
            "{file}: {labels:,} labels for {images:,} images in {images_file}.",
            file=labels,
            labels=len(values),
            images=len(pixels),
            images_file=images.name,
        )
    return RawSplit(pixels, values, labels)


def _file(folder: Path, prefixes: Iterable[str], kinds: tuple[str, ...]) -> Path:
    found = _found(folder, prefixes, kinds)
    if found is None:
        name = f"{next(iter(prefixes))}-{kinds[0]}"
        raise DatasetError("{folder}: there is no {name} or {name}.gz.", folder=folder, name=name)
    return found


def _found(folder: Path, prefixes: Iterable[str], kinds: tuple[str, ...]) -> Path | None:
    """Return the file of one of these kinds; what stands before the prefix in its name does not matter."""
    for prefix in prefixes:
        for kind in kinds:
            endings = tuple(
                f"{prefix}-{name}{packed}"
                for name in (kind, kind.replace("-idx", ".idx"))
                for packed in ("", ".gz")
            )
            exact = next((folder / name for name in endings if (folder / name).is_file()), None)
            if exact is not None:
                return exact
            others = sorted(
                path for path in folder.glob("*") if path.name.endswith(endings) and path.is_file()
            )
            if others:
                return others[0]
    return None
