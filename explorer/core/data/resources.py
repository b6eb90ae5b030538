"""Locates files that ship with the program: in a wheel, an editable install or a checkout."""

from __future__ import annotations

from pathlib import Path

from explorer.core.texts import TextError

_PACKAGE = Path(__file__).resolve().parents[2]


class ResourceError(TextError):
    """A file that ships with the program is missing."""


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder.

    Raises
    ------
    ResourceError
        If the installation lacks it.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ResourceError(
        "This installation lacks resources/{name}: install Loss Explorer again.", name="/".join(parts)
    )
