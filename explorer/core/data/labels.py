"""From the labels in files to classes 0 to C - 1, and test images where there are none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.core.class_sets import MOST_CLASSES
from explorer.core.data.dataset import (
    Bytes,
    Dataset,
    DatasetError,
    DatasetSpec,
    Images,
    Progress,
    RawDataset,
    RawSplit,
    no_progress,
    size_text,
)
from explorer.core.data.limits import LEAST_SIDE, MOST_LABEL, MOST_SIDE
from explorer.core.texts import Text, plural, text

_HELD_OUT = 10
"""One image of so many is held out where there are no test images."""
_SEED = 0
_BYTE_LABELS = 256
_CHUNK = 4096


def assembled(raw: RawDataset, progress: Progress = no_progress) -> Dataset:
    """Return a data set with classes 0 to C - 1, in the order of their labels.

    ``progress`` is told how many pixels have been measured.

    Raises
    ------
    DatasetError
        If sizes differ or are not possible, if a class has no training or test image, or if there are fewer
        than 2 or more than 1,000 classes.
    """
    for split in (raw.train, raw.test) if raw.test else (raw.train,):
        _check_split(split)
    known = np.flatnonzero(np.bincount(raw.train.labels))
    notes = list(raw.notes)
    if raw.test is None:
        train, test = _held_out(raw.train, raw.names)
        notes.append(
            plural(
                "Without test images, a tenth of each class was held out for the test: {count:,} image.",
                "Without test images, a tenth of each class was held out for the test: {count:,} images.",
                count=len(test.labels),
            )
        )
    else:
        train, test = raw.train, raw.test
    _check_classes(train, test, known, raw.names)
    names = tuple(raw.names.get(int(label), str(label)) for label in known)
    notes += _note_of_labels(known, raw.names)
    mean, spread = raw.statistics or mean_and_spread(train.pixels, progress)
    training, tests = (Images(split.pixels, _classes(split.labels, known)) for split in (train, test))
    return Dataset(training, tests, DatasetSpec(raw.title, names, mean, spread, tuple(notes)))


def mean_and_spread(pixels: Bytes, progress: Progress = no_progress) -> tuple[float, float]:
    """Return mean and standard deviation of bytes, to three digits; ``progress`` is told how far it is."""
    total = squares = 0
    for start in range(0, len(pixels), _CHUNK):
        chunk = pixels[start : start + _CHUNK].astype(np.uint32)
        total += int(chunk.sum(dtype=np.uint64))
        squares += int(np.square(chunk).sum(dtype=np.uint64))
        progress(pixels[: start + len(chunk)].size, pixels.size)
    mean = total / pixels.size
    spread = np.sqrt(max(squares / pixels.size - mean**2, 0.0))
    return float(f"{mean:.3g}"), float(f"{spread:.3g}") or 1.0


def _check_split(split: RawSplit) -> None:
    if len(split.pixels) != len(split.labels):
        raise DatasetError(
            "{file}: {labels:,} labels for {images:,} images.",
            file=split.file,
            labels=len(split.labels),
            images=len(split.pixels),
        )
    if not len(split.pixels):
        raise DatasetError("{file}: there are no images.", file=split.file)
    sides, size = split.pixels.shape[1:3], size_text(split.pixels)
    if min(sides) < LEAST_SIDE:
        raise DatasetError(
            "{file}: images of {size} are too small; the minimum is {least}×{least}.",
            file=split.file,
            size=size,
            least=LEAST_SIDE,
        )
    if max(sides) > MOST_SIDE:
        raise DatasetError(
            "{file}: images of {size} are too large; the maximum is {most}×{most}.",
            file=split.file,
            size=size,
            most=MOST_SIDE,
        )
    wrong = (split.labels < 0) | (split.labels > MOST_LABEL)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DatasetError(
            "{file}: label {label} of image {row:,} is out of range; labels are 0 to {last:,}.",
            file=split.file,
            label=int(split.labels[row]),
            row=row + split.first_row,
            last=MOST_LABEL,
        )


def _check_classes(train: RawSplit, test: RawSplit, known: NDArray[np.int64], names: dict[int, str]) -> None:
    if train.pixels.shape[1:] != test.pixels.shape[1:]:
        raise DatasetError(
            "{file}: training images are {train}, test images {test}; they must have the same size.",
            file=train.file,
            train=size_text(train.pixels),
            test=size_text(test.pixels),
        )
    if not 2 <= len(known) <= MOST_CLASSES:
        raise DatasetError(
            plural(
                "{file}: all images are of {count:,} class; 2 to {most:,} are possible.",
                "{file}: the images are of {count:,} classes; 2 to {most:,} are possible.",
                count=len(known),
                file=train.file,
                most=MOST_CLASSES,
            )
        )
    trained = np.isin(test.labels, known)
    if not trained.all():
        row = int(np.argmin(trained))
        raise DatasetError(
            "{file}: image {row:,} is of class {label}, which has no training images.",
            file=test.file,
            row=row + test.first_row,
            label=_name(int(test.labels[row]), names),
        )
    tested = np.isin(known, test.labels)
    if not tested.all():
        raise DatasetError(
            "{file}: no image is of class {label}; each class needs at least one test image.",
            file=test.file,
            label=_name(int(known[np.argmin(tested)]), names),
        )


def _held_out(split: RawSplit, names: dict[int, str]) -> tuple[RawSplit, RawSplit]:
    """Return training and test images: of each class one in ten is for the test, at least one."""
    counts = np.bincount(split.labels)
    if (counts == 1).any():
        raise DatasetError(
            "{file}: class {label} has only one image; without test images each class needs two.",
            file=split.file,
            label=_name(int(np.argmax(counts == 1)), names),
        )
    order = np.random.default_rng(_SEED).permutation(len(split.labels))
    order = order[np.argsort(split.labels[order], kind="stable")]
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = np.maximum(1, counts // _HELD_OUT)
    test = np.sort(order[place < np.repeat(share, counts)])
    held = np.zeros(len(order), np.bool_)
    held[test] = True
    parts = (np.flatnonzero(~held), test)
    train, tested = (
        RawSplit(split.pixels[rows], split.labels[rows], split.file, split.first_row) for rows in parts
    )
    return train, tested


def _classes(labels: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.uint8] | NDArray[np.int32]:
    """Return the places of labels among those ``known``, in the smallest type for so many."""
    places = np.searchsorted(known, labels)
    return places.astype(np.uint8) if len(known) <= _BYTE_LABELS else places.astype(np.int32)


def _note_of_labels(known: NDArray[np.int64], names: dict[int, str]) -> list[Text]:
    """Say so where labels do not count from 0 without gaps, unless all of them have names."""
    last = int(known[-1])
    if last == len(known) - 1 or all(int(label) in names for label in known):
        return []
    if last - int(known[0]) == len(known) - 1:
        return [text("The labels {first} to {last} became classes.", first=int(known[0]), last=last)]
    return [
        text(
            "The labels {first} to {last} have gaps: those that occur became classes.",
            first=int(known[0]),
            last=last,
        )
    ]


def _name(label: int, names: dict[int, str]) -> str:
    return names.get(label, str(label))
