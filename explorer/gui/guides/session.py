"""Session: one guide in one window; and GuideSession, which shows a tour step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.gui.guides.guide import Guide
from explorer.gui.guides.panel import GuidePanel
from explorer.gui.guides.progress import progress_of
from explorer.gui.guides.stage import Stage

if TYPE_CHECKING:
    from explorer.gui.app import App

_INTERVAL_MS = 200
"""How often it is looked whether a panel is in front: raising one sends no signal."""


class GuidePlace(Struct, frozen=True):
    """Where a person is in a guide.

    Parameters
    ----------
    target : str
        The guide, as a link leads to it, such as "tour:why-angles".
    step, reached : int
        Index of the step that is shown, and of the farthest one that was done.
    since : int
        Step of the run at which that one was come to.
    done : bool
        Whether what it waits for has happened.
    """

    target: str
    step: int = 0
    reached: int = 0
    since: int = 0
    done: bool = False


class Session(QObject):
    """A guide in the window of an app, until it is left.

    Parameters
    ----------
    app : App
        The program that the guide drives.
    guide : Guide
        What to show; its names are checked by `Stage.check`.
    stage : Stage
        Acts on the program.
    place : GuidePlace
        Where to begin.

    Signals
    -------
    ended(bool)
        The person leaves the guide; true where all of it is done.
    """

    ended = Signal(bool)

    def __init__(self, app: App, guide: Guide, stage: Stage, place: GuidePlace) -> None:
        super().__init__(app)
        self._app, self.guide, self.stage = app, guide, stage
        self.place = place

    @property
    def has_result(self) -> bool:
        """Whether there is a result to copy and to save: that of a challenge which is passed."""
        return False

    def begin(self) -> None:
        """Set the program to its defaults, and begin."""
        raise NotImplementedError

    def resume(self) -> None:
        """Show the place, without doing anything to the program."""
        raise NotImplementedError

    def close(self) -> None:
        """Show the guide no longer."""
        raise NotImplementedError

    def leave(self) -> None:
        """Leave the guide."""
        self.ended.emit(False)

    def go_on(self) -> None:
        """Go to the next step, where a person can do that."""

    def go_back(self) -> None:
        """Go to the step before, where a person can do that."""

    def try_again(self) -> None:
        """Begin anew, where a person can do that."""

    def copy_result(self) -> None:
        """Copy the result, where there is one."""

    def save_result(self) -> None:
        """Save the result, where there is one."""


class GuideSession(Session):
    """Shows the steps of a guide in a panel above the features, does what they say, and waits.

    Parameters
    ----------
    app : App
        The program that the guide drives.
    guide : Guide
        What to show; its names are checked by `Stage.check`.
    place : GuidePlace
        Where to begin. At any other place than the first one nothing is done to the program.
    """

    def __init__(self, app: App, guide: Guide, stage: Stage, place: GuidePlace) -> None:
        super().__init__(app, guide, stage, place)
        self.panel = GuidePanel(guide)
        app.window.center.add_card(self.panel)
        self.panel.nextRequested.connect(self.go_on)
        self.panel.backRequested.connect(self.go_back)
        self.panel.leaveRequested.connect(self.leave)
        self.panel.linkRequested.connect(stage.show_target)
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        run, pane = app.run, app.pane
        for signal in (
            run.snapshotChanged,
            run.configChanged,
            run.stateChanged,
            run.embed_queries.digitChanged,
            pane.state.selectionChanged,
            pane.optionsChanged,
            app.window.panelsChanged,
        ):
            signal.connect(self.check)

    def begin(self) -> None:
        """Set the program to its defaults, and do the first step."""
        self.stage.reset()
        self._perform()

    def resume(self) -> None:
        """Show the step of the place; what it does has been done."""
        self._show()

    def go_on(self) -> None:
        """Go to the next step, and do it if that has not been done; after the last one, leave."""
        place = self.place
        if place.step == len(self.guide.steps) - 1:
            self.ended.emit(True)
        elif place.step < place.reached:
            self._go_to(place.step + 1)
        else:
            self.place = GuidePlace(place.target, place.step + 1, place.step + 1)
            self._perform()

    def go_back(self) -> None:
        """Show the step before; the program stays as it is."""
        if self.place.step > 0:
            self._go_to(self.place.step - 1)

    def check(self) -> None:
        """Look whether what the step waits for has happened; it stays done once it has."""
        place = self.place
        if place.step != place.reached:
            return
        conditions = self.guide.steps[place.step].table.until
        found = progress_of(conditions, self.stage.situation(conditions, place.since))
        if all(progress.met for progress in found) and not place.done:
            self.place = GuidePlace(place.target, place.step, place.reached, place.since, done=True)
            self._timer.stop()
        self.panel.show_progress(found, done=self.place.done)

    def close(self) -> None:
        """Show the guide no longer."""
        self._timer.stop()
        self.panel.hide()
        self.panel.deleteLater()
        self.deleteLater()

    def _perform(self) -> None:
        self.stage.perform(self.guide.steps[self.place.step].table)
        snapshot = self._app.run.snapshot
        since = 0 if snapshot is None else snapshot.step
        self.place = GuidePlace(self.place.target, self.place.step, self.place.reached, since)
        self._show()

    def _go_to(self, step: int) -> None:
        place = self.place
        self.place = GuidePlace(place.target, step, place.reached, place.since, place.done)
        self._show()

    def _show(self) -> None:
        place, steps = self.place, self.guide.steps
        step = steps[place.step]
        self.panel.show_step(place.step, len(steps), step.text)
        past = place.step < place.reached
        if past:
            self.panel.show_progress((), done=True)
        waits = any(condition.seen for condition in step.table.until)
        if waits and not (past or place.done):
            self._timer.start()
        else:
            self._timer.stop()
        self.check()
