"""Classroom: shows a lesson in the window of an app, and starts it anew once nobody is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout

from explorer.core.recording.header import SUFFIX
from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.guides.session import GuidePlace, GuideSession
from explorer.gui.guides.stage import Stage
from explorer.gui.lessons.hiding import hide_parts
from explorer.gui.lessons.idle import IdleWatch
from explorer.gui.lessons.lesson import COUNTDOWN, Lesson

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.app_holder import AppHolder

_TARGET = "lesson"


class LessonStage(Stage):
    """The stage of a lesson, whose window is new: nothing has to be put back."""

    def __init__(self, app: App, lesson: Lesson) -> None:
        super().__init__(app)
        self._lesson = lesson

    def reset(self) -> None:
        """Set up what the lesson begins with."""
        self.perform(self._lesson.start)


class Countdown(QFrame):
    """Says in how many seconds a lesson starts anew; hidden at any other time."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "note", "warning")
        self.label = WrappedLabel()
        set_role(self.label, "role", "title")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.addWidget(self.label)
        self.hide()

    def show_left(self, seconds: int | None) -> None:
        """Show so many seconds; hide for None."""
        if seconds is not None:
            words = _("Starts again in {seconds} s. Move the mouse to stay.")
            self.label.setText(words.format(seconds=seconds))
        self.setVisible(seconds is not None)


class Classroom(QObject):
    """A lesson in whichever window a holder has.

    Starting anew takes a new app, with a new worker: nothing that a person did is left. What they trained is
    deleted.

    Parameters
    ----------
    holder : AppHolder
        Of an app that was made for the lesson, and is not open yet.
    lesson : Lesson
        What to show.
    clock : callable
        Seconds since any moment.

    Attributes
    ----------
    session : GuideSession
        The steps, in the present window.
    watch : IdleWatch
        Notices that nobody is there.

    Raises
    ------
    GuideError
        By the constructor, where the lesson names a panel, lab, card or display option that does not exist.
    """

    def __init__(
        self,
        holder: AppHolder,
        lesson: Lesson,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._holder, self.lesson = holder, lesson
        _check(holder.app, lesson)
        idle = lesson.table.idle
        self.watch = IdleWatch(idle, COUNTDOWN, clock, self)
        self.watch.abandoned.connect(self._on_abandoned)
        self._begin_timer = QTimer(self, singleShot=True, interval=0)
        self._begin_timer.timeout.connect(self._begin)
        self._renew_timer = QTimer(self, singleShot=True, interval=0)
        self._renew_timer.timeout.connect(self.start_anew)
        self._rest_timer = QTimer(self, singleShot=True, interval=round(1000 * idle))
        self._rest_timer.timeout.connect(self.rest)
        self.session = self._attach(holder.app, GuidePlace(_TARGET))
        holder.replaced.connect(self._on_replaced)

    def open(self) -> None:
        """Show the window, and begin once the event loop runs."""
        self._holder.open(())
        self._begin_timer.start()
        if self.lesson.table.idle:
            self.watch.start()

    def start_anew(self) -> None:
        """Begin again in a new window, with the first step."""
        self._begin_timer.stop()
        folder = self._holder.app.recorder.folder
        self._holder.renew(self._prepare)
        self._begin_timer.start()
        _delete_runs(folder)

    def rest(self) -> None:
        """Train no longer for nobody, where the first step of the lesson starts the run."""
        if self.watch.alone:
            self._holder.app.run.pause()

    def close(self) -> None:
        """Watch nothing more."""
        for timer in (self._begin_timer, self._renew_timer, self._rest_timer):
            timer.stop()
        self.watch.stop()

    def _prepare(self, app: App) -> None:
        self.session = self._attach(app, GuidePlace(_TARGET))

    def _attach(self, app: App, place: GuidePlace) -> GuideSession:
        hide_parts(app, self.lesson.table.hidden)
        app.guides.locked = True
        session = GuideSession(app, self.lesson.guide, LessonStage(app, self.lesson), place)
        app.guides.show(session)
        session.panel.last_word = _("Start again")
        session.panel.close_button.hide()
        session.ended.connect(self._renew_timer.start)
        countdown = Countdown()
        app.window.center.add_card(countdown)
        self.watch.leftChanged.connect(countdown.show_left)
        app.window.closeRequested.connect(self._on_close_requested)
        return session

    def _begin(self) -> None:
        self.session.begin()
        self._holder.app.undo.clear()  # the lesson did it, not a student

    def _on_replaced(self, app: App) -> None:
        """Go on in a window in another language."""
        self.session = self._attach(app, self.session.place)
        self.session.resume()

    def _on_abandoned(self) -> None:
        self.start_anew()
        self._rest_timer.start()

    def _on_close_requested(self) -> None:
        if self.sender() is self._holder.app.window:
            self.close()


def _check(app: App, lesson: Lesson) -> None:
    stage = Stage(app)
    for table in (lesson.start, *(step.table for step in lesson.guide.steps)):
        problem = stage.problem_of(table)
        if problem is not None:
            stage.deleteLater()
            raise lesson.error(problem)
    stage.deleteLater()


def _delete_runs(folder: Path) -> None:
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):
            path.unlink()
