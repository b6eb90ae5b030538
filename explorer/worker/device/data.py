"""The data set as tensors that stay on the device."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from torch import Tensor

from explorer.core.data.dataset import ClassCountError, Dataset, Images, Progress, no_progress
from explorer.core.data.datasets import last_dataset
from explorer.core.data.known import MNIST
from explorer.core.data.labels import mean_and_spread
from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.config import DataConfig
from explorer.core.settings.stressors import StressorConfig
from explorer.core.stressors.draws import Purpose, hashed, key_of

UNSEEN = -1
"""Target of an image of a class left out of training."""


class Split(NamedTuple):
    """Images (n, height, width) or (n, height, width, 3) uint8 and labels (n,) int64, on the device.

    ``targets`` (n,) int64 are what a loss trains with: the place of a label among the classes trained on, −1
    for a class left out. ``trained`` (m,) int64 are the positions of the images that are trained on, None for
    all: of training images those of the former that are not dropped, else all of these.
    """

    images: Tensor
    labels: Tensor
    targets: Tensor
    trained: Tensor | None = None

    def __len__(self) -> int:
        """Return the number of images."""
        return self.labels.shape[0]

    @property
    def trained_count(self) -> int:
        """Number m of the images in ``trained``."""
        return len(self) if self.trained is None else len(self.trained)

    @property
    def shown(self) -> Tensor:
        """Positions of the images that may be plotted: those trained on, and all of classes left out."""
        if self.trained is None:
            return torch.arange(len(self), device=self.labels.device)
        unseen = (self.targets == UNSEEN).nonzero()[:, 0]
        return torch.cat([self.trained, unseen]).sort().values

    def of_trained(self, values: Tensor) -> Tensor:
        """Return the rows (m, …) of ``values`` (n, …) that belong to the images in ``trained``."""
        return values if self.trained is None else values[self.trained]


class ResidentData(NamedTuple):
    """Both splits on the device, of ``num_classes`` classes, of which ``classes`` are trained on.

    ``whole`` is the data set that they are of.
    """

    train: Split
    test: Split
    whole: Dataset
    classes: tuple[int, ...]

    @property
    def num_classes(self) -> int:
        """Number of classes C."""
        return self.whole.num_classes

    @property
    def label_type(self) -> np.dtype[np.uint8] | np.dtype[np.int32]:
        """Type of labels outside the device."""
        return self.whole.train.labels.dtype


def load_resident(
    config: DataConfig, device: torch.device, seed: int = 0, progress: Progress = no_progress
) -> ResidentData:
    """Load the data set of a configuration to the device; the seed decides which images are dropped, if any.

    Raises
    ------
    DatasetError
        If it cannot be read, or has another number of classes.
    """
    whole = last_dataset(config.source, config.side, progress)
    if whole.num_classes != config.classes:
        raise ClassCountError(config.source, whole.num_classes, config.classes)
    dataset, classes = whole.first_classes(config.num_classes), config.trained
    if len(classes) < whole.num_classes and config.source != MNIST:
        dataset = _measured(dataset, classes)
    count = dataset.num_classes
    train, test = (_to(images, count, classes, device) for images in (dataset.train, dataset.test))
    if config.drops:
        kept = kept_images(dataset.train.labels, classes, config, seed)
        train = Split(train.images, train.labels, train.targets, torch.from_numpy(kept).to(device))
    return ResidentData(train, test, dataset, classes)


def _measured(dataset: Dataset, classes: tuple[int, ...]) -> Dataset:
    """Return a data set with mean and spread of the training images of ``classes``.

    Classes left out must not have any influence. Dropped images have: runs with more and with fewer images of
    the same classes differ in nothing else.
    """
    pixels = dataset.train.pixels[np.isin(dataset.train.labels, classes)]
    mean, spread = mean_and_spread(pixels)
    return replace(dataset, spec=replace(dataset.spec, mean=mean, spread=spread))


def kept_counts(counts: NDArray[np.integer], config: StressorConfig) -> NDArray[np.int64]:
    """Return how many of the ``counts`` (S,) images of each class are kept, at least one of each.

    Class s of S keeps ρ^(-s/(S-1)) of its images, ρ the imbalance: the long tail of Cui et al. 2019,
    "Class-Balanced Loss Based on Effective Number of Samples", section 5.1.
    """
    most = np.minimum(counts, config.per_class) if config.per_class else counts
    fraction = config.imbalance ** (-np.arange(len(counts)) / max(1, len(counts) - 1))
    kept: NDArray[np.int64] = np.minimum(counts, np.maximum(1, np.round(most * fraction))).astype(np.int64)
    return kept


def kept_images(
    labels: NDArray[np.integer], classes: tuple[int, ...], config: StressorConfig, seed: int
) -> NDArray[np.int64]:
    """Return the positions, ascending, of the training images of ``classes`` that are kept.

    Which ones depends on the seed; with more images per class those of fewer are among them.
    """
    order = np.argsort(hashed(key_of(seed, TRAIN, Purpose.KEPT), np.arange(len(labels))), kind="stable")
    by_class = [order[labels[order] == label] for label in classes]
    counts = kept_counts(np.array([len(places) for places in by_class]), config)
    return np.sort(np.concatenate([places[:count] for places, count in zip(by_class, counts, strict=True)]))


def images_to_device(images: NDArray[np.generic], data: ResidentData, device: torch.device) -> Tensor:
    """Copy images uint8, as `Split` has them, to the device.

    Raises
    ------
    ValueError
        If their size or type is not that of the data set.
    """
    size = tuple(data.test.images.shape[1:])
    if images.dtype != np.uint8 or images.shape[1:] != size:
        raise ValueError(
            f"images of shape {images.shape} and type {images.dtype} are not bytes of "
            f"(n, {', '.join(map(str, size))})"
        )
    return torch.from_numpy(np.array(images)).to(device)


def _to(images: Images, count: int, classes: tuple[int, ...], device: torch.device) -> Split:
    pixels = torch.from_numpy(np.array(images.pixels)).to(device)
    labels = torch.from_numpy(images.labels.astype(np.int64)).to(device)
    if len(classes) == count:
        return Split(pixels, labels, labels)
    places = torch.full((count,), UNSEEN, dtype=torch.int64, device=device)
    places[list(classes)] = torch.arange(len(classes), device=device)
    targets = places[labels]
    return Split(pixels, labels, targets, (targets != UNSEEN).nonzero()[:, 0])
