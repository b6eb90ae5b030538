"""Formulas and links in the Markdown of cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.core.texts import N_, Text, text

_MATH = re.compile(r"(?<!\\)(\$\$?)(.*?)(?<!\\)\1", re.DOTALL)
_LINK = re.compile(r"\]\(([^)]*)\)")
_TARGET = re.compile(r"(?:card|preset|lab|view|tour|challenge):[\w.-]+|https://[^\s()]+")
_MOST_FORMULA = 600


def formulas_in(markdown: str) -> Iterator[tuple[bool, str]]:
    """Yield each formula of a text: whether it stands on its own line, and its LaTeX."""
    for match in _MATH.finditer(markdown):
        yield match[1] == "$$", match[2].strip()


def without_formulas(markdown: str, mark: str) -> str:
    """Return a text with ``mark`` in place of every formula, and dollar signs without a backslash."""
    return _MATH.sub(mark, markdown).replace("\\$", "$")


def links_in(markdown: str) -> list[str]:
    """Return the target of every link of a text."""
    return _LINK.findall(_MATH.sub("", markdown))


def problems_in(section: str) -> Iterator[tuple[int, Text]]:
    """Yield what is wrong with the section of a card, with the line, of which the first is 1."""
    if not section.strip():
        yield 0, text("the section is empty")
    for match in _MATH.finditer(section):
        latex = match[2].strip()
        if not latex or len(latex) > _MOST_FORMULA or (match[1] == "$" and "\n" in match[2]):
            sentence = N_("a formula has 1 to {count} letters, in one line unless between $$")
            yield 1 + section[: match.start()].count("\n"), text(sentence, count=_MOST_FORMULA)
    rest = _MATH.sub(lambda match: "\n" * match[0].count("\n"), section)
    for number, line in enumerate(rest.split("\n"), 1):
        if "$" in line.replace("\\$", ""):
            yield number, text("a formula is not closed by $")
        for target in _LINK.findall(line):
            if not _TARGET.fullmatch(target):
                yield number, text("there is no such link: {target!r}", target=target)
