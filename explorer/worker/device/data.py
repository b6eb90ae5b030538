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


class Split(NamedTuple):
    """Images (n, height, width) uint8 and labels (n,) int64, on the device."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        """Return the number of images."""
        return self.labels.shape[0]


class ResidentData(NamedTuple):
    """Both splits on the device."""

    train: Split
    test: Split
    num_classes: int


def load_resident(config: DataConfig, device: torch.device) -> ResidentData:
    """Load the data set of a configuration to the device.

    Raises
    ------
    DatasetError
        If it cannot be read.
    """
    dataset = _load(config.source, config.classes, config.subset)
    return ResidentData(_to(dataset.train, device), _to(dataset.test, device), dataset.num_classes)


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


def _to(images: Images, device: torch.device) -> Split:
    pixels = torch.from_numpy(np.array(images.pixels))
    return Split(pixels.to(device), torch.from_numpy(images.labels.astype(np.int64)).to(device))
