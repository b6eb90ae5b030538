"""Guides: opens tours and challenges, in a window of their own beside the one that a person works in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from explorer.core.data.resources import resource
from explorer.core.texts import _
from explorer.gui.challenges.records import ChallengeRecords
from explorer.gui.commands.command import Command
from explorer.gui.commands.command_state import GuideState
from explorer.gui.guides.guide import GUIDES, Guide, read_guides

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.app_holder import AppHolder
    from explorer.gui.challenges.result import ChallengeResult
    from explorer.gui.guides.session import GuidePlace, Session
    from explorer.gui.guides.stage import Stage


class Guides(QObject):
    """Opens guides for the window of an app.

    A guide changes settings, run, layout and more. So it gets an `App` of its own, whose window takes the
    place of the person's until the guide is left: there everything is as it was, and a crash costs nothing.

    Attributes
    ----------
    session : Session or None
        The guide that is shown in this window.
    finished : bool
        Whether the guide that was left last had been done to its end.
    locked : bool
        Whether this window is for one guide alone, so that no other can be opened.
    records : ChallengeRecords
        The challenges that were passed.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        self.session: Session | None = None
        self.finished = False
        self.locked = False
        self.records = ChallengeRecords(app.saved.path)
        self._holder: AppHolder | None = None
        self._place: GuidePlace | None = None  # what the other window is to show
        self._was_training, self._language = False, ""
        self._begin_timer = QTimer(self, singleShot=True, interval=0)
        self._begin_timer.timeout.connect(self._on_begin_timer_timeout)
        app.window.theory.guideRequested.connect(self.open)
        app.window.closeRequested.connect(self.close)
        app.sharing.resultRequested.connect(self.check_result)
        app.window.theory.set_passed(self.records.passed())

    def add_menus(self) -> None:
        """Fill the menus of guides once they open: starting does not wait for them."""
        for kind, menu in GUIDES.items():
            self._app.actions.menu(menu).aboutToShow.connect(partial(self.load, kind))

    def load(self, kind: str) -> None:
        """Read the guides of a kind and add their commands, and check the challenges that were passed."""
        known = {command.id for command in self._app.actions.commands}
        if not any(name.startswith(f"{kind}:") for name in known):
            self._app.actions.add(_commands(kind, self._read(kind)))
        self._app.actions.update_checked()

    def open(self, target: str) -> None:
        """Open a guide by its link, such as ``tour:why-angles``; one that is not known changes nothing."""
        if self.find(target) is None:
            return
        from explorer.gui.guides.session import GuidePlace

        self.open_at(GuidePlace(target))

    def check_result(self, result: ChallengeResult) -> None:
        """Run the result of a challenge again, in a window of its own; say so where there is none such."""
        from explorer.gui.challenges.session import ChallengePlace

        target = f"challenge:{result.challenge}"
        if self.find(target) is None:
            sentence = _("This result is of the challenge “{title}”, which this program does not have.")
            self._app.announcements.refuse(sentence.format(title=result.title))
        else:
            self.open_at(ChallengePlace(target, result=result, checks=True))

    def ask_result(self) -> None:
        """Ask for the result of a challenge, and run it again."""
        from explorer.gui.challenges.dialog import CheckDialog

        dialog = CheckDialog(self._app.window)
        dialog.checkRequested.connect(self.check_result)
        dialog.open()

    def resume(self, place: GuidePlace) -> None:
        """Go on with a guide in a window that takes the place of the one it was in."""
        self._start(place)
        if self.session is not None:
            self.session.resume()

    @property
    def place(self) -> GuidePlace | None:
        """Where the person is in the guide of this window; None without one."""
        return None if self.session is None else self.session.place

    @property
    def state(self) -> GuideState:
        """What the guide of this window is, as commands ask for it."""
        if self.session is None:
            return ""
        if self.session.guide.challenge is None:
            return "tour"
        return "passed" if self.session.has_result else "challenge"

    @property
    def guest(self) -> App | None:
        """The app of the guide that is open beside this one; None without one."""
        return None if self._holder is None else self._holder.app

    def go_on(self) -> None:
        """Go to the next step."""
        if self.session is not None:
            self.session.go_on()

    def go_back(self) -> None:
        """Go to the step before."""
        if self.session is not None:
            self.session.go_back()

    def leave(self) -> None:
        """Leave the guide of this window."""
        if self.session is not None:
            self.session.leave()

    def close(self) -> None:
        """Close the window of the guide that is open beside this one, and what this one shows of a guide."""
        self._begin_timer.stop()
        if self.session is not None:
            self.session.close()
            self.session = None
        if self._holder is not None:
            self._holder.close()

    def open_at(self, place: GuidePlace) -> None:
        """Open a guide from its start, in this window if it is one of a guide."""
        if self.locked:
            return
        if not self._app.saved.apart:
            self._open_window(place)
            return
        self._start(place)
        if self.session is not None:
            self.session.begin()

    def _start(self, place: GuidePlace) -> None:
        """Show a guide in this window."""
        guide = self.find(place.target)
        if guide is None:
            return
        from explorer.gui.guides.stage import Stage

        stage = Stage(self._app) if self.session is None else self.session.stage
        stage.check(guide)
        self.show(_session(self._app, guide, stage, place)).ended.connect(self._on_session_ended)

    def show(self, session: Session) -> Session:
        """Show a guide in this window, in place of the one that is there, and return its session."""
        if self.session is not None:
            self.session.close()
        self.session = session
        self._app.enable_commands()
        return session

    def _on_session_ended(self, finished: bool) -> None:
        self.finished = finished
        self._app.window.close()

    def _open_window(self, place: GuidePlace) -> None:
        """Open the window of a guide in place of this one."""
        app, run = self._app, self._app.run
        if self._holder is not None:
            return
        from explorer.gui.app import App
        from explorer.gui.app_holder import AppHolder

        app.autosave.save()  # from there the other window has theme, language and colours
        self._was_training, self._language = run.phase == "running", app.language.code
        run.pause()
        guest = App(*app.arguments[:-1], mode="apart")
        self._holder = AppHolder(guest)
        self._holder.replaced.connect(self._watch)
        self._watch(guest)
        guest.window.setGeometry(app.window.geometry())
        guest.window.setWindowState(app.window.windowState())
        self._holder.open(())
        app.window.hide()
        self._place = place
        self._begin_timer.start()  # once the window has begun: its run starts then

    def _on_begin_timer_timeout(self) -> None:
        if self.guest is not None and self._place is not None:
            self.guest.guides.open_at(self._place)

    def _watch(self, guest: App) -> None:
        guest.window.closeRequested.connect(self._on_guest_close_requested)

    def _on_guest_close_requested(self) -> None:
        """Return to the person's window, which is as it was."""
        app, holder = self._app, self._holder
        assert holder is not None, "its window is closed"
        self._holder = None
        app.faults.install()
        app.appearance.apply()
        app.window.show()
        app.window.activateWindow()
        if self._was_training:
            app.run.start()
        app.window.theory.set_passed(self.records.passed())
        app.window.status.show_event(_farewell(self._place, finished=holder.app.guides.finished))
        holder.let_go()
        holder.deleteLater()
        if app.language.code != self._language:
            app.languageChanged.emit()

    def find(self, target: str) -> Guide | None:
        """Return the guide of a link; None where there is none."""
        kind, _colon, name = target.partition(":")
        return self._read(kind).get(name) if kind in GUIDES else None

    def _read(self, kind: str) -> dict[str, Guide]:
        guides, faults = read_guides(resource(GUIDES[kind]), self._app.language.code)
        self._app.announcements.warn_of(kind, " ".join(map(str, faults)))
        return guides


