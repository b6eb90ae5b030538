"""Data sets that are computed: a bright spot in a dark image, whose place follows a known geometry."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from explorer.core.data.dataset import RawDataset, RawSplit
from explorer.core.data.known import MADE_UP
from explorer.core.texts import _, text

_TRAINING, _TEST = 6000, 1000
_SIDE = 28
_SPOT = 1.5
"""Standard deviation of the spot, in pixels."""
_REACH = 10.0
"""Pixels between the centre of the image and the places farthest from it."""
_CLASSES = {"rings": 4, "blobs": 6, "spirals": 3}
_SEED = 0
VERSION = "1"
"""Part of the digest: raised when the images change."""


def made_up(kind: str) -> RawDataset:
    """Return the data set of a kind of `MADE_UP`; the same images every time.

    ``rings``: four rings around the centre. ``blobs``: six round clusters on a circle. ``spirals``: three
    arms that wind around the centre by half a turn.
    """
    random = np.random.default_rng(_SEED)
    train, test = (_split(kind, count, random) for count in (_TRAINING, _TEST))
    note = text("Synthetic: each image is a bright spot whose position determines the class.")
    return RawDataset(train, test, _(MADE_UP[kind]), notes=(note,))


def places(kind: str, labels: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.float64]:
    """Return a place (n, 2) in the unit disc for each label (n,)."""
    count, classes = len(labels), _CLASSES[kind]
    noise = random.normal(0.0, 1.0, (count, 2))
    along = random.random(count)
    if kind == "rings":
        radius = (labels + 0.5) / classes + 0.03 * noise[:, 0]
        angle = 2 * math.pi * along
    elif kind == "spirals":
        radius = 0.15 + 0.8 * along
        angle = 2 * math.pi * labels / classes + math.pi * along + 0.05 * noise[:, 0]
    else:
        angle = 2 * math.pi * labels / classes
        centres = 0.7 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        blobs: NDArray[np.float64] = centres + 0.1 * noise
        return blobs
    result: NDArray[np.float64] = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return result


def _split(kind: str, count: int, random: np.random.Generator) -> RawSplit:
    labels = np.arange(count, dtype=np.int64) % _CLASSES[kind]
    at = _SIDE / 2 - 0.5 + _REACH * places(kind, labels, random)
    pixels = np.arange(_SIDE)
    across, down = (np.exp(-((pixels - at[:, i, None]) ** 2) / (2 * _SPOT**2)) for i in (0, 1))
    images = np.round(255 * down[:, :, None] * across[:, None, :]).astype(np.uint8)
    return RawSplit(images, labels, kind)
