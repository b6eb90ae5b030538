"""Guides: the reader of tours.

A guide is a document like a card of the theory panel; its name without ``.md`` and without the number before
it is the id. Its table has ``title``, ``about`` (one sentence), ``cards`` (ids of the cards that lead to it)
and ``[[steps]]``; each step has a section. A translation has ``title`` and ``about`` alone, and the same
sections: what the steps do stands in the English file only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from explorer.core.params import Value
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.presets import find_preset
from explorer.core.texts import Text, TextError, text
from explorer.gui.guides.condition import Condition
from explorer.gui.theory.document import (
    FALLBACK,
    DocumentError,
    as_struct,
    read_content,
    read_head,
    read_sections,
)

Act = Literal["restart", "start", "pause"]
"""What a step asks of the run."""
GUIDES: Mapping[str, str] = MappingProxyType({"tour": "tours"})
"""The folder of the resources with the guides of each kind; a link to one begins with the kind."""

_MOST_TITLE, _MOST_STEPS = 60, 30
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NUMBER = re.compile(r"^\d+-")


class GuideError(TextError):
    """A guide cannot be read; the message names the file and the line."""


class StepTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a step does to the program, in this order, and what it then waits for.

    Parameters
    ----------
    id : str
        Name of its section.
    preset : str
        Name of a preset, whose settings take the place of all.
    set : mapping of str to Value
        Settings by their dotted names.
    options : mapping of str to Value
        Display options as ``view.option``.
    show : tuple of str
        What to open: ids of panels, ``lab:id`` or ``card:id``.
    run : tuple of Act
        What to ask of the run.
    until : tuple of Condition
        What must hold, all at once, before the step is done; nothing for a step that is only read.
    """

    id: str
    preset: str = ""
    set: dict[str, Value] = {}
    options: dict[str, Value] = {}
    show: tuple[str, ...] = ()
    run: tuple[Act, ...] = ()
    until: tuple[Condition, ...] = ()


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
    """

    id: str
    title: str
    about: str
    language: str
    cards: tuple[str, ...] = ()
    steps: tuple[Step, ...]


class _Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table of a translation."""

    title: str
    about: str


class _Table(_Words, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table of a guide."""

    cards: tuple[str, ...] = ()
    steps: tuple[StepTable, ...] = ()


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
        table: _Table = as_struct(head.table, _Table)
        for problem in _problems(table):
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
        words: _Words = as_struct(head.table, _Words)
        for problem in _problems_of_words(words):
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


def _problems_of_words(words: _Words) -> Iterator[Text]:
    """Yield what is wrong with the title of a guide."""
    if not 0 < len(words.title) <= _MOST_TITLE:
        yield text("a title has 1 to {count} letters", count=_MOST_TITLE)


def _problems(table: _Table) -> Iterator[Text]:
    """Yield what is wrong with a table."""
    yield from _problems_of_words(table)
    ids = [step.id for step in table.steps]
    if not 0 < len(ids) <= _MOST_STEPS:
        yield text("a guide has 1 to {count} steps", count=_MOST_STEPS)
    if len(set(ids)) < len(ids):
        yield text("two steps have the same id")
    config = RunConfig()
    for step in table.steps:
        if not _ID.fullmatch(step.id):
            yield text("{id!r} is no id: small letters, digits and hyphens", id=step.id)
        for condition in step.until:
            problem = condition.problem()
            if problem is not None:
                yield text("step {id!r}: {problem}", id=step.id, problem=problem)
        try:
            config = _config_after(step, config)
        except ConfigError as error:
            yield text("step {id!r}: {problem}", id=step.id, problem=str(error).rstrip("."))


def _config_after(step: StepTable, config: RunConfig) -> RunConfig:
    """Return the settings at the end of a step: those that it sets, and those that it waits for.

    Raises
    ------
    ConfigError
        If there is no such preset or setting, or a value is not valid.
    """
    if step.preset:
        config = find_preset(step.preset).config
    config = config.replace(step.set)
    wanted: Mapping[str, Value | None] = {
        condition.setting: condition.comparisons[0]
        for condition in step.until
        if condition.subject == "setting" and condition.comparisons
    }
    return config.replace({name: value for name, value in wanted.items() if value is not None})


def _fault(path: Path, error: DocumentError) -> GuideError:
    place = "/".join(path.parts[-2:])
    return GuideError("{file}, line {line}: {problem}.", file=place, line=error.line, problem=error.problem)
