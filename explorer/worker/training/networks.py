"""The networks: from uint8 images (n, height, width) or (n, height, width, 3) to features (n, d)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

import torch
from torch import Tensor, nn

from explorer.core.settings.config import NetworkConfig


class Pixels(nn.Module):
    """Converts bytes (n, height, width) or (n, height, width, 3) to channels of normalised values."""

    def __init__(self, mean: float, spread: float) -> None:
        super().__init__()
        self.mean, self.spread = mean, spread

    def forward(self, images: Tensor) -> Tensor:
        """Return (n, channels, height, width) in the default float type, channels last."""
        planes = images.unsqueeze(1) if images.ndim == 3 else images.movedim(3, 1)
        values = planes.to(torch.get_default_dtype())
        return values.sub_(self.mean).div_(self.spread).contiguous(memory_format=torch.channels_last)


def build_network(
    config: NetworkConfig, size: tuple[int, int, int], mean: float, spread: float
) -> nn.Sequential:
    """Return a new network, initialised from the global generator of torch.

    Parameters
    ----------
    config : NetworkConfig
        Its kind, and the dimension of its features.
    size : tuple of int
        Channels, height and width of the images.
    mean, spread : float
        Mean and standard deviation of their bytes.
    """
    layers = list(_NETWORKS[config.name](size, mean, spread, config.dim))
    if config.relu:
        layers.append(nn.ReLU())
    network = nn.Sequential(*layers)
    nn.utils.convert_conv2d_weight_memory_format(network, torch.channels_last)
    return network


def _compact(size: tuple[int, int, int], mean: float, spread: float, dim: int) -> Iterator[nn.Module]:
    """Yield strided convolutions and a hidden layer: small enough for two CPU cores.

    There are three convolutions for images of 28×28 pixels, more for large ones, so that the hidden layer has
    few inputs. The first one has no padding, because the border of most small images is empty; that saves a
    quarter of the work of all layers after it.
    """
    yield Pixels(mean, spread)
    channels, height, width = size
    filters, side, padding = 16, 5, 0
    while filters <= 64 or min(height, width) >= 8:
        out = min(filters, 64)
        yield nn.Conv2d(channels, out, side, stride=2, padding=padding, bias=False)
        yield nn.BatchNorm2d(out)
        yield nn.ReLU(inplace=True)
        channels = out
        height, width = ((length + 2 * padding - side) // 2 + 1 for length in (height, width))
        filters, side, padding = 2 * filters, 3, 1
    yield nn.Flatten()
    yield nn.Linear(channels * height * width, 64, bias=False)
    yield nn.BatchNorm1d(64)
    yield nn.ReLU(inplace=True)
    yield nn.Linear(64, dim)


def _lenet_plus_plus(
    size: tuple[int, int, int], _mean: float, _spread: float, dim: int
) -> Iterator[nn.Module]:
    """Yield LeNets++ of Wen et al. 2016, table 1: three pairs of 5×5 convolutions, PReLU throughout.

    It scales all images alike, as the paper does.
    """
    yield Pixels(mean=127.5, spread=128.0)
    channels, height, width = size
    for out in (32, 64, 128):
        for _ in range(2):
            yield nn.Conv2d(channels, out, 5, padding=2)
            yield nn.PReLU()
            channels = out
        yield nn.MaxPool2d(2)
        height, width = height // 2, width // 2
    yield nn.Flatten()
    yield nn.Linear(channels * height * width, dim)
    yield nn.PReLU()


def _mlp(size: tuple[int, int, int], mean: float, spread: float, dim: int) -> Iterator[nn.Module]:
    """Yield two hidden layers of 256 units."""
    yield Pixels(mean, spread)
    yield nn.Flatten()
    inputs = prod(size)
    for units in (256, 256):
        yield nn.Linear(inputs, units, bias=False)
        yield nn.BatchNorm1d(units)
        yield nn.PReLU(units)
        inputs = units
    yield nn.Linear(inputs, dim)


_NETWORKS: dict[str, Callable[[tuple[int, int, int], float, float, int], Iterator[nn.Module]]] = {
    "compact": _compact,
    "lenet++": _lenet_plus_plus,
    "mlp": _mlp,
}
