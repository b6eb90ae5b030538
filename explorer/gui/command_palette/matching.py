"""What the palette finds for what is typed, best first; without Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count

from msgspec import Struct
from rapidfuzz import fuzz

_SPELLINGS = (
    ("colour", "color"),
    ("centre", "center"),
    ("grey", "gray"),
    ("normalis", "normaliz"),
    ("licence", "license"),
    ("neighbour", "neighbor"),
    ("optimis", "optimiz"),
)
"""British and American spellings of words in the program; both are found by either."""
_SEPARATORS = str.maketrans(dict.fromkeys("-_–·,.:;/()[]\"'“”", " "))
_ALIKE = 80.0
"""Least similarity in percent, as rapidfuzz measures it, at which a word counts as misspelt."""
_LEAST_MISSPELT = 4
"""Letters of the shortest word that can be misspelt: fewer are alike too often."""
_NOT_FOUND = 6


class PaletteEntry(Struct, frozen=True, kw_only=True, eq=False):
    """A line of the palette.

    Parameters
    ----------
    id : str
        By which it is remembered as used.
    title, place : str
        What it does or leads to, and where that is found otherwise, such as "View › Show".
    tip : str
        One sentence about it.
    hint : str
        What stands at the right: the shortcut, or the present value of a setting.
    words : tuple of str
        Other names by which it is found.
    enabled : bool
        Whether it can be chosen now.
    preferred : bool
        Whether it comes before others that match equally well.
    run : callable
        Does it.
    """

    id: str
    title: str
    place: str
    run: Callable[[], object]
    tip: str = ""
    hint: str = ""
    words: tuple[str, ...] = ()
    enabled: bool = True
    preferred: bool = False


def ranked(entries: Iterable[PaletteEntry], query: str, recent: Sequence[str] = ()) -> list[PaletteEntry]:
    """Return the entries that match a query, best first.

    The words of the query may be beginnings of words, in any order; those of the title count more than those
    of other names and of the place. Where nothing else matches, misspelt words do. Of entries that match
    equally well, those come first that were used last, by their ids in ``recent``, and then those with the
    shorter titles. An empty query finds everything, in the given order.
    """
    uses: Mapping[str, int] = dict(zip(recent, count(-1, -1)))
    typed = _plain(query)
    if not typed:
        return sorted(entries, key=lambda entry: uses.get(entry.id, 0))
    found = [(_rank(entry, typed), entry) for entry in entries]
    kept = [pair for pair in found if pair[0] < _NOT_FOUND]
    if not kept:
        kept = [(0, entry) for _rank_, entry in found if _is_alike(entry, typed)]
    kept.sort(key=lambda pair: (pair[0], *_order(pair[1], uses)))
    return [entry for _rank_, entry in kept]


def _order(entry: PaletteEntry, uses: Mapping[str, int]) -> tuple[object, ...]:
    """Return by what entries that match equally well are sorted."""
    return not entry.enabled, uses.get(entry.id, 0), not entry.preferred, len(entry.title)


def _plain(text: str) -> str:
    """Return a text in small letters, with one spelling, and blanks between its words."""
    text = text.casefold().translate(_SEPARATORS)
    for british, american in _SPELLINGS:
        text = text.replace(british, american)
    return " ".join(text.split())


def _rank(entry: PaletteEntry, typed: str) -> int:
    """Return how well an entry matches, 0 best, `_NOT_FOUND` where it does not.

    In Chinese no blanks part the words, so that parts of the title count as well.
    """
    title = _plain(entry.title)
    names = [title, *map(_plain, entry.words)]
    words = typed.split()
    if typed in names:
        return 0
    if title.startswith(typed):
        return 1
    if _begin_words(words, title) or any(name.startswith(typed) for name in names):
        return 2
    if all(word in title for word in words) or any(_begin_words(words, name) for name in names):
        return 3
    if _begin_words(words, " ".join((*names, _plain(entry.place)))):
        return 4
    initials = "".join(word[0] for word in title.split())
    return 5 if len(typed) > 1 and initials.startswith(typed) else _NOT_FOUND


def _begin_words(beginnings: Sequence[str], text: str) -> bool:
    """Return whether each of ``beginnings`` is one of a word of the text."""
    words = text.split()
    return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)


def _is_alike(entry: PaletteEntry, typed: str) -> bool:
    """Return whether each typed word is written much like one of the title or of another name."""
    words = _plain(" ".join((entry.title, *entry.words))).split()
    return all(
        any(
            word.startswith(part) or (len(part) >= _LEAST_MISSPELT and fuzz.ratio(part, word) >= _ALIKE)
            for word in words
        )
        for part in typed.split()
    )
