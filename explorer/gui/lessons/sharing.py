"""Sharing: saves what a window shows as a lesson, or copies it as a link."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from explorer.core.files import write_whole
from explorer.core.texts import _, showable
from explorer.gui.lessons.link import link_of
from explorer.gui.lessons.writing import lesson_document
from explorer.gui.messages.questions import file_to_save

if TYPE_CHECKING:
    from explorer.gui.app import App

_SUFFIX = ".md"


def choose_file(app: App) -> None:
    """Ask where to save a lesson, and save it there."""
    kinds = _("Lessons ({patterns})").format(patterns=f"*{_SUFFIX}")
    path = file_to_save(app.window, _("Save as lesson"), f"lesson{_SUFFIX}", kinds)
    if path is not None:
        save_lesson(app, path)


def save_lesson(app: App, path: Path) -> None:
    """Save what the window shows as a lesson, whose texts are to be written, or say why it cannot be."""
    path = path if path.suffix else path.with_suffix(_SUFFIX)
    app.announcements.withdraw_refusal()
    try:
        write_whole(path, lesson_document(app).encode())
    except OSError as error:
        app.announcements.refuse(_("Cannot save the lesson: {error}.").format(error=showable(error)))
        return
    saved = _("Saved as {path}. Write its texts in an editor, then: loss-explorer gui --lesson FILE")
    app.window.status.show_event(saved.format(path=path))


def copy_link(app: App) -> None:
    """Copy a link to the same lesson to the clipboard."""
    QGuiApplication.clipboard().setText(link_of(lesson_document(app)))
    app.window.status.show_event(_("Copied the lesson link. Open it with: loss-explorer gui --lesson LINK"))
