"""Data sets that are known by name: where they are, and what their classes are called."""

from __future__ import annotations

import string
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from explorer.core.data.dataset import RawDataset, RawSplit
from explorer.core.data.resources import resource
from explorer.core.texts import N_, text

_DIGITS = tuple(string.digits)
_UPPER = tuple(string.ascii_uppercase)
_MERGED = (*_DIGITS, *_UPPER, *"abdefghnqrt")
"""EMNIST counts lower-case letters that look like their upper-case ones among these."""


class KnownSet(Struct, frozen=True):
    """A data set: its name on screen, the names of its classes, and what its folder is recognised by.

    Parameters
    ----------
    title : str
        Name on screen; message id only for the made-up ones.
    class_names : tuple of str
        Names of labels 0 to C - 1.
    folder : str
        Where a package of a Linux distribution puts it; empty for none.
    package : str
        That package.
    authors, licence : str
        Who made it, and its licence; without a licence, none is stated where its images are passed on.
    test_labels : int
        CRC-32 of the labels of its test images, 0 where it is not known.
    first_label : int
        The label of the first name.
    """

    title: str
    class_names: tuple[str, ...]
    folder: str = ""
    package: str = ""
    authors: str = ""
    licence: str = ""
    test_labels: int = 0
    first_label: int = 0


MNIST = "mnist"
_TRANSPOSED = "emnist"
"""The images in EMNIST's files are mirrored at the diagonal."""
KNOWN = {
    MNIST: KnownSet(
        "MNIST",
        _DIGITS,
        authors="Yann LeCun, Corinna Cortes",
        licence="CC BY-SA 3.0",
        test_labels=0xEE8604D9,
    ),
    "fashion-mnist": KnownSet(
        "Fashion-MNIST",
        (
            "T-shirt",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        ),
        folder="/usr/share/datasets/fashion-mnist",
        package="dataset-fashion-mnist",
        authors="Zalando SE",
        licence="MIT",
        test_labels=0x242BC73F,
    ),
    "kmnist": KnownSet(
        "KMNIST", tuple("おきすつなはまやれを"), authors="CODH, NIJL et al.", licence="CC BY-SA 4.0"
    ),
    "emnist-letters": KnownSet("EMNIST letters", _UPPER, first_label=1),
    "emnist-digits": KnownSet("EMNIST digits", _DIGITS),
    "emnist-mnist": KnownSet("EMNIST MNIST", _DIGITS),
    "emnist-balanced": KnownSet("EMNIST balanced", _MERGED),
    "emnist-bymerge": KnownSet("EMNIST by merge", _MERGED),
    "emnist-byclass": KnownSet("EMNIST by class", (*_DIGITS, *_UPPER, *string.ascii_lowercase)),
}
"""By the word for `data.source`, or by which their files or folders are named."""

MADE_UP = {"rings": N_("Rings"), "blobs": N_("Blobs"), "spirals": N_("Spirals")}
"""Data sets that are computed: the word for `data.source` and the name on screen."""


def offered() -> dict[str, str]:
    """Return what can be chosen by name: the word for `data.source`, and the message id of its title."""
    named = {name: one.title for name, one in KNOWN.items() if name == MNIST or one.folder}
    return named | MADE_UP


def place_of(source: str) -> Path:
    """Return the file or folder of a source that is not made up."""
    if source == MNIST:
        return resource(MNIST)
    known = KNOWN.get(source)
    return Path(known.folder if known is not None and known.folder else source).expanduser()


def recognised(name: str, test_labels: int) -> KnownSet | None:
    """Return the data set with these test labels (CRC-32), or of files named so, or None."""
    for known in KNOWN.values():
        if test_labels and known.test_labels == test_labels:
            return known
    word = name.casefold().replace("_", "-")
    found = [key for key in KNOWN if key != MNIST and key in word]
    return KNOWN[max(found, key=len)] if found else None


def known_as(raw: RawDataset, known: KnownSet | None) -> RawDataset:
    """Return a data set with the title and the names of a known one, if that has all of its labels."""
    if known is None:
        return raw
    names = dict(enumerate(known.class_names, known.first_label))
    fits = set(raw.train.labels.tolist()) <= names.keys()
    return replace(raw, title=known.title, names=names) if fits else raw


def upright(raw: RawDataset, known: KnownSet | None, name: str) -> RawDataset:
    """Return a data set with its images upright: those of EMNIST's files, called so, are transposed."""
    if _TRANSPOSED not in f"{name} {known.title if known else ''}".casefold():
        return raw
    note = text("The images of EMNIST's files lie on their side and were turned upright.")
    return replace(
        raw,
        train=_transposed(raw.train),
        test=raw.test and _transposed(raw.test),
        notes=(*raw.notes, note),
    )


def _transposed(split: RawSplit) -> RawSplit:
    return replace(split, pixels=split.pixels.transpose(0, 2, 1).copy())


def shows_digits(title: str) -> bool:
    """Return whether a data set of this title is known to show digits; runs of old releases have no title."""
    return not title or any(title == one.title and one.class_names == _DIGITS for one in KNOWN.values())


def licensed(source: str, title: str) -> KnownSet | None:
    """Return the data set of a run, if its licence is known; runs of old releases have no title."""
    found = [one for name, one in KNOWN.items() if title == one.title or (name == source == MNIST)]
    return found[0] if found and found[0].licence else None
