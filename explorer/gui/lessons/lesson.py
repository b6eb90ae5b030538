"""Lessons: the reader of the file that a teacher writes.

A lesson is a guide with what it begins with in its table: settings, display options, panels, and what
students do not see. It has one language. Remarks between ``<!--`` and ``-->`` are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from explorer.core.data.resources import resource
from explorer.core.languages import LANGUAGES, environment_language
from explorer.core.params import Value, with_suggestion
from explorer.core.texts import Text, text
from explorer.gui.guides.guide import Guide, GuideError, Step
from explorer.gui.guides.table import GuideTable, StepTable
from explorer.gui.lessons.link import content_of_link, is_link
from explorer.gui.lessons.parts import PARTS
from explorer.gui.theory.document import (
    FALLBACK,
    DocumentError,
    Head,
    as_struct,
    read_content,
    read_head,
    read_sections,
)

VERSION = 1
START = "start"
"""The id of what a lesson begins with, where a message names a step."""
COUNTDOWN = 15.0
"""Seconds for which a lesson says that it will start anew."""

_LEAST_IDLE, _DAY = 20, 86_400
_REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
_NAMED = re.compile(r"['`]([^'`]+)['`]|\b([a-z]+\.[a-z_]+)\b")
"""What a message is about: a name in quotes, or a setting."""
_STEP = re.compile(r"\bid\s*=\s*[\"'](.*?)[\"']")


class LessonTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table of a lesson.

    Parameters
    ----------
    version : int
        Of the format.
    title, about : str
        Its name on screen, and what it is about in one sentence.
    language : str
        The language of the window, of `LANGUAGES`; empty for that of the computer.
    large_type : bool
        Whether everything is written larger.
    idle : float
        Seconds without a key or the mouse after which it starts anew; 0 for never.
    hidden : tuple of str
        What students do not see, of `PARTS`.
    preset : str
        Name of a preset to begin with.
    settings, options : mapping
        Settings and display options at the start, by dotted names or as tables.
    show : tuple of str
        Panels, labs and cards that are open at the start.
    steps : tuple of StepTable
        What to do.
    """

    version: int = VERSION
    title: str
    about: str = ""
    language: str = ""
    large_type: bool = True
    idle: float = 120.0
    hidden: tuple[str, ...] = ()
    preset: str = ""
    settings: dict[str, Any] = {}
    options: dict[str, Any] = {}
    show: tuple[str, ...] = ()
    steps: tuple[StepTable, ...] = ()

    @property
    def start(self) -> StepTable:
        """What it begins with; raises DocumentError for a value that is no setting."""
        return StepTable(
            id=START,
            preset=self.preset,
            set=_flat(self.settings),
            options=_flat(self.options),
            show=self.show,
        )

    def problems(self) -> Iterator[Text]:
        """Yield what is wrong with it."""
        if self.language not in ("", *LANGUAGES):
            yield text("{name!r} is one of {known}", name="language", known=list(LANGUAGES))
        if self.idle != 0 and not _LEAST_IDLE <= self.idle <= _DAY:
            yield text(
                "{name!r} is 0 for never, or {least} to {most} seconds",
                name="idle",
                least=_LEAST_IDLE,
                most=_DAY,
            )
        for part in self.hidden:
            if part not in PARTS:
                yield with_suggestion(text("there is no part {name!r} to hide.", name=part), part, PARTS)
        if not self.steps:
            yield text("a lesson has at least one step")
        if any(step.id == START for step in self.steps):
            yield text("the id {id!r} is taken: it is what the lesson begins with", id=START)
        yield from self._problems_of_steps()

    def _problems_of_steps(self) -> Iterator[Text]:
        """Yield what is wrong with what it begins with and with its steps."""
        start = self.start
        yield from GuideTable(title=self.title, about=self.about, steps=(start, *self.steps)).problems()
        for step in (start, *self.steps):
            seen = (condition.seen for condition in step.until)
            for name in (*step.show, *seen):
                if name in self.hidden:
                    yield text("step {id!r} needs {name!r}, which is hidden", id=step.id, name=name)


class Lesson(Struct, frozen=True, kw_only=True):
    """A lesson.

    Parameters
    ----------
    guide : Guide
        What to do, step by step.
    start : StepTable
        What it begins with.
    table : LessonTable
        The rest.
    source : str
        The name of its file.
    lines : tuple of str
        The table as it is written, from the first line of the file on.
    """

    guide: Guide
    start: StepTable
    table: LessonTable
    source: str
    lines: tuple[str, ...]

    def error(self, problem: Text) -> GuideError:
        """Return what says that something named in the table does not exist, with the line."""
        return _error(self.source, line_of(self.lines, problem), problem)


