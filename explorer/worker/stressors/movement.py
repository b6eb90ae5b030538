"""Movement: training images shifted and turned at random, another way at each step."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from explorer.core.protocol.messages import TRAIN
from explorer.core.stressors.draws import BITS, Purpose, drawn, key_of, mixed


def moved(
    images: Tensor, index: Tensor, step: int | Tensor, seed: int, shift: Tensor, angle: Tensor
) -> Tensor:
    """Return images that are turned about their centre and then shifted, each by numbers of its own.

    Parameters
    ----------
    images : Tensor (b, channels, height, width) float32
        The images; where they leave the picture, black comes in.
    index : Tensor (b,) int64
        Positions of the images in the training set.
    step : int or Tensor
        Number of the step: at each one the same image is moved otherwise.
    seed : int
        Seed of the run.
    shift, angle : Tensor, 0-dim
        Maximum shift as a fraction of the height and width, and maximum angle in radians.
    """
    down, right, turn = (
        2 * drawn(mixed(mixed(step) ^ key_of(seed, TRAIN, purpose)), index) / float(1 << BITS) - 1
        for purpose in (Purpose.SHIFT_DOWN, Purpose.SHIFT_RIGHT, Purpose.ROTATION)
    )
    cos, sin = torch.cos(turn * angle), torch.sin(turn * angle)
    # The grid of torch runs from -1 to 1 over a side, so that a shift by a whole side is 2. It says where
    # each pixel of the result comes from: the inverse, a shift back and then a turn back.
    x, y = -2 * right * shift, -2 * down * shift
    theta = torch.stack([cos, sin, cos * x + sin * y, -sin, cos, cos * y - sin * x], dim=1).view(-1, 2, 3)
    grid = affine_grid(theta, list(images.shape), align_corners=False)
    return grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
