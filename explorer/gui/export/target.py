"""Asks where a file is saved, and again where that would replace another file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from explorer.core.texts import _
from explorer.gui.messages.questions import agrees, file_to_save


def ask_for_file(parent: QWidget, title: str, path: str, kind: str, ending: str) -> Path | None:
    """Ask where to save a file, and return its path; None where that was cancelled.

    Parameters
    ----------
    parent : QWidget
        Window that asks.
    title : str
        Title of the dialog.
    path : str
        Name to begin with.
    kind : str
        Kind of the file with its pattern, such as "PNG image (*.png)".
    ending : str
        End of the name, which is added where it was not typed.
    """
    typed = file_to_save(parent, title, path, kind)
    if typed is None:
        return None
    target = with_ending(typed, ending)
    # The dialog has asked for the name as it was typed.
    if target != typed and _is_there(target) and not _may_replace(parent, title, target):
        return None
    return target


def with_ending(path: Path, ending: str) -> Path:
    """Return a path whose name ends as it should; one that has no name, such as that of a disk, as it is."""
    if not path.name or path.suffix.lower() == ending:
        return path
    return path.with_name(path.name + ending)


def _is_there(target: Path) -> bool:
    try:
        return target.exists()
    except OSError:  # a name that is too long: writing says so
        return False


def _may_replace(parent: QWidget, title: str, target: Path) -> bool:
    question = _("{file} already exists. Replace it?").format(file=target)
    return agrees(parent, title, question)
