"""FilmMaker: makes a film in small turns of the event loop, so that the window goes on meanwhile."""

from __future__ import annotations

import time
from collections.abc import Generator
from threading import Event

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from explorer.core.texts import _, ngettext
from explorer.export.files import ExportError
from explorer.gui.films.encoder import FilmOrder
from explorer.gui.films.painting import StageBuilder, Turn, film_turns
from explorer.gui.session.run_source import RunSource

_WAIT_MS = 10
"""Milliseconds until it is looked again whether the encoder has room."""
_KNOWN = 0.05
"""Share of a film from which on the time left can be told."""


class FilmMaker(QObject):
    """Makes one film at a time: a frame is painted in a turn of the event loop, and written in a thread.

    Signals
    -------
    progressed(float)
        How much is done, 0 to 1.
    ended(bool)
        It is finished: whether the film is there; not where it was cancelled.
    failed(str)
        It cannot be written, and why.
    """

    progressed = Signal(float)
    ended = Signal(bool)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns: Generator[Turn, None, bool] | None = None
        self._stop = Event()
        self._begun = 0.0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.abandon)

    @property
    def working(self) -> bool:
        """Whether a film is being made."""
        return self._turns is not None

    def start(self, build: StageBuilder, source: RunSource, order: FilmOrder) -> None:
        """Make a film; one of the signals `ended` and `failed` follows."""
        self.abandon()
        self._stop = Event()
        self._begun = time.monotonic()
        self._turns = film_turns(build, source, order, self._stop)
        self._timer.start(0)

    def cancel(self) -> None:
        """Write nothing; `ended` follows once nothing is left of the film."""
        self._stop.set()

    def abandon(self) -> None:
        """Write nothing, and wait until nothing is left of the film."""
        self._timer.stop()
        turns, self._turns = self._turns, None
        if turns is not None:
            self._stop.set()
            turns.close()

    def time_left(self, share: float) -> str:
        """Return in how much time the film will be there, as far as that is known."""
        if share < _KNOWN:
            return _("Fitting the axes…")
        seconds = round((time.monotonic() - self._begun) * (1 - share) / share)
        if seconds < 60:
            return ngettext("{count} second left", "{count} seconds left", seconds).format(count=seconds)
        minutes = round(seconds / 60)
        return ngettext("{count} minute left", "{count} minutes left", minutes).format(count=minutes)

    def _on_timer_timeout(self) -> None:
        assert self._turns is not None, "the timer runs while there are turns"
        try:
            turn = next(self._turns)
        except StopIteration as end:
            self._finish()
            self.ended.emit(end.value)
        except ExportError as error:
            self._finish()
            self.failed.emit(str(error))
        except Exception as error:
            self._finish()
            self.failed.emit(_("The film cannot be made: {error}").format(error=error))
            raise
        else:
            self._timer.setInterval(_WAIT_MS if turn.waits else 0)
            self.progressed.emit(turn.share)

    def _finish(self) -> None:
        self._timer.stop()
        self._turns = None
