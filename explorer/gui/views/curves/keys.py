"""Where the commands of the curves take their cursor."""

from __future__ import annotations

from collections.abc import Sequence

_FAR = 10
"""Strides of a command that goes far."""


def row_of_command(command: str, row: int, last: int, stride: int, marks: Sequence[int]) -> int | None:
    """Return the row from 0 to ``last`` to which a command moves from ``row``; None where it moves nothing.

    ``marks`` are the rows at which settings changed.
    """
    match command:
        case "curves.back":
            return max(0, row - stride)
        case "curves.forward":
            return min(last, row + stride)
        case "curves.far-back":
            return max(0, row - _FAR * stride)
        case "curves.far-forward":
            return min(last, row + _FAR * stride)
        case "curves.first":
            return 0
        case "curves.last":
            return last
        case "curves.previous-change":
            return max((mark for mark in marks if mark < row), default=row)
        case "curves.next-change":
            return min((mark for mark in marks if mark > row), default=row)
        case _:
            return None
