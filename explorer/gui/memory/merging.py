"""Merging: what two windows of one person save into the same file of settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explorer.core.settings.config import ConfigError
from explorer.core.settings.files import from_mapping

Table = Mapping[str, Any]

_LAYOUT = ("geometry", "layout", "checksum", "theory_width")
"""Entries of the table ``window`` that belong together, and are those of the window that saves last."""
_WHOLE = frozenset({"loss", "data", "keys", "colors"})
"""Tables whose entries depend on one another: a loss and its parameters, a data set and its classes, keys."""


def merged_settings(before: Table, mine: Table, theirs: Table) -> dict[str, Any]:
    """Return the settings to save where another window may have saved its own meanwhile.

    Parameters
    ----------
    before, mine : mapping
        What this window saved last, and what it is to save now.
    theirs : mapping
        What the file has: valid settings, or nothing.
    """
    data = merged(before, mine, theirs)
    data["window"] = {**data["window"], **{name: mine["window"][name] for name in _LAYOUT}}
    try:
        from_mapping(data["run"], "")
    except ConfigError:  # each setting is valid, and they contradict one another
        data["run"] = mine["run"]
    return data


def merged(before: Table, mine: Table, theirs: Table) -> dict[str, Any]:
    """Return tables with what differs between ``before`` and ``mine``, and the rest as ``theirs`` have it."""
    result = {name: value for name, value in theirs.items() if name not in mine and name not in before}
    for name, value in mine.items():
        old, other = before.get(name), theirs.get(name)
        if isinstance(value, Mapping) and isinstance(other, Mapping) and name not in _WHOLE:
            result[name] = merged(old if isinstance(old, Mapping) else {}, value, other)
        else:
            result[name] = value if name not in theirs or value != old else other
    return result
