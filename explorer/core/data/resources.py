"""Where the files shipped beside the code lie: in a wheel, an editable install or a plain checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder.

    Raises
    ------
    FileNotFoundError
        Where the installation lacks it.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(
        f"This installation lacks resources/{'/'.join(parts)}: install Loss Explorer again."
    )
