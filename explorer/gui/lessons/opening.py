"""Opens a lesson as the only window of the program, which remembers nothing and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from explorer.gui.app import App
from explorer.gui.app_holder import AppHolder
from explorer.gui.guides.guide import GuideError
from explorer.gui.lessons.classroom import Classroom
from explorer.gui.lessons.lesson import Lesson, read_lesson
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.starting.termination import TerminationSignals
from explorer.gui.theme.application import make_application


def open_lesson(worker_command: Sequence[str], source: str) -> int:
    """Show the lesson of a file or a link, and return its exit code once its window is closed.

    Settings, session and library of the person who started it are neither read nor written: it has a folder
    of its own, which is deleted at the end, with what was trained.

    Raises
    ------
    GuideError
        If the lesson cannot be read or is not valid.
    """
    lesson = read_lesson(source)
    application = make_application()
    with TemporaryDirectory(prefix="loss-explorer-", ignore_cleanup_errors=True) as folder:
        holder = AppHolder(lesson_app(worker_command, lesson, Path(folder)))
        signals = TerminationSignals(holder.close)
        try:
            classroom = Classroom(holder, lesson)
            classroom.open()
            code = application.exec()
        except GuideError:
            holder.close()
            raise
        finally:
            holder.let_go()
            signals.close()
    return code


def lesson_app(worker_command: Sequence[str], lesson: Lesson, folder: Path) -> App:
    """Return an app for a lesson, which keeps what it needs in a folder that is its own."""
    table = lesson.table
    memory = folder / "window.toml"
    save_memory(memory, Memory(language=table.language or "system", large_type=table.large_type))
    return App(worker_command, memory, runs=folder / "runs", mode="apart")
