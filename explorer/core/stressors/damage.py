"""Damage: which images are blurred, noisy, occluded or of low contrast, how strongly, and how they look.

Each function takes NumPy arrays and torch tensors alike: the trainer damages batches on its device, and the
window pictures that it shows. ``xp`` is the module of the arrays.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.core.settings.stressors import DAMAGES, StressorConfig
from explorer.core.stressors.draws import BITS, Integers, Purpose, below, chosen, drawn, hashed, key_of, mixed

NONE = -1
"""Number of the damage of an image that has none; others are places in `DAMAGES`."""
_BLUR = 0.15
"""Standard deviation of the strongest blur, by the height of the image."""
_NOISE = 128.0
_GREY = 128.0
_BYTES_MEAN, _BYTES_SPREAD = 510.0, 147.8
"""Mean and standard deviation of the sum of four random bytes, which is close to normal."""
_LEAST = 1e-3
"""Pixels of blur that change nothing; a division by 0 would."""

Array = Any
"""NumPy array or torch tensor."""


class Fate(NamedTuple):
    """What happens to n images: the number of the damage (n,), `NONE` for none, and its strength (n,)."""

    kind: Array
    strength: Array


class Draws(NamedTuple):
    """Random bits (n,) of each image for its noise, and the place of its patch (n,), from 0 to 1."""

    noise: Integers
    top: Array
    left: Array


class Limits(NamedTuple):
    """Fraction of damaged images and largest strength of each of `DAMAGES` (4,), as arrays or tensors.

    ``active`` are the numbers of the kinds whose strength is not 0, as a tuple and as an array.
    """

    share: Array
    strengths: Array
    active: tuple[int, ...]
    places: Array


def active_kinds(config: StressorConfig) -> tuple[int, ...]:
    """Return the numbers of the kinds of damage that some images have."""
    return tuple(number for number, strength in enumerate(config.strengths) if strength > 0)


def limits_of(config: StressorConfig) -> Limits:
    """Return the limits for the window."""
    active = active_kinds(config)
    return Limits(config.damaged, np.array(config.strengths, np.float32), active, np.array(active, np.int64))


def fate_of(xp: Any, seed: int, split: int, indices: Integers, limits: Limits) -> Fate:
    """Return what happens to the images of a split at ``indices`` (n,), where some damage is active."""
    damaged = below(key_of(seed, split, Purpose.IS_DAMAGED), indices, limits.share)
    kind = limits.places[chosen(key_of(seed, split, Purpose.DAMAGE), indices, len(limits.active))]
    part = (drawn(key_of(seed, split, Purpose.STRENGTH), indices) + 1) / float(1 << BITS)
    strength = part * limits.strengths[kind]
    return Fate(xp.where(damaged, kind, NONE), xp.where(damaged, strength, strength * 0))


def damaged_pixels(
    xp: Any, pixels: Array, rows: Array, columns: Array, fate: Fate, draws: Draws, active: tuple[int, ...]
) -> Array:
    """Return damaged images.

    Parameters
    ----------
    xp : module
        `numpy` or `torch`.
    pixels : (n, height, width, channels) float32
        Values from 0 to 255.
    rows, columns : (height,) and (width,) int64
        Their numbers from 0 on.
    fate : Fate
        Damage and strength of each image.
    draws : Draws
        Further random numbers of each image.
    active : tuple of int
        Kinds of damage that occur.

    Returns
    -------
    (n, height, width, channels) float32
        Values from 0 to 255 that are whole numbers.
    """
    strength = fate.strength[:, None, None, None]
    result = pixels
    for number in active:
        match DAMAGES[number]:
            case "blur":
                changed = _blurred(xp, pixels, rows, columns, fate.strength)
            case "noise":
                changed = pixels + strength * _NOISE * _noise(draws, rows, columns)
            case "occlusion":
                hidden = _hidden(draws, rows, columns, fate.strength)[..., None]
                changed = xp.where(hidden, _GREY, pixels)
            case _:
                mean = pixels.mean((1, 2, 3))[:, None, None, None]
                changed = mean + (pixels - mean) * (1 - strength)
        result = xp.where((fate.kind == number)[:, None, None, None], changed, result)
    return xp.floor(result.clip(0, 255) + 0.5)


def draws_of(seed: int, split: int, indices: Integers) -> Draws:
    """Return what `damaged_pixels` draws for the images of a split at ``indices`` (n,)."""
    top, left = (
        drawn(key_of(seed, split, purpose), indices) / float(1 << BITS)
        for purpose in (Purpose.TOP, Purpose.LEFT)
    )
    return Draws(hashed(key_of(seed, split, Purpose.NOISE), indices), top, left)


def damaged_images(
    pixels: NDArray[np.uint8], seed: int, split: int, indices: NDArray[np.integer], config: StressorConfig
) -> NDArray[np.uint8]:
    """Return images (n, height, width) or (n, height, width, 3) as the trainer damages them.

    They are the images of a split at ``indices`` (n,). Float sums are rounded in another order than on the
    device, so that a grey value may differ by one.
    """
    limits = limits_of(config)
    if not limits.active or not len(pixels):
        return pixels
    where = indices.astype(np.int64)
    fate = fate_of(np, seed, split, where, limits)
    touched = np.flatnonzero(fate.kind != NONE)
    result = pixels.copy()
    fate = Fate(fate.kind[touched], fate.strength[touched].astype(np.float32))
    shape = pixels[touched].shape
    values = pixels[touched].reshape(*shape[:3], -1).astype(np.float32)
    rows, columns = (np.arange(side) for side in shape[1:3])
    draws = draws_of(seed, split, where[touched])
    changed = damaged_pixels(np, values, rows, columns, fate, draws, limits.active)
    result[touched] = changed.reshape(shape).astype(np.uint8)
    return result


def damaged_splits(
    pixels: NDArray[np.uint8],
    seed: int,
    splits: NDArray[np.integer],
    indices: NDArray[np.integer],
    config: StressorConfig,
) -> NDArray[np.uint8]:
    """Return images (n, …) as `damaged_images`; each is at its index (n,) in its split (n,)."""
    result = pixels.copy()
    for split in set(splits.tolist()):
        rows = splits == split
        result[rows] = damaged_images(pixels[rows], seed, split, indices[rows], config)
    return result


def _blurred(xp: Any, pixels: Array, rows: Array, columns: Array, strength: Array) -> Array:
    """Return images convolved with a Gaussian of their own; its weights sum to 1 at the borders as well."""
    deviation = (strength * _BLUR * len(rows)).clip(_LEAST)[:, None, None]
    down, across = (_weights(xp, places, deviation) for places in (rows, columns))
    return xp.einsum("nij,njkc->nikc", down, xp.einsum("nij,nkjc->nkic", across, pixels))


def _weights(xp: Any, places: Array, deviation: Array) -> Array:
    """Return the weight (n, side, side) with which each place takes part in each other."""
    distance = (places[:, None] - places[None, :]) / deviation
    weights = xp.exp(distance**2 * -0.5)
    return weights / weights.sum(-1)[..., None]


def _noise(draws: Draws, rows: Array, columns: Array) -> Array:
    """Return numbers (n, height, width, 1) that are nearly normal, with mean 0 and deviation 1."""
    place = (rows[:, None] * len(columns) + columns)[None]
    bits = mixed((draws.noise[:, None, None] + place) & 0xFFFFFFFF)
    total = (bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24)
    return ((total - _BYTES_MEAN) / _BYTES_SPREAD)[..., None]


def _hidden(draws: Draws, rows: Array, columns: Array, strength: Array) -> Array:
    """Return which pixels (n, height, width) are behind a patch, whose place is random within the image."""
    inside = []
    for places, start in ((rows, draws.top), (columns, draws.left)):
        side = strength * len(places)
        first = (start * (len(places) - side))[:, None]
        inside.append((places + 0.5 >= first) & (places + 0.5 <= first + side[:, None]))
    return inside[0][:, :, None] & inside[1][:, None, :]
