"""Configurations as text: TOML for people, JSON for programs."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomli_w

from explorer.core.files import MOST_BYTES
from explorer.core.params import Value
from explorer.core.settings.config import ConfigError, RunConfig, flatten, unflatten
from explorer.core.texts import _


def to_toml(config: RunConfig) -> str:
    """Return the configuration as TOML, one table per section."""
    return tomli_w.dumps(to_mapping(config))


def to_json(config: RunConfig) -> str:
    """Return the configuration as JSON, one object per section."""
    return json.dumps(to_mapping(config), indent=2)


def from_toml(content: str, source: str = "settings") -> RunConfig:
    """Return the configuration in a TOML text, with defaults for missing keys.

    Raises
    ------
    ConfigError
        If the text is not TOML, a key is unknown or a value is invalid; the message names ``source``.
    """
    try:
        data = tomllib.loads(content)
    except (ValueError, RecursionError) as error:  # numbers with thousands of digits, tables without end
        raise ConfigError("{file}: not valid TOML: {error}.", file=source, error=error) from None
    return from_mapping(data, source)


def from_json(content: str, source: str = "settings") -> RunConfig:
    """Return the configuration in a JSON text; defaults and errors as in `from_toml`."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ConfigError("{file}: not valid JSON: {error}.", file=source, error=error) from None
    if not isinstance(data, dict):
        raise ConfigError(
            "{file}: expected an object of settings, not {kind}.", file=source, kind=type(data).__name__
        )
    return from_mapping(data, source)


def from_mapping(data: Mapping[str, object], source: str) -> RunConfig:
    """Return the configuration of a nested mapping; raises as `from_toml`."""
    values: dict[str, object] = {}
    for section, entry in data.items():
        if isinstance(entry, Mapping):
            values |= {f"{section}.{key}": value for key, value in entry.items()}
        else:
            values[section] = entry
    try:
        return unflatten(values)
    except ConfigError as error:
        raise ConfigError("{file}: {problem}", file=source, problem=error) from None


def load(path: Path) -> RunConfig:
    """Return the configuration in a ``.toml`` or ``.json`` file.

    Raises
    ------
    ConfigError
        If the file cannot be read or its configuration is not valid.
    """
    content = read_settings_file(path)
    parse = from_json if path.suffix.lower() == ".json" else from_toml
    return parse(content, str(path))


def read_settings_file(path: Path) -> str:
    """Return the text of a file, or of a pipe, with a configuration; raises ConfigError where it cannot.

    One without end, or with far more than any settings, is not read into memory.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise OSError(_("it is too large"))
        return data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("Cannot read the settings file {path}: {error}.", path=path, error=error) from None


def to_mapping(config: RunConfig) -> dict[str, object]:
    """Return the configuration as a nested mapping, one per section; the inverse of `from_mapping`."""
    nested: dict[str, object] = {}
    tables: dict[str, dict[str, Value]] = {}
    for name, value in flatten(config).items():
        section, _, key = name.rpartition(".")
        if section:
            tables.setdefault(section, {})[key] = value
        else:
            nested[key] = value
    return nested | tables
