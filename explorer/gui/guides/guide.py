"""Guides: the reader of tours and challenges.

A guide is a document like a card of the theory panel; its name without ``.md`` and without the number before
it is the id. Its table is a `GuideTable`, and each of its steps has a section. A translation has ``title``
and ``about`` alone, and the same sections: what the steps do stands in the English file only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from explorer.core.data.resources import resource
from explorer.core.texts import TextError
from explorer.gui.guides.table import GuideTable, GuideWords, Rules, StepTable
from explorer.gui.theory.document import (
    FALLBACK,
    DocumentError,
    as_struct,
    read_content,
    read_head,
    read_sections,
)

GUIDES: Mapping[str, str] = MappingProxyType({"tour": "tours", "challenge": "challenges"})
"""The folder of the resources with the guides of each kind; a link to one begins with the kind."""

_NUMBER = re.compile(r"^\d+-")


class GuideError(TextError):
    """A guide cannot be read; the message names the file and the line."""


class Step(Struct, frozen=True):
    """A step: what it does, and its text in Markdown."""

    table: StepTable
    text: str


class Guide(Struct, frozen=True, kw_only=True):
    """One guide.

    Parameters
    ----------
    id, title, about : str
        Its name in links, its name on screen, and what it is about in one sentence.
    language : str
        Name of the folder that the words are from, such as "en".
    cards : tuple of str
        Ids of the cards of the theory panel that lead to it.
    steps : tuple of Step
        At least one.
    challenge : Rules, optional
        What a challenge demands besides the conditions of its steps; None for a tour.
    """

    id: str
    title: str
    about: str
    language: str
    cards: tuple[str, ...] = ()
    steps: tuple[Step, ...]
    challenge: Rules | None = None


def read_all_guides(language: str = FALLBACK) -> tuple[dict[str, Guide], list[GuideError]]:
    """Return the guides of all kinds by their links, such as ``tour:why-angles``, and what is wrong."""
    found: dict[str, Guide] = {}
    faults: list[GuideError] = []
    for kind, folder in GUIDES.items():
        guides, wrong = read_guides(resource(folder), language)
        found |= {f"{kind}:{name}": guide for name, guide in guides.items()}
        faults += wrong
    return found, faults


def read_guides(folder: Path, language: str = FALLBACK) -> tuple[dict[str, Guide], list[GuideError]]:
    """Return the guides by id in the order of their file names, and what is wrong with files.

    A guide that the language lacks, or whose translation cannot be read, is that of `FALLBACK`.

    Parameters
    ----------
    folder : Path
        Such as ``resources/tours``, with one folder per language.
    """
    guides: dict[str, Guide] = {}
    faults: list[GuideError] = []
    for path in sorted((folder / FALLBACK).glob("*.md")):
        try:
            guide = read_guide(path)
        except GuideError as error:
            faults.append(error)
            continue
        guides[guide.id] = guide
        translation = folder / language / path.name
        if language != FALLBACK and translation.exists():
            try:
                guides[guide.id] = translated(guide, _content(translation), translation)
            except GuideError as error:
                faults.append(error)
    return guides, faults


def read_guide(path: Path) -> Guide:
    """Return the guide in a file.

    Raises
    ------
    GuideError
        If it cannot be read or is not valid.
    """
    return parse_guide(_content(path), path)


def parse_guide(content: str, path: Path) -> Guide:
    """Return the guide in the text of a file; ``path`` gives its id and its language.

    Raises
    ------
    GuideError
        If it is not valid.
    """
    try:
        head = read_head(content)
        table: GuideTable = as_struct(head.table, GuideTable)
        for problem in table.problems():
            raise DocumentError(1, problem)
        texts = read_sections(head, [step.id for step in table.steps])
    except DocumentError as error:
        raise _fault(path, error) from None
    return Guide(
        id=guide_id(path),
        title=table.title,
        about=table.about,
        language=path.parent.name,
        cards=table.cards,
        challenge=table.challenge,
        steps=tuple(Step(step, texts[step.id]) for step in table.steps),
    )


def translated(guide: Guide, content: str, path: Path) -> Guide:
    """Return a guide with the words of a translation, the text of a file.

    Raises
    ------
    GuideError
        If that is not valid, or has not exactly the sections of the guide.
    """
    try:
        head = read_head(content)
        words: GuideWords = as_struct(head.table, GuideWords)
        for problem in words.problems():
            raise DocumentError(1, problem)
        texts = read_sections(head, [step.table.id for step in guide.steps])
    except DocumentError as error:
        raise _fault(path, error) from None
    steps = tuple(Step(step.table, texts[step.table.id]) for step in guide.steps)
    return replace(guide, title=words.title, about=words.about, language=path.parent.name, steps=steps)


def guide_id(path: Path) -> str:
    """Return the id of the guide in a file: its name without the number that orders it."""
    return _NUMBER.sub("", path.stem)


def _content(path: Path) -> str:
    try:
        return read_content(path)
    except (OSError, UnicodeDecodeError) as error:
        raise GuideError("Cannot read the guide {file}: {error}.", file=path, error=error) from None
    except DocumentError as error:
        raise _fault(path, error) from None


def _fault(path: Path, error: DocumentError) -> GuideError:
    place = "/".join(path.parts[-2:])
    return GuideError("{file}, line {line}: {problem}.", file=place, line=error.line, problem=error.problem)
