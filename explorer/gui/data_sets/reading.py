"""Reading: reads a data set in a thread, to learn whether it can be trained on."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.core.data.dataset import Dataset, DatasetError, DatasetSpec
from explorer.core.data.datasets import load_dataset
from explorer.core.texts import _, kind_and_error, showable
from explorer.gui.drawing.threads import start
from explorer.gui.faults import report

_POLL_MS = 20


class FoundData(Struct, frozen=True):
    """What a data set turned out to be: its source, its numbers of images and their size, such as 28×28."""

    source: str
    spec: DatasetSpec
    train: int
    test: int
    size: str

    @classmethod
    def of(cls, source: str, dataset: Dataset) -> FoundData:
        """Return what is known of a data set that has been read."""
        height, width = dataset.train.pixels.shape[1:3]
        return cls(source, dataset.spec, len(dataset.train), len(dataset.test), f"{width}×{height}")


class _CancelledError(Exception):
    """The person has cancelled the reading."""


class Reading(QObject):
    """Reads one data set at a time.

    The thread uses no Qt objects: it is polled every few milliseconds. Another reading, or a cancel, ends it
    at its next report of progress, and its result is ignored.

    Signals
    -------
    progressed(int, int)
        So much of so much is read.
    loaded(object)
        The `FoundData` of a data set that can be trained on.
    failed(str)
        Why the data set cannot be used.
    """

    progressed = Signal(int, int)
    loaded = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: _Job | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def busy(self) -> bool:
        """Whether a data set is being read."""
        return self._job is not None

    def start(self, source: str, side: int) -> None:
        """Read a data set; pictures in folders are resized to ``side``."""
        self.cancel()
        self._job = _Job(source, side)
        self._timer.start()

    def cancel(self) -> None:
        """End the reading, if there is one; nothing is told of it any more."""
        if self._job is not None:
            self._job.cancelled.set()
            self._job = None
            self._timer.stop()

    def _on_timer_timeout(self) -> None:
        job = self._job
        if job is None:
            return
        if not job.result.done():
            self.progressed.emit(*job.progress)
            return
        self.cancel()
        error = job.result.exception()
        if error is None:
            self.loaded.emit(job.result.result())
        elif isinstance(error, DatasetError):
            self.failed.emit(str(error))
        else:
            sentence = _("{source} cannot be read: {kind}: {error}")
            self.failed.emit(sentence.format(source=showable(job.source), **kind_and_error(error)))
            if isinstance(error, Exception):
                report(error)  # unexpected, so its traceback belongs in the log


class _Job:
    """A thread that reads a data set, how far it is, and its result."""

    def __init__(self, source: str, side: int) -> None:
        self.source, self._side = source, side
        self.progress = 0, 0
        self.cancelled = threading.Event()
        self.result: Future[FoundData] = Future()
        start(threading.Thread(target=self._read, name="data-set", daemon=True))

    def _read(self) -> None:
        try:
            dataset = load_dataset(self.source, side=self._side, progress=self._tell)
            self.result.set_result(FoundData.of(self.source, dataset))
        except BaseException as error:  # any error: the future must be completed
            self.result.set_exception(error)

    def _tell(self, done: int, total: int) -> None:
        if self.cancelled.is_set():
            raise _CancelledError
        self.progress = done, total
