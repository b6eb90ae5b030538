"""The networks: from uint8 images (n, height, width) to features (n, d)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from explorer.core.settings.config import NetworkConfig


class Pixels(nn.Module):
    """Converts bytes (n, height, width) to one channel of normalised values."""

    def __init__(self, mean: float, spread: float) -> None:
        super().__init__()
        self.mean, self.spread = mean, spread

    def forward(self, images: Tensor) -> Tensor:
        """Return (n, 1, height, width) in the default float type, channels last."""
        values = images.unsqueeze(1).to(torch.get_default_dtype())
        return values.sub_(self.mean).div_(self.spread).contiguous(memory_format=torch.channels_last)


def build_network(config: NetworkConfig, height: int, width: int) -> nn.Sequential:
    """Return a new network for images of this size, initialised from the global generator of torch."""
    layers = list(_NETWORKS[config.name](height, width, config.dim))
    if config.relu:
        layers.append(nn.ReLU())
    network = nn.Sequential(*layers)
    nn.utils.convert_conv2d_weight_memory_format(network, torch.channels_last)
    return network


def _compact(height: int, width: int, dim: int) -> Iterator[nn.Module]:
    """Yield three strided convolutions and a hidden layer: small enough for two CPU cores.

    The first convolution has no padding, because the border of a digit's image is empty; that saves a quarter
    of the work of all layers after it.
    """
    yield Pixels(mean=33.3, spread=78.6)
    channels = 1
    for size, padding, out in ((5, 0, 16), (3, 1, 32), (3, 1, 64)):
        yield nn.Conv2d(channels, out, size, stride=2, padding=padding, bias=False)
        yield nn.BatchNorm2d(out)
        yield nn.ReLU(inplace=True)
        channels = out
        height, width = ((side + 2 * padding - size) // 2 + 1 for side in (height, width))
    yield nn.Flatten()
    yield nn.Linear(channels * height * width, 64, bias=False)
    yield nn.BatchNorm1d(64)
    yield nn.ReLU(inplace=True)
    yield nn.Linear(64, dim)


def _lenet_plus_plus(height: int, width: int, dim: int) -> Iterator[nn.Module]:
    """Yield LeNets++ of Wen et al. 2016, table 1: three pairs of 5×5 convolutions, PReLU throughout."""
    yield Pixels(mean=127.5, spread=128.0)
    channels = 1
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


def _mlp(height: int, width: int, dim: int) -> Iterator[nn.Module]:
    """Yield two hidden layers of 256 units."""
    yield Pixels(mean=33.3, spread=78.6)
    yield nn.Flatten()
    inputs = height * width
    for units in (256, 256):
        yield nn.Linear(inputs, units, bias=False)
        yield nn.BatchNorm1d(units)
        yield nn.PReLU(units)
        inputs = units
    yield nn.Linear(inputs, dim)


_NETWORKS: dict[str, Callable[[int, int, int], Iterator[nn.Module]]] = {
    "compact": _compact,
    "lenet++": _lenet_plus_plus,
    "mlp": _mlp,
}
