"""The template of a script: a text with ``$name`` for values, and lines that are kept under a condition."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from string import Template

from explorer.core.data.resources import resource
from explorer.export.files import ExportError

_IF, _ELSE, _END = "#if ", "#else", "#end"


def fill(flags: Collection[str], values: Mapping[str, object]) -> str:
    """Return the script, with its values.

    Parameters
    ----------
    flags : collection of str
        Conditions that hold. Lines between ``#if name`` and ``#end`` are kept if ``name`` does, those after
        an ``#else`` if it does not; conditions may be nested.
    values : mapping
        What stands for ``$name``.

    Raises
    ------
    ExportError
        If the template cannot be read.
    """
    path = resource("export", "script.template")
    try:
        content = path.read_text("utf-8")
    except OSError as error:
        raise ExportError("Cannot read {file}: {error}.", file=path, error=error) from None
    kept: list[str] = []
    holds: list[bool] = []
    for line in content.splitlines():
        if line.startswith(_IF):
            holds.append(line.removeprefix(_IF) in flags)
        elif line == _ELSE:
            holds[-1] = not holds[-1]
        elif line == _END:
            holds.pop()
        elif all(holds):
            kept.append(line)
    return Template("\n".join(kept) + "\n").substitute(values)
