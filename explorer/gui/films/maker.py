"""FilmMaker: makes a film in small turns of the event loop, so that the window goes on meanwhile."""

from __future__ import annotations

from collections.abc import Generator
from inspect import GEN_RUNNING, getgeneratorstate
from pathlib import Path
from threading import Event

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from explorer.core.texts import N_, _, error_text
from explorer.export.files import ExportError
from explorer.gui.export.work import Work
from explorer.gui.films.encoder import FilmOrder
from explorer.gui.films.painting import FITTING, StageBuilder, Turn, film_turns
from explorer.gui.session.run_source import RunSource

_FITTING = N_("Fitting the axes…")
_WAIT_MS = 10
"""Milliseconds until it is looked again whether the encoder has room."""


class FilmMaker(Work):
    """Makes one film at a time: a frame is painted in a turn of the event loop, and written in a thread."""

    beginning = _FITTING

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns: Generator[Turn, None, bool] | None = None
        self._stop = Event()
        self._path = Path()
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
        """Make a film; its path is what comes of it."""
        self.abandon()
        self._stop = Event()
        self._path = order.path
        self._turns = film_turns(build, source, order, self._stop)
        self._timer.start(0)

    def cancel(self) -> None:
        """Write nothing; `cancelled` follows once nothing is left of the film."""
        self._stop.set()

    def abandon(self) -> None:
        """Write nothing, and wait until nothing is left of the film."""
        self._timer.stop()
        turns, self._turns = self._turns, None
        if turns is not None:
            self._stop.set()
            if getgeneratorstate(turns) != GEN_RUNNING:  # a turn handles events while images are read
                turns.close()

    def _on_timer_timeout(self) -> None:
        turns = self._turns
        assert turns is not None, "the timer runs while there are turns"
        try:
            turn = next(turns)
        except StopIteration as end:
            if self._is_awaited(turns):
                self._finish()
                if end.value:
                    self.finished.emit(self._path)
                else:
                    self.cancelled.emit()
        except ExportError as error:
            if self._is_awaited(turns):
                self._finish()
                self.failed.emit(str(error))
        except Exception as error:
            if self._is_awaited(turns):
                self._finish()
                self.failed.emit(_("The film cannot be made: {error}").format(error=error_text(error)))
            raise
        else:
            if self._is_awaited(turns):
                self._timer.setInterval(_WAIT_MS if turn.waits else 0)
                self.progressed.emit(turn.share, _(_FITTING) if turn.share < FITTING else "")
            else:
                turns.close()

    def _is_awaited(self, turns: Generator[Turn, None, bool]) -> bool:
        """Return whether a film is still to be made; it may have been abandoned within its own turn."""
        return turns is self._turns

    def _finish(self) -> None:
        self._timer.stop()
        self._turns = None
