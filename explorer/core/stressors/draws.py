"""Draws: random numbers of an image that depend on the seed and its place in the data set, and nothing else.

They are hashes rather than the output of a generator. So a stressor takes nothing from the random numbers of
a run, a restored run has the same ones without a state to keep, and the window finds out what happened to an
image without asking the trainer.

Each function takes NumPy arrays and torch tensors alike, and gives the same numbers for both: they are
integers that stay below 2⁶³.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

Integers = Any
"""int, NumPy array int64 or torch tensor int64, with values from 0 to 2³² - 1."""
BITS = 24
"""Length of a draw: float32 has all integers of so many bits."""
_MASK = 0xFFFFFFFF
_FIRST, _SECOND = 0x21F0AAAD, 0x735A2D97
"""Multipliers below 2³¹ with little bias: https://github.com/skeeto/hash-prospector/issues/19."""


class Purpose(IntEnum):
    """What a number is drawn for. Recorded runs depend on these values: add others at the end only."""

    IS_WRONG = 1
    WRONG_LABEL = 2
    IS_DAMAGED = 3
    DAMAGE = 4
    STRENGTH = 5
    NOISE = 6
    TOP = 7
    LEFT = 8
    SHIFT_DOWN = 9
    SHIFT_RIGHT = 10
    ROTATION = 11
    KEPT = 12


def mixed(value: Integers) -> Integers:
    """Return a hash of integers: a permutation of 32 bits."""
    value = ((value ^ (value >> 16)) * _FIRST) & _MASK
    value = ((value ^ (value >> 15)) * _SECOND) & _MASK
    return value ^ (value >> 15)


def key_of(seed: int, split: int, purpose: Purpose) -> int:
    """Return the key of the draws for a purpose, of the images of a split."""
    key: int = mixed(mixed(mixed(seed & _MASK) ^ split) ^ int(purpose))
    return key


def hashed(key: Integers, index: Integers) -> Integers:
    """Return 32 random bits for each of some indices."""
    return mixed(mixed(index & _MASK) ^ key)


def drawn(key: Integers, index: Integers) -> Integers:
    """Return a random integer from 0 to 2²⁴ - 1 for each of some indices."""
    return hashed(key, index) >> (32 - BITS)


def below(key: Integers, index: Integers, share: Any) -> Any:
    """Return for each index whether it is among a share of all, which may be a 0-dim tensor."""
    return drawn(key, index) < share * float(1 << BITS)


def chosen(key: Integers, index: Integers, count: int) -> Integers:
    """Return a random integer from 0 to ``count`` - 1 for each of some indices."""
    return (drawn(key, index) * count) >> BITS
