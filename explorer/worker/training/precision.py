"""Forward: evaluates the network in the precision that suits the device."""

from __future__ import annotations

import torch
from torch import Tensor, nn

_CHUNK = {"cuda": 5000}
_OTHER_CHUNK = 250
"""Images that are embedded at once without training: many for a GPU to be busy, few for a core's cache."""


class Forward:
    """Computes features (n, d) from images (n, height, width), for training and for frames alike.

    On CUDA the network runs in bfloat16 under autocast, except for the last linear layer, which is float32:
    features with eight significant bits would lie on a visible grid. On other devices everything is float32.
    """

    def __init__(self, network: nn.Sequential, device: torch.device) -> None:
        self._network = network
        self._chunk = _CHUNK.get(device.type, _OTHER_CHUNK)
        self._mixed = device.type == "cuda"
        last = max(place for place, layer in enumerate(network) if isinstance(layer, nn.Linear))
        self._trunk, self._head = network[:last], network[last:]

    def __call__(self, images: Tensor) -> Tensor:
        """Return the features."""
        if not self._mixed:
            features: Tensor = self._network(images)
            return features
        # Each weight is used once per step: a cache of bfloat16 copies is useless, and would outlive a
        # capture.
        with torch.autocast(images.device.type, torch.bfloat16, cache_enabled=False):
            hidden = self._trunk(images)
        features = self._head(hidden.float())
        return features

    @torch.no_grad()
    def embed(self, images: Tensor) -> Tensor:
        """Return the features (n, d) float32 of images (n, height, width) on the device, without training."""
        self._network.eval()
        parts = [self(part) for part in torch.split(images, self._chunk)]
        return torch.cat(parts).float()