def _session(app: App, guide: Guide, stage: Stage, place: GuidePlace) -> Session:
    """Return the session for a guide: a tour, a challenge, or the check of a result."""
    if guide.challenge is None:
        from explorer.gui.guides.session import GuideSession

        return GuideSession(app, guide, stage, place)
    from explorer.gui.challenges.check import CheckSession
    from explorer.gui.challenges.session import ChallengePlace, ChallengeSession

    if not isinstance(place, ChallengePlace):
        place = ChallengePlace(place.target)
    return (CheckSession if place.checks else ChallengeSession)(app, guide, stage, place)


def _farewell(place: GuidePlace | None, *, finished: bool) -> str:
    """Return what the person's window says once a guide is left."""
    if place is not None and place.target.startswith("challenge:"):
        return _("Challenge left. Settings, layout and run are as you left them.")
    if finished:
        return _("Tour finished. Settings, layout and run are as you left them.")
    return _("Tour left. Settings, layout and run are as you left them.")


def _commands(kind: str, guides: dict[str, Guide]) -> Iterator[Command[App]]:
    for guide in guides.values():
        yield _command(kind, guide)


def _command(kind: str, guide: Guide) -> Command[App]:
    target = f"{kind}:{guide.id}"
    return Command(
        id=target,
        text=guide.title.replace("&", "&&"),
        tip=guide.about,
        aliases=("exercise", "quiz") if guide.challenge else ("tutorial", "lesson"),
        menu=GUIDES[kind],
        group="guides",
        calls=lambda app: app.guides.open(target),
        checked=None if guide.challenge is None else lambda app: guide.id in app.guides.records.passed(),
    )
