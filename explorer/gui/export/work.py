"""Work: what a dialog waits for; and the writing of a picture, which is one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal

from explorer.core.texts import N_, error_text
from explorer.export.files import ExportError, new_files
from explorer.gui.drawing.background import Background
from explorer.gui.export.images import Encoder

UNKNOWN = -1.0
"""A share of work that is done, where nothing is known of it."""
_NEVER_AT_ONCE = -1.0


class Work(QObject):
    """Something that takes a while, beside the window, and ends in one of three ways.

    Signals
    -------
    progressed(float, str)
        How much is done, 0 to 1, or `UNKNOWN`; and what is being done, empty where the time left says enough.
    finished(object)
        It is done, with what came of it.
    failed(str)
        Nothing came of it, and why, as a sentence.
    cancelled()
        Nothing came of it, as was asked for.

    Attributes
    ----------
    beginning : str
        What is done at first, to be translated.
    """

    beginning: str = N_("Writing…")

    progressed = Signal(float, str)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    @property
    def working(self) -> bool:
        """Whether it is under way."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Ask it to end without a result; `cancelled` follows."""
        raise NotImplementedError

    def abandon(self) -> None:
        """End without a result, and tell nothing more."""
        raise NotImplementedError


class WorkCancelledError(Exception):
    """What was being written is not wanted any more."""


class PictureWriting(Work):
    """Writes a picture that is painted, in a thread: compressing a large one takes seconds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = Event()
        self._working = False
        self._thread: Background[Path] = Background(
            self._on_written, self._on_failed, self, at_once=_NEVER_AT_ONCE
        )

    @property
    def working(self) -> bool:
        """Whether a picture is being written."""
        return self._working

    def start(self, encoder: Encoder, target: Path) -> None:
        """Write a file, whole or not at all, in the place of an older one; its path is what comes of it."""
        self.abandon()
        self._stop, self._working = Event(), True
        self._thread.request(partial(_write, encoder, target, self._stop))

    def cancel(self) -> None:
        """Write nothing; `cancelled` follows once nothing is left of the file."""
        self._stop.set()

    def abandon(self) -> None:
        """Write nothing, and tell nothing more."""
        self._stop.set()
        self._thread.cancel()
        self._working = False

    def _on_written(self, path: Path) -> None:
        self._working = False
        self.finished.emit(path)

    def _on_failed(self, error: Exception) -> None:
        self._working = False
        if isinstance(error, WorkCancelledError):
            self.cancelled.emit()
        elif isinstance(error, ExportError):
            self.failed.emit(str(error))
        else:
            self.failed.emit(str(error_text(error)))
            raise error  # a fault of the program, which the window reports


def _write(encoder: Encoder, target: Path, stop: Event) -> Path:
    with new_files([target], force=True) as (partial_file,):
        encoder(partial_file)
        if stop.is_set():
            raise WorkCancelledError
    return target
