"""Arrays as text for a page: features as whole numbers, everything compressed, in base64.

The page inflates the text with ``DecompressionStream`` and reads the arrays at the offsets that go with it.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

_LARGEST = 2**15 - 1
NOT_FINITE = -(2**15)
"""The whole number of a coordinate that is not finite."""
_ALIGNMENT = 4
"""Bytes: JavaScript reads float32 at multiples of it only."""

Words = NDArray[np.uint16]


class Place(Struct, frozen=True):
    """Where an array begins in the bytes, and how many numbers it has."""

    offset: int
    count: int


class Packer:
    """Collects arrays by name, one after another."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self._parts: list[bytes] = []
        self._size = 0

    def add_floats(self, name: str, values: NDArray[np.floating] | Sequence[float]) -> None:
        """Add numbers as float32."""
        numbers = np.asarray(values, dtype="<f4").ravel()
        self._add(name, numbers.tobytes(), numbers.size)

    def add_words(self, name: str, values: Words) -> None:
        """Add 16-bit numbers: all their low bytes, then all their high bytes, which compresses better."""
        bytes_of = values.astype("<u2").ravel().view(np.uint8).reshape(-1, 2)
        self._add(name, np.ascontiguousarray(bytes_of.T).tobytes(), len(bytes_of))

    def text(self) -> str:
        """Return everything compressed (zlib), in base64."""
        return base64.b64encode(zlib.compress(b"".join(self._parts), 9)).decode("ascii")

    def _add(self, name: str, data: bytes, count: int) -> None:
        self.places[name] = Place(self._size, count)
        padding = -len(data) % _ALIGNMENT
        self._parts.append(data + b"\0" * padding)
        self._size += len(data) + padding


def quantised(frames: Sequence[NDArray[np.floating]]) -> tuple[Words, NDArray[np.float64]]:
    """Return features of frames (n, d) as differences between whole numbers, and the unit (T,) of each frame.

    A coordinate is its whole number times the unit of the frame, a power of two between 1 and 2 times the
    largest coordinate / 32767, so its error is at most that largest coordinate / 32767. Each frame is
    predicted by the one before, whose whole numbers are brought to its unit exactly; the differences
    (T, d, n) are taken modulo 2¹⁶.
    """
    units = np.array([_unit_of(frame) for frame in frames])
    before, unit_before = np.zeros(frames[0].T.shape), 1.0
    differences = []
    for frame, unit in zip(frames, units.tolist(), strict=True):
        known = np.isfinite(frame.T)
        numbers = np.where(known, np.floor(np.where(known, frame.T, 0) / unit + 0.5), NOT_FINITE)
        expected = np.floor(before * (unit_before / unit) + 0.5)
        differences.append(_modulo(numbers - np.clip(expected, NOT_FINITE, _LARGEST)))
        before, unit_before = np.where(known, numbers, 0), unit
    return np.stack(differences), units


def steps_between(rows: NDArray[np.integer]) -> Words:
    """Return the differences of whole numbers (T, n) from frame to frame, modulo 2¹⁶; the first from zero."""
    return _modulo(np.diff(rows, axis=0, prepend=0))


def _unit_of(frame: NDArray[np.floating]) -> float:
    finite = np.abs(frame[np.isfinite(frame)])
    largest = float(finite.max()) if finite.size else 0.0
    return 2.0 ** max(-126, math.ceil(math.log2(largest / _LARGEST))) if largest > 0 else 1.0


def _modulo(values: NDArray[np.number]) -> Words:
    return (values.astype(np.int64) & 0xFFFF).astype(np.uint16)
