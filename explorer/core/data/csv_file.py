"""Data sets in .csv files: a label and the pixels of a square grey image in each row."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.core.data.dataset import Bytes, DatasetError, Progress, RawDataset, RawSplit
from explorer.core.data.known import known_as, recognised, upright
from explorer.core.data.limits import MOST_LABEL, MOST_SIDE, require_memory

_LABEL = "label"
_BLOCK = 1 << 20
"""Bytes of text that are read at once: NumPy holds up all threads while it reads the numbers in them."""
_MOST = 255
_LONG = 9
_LONGEST = 1 << 20
"""Bytes of a row: the largest images need less than half of it."""
_PLAIN = b"0123456789, \t\r\n"
"""What a row of numbers consists of; of points and exponents, some releases of NumPy make whole numbers."""


def read_csv(path: Path, progress: Progress) -> RawDataset:
    """Return the data set of a file: the label is the first column, or the one whose header is ``label``.

    Raises
    ------
    DatasetError
        If a row has another number of columns, or a value is not a whole number in range.
    """
    try:
        with path.open("rb") as file:
            return _read(path, file, path.stat().st_size, progress)
    except OSError as error:
        raise DatasetError("Cannot read {file}: {error}.", file=path, error=error) from None


def _read(path: Path, file: io.BufferedReader, size: int, progress: Progress) -> RawDataset:
    columns, column, first_row = _columns(path, file)
    side = round((columns - 1) ** 0.5)
    if columns < 2 or side * side != columns - 1:
        raise DatasetError(
            "{file}: {count:,} columns besides the label are not the pixels of a square image.",
            file=path,
            count=max(columns - 1, 0),
        )
    blocks: list[tuple[Bytes, NDArray[np.int64]]] = []
    row, kept = first_row, 0
    while lines := _lines(path, file, row):
        values = _numbers(path, lines, columns, column, row)
        row += len(lines)
        if len(values):
            labels = values[:, column].astype(np.int64)
            blocks.append((np.delete(values, column, axis=1).astype(np.uint8), labels))
            kept += blocks[-1][0].nbytes
            require_memory(kept, path)
        progress(file.tell(), size)
    if not blocks:
        raise DatasetError("{file}: there are no images.", file=path)
    pixels = np.concatenate([block for block, _ in blocks]).reshape(-1, side, side)
    labels = np.concatenate([labels for _, labels in blocks])
    known = recognised(path.stem, 0)
    raw = RawDataset(RawSplit(pixels, labels, path, first_row), None, path.stem)
    return known_as(upright(raw, known, path.stem), known)


def _columns(path: Path, file: io.BufferedReader) -> tuple[int, int, int]:
    """Return the number of columns, that of the label, and the number of the first row of values from 1."""
    first = file.readline(_LONGEST)
    _require_length(path, 1, first)
    start = first.decode("utf-8-sig", "replace").strip()
    names = [name.strip().strip('"').casefold() for name in start.split(",")]
    if _is_number(names[0]) and _is_number(names[-1]):
        file.seek(0)
        return len(names), 0, 1
    if _LABEL not in names and not names[0].startswith(_LABEL):
        raise DatasetError(
            "{file}: row 1 is neither numbers nor a header with a column named label.", file=path
        )
    return len(names), names.index(_LABEL) if _LABEL in names else 0, 2


def _lines(path: Path, file: io.BufferedReader, row: int) -> list[bytes]:
    """Return the next rows, of which the first has this number; none at the end of the file."""
    block = file.read(_BLOCK)
    if not block:
        return []
    lines = (block + file.readline(_LONGEST)).removesuffix(b"\n").split(b"\n")
    for number, line in enumerate(lines, row):
        _require_length(path, number, line)
    return lines


def _require_length(path: Path, row: int, line: bytes) -> None:
    if len(line) >= _LONGEST:
        raise DatasetError(
            "{file}: row {row:,} is too long; images have at most {most}×{most} pixels.",
            file=path,
            row=row,
            most=MOST_SIDE,
        )


def _is_number(word: str) -> bool:
    return word.strip().lstrip("-").isdecimal() and word.isascii()


def _numbers(path: Path, lines: list[bytes], columns: int, column: int, first: int) -> NDArray[np.int32]:
    """Return the values (m, columns) of some rows, the first of which has this number, without blank ones."""
    filled = [(first + i, line) for i, line in enumerate(lines) if line.strip()]
    if not filled:
        return np.empty((0, columns), np.int32)
    if filled[0][0] == 1:
        filled[0] = (1, filled[0][1].removeprefix(b"\xef\xbb\xbf"))
    values = _plain_numbers([line for _, line in filled])
    if values is None or values.shape[1] != columns or not _in_range(values, column):
        values = np.array([_row(path, row, line, columns, column) for row, line in filled], np.int32)
    return values


def _plain_numbers(lines: list[bytes]) -> NDArray[np.int32] | None:
    """Return the values of rows of digits, None where a row has anything else or another length."""
    if any(line.translate(None, _PLAIN) for line in lines):
        return None
    try:
        return np.loadtxt(
            [line.decode("ascii") for line in lines], dtype=np.int32, delimiter=",", comments=None, ndmin=2
        )
    except (ValueError, OverflowError):
        return None


def _in_range(values: NDArray[np.int32], column: int) -> bool:
    most = np.full(values.shape[1], _MOST)
    most[column] = MOST_LABEL
    return bool((values.max(axis=0) <= most).all())


def _row(path: Path, row: int, line: bytes, columns: int, column: int) -> list[int]:
    """Return the values of one row; says what is wrong with it."""
    cells = line.decode("utf-8", "replace").strip().split(",")
    if len(cells) != columns:
        raise DatasetError(
            "{file}: row {row:,} has {found:,} columns, not {expected:,}.",
            file=path,
            row=row,
            found=len(cells),
            expected=columns,
        )
    values = []
    for place, cell in enumerate(cells):
        word, most = cell.strip().strip('"'), MOST_LABEL if place == column else _MOST
        if not (word.isascii() and word.isdecimal() and len(word) < _LONG and int(word) <= most):
            raise DatasetError(
                "{file}: row {row:,}: {value!r} is not a whole number from 0 to {most:,}.",
                file=path,
                row=row,
                value=cell.strip()[:20],
                most=most,
            )
        values.append(int(word))
    return values
