"""Sets of classes as text: numbers and ranges, such as ``3,5-9``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from explorer.core.texts import _, ngettext

MOST_CLASSES = 1000
"""Most classes of a data set."""
_MOST_NAMED = 6

_ITEM = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")
_AROUND_DASH, _SEPARATORS = re.compile(r"\s*[-–]\s*"), re.compile(r"[\s,;，、]+")


def parse_classes(written: object) -> frozenset[int]:
    """Return the classes of a text such as ``"3,5-9"``, or of a list of numbers.

    Raises
    ------
    ValueError
        If it is neither, or names a class beyond `MOST_CLASSES`.
    """
    if isinstance(written, str):
        items = _SEPARATORS.split(_AROUND_DASH.sub("-", written))
        return frozenset(label for item in items if item for label in _range(item))
    if not isinstance(written, list | tuple | set | frozenset):
        raise ValueError("not a list of classes")
    labels = list(written)
    if not all(isinstance(label, int) and not isinstance(label, bool) for label in labels):
        raise ValueError("not whole numbers")
    if not all(0 <= label < MOST_CLASSES for label in labels):
        raise ValueError("not a class")
    return frozenset(labels)


def classes_text(classes: Iterable[int]) -> str:
    """Return the shortest text of these classes, which `parse_classes` reads: three in a row are a range."""
    runs: list[tuple[int, int]] = []
    for label in sorted(classes):
        if runs and label == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], label
        else:
            runs.append((label, label))
    return ",".join(
        f"{first}-{last}" if last > first + 1 else ",".join(map(str, range(first, last + 1)))
        for first, last in runs
    )


def named_classes(classes: Iterable[int], names: Sequence[str]) -> str:
    """Return the names of these classes: the first few of many, and `classes_text` where they are numbers.

    ``names`` (C,) is empty for a data set that has none.
    """
    labels = sorted(classes)
    if not names or all(names[label] == str(label) for label in labels):
        return classes_text(labels)
    listed = _(", ").join(names[label] for label in labels[:_MOST_NAMED])
    more = len(labels) - _MOST_NAMED
    if more <= 0:
        return listed
    words = ngettext("{names} and {count:,} more", "{names} and {count:,} more", more)
    return words.format(names=listed, count=more)


def _range(item: str) -> range:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(f"not a class or range: {item!r}")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first or last >= MOST_CLASSES:
        raise ValueError(f"not a range of classes: {item!r}")
    return range(first, last + 1)
