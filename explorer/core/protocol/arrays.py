"""Array: a NumPy array in a message, validated when it is decoded."""

from __future__ import annotations

from math import prod

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

_DTYPES = {name: np.dtype(name) for name in ("<f4", "<f2", "<i4", "|u1")}


class Array(Struct, frozen=True):
    """Raw little-endian bytes of an array with its type and shape.

    Raises
    ------
    ValueError
        If the type is not supported, or the number of bytes does not match the shape.
    """

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    def __post_init__(self) -> None:
        """Validate type, shape and length."""
        if self.dtype not in _DTYPES:
            raise ValueError(f"array type {self.dtype!r} is not one of {', '.join(_DTYPES)}")
        if len(self.shape) > 4 or any(size < 0 for size in self.shape):
            raise ValueError(f"array shape {self.shape} is not possible")
        expected = prod(self.shape) * _DTYPES[self.dtype].itemsize
        if expected != len(self.data):
            raise ValueError(f"array of shape {self.shape} needs {expected} bytes, not {len(self.data)}")

    @classmethod
    def of(cls, values: NDArray[np.generic]) -> Array:
        """Return a copy of ``values``; other types than uint8 and float16 become int32 or float32."""
        kind = values.dtype.kind
        dtype = (
            "|u1"
            if values.dtype == np.uint8
            else "<i4"
            if kind in "iu"
            else "<f2"
            if values.dtype == np.float16
            else "<f4"
        )
        contiguous = np.ascontiguousarray(values, dtype=dtype)
        return cls(dtype, values.shape, contiguous.tobytes())

    def numpy(self) -> NDArray[np.float32]:
        """Return a read-only array of the values, in their type."""
        return np.frombuffer(self.data, dtype=_DTYPES[self.dtype]).reshape(self.shape)
