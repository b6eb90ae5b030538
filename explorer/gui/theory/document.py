"""Documents: Markdown files with a table in TOML at their head, and sections that have a key.

Cards and guides are such files. The table stands between two lines ``+++``, a section below ``## key``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from explorer.core.texts import Text, text
from explorer.gui.theory.markup import problems_in

FALLBACK = "en"
"""The language that has every document."""

_FENCE = "+++"
MOST_BYTES = 32_768
_HEADING = re.compile(r"##\s+(.*?)\s*")
_LINE_IN_TOML = re.compile(r"\(at line (\d+), column \d+\)")  # not shown: what tomllib says


class DocumentError(Exception):
    """A document is not valid: what is wrong, and in which line, of which the first is 1."""

    def __init__(self, line: int, problem: Text) -> None:
        super().__init__(line, problem)
        self.line, self.problem = line, problem


class Head(Struct, frozen=True, eq=False):
    """The table of a document, all its lines, and the index of the first one after the table."""

    table: dict[str, Any]
    lines: list[str]
    end: int


def read_content(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    OSError, UnicodeDecodeError
        If it cannot be read, or is no text.
    DocumentError
        If it is too large.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DocumentError(1, text("it has at most {count} bytes", count=MOST_BYTES))
    return data.decode("utf-8").replace("\r\n", "\n")


def read_head(content: str) -> Head:
    """Return the head of a document; raises DocumentError."""
    lines = content.split("\n")
    if lines[0].strip() != _FENCE or _FENCE not in (line.strip() for line in lines[1:]):
        raise DocumentError(1, text("it begins with a table between two lines +++"))
    end = next(k for k, line in enumerate(lines[1:], 1) if line.strip() == _FENCE)
    try:
        table = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        place = _LINE_IN_TOML.search(str(error))
        line = 1 + (int(place[1]) if place else end - 1)
        raise DocumentError(line, text("not valid TOML: {error}", error=error)) from None
    except (ValueError, RecursionError) as error:  # a number with thousands of digits, or too many brackets
        raise DocumentError(1, invalid_table(error)) from None
    return Head(table, lines, end + 1)


def invalid_table(error: Exception | Text) -> Text:
    """Return that a table is not valid, and why."""
    return text("the table is not valid: {error}", error=error)


def as_struct(table: dict[str, Any], kind: type[Any]) -> Any:
    """Return a table as a struct of this kind; raises DocumentError."""
    try:
        return msgspec.convert(table, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise DocumentError(1, invalid_table(error)) from None


def read_sections(head: Head, keys: Sequence[str]) -> dict[str, str]:
    """Return the sections by their keys, which must be these, in this order; raises DocumentError."""
    found: dict[str, list[str]] = {}
    begins: dict[str, int] = {}
    key = ""
    for number, line in enumerate(head.lines[head.end :], head.end + 1):
        heading = _HEADING.fullmatch(line)
        if heading:
            key = heading[1]
            if key in found or key not in keys:
                raise DocumentError(number, _wrong_section(key, keys))
            found[key], begins[key] = [], number
        elif key:
            found[key].append(line)
        elif line.strip():
            raise DocumentError(number, text("text stands before the first section"))
    if list(found) != list(keys):
        raise DocumentError(len(head.lines), text("it needs the sections {sections}", sections=keys))
    for key, section in found.items():
        for below, problem in problems_in("\n".join(section)):
            raise DocumentError(begins[key] + below, problem)
    return {key: "\n".join(section).strip() for key, section in found.items()}


def _wrong_section(key: str, keys: Sequence[str]) -> Text:
    if key in keys:
        return text("the section {key!r} is there twice", key=key)
    return text("there is no section {key!r}; known: {known}", key=key, known=keys)
