"""Presets: named settings, each a TOML file in ``resources/presets``.

A file holds a table ``[preset]`` with ``title`` and ``description``, which are message ids, and the
settings as `explorer.core.settings.files.to_toml` writes them: all that the figure depends on, even where
they equal the defaults.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from explorer.core.data.resources import resource
from explorer.core.params import with_suggestion
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.files import from_mapping
from explorer.core.texts import text

_NUMBER = re.compile(r"\d+(\.\d+)?")


class Preset(Struct, frozen=True):
    """Named settings.

    Parameters
    ----------
    name : str
        Name on the command line and of the file, such as ``wen-2016-center-lambda-1``.
    title, description : str
        Message ids: name on screen, and what the settings show, in a sentence or two.
    config : RunConfig
        The settings.
    """

    name: str
    title: str
    description: str
    config: RunConfig


class _Words(Struct, forbid_unknown_fields=True):
    """The table ``[preset]`` of a file."""

    title: str
    description: str


def list_presets(folder: Path | None = None) -> tuple[Preset, ...]:
    """Return the presets of a folder, by default the shipped ones, sorted by name.

    Raises
    ------
    ConfigError
        If a file cannot be read or is not valid; the message names the file.
    """
    return tuple(load_preset(path) for path in _files(folder))


def find_preset(name: str, folder: Path | None = None) -> Preset:
    """Return the preset of this name.

    Raises
    ------
    ConfigError
        If there is none (the message suggests a similar name), or its file cannot be read or is not valid.
    """
    files = {path.stem: path for path in _files(folder)}
    if name not in files:
        sentence = text("There is no preset {name!r}.", name=name)
        raise ConfigError(with_suggestion(sentence, name, files))
    return load_preset(files[name])


def load_preset(path: Path) -> Preset:
    """Return the preset in a file.

    Raises
    ------
    ConfigError
        If it cannot be read or is not valid; the message names the file.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        words = msgspec.convert(data.pop("preset", {}), _Words)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("Cannot read the preset {path}: {error}.", path=path, error=error) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("{file}: not valid TOML: {error}.", file=path, error=error) from None
    except msgspec.ValidationError as error:
        raise ConfigError("{file}: the table [preset] is invalid: {error}.", file=path, error=error) from None
    return Preset(path.stem, words.title, words.description, from_mapping(data, str(path)))


def extract_messages(
    file: BinaryIO,
    _keywords: object,
    _comment_tags: object,
    options: object,  # noqa: ARG001  # Babel passes it by name
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield title and description of a preset for Babel, which extracts message ids.

    Each is a tuple of line number, function name, message id and comments.
    """
    data = tomllib.loads(file.read().decode("utf-8"))
    words = msgspec.convert(data["preset"], _Words)
    for message in (words.title, words.description):
        yield 1, "_", message, []


def _files(folder: Path | None) -> list[Path]:
    return sorted((folder or resource("presets")).glob("*.toml"), key=lambda path: _in_order(path.stem))


def _in_order(name: str) -> tuple[tuple[float, str], ...]:
    """Return what sorts names by the numbers in them: scale 2 before scale 11, lambda 0-01 before 0-1."""
    parts = re.sub(r"\b(\d+)-(\d+)\b", r"\1.\2", name).split("-")
    return tuple((float(part), "") if _NUMBER.fullmatch(part) else (-1, part) for part in parts)
