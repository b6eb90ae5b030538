"""IDX files, plain or gzipped.

The format is described on the MNIST page of LeCun, Cortes and Burges: two zero bytes, the type (8 for
unsigned byte, 12 for 32-bit integer), the number of dimensions, each dimension as a 32-bit big-endian number,
then the values.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from explorer.core.data.dataset import Bytes, DatasetError, Progress, no_progress
from explorer.core.data.limits import require_memory
from explorer.core.texts import plural

_UNSIGNED_BYTE, _INTEGER = 8, 12
_TYPES: dict[int, np.dtype[Any]] = {_UNSIGNED_BYTE: np.dtype(np.uint8), _INTEGER: np.dtype(">i4")}
_CHUNK = 1 << 18
"""Bytes that are read at once: few, so that a slow disk shows progress."""


def read_idx(path: Path, dimensions: int, progress: Progress = no_progress) -> Bytes:
    """Return the unsigned bytes in an IDX file, in its shape; the array cannot be written to.

    Raises
    ------
    DatasetError
        If the file cannot be read, is not an IDX file of unsigned bytes with ``dimensions`` dimensions, or
        its length does not match its header.
    """
    return cast(Bytes, _read(path, (dimensions,), (_UNSIGNED_BYTE,), progress))


def read_labels(path: Path) -> NDArray[np.int64]:
    """Return the labels (n,) in an IDX file; of several columns, as QMNIST has them, the first one.

    Raises
    ------
    DatasetError
        As `read_idx`; integers are understood as well.
    """
    values = _read(path, (1, 2), (_UNSIGNED_BYTE, _INTEGER), no_progress)
    if values.ndim == 2 and not values.shape[1]:
        raise DatasetError("{file}: there are no columns.", file=path)
    return (values if values.ndim == 1 else values[:, 0]).astype(np.int64)


def _read(
    path: Path, dimensions: tuple[int, ...], types: tuple[int, ...], progress: Progress
) -> NDArray[np.generic]:
    try:
        size = path.stat().st_size
        with path.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            file = cast(BinaryIO, gzip.GzipFile(fileobj=plain)) if packed else plain
            shape, kind = _header(path, file, dimensions, types)
            data = _body(path, file, prod(shape) * kind.itemsize, lambda: progress(plain.tell(), size))
            result: NDArray[np.generic] = data.view(kind).reshape(shape)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None
    result.flags.writeable = False
    return result


def _header(
    path: Path, file: BinaryIO, dimensions: tuple[int, ...], types: tuple[int, ...]
) -> tuple[tuple[int, ...], np.dtype[Any]]:
    start = file.read(4)
    if len(start) < 4:
        raise DatasetError(
            plural(
                "{file}: truncated: {count} byte is too short for an IDX header.",
                "{file}: truncated: {count} bytes are too short for an IDX header.",
                count=len(start),
                file=path,
            )
        )
    zeros, kind, rank = struct.unpack(">HBB", start)
    if zeros or kind not in types:
        raise DatasetError(
            "{file}: wrong magic number {number}: not an IDX file of unsigned bytes.",
            file=path,
            number=start.hex(),
        )
    if rank not in dimensions:
        raise DatasetError(
            "{file}: {found}-dimensional data where {expected}-dimensional data is expected.",
            file=path,
            found=rank,
            expected=dimensions[0],
        )
    sides = file.read(4 * rank)
    if len(sides) < 4 * rank:
        raise DatasetError("{file}: truncated within its header.", file=path)
    return struct.unpack(f">{rank}I", sides), _TYPES[kind]


def _body(path: Path, file: BinaryIO, expected: int, tell: Callable[[], None]) -> Bytes:
    """Return what follows the header; a gzipped file that unpacks to more than it says is not kept."""
    require_memory(expected, path)
    data = np.empty(expected, np.uint8)  # a bytearray would be filled with zeros, and hold up all threads
    view, done = data.data, 0
    while count := file.readinto(view[done : done + _CHUNK]):  # type: ignore[attr-defined]  # not in BinaryIO
        done += count
        tell()
    if done < expected:
        raise DatasetError(
            "{file}: truncated: only {found:,} of {expected:,} values.",
            file=path,
            found=done,
            expected=expected,
        )
    surplus = 0
    while more := file.read(_CHUNK):
        surplus += len(more)
        tell()
    if surplus:
        raise DatasetError(
            plural(
                "{file}: {count:,} byte too many after the last value.",
                "{file}: {count:,} bytes too many after the last value.",
                count=surplus,
                file=path,
            )
        )
    return data
