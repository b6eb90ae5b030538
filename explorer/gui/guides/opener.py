"""Guides: opens tours, in a window of their own beside the one that a person works in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from explorer.core.data.resources import resource
from explorer.core.texts import _
from explorer.gui.commands.command import Command
from explorer.gui.guides.guide import GUIDES, Guide, read_guides

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.app_holder import AppHolder
    from explorer.gui.guides.session import GuidePlace, GuideSession


class Guides(QObject):
    """Opens guides for the window of an app.

    A guide changes settings, run, layout and more. So it gets an `App` of its own, whose window takes the
    place of the person's until the guide is left: there everything is as it was, and a crash costs nothing.

    Attributes
    ----------
    session : GuideSession or None
        The guide that is shown in this window.
    finished : bool
        Whether the guide that was left last had been done to its end.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        self.session: GuideSession | None = None
        self.finished = False
        self._holder: AppHolder | None = None
        self._target, self._was_training, self._language = "", False, ""
        self._begin_timer = QTimer(self, singleShot=True, interval=0)
        self._begin_timer.timeout.connect(self._on_begin_timer_timeout)
        app.window.theory.guideRequested.connect(self.open)
        app.window.closeRequested.connect(self.close)

    def load(self) -> None:
        """Read the guides and add their commands, once the menu opens: starting does not wait for them."""
        for kind in GUIDES:
            menu = GUIDES[kind]
            if self._app.actions.menu(menu).isEmpty():
                self._app.actions.add(_commands(kind, self._read(kind), menu))

    def open(self, target: str) -> None:
        """Open a guide by its link, such as ``tour:why-angles``; one that is not known changes nothing."""
        if not self._app.saved.apart:
            self._open_window(target)
        elif self._find(target) is not None:
            from explorer.gui.guides.session import GuidePlace

            self._start(GuidePlace(target))
            if self.session is not None:
                self.session.begin()

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

    def _start(self, place: GuidePlace) -> None:
        """Show a guide in this window."""
        guide = self._find(place.target)
        if guide is None:
            return
        from explorer.gui.guides.session import GuideSession
        from explorer.gui.guides.stage import Stage

        stage = Stage(self._app) if self.session is None else self.session.stage
        stage.check(guide)
        if self.session is not None:
            self.session.close()
        self.session = GuideSession(self._app, guide, stage, place)
        self.session.ended.connect(self._on_session_ended)
        self._app.enable_commands()

    def _on_session_ended(self, finished: bool) -> None:
        self.finished = finished
        self._app.window.close()

    def _open_window(self, target: str) -> None:
        """Open the window of a guide in place of this one."""
        app, run = self._app, self._app.run
        if self._holder is not None or self._find(target) is None:
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
        self._target = target
        self._begin_timer.start()  # once the window has begun: its run starts then

    def _on_begin_timer_timeout(self) -> None:
        if self.guest is not None:
            self.guest.guides.open(self._target)

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
        sentence = (
            _("Tour finished. Settings, layout and run are as you left them.")
            if holder.app.guides.finished
            else _("Tour left. Settings, layout and run are as you left them.")
        )
        app.window.status.show_event(sentence)
        holder.let_go()
        holder.deleteLater()
        if app.language.code != self._language:
            app.languageChanged.emit()

    def _find(self, target: str) -> Guide | None:
        kind, _colon, name = target.partition(":")
        return self._read(kind).get(name) if kind in GUIDES else None

    def _read(self, kind: str) -> dict[str, Guide]:
        guides, faults = read_guides(resource(GUIDES[kind]), self._app.language.code)
        self._app.announcements.warn(" ".join(map(str, faults)))
        return guides


def _commands(kind: str, guides: dict[str, Guide], menu: str) -> Iterator[Command[App]]:
    for guide in guides.values():
        yield _command(kind, guide, menu)


def _command(kind: str, guide: Guide, menu: str) -> Command[App]:
    return Command(
        id=f"{kind}.{guide.id}",
        text=guide.title.replace("&", "&&"),
        tip=guide.about,
        menu=menu,
        calls=lambda app: app.guides.open(f"{kind}:{guide.id}"),
    )
