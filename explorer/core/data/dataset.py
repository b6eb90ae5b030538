"""What a data set is: images with labels, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from explorer.core.texts import Text, TextError, text

Bytes = NDArray[np.uint8]
Labels = NDArray[np.uint8] | NDArray[np.int32]
Progress = Callable[[int, int], None]
"""Is told how much of how much is read, in any unit; what it raises ends the reading."""
SPLITS = 6, 1
"""Weights of `stages` that read training and test images, six times as many in most data sets."""
_WHOLE = 10_000
MNIST_MEAN, MNIST_SPREAD = 33.3, 78.6
"""Mean and standard deviation of the bytes of MNIST's training images, to three digits."""


class DatasetError(TextError, ValueError):
    """A data set cannot be read or used; the message names the file and the reason."""


class ClassCountError(DatasetError):
    """A data set has ``found`` classes, and the settings say another number."""

    def __init__(self, source: str, found: int, expected: int) -> None:
        super().__init__(
            text(
                "{source} has {found:,} classes, but the settings say {expected:,}.",
                source=source,
                found=found,
                expected=expected,
            )
        )
        self.found = found


class Images(Struct, frozen=True):
    """One split: ``pixels`` (n, height, width) or (n, height, width, 3) uint8, ``labels`` (n,).

    Labels are uint8 for up to 256 classes, else int32.
    """

    pixels: Bytes
    labels: Labels

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.labels)


class DatasetSpec(Struct, frozen=True):
    """What is known of a data set besides its images.

    ``title`` is its name on screen, and ``class_names`` has one name per class. ``mean`` and ``spread`` are
    those of the bytes of the training images, to three digits. ``notes`` say what was done to make it fit.
    """

    title: str = ""
    class_names: tuple[str, ...] = ()
    mean: float = MNIST_MEAN
    spread: float = MNIST_SPREAD
    notes: tuple[Text, ...] = ()


class Dataset(Struct, frozen=True):
    """Training and test images of classes 0 to C - 1."""

    train: Images
    test: Images
    spec: DatasetSpec

    @property
    def num_classes(self) -> int:
        """Number of classes C."""
        return len(self.spec.class_names)

    @property
    def channels(self) -> int:
        """1 for grey images, 3 for colour."""
        return 3 if self.train.pixels.ndim == 4 else 1

    def first_classes(self, count: int) -> Dataset:
        """Return the images of the first ``count`` classes only."""
        if count >= self.num_classes:
            return self
        spec = replace(self.spec, class_names=self.spec.class_names[:count])
        return Dataset(_below(self.train, count), _below(self.test, count), spec)


class RawSplit(Struct, frozen=True):
    """A split as its files have it: any labels, ``pixels`` as in `Images`.

    ``file`` is named where a row is wrong, ``first_row`` is the number in it of the first image.
    """

    pixels: Bytes
    labels: NDArray[np.int64]
    file: object
    first_row: int = 0


class RawDataset(Struct, frozen=True):
    """What a reader found: without ``test``, a part of ``train`` is held out.

    ``names`` maps labels to names, and ``statistics`` are mean and spread, where they are known.
    """

    train: RawSplit
    test: RawSplit | None
    title: str
    names: dict[int, str] = {}
    statistics: tuple[float, float] | None = None
    notes: tuple[Text, ...] = ()


def no_progress(_done: int, _total: int) -> None:
    """Take notice of nothing."""


def stages(progress: Progress, *weights: float) -> list[Progress]:
    """Return a progress for each stage of a work: together they tell ``progress`` how far the whole is.

    ``weights`` are the shares of the whole that the stages take, as far as that is known.
    """
    whole = sum(weights)

    def stage(before: float, weight: float) -> Progress:
        def tell(done: int, total: int) -> None:
            share = (before + weight * min(1.0, done / max(1, total))) / whole
            progress(ceil(_WHOLE * share), _WHOLE)

        return tell

    return [stage(sum(weights[:place]), weight) for place, weight in enumerate(weights)]


def size_text(pixels: Bytes) -> str:
    """Return height and width, and that there is colour, such as ``28×28`` or ``28×28×3``."""
    return "×".join(str(side) for side in pixels.shape[1:])


def _below(images: Images, count: int) -> Images:
    chosen = images.labels < count
    return Images(images.pixels[chosen], images.labels[chosen])
