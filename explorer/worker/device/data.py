"""The data set as tensors that stay on the device."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.core.data.datasets import Dataset, Images, load_dataset
from explorer.core.settings.config import DataConfig

UNSEEN = -1
"""Target of an image of a class left out of training."""


class Split(NamedTuple):
    """Images (n, height, width) uint8 and labels (n,) int64, on the device.

    ``targets`` (n,) int64 are what a loss trains with: the place of a label among the classes trained on, −1
    for a class left out. ``trained`` (m,) int64 are the positions of the images of the former, None for all.
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
        """Number of images of the classes trained on."""
        return len(self) if self.trained is None else len(self.trained)

    def of_trained(self, values: Tensor) -> Tensor:
        """Return the rows (m, …) of ``values`` (n, …) that belong to classes trained on."""
        return values if self.trained is None else values[self.trained]


class ResidentData(NamedTuple):
    """Both splits on the device, of ``num_classes`` classes, of which ``classes`` are trained on."""

    train: Split
    test: Split
    num_classes: int
    classes: tuple[int, ...]


def load_resident(config: DataConfig, device: torch.device) -> ResidentData:
    """Load the data set of a configuration to the device.

    Raises
    ------
    DatasetError
        If it cannot be read.
    """
    dataset = _load(config.source, config.classes, config.subset)
    count, classes = dataset.num_classes, config.trained
    train, test = (_to(images, count, classes, device) for images in (dataset.train, dataset.test))
    return ResidentData(train, test, count, classes)


@lru_cache(maxsize=1)
def _load(source: str, classes: int, subset: int) -> Dataset:
    """Read a data set; the last one is cached, so that a restart need not read it again."""
    return load_dataset(source, classes, subset)


def images_to_device(images: NDArray[np.generic], data: ResidentData, device: torch.device) -> Tensor:
    """Copy images (n, height, width) uint8 to the device.

    Raises
    ------
    ValueError
        If their size or type is not that of the data set.
    """
    size = tuple(data.test.images.shape[1:])
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != size:
        raise ValueError(
            f"images of shape {images.shape} and type {images.dtype} are not bytes of (n, {size[0]}, "
            f"{size[1]})"
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
