"""FilmEncoder: writes pictures to a film in a thread, while the next ones are painted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread

from msgspec import Struct

from explorer.export.files import ExportError, new_files
from explorer.gui.export.work import WorkCancelledError
from explorer.gui.figures.figure import Figure
from explorer.gui.films.film import Film
from explorer.gui.films.formats import FilmContent, write_film
from explorer.gui.films.gif import Pixels

_WAITING = 4
"""Most pictures that are painted and not yet written."""
_LOOK = 0.1
"""Seconds after which the thread looks again whether it was cancelled."""


class FilmOrder(Struct, frozen=True):
    """A film that is to be made: what it shows, how, where it is written, and whether it replaces a file.

    The end of the name of ``path`` says its format.
    """

    figure: Figure
    film: Film
    path: Path
    force: bool


class FilmEncoder:
    """Writes a film, whole or not at all: it takes the place of an older file once it is complete.

    Parameters
    ----------
    order : FilmOrder
        What to write, and where.
    content : FilmContent
        What is written beside the pictures.
    stop : Event
        Set where the film is not wanted any more: nothing is changed then.

    Attributes
    ----------
    written : bool
        Whether the film is in its place, once it is `done`.
    error : Exception or None
        Why it could not be written, once it is `done`: an `ExportError`, or one that was not foreseen.
    """

    def __init__(self, order: FilmOrder, content: FilmContent, stop: Event) -> None:
        self.written = False
        self.error: Exception | None = None
        self._order, self._content, self._stop = order, content, stop
        self._pictures: Queue[Pixels] = Queue(_WAITING)
        self._thread = Thread(target=self._run, name="film-encoder", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # the system gives this process no more of them
            self.error = ExportError("Cannot write {file}: {error}.", file=order.path, error=error)

    def take(self, picture: Pixels, seconds: float) -> bool:
        """Take the next picture (height, width, 3), and return whether there was room within so long.

        After `cancel`, what is taken is dropped.

        Raises
        ------
        ExportError
            If the film cannot be written.
        """
        self.check()
        if self.cancelled:
            return True
        try:
            self._pictures.put(picture, block=seconds > 0, timeout=seconds or None)
        except Full:
            return False
        return True

    @property
    def cancelled(self) -> bool:
        """Whether the film is not wanted any more."""
        return self._stop.is_set()

    def done(self, seconds: float | None) -> bool:
        """Return whether it is finished, in one way or the other, within so long, None for any time."""
        if self._thread.ident is not None:  # it has been started
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def check(self) -> None:
        """Raise `error`, if there is one."""
        if self.done(0) and self.error is not None:
            raise self.error

    def cancel(self) -> None:
        """Write nothing; once it is `done`, nothing is left of the film."""
        self._stop.set()

    def _run(self) -> None:
        path = self._order.path
        try:
            with new_files([path], force=self._order.force) as (partial,):
                with partial.open("wb") as file:
                    write_film(file, path.suffix.lower().removeprefix("."), self._taken(), self._content)
                if self.cancelled:
                    raise WorkCancelledError
            self.written = True
        except WorkCancelledError:
            return
        except Exception as error:
            self.error = error  # raised in the thread that paints

    def _taken(self) -> Iterator[Pixels]:
        """Yield as many pictures as the film has."""
        for _shot in self._content.shots:
            yield self._next()

    def _next(self) -> Pixels:
        while not self.cancelled:
            try:
                return self._pictures.get(timeout=_LOOK)
            except Empty:
                continue
        raise WorkCancelledError