def read_lesson(source: str) -> Lesson:
    """Return the lesson of a file, of a link, or of one that ships with the program, by its name.

    Raises
    ------
    GuideError
        If it cannot be read or is not valid; the message names the file and the line.
    """
    if is_link(source):
        return parse_lesson(content_of_link(source), str(text("lesson link")))
    try:
        content = read_content(Path(source))
    except FileNotFoundError:
        shipped = _shipped()
        if source in shipped:
            return read_lesson(str(shipped[source]))
        raise GuideError(
            "There is no lesson {file}; included are: {known}.", file=source, known=list(shipped)
        ) from None
    except UnicodeDecodeError:
        raise GuideError("{file} is not a lesson: it is not UTF-8 text.", file=source) from None
    except (OSError, ValueError) as error:
        raise GuideError("Cannot read the lesson {file}: {error}.", file=source, error=error) from None
    except DocumentError as error:
        raise _error(source, error.line, error.problem) from None
    return parse_lesson(content, source)


def parse_lesson(content: str, source: str) -> Lesson:
    """Return the lesson in the text of a file; ``source`` is its name, for messages.

    Raises
    ------
    GuideError
        If it is not valid.
    """
    try:
        head = read_head(content.removeprefix("\ufeff"))
        lines = tuple(head.lines[: head.end])
        _check_version(head.table.get("version", VERSION))
        try:
            table: LessonTable = as_struct(head.table, LessonTable)
            for problem in table.problems():
                raise DocumentError(1, problem)
        except DocumentError as error:
            raise DocumentError(line_of(lines, error.problem), error.problem) from None
        texts = read_sections(_without_remarks(head), [step.id for step in table.steps])
    except DocumentError as error:
        raise _error(source, error.line, error.problem) from None
    guide = Guide(
        id="lesson",
        title=table.title,
        about=table.about,
        language=table.language,
        steps=tuple(Step(step, texts[step.id]) for step in table.steps),
    )
    return Lesson(guide=guide, start=table.start, table=table, source=source, lines=lines)


def _shipped() -> dict[str, Path]:
    """Return the lessons that ship with the program, in the language of the system where it has them."""
    folder = resource("lessons")
    return {
        path.stem: path
        for language in (FALLBACK, environment_language())
        for path in sorted((folder / language).glob("*.md"))
    }


def line_of(lines: Sequence[str], problem: Text) -> int:
    """Return the first line that has what a sentence names, the last of it first; 1 where none has.

    The lines of the step that it names come first.
    """
    named = [quoted or dotted for quoted, dotted in _NAMED.findall(str(problem))]
    steps = {match[1]: k for k, line in enumerate(lines) if (match := _STEP.search(line))}
    begin = steps.get(named[0], 0) if named else 0
    numbered = list(enumerate(lines, 1))
    for name in reversed(named):
        name = re.sub(r"\[[^\]]*\]| = .*", "", name.removeprefix("$").removeprefix("."))
        for word in dict.fromkeys((name, name.rpartition(".")[2], name.partition(".")[0])):
            for number, line in (*numbered[begin:], *numbered[:begin]):
                if word and word in line.partition("#")[0]:
                    return number
    return 1


def _check_version(version: object) -> None:
    if isinstance(version, int) and version > VERSION:
        raise DocumentError(1, text("it needs a newer version of Loss Explorer"))


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Value]:
    """Return the values in a table, or in tables in it, by dotted names; raises DocumentError for others."""
    values: dict[str, Value] = {}
    for name, value in table.items():
        if isinstance(value, Mapping) and not before:
            values |= _flat(value, f"{before}{name}.")
        elif isinstance(value, bool | int | float | str):
            values[f"{before}{name}"] = value
        else:
            problem = text("{name!r} is a number, a text, or true or false", name=f"{before}{name}")
            raise DocumentError(1, problem)
    return values


def _without_remarks(head: Head) -> Head:
    """Return a document whose sections have empty lines in place of remarks."""
    rest = "\n".join(head.lines[head.end :])
    rest = _REMARK.sub(lambda match: "\n" * match[0].count("\n"), rest)
    return Head(head.table, [*head.lines[: head.end], *rest.split("\n")], head.end)


def _error(source: str, line: int, problem: Text) -> GuideError:
    if str(problem).endswith((".", "?", "。", "？")):
        return GuideError("{file}, line {line}: {problem}", file=source, line=line, problem=problem)
    return GuideError("{file}, line {line}: {problem}.", file=source, line=line, problem=problem)
