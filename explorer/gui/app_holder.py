"""AppHolder: replaces the app by one with a window in another language, while the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.gui.app import App
from explorer.gui.memory.saved_state import StartMode
from explorer.gui.touch.support import support_touch
from explorer.gui.window_look import WindowLook

_SETTLE_SECONDS = 1.0
"""Time that a recording is given at the end of a session: systems wait for a program about five seconds."""


class AppHolder(QObject):
    """Holds the app of a process.

    Texts are written when a widget is made, so another language takes a new window. It gets all that the old
    one remembers and shows; run, worker, recording and the frame that is looked at are the same objects. Live
    runs of a comparison end: it shows what is recorded of them.

    Signals
    -------
    replaced(object)
        The `App` whose window has taken the place of the one before.
    """

    replaced = Signal(object)

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        support_touch()
        # Not at once: what asks for it is an entry of a menu of the window that goes.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._replace)
        app.languageChanged.connect(self._timer.start)

    @property
    def next_mode(self) -> StartMode | None:
        """How the next window is to begin, once this one is closed; None to end the program."""
        return self.app.starter.next_mode

    def open(self, files: Sequence[Path]) -> None:
        """Show the window, with files in it where some are given, and tell it of faults from now on."""
        self.app.faults.install()
        self.app.open(files)

    def save(self) -> None:
        """Save what the window shows, which goes on: the system asks for it before it ends the session.

        It may end this process right after that, without a further word.
        """
        app = self.app
        app.autosave.save()
        app.starter.keeper.save()
        app.recorder.settle(_SETTLE_SECONDS)
        app.comparing.settle(_SETTLE_SECONDS)

    def close(self) -> None:
        """Close whichever window there is; it closes the others, once it has saved what they show."""
        self.app.window.close()

    def let_go(self) -> None:
        """Delete the app, whose window is closed, before there is another."""
        _delete(self.app)

    def renew(self, prepare: Callable[[App], object]) -> None:
        """Replace the app by one that begins as this one did, with a run and a worker of its own.

        Parameters
        ----------
        prepare : callable
            Is given the new app before its window is shown.
        """
        old = self.app
        self._timer.stop()
        self.app = App(*old.arguments)
        self.app.languageChanged.connect(self._timer.start)
        self.app.window.setGeometry(old.window.geometry())
        self.app.window.setWindowState(old.window.windowState())
        prepare(self.app)
        self.open(())
        old.window.close()
        _delete(old)

    def _replace(self) -> None:
        old = self.app
        look = WindowLook.of(old)
        old.release()
        old.autosave.finish()
        self.app = old.successor()
        self.app.languageChanged.connect(self._timer.start)
        self.app.window.show()
        self.app.window.activateWindow()
        look.show(self.app)
        old.window.hide()
        _delete(old)
        self.replaced.emit(self.app)


def _delete(app: App) -> None:
    app.window.deleteLater()
    app.deleteLater()
