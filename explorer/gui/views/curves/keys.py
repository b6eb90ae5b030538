"""Where the keys take the cursor of the curves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt


def row_of_key(key: int, row: int, last: int, stride: int, marks: Sequence[int]) -> int | None:
    """Return the row from 0 to ``last`` to which a `Qt.Key` moves from ``row``; None where it moves nothing.

    Arrows go a ``stride``, Page Up and Page Down to the row of the mark before and after, Home and End to the
    ends.
    """
    keys = Qt.Key
    match key:
        case keys.Key_Left:
            return max(0, row - stride)
        case keys.Key_Right:
            return min(last, row + stride)
        case keys.Key_Home:
            return 0
        case keys.Key_End:
            return last
        case keys.Key_PageUp:
            return max((mark for mark in marks if mark < row), default=row)
        case keys.Key_PageDown:
            return min((mark for mark in marks if mark > row), default=row)
        case _:
            return None
