"""ImageStore: the pixels of the probe images, read on first use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.data.datasets import Bytes, DatasetError, Stamp, dataset_stamp, load_dataset
from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import DataConfig
from explorer.core.stressors.damage import damaged_splits
from explorer.core.texts import _, kind_and_error
from explorer.gui.drawing.threads import start
from explorer.gui.faults import report

_POLL_MS = 20


class Damage(NamedTuple):
    """What the damage of the images depends on, see `StressorConfig`."""

    seed: int
    share: float
    strengths: tuple[float, ...]


class Origin(NamedTuple):
    """What the pixels of a probe set depend on: settings of the data, state of its files, its sizes."""

    source: str
    subset: int
    side: int
    stamp: Stamp
    sizes: tuple[int, int]


class Whole(NamedTuple):
    """The ``pixels`` (n, height, width[, 3]) of a probe set without damage, and where they come from."""

    origin: Origin
    probe: ProbeSet
    pixels: Bytes


class ImageStore(QObject):
    """Keeps the pixels of a probe set, without the rest of the data set.

    Another run of the same images, as after a restart, gets those that were read for the one before. A daemon
    thread reads them, so that the window stays responsive. It uses no Qt objects: the store polls it every
    few milliseconds, and ignores the result if other images are needed by then.

    Signals
    -------
    imagesChanged()
        Images are available, or ``complaint`` says why not.
    """

    imagesChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.complaint = ""
        self._probe: ProbeSet | None = None
        self._whole: Bytes | None = None
        self._read: Whole | None = None
        self._damaged: Bytes | None = None
        self._damage: Damage | None = None
        self._reading: Future[Bytes | Whole] | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def reading(self) -> bool:
        """Whether images are being read; `imagesChanged` is emitted at the end."""
        return self._reading is not None

    def pixels(self, snapshot: Snapshot) -> Bytes | None:
        """Return the probe images (n, height, width) as damaged; None until `imagesChanged` is emitted.

        After a change of the damage they are those with the one before, until the signal comes again.
        """
        probe, data = snapshot.probe, snapshot.config.data
        if probe is not self._probe:
            self._probe, self._whole, self._damaged, self.complaint = probe, None, None, ""
            self._damage, before = None, self._read
            self._start(lambda: read_whole(probe, data, before))
        if self._whole is None or not any(data.strengths):
            return self._whole
        damage = Damage(snapshot.config.seed, data.damaged, data.strengths)
        if self._reading is None and damage != self._damage:  # one that has failed is not tried again
            self._damage, whole, self.complaint = damage, self._whole, ""
            self._start(lambda: damaged_splits(whole, snapshot.config.seed, probe.split, probe.indices, data))
        return self._damaged

    def stop(self) -> None:
        """Ignore images that are being read."""
        self._timer.stop()
        self._reading = self._damage = None

    def image(self, snapshot: Snapshot, row: int) -> QImage | None:
        """Return an image for Qt; None until it is read."""
        pixels = self.pixels(snapshot)
        return None if pixels is None else as_image(pixels[row])

    def _start(self, read: Callable[[], Bytes | Whole]) -> None:
        self._reading = _in_thread(read)
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        reading = self._reading
        if reading is None or not reading.done():
            return
        self._timer.stop()
        self._reading = None
        error = reading.exception()
        if error is None:
            self._take(reading.result())
        elif isinstance(error, DatasetError):
            self.complaint = str(error)
        else:
            self._damaged = None  # those of the damage before would be taken for these
            sentence = _("The images cannot be read: {kind}: {error}")
            self.complaint = sentence.format(**kind_and_error(error))
        self.imagesChanged.emit()
        if isinstance(error, Exception) and not isinstance(error, DatasetError):
            report(error)  # unexpected, so its traceback belongs in the log

    def _take(self, found: Bytes | Whole) -> None:
        if isinstance(found, Whole):
            self._read, self._whole = found, found.pixels
        else:
            self._damaged = found


def as_image(pixels: Bytes) -> QImage:
    """Return grey values (height, width) or colours (height, width, 3) as a QImage that owns its data."""
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    data = np.ascontiguousarray(pixels).data
    return QImage(data, width, height, width if grey else 3 * width, kind).copy()


def read_whole(probe: ProbeSet, data: DataConfig, before: Whole | None) -> Whole:
    """Return the pixels of a probe set: those read ``before`` if images and files are the same.

    Raises
    ------
    DatasetError
        As `probe_pixels`.
    """
    sizes = probe.test_size, probe.train_size
    origin = Origin(data.source, data.subset, data.side, dataset_stamp(data.source), sizes)
    if before is not None and before.origin == origin and _same_images(before.probe, probe):
        return before
    return Whole(origin, probe, probe_pixels(probe, data))


def _same_images(first: ProbeSet, second: ProbeSet) -> bool:
    return np.array_equal(first.indices, second.indices) and np.array_equal(first.split, second.split)


def probe_pixels(probe: ProbeSet, data: DataConfig) -> Bytes:
    """Return the pixels (n, height, width) or (n, height, width, 3) of the images of a probe set.

    Raises
    ------
    DatasetError
        If the data set cannot be read, or is not the one of the probe set.
    """
    dataset = load_dataset(data.source, data.subset, data.side)
    same = (len(dataset.test), len(dataset.train)) == (probe.test_size, probe.train_size)
    test = probe.split == TEST
    result = np.empty((len(test), *dataset.test.pixels.shape[1:]), dtype=np.uint8)
    for rows, images in ((test, dataset.test), (~test, dataset.train)) if same else ():
        result[rows] = images.pixels[probe.indices[rows]]
        # Other files may have as many images since.
        same = same and np.array_equal(images.labels[probe.indices[rows]], probe.labels[rows])
    if not same:
        raise DatasetError(
            "{source}: these are not the images that the run was trained with.", source=data.source
        )
    return result


def _in_thread(read: Callable[[], Bytes | Whole]) -> Future[Bytes | Whole]:
    """Start a thread that calls a function, and return its future result."""
    result: Future[Bytes | Whole] = Future()

    def run() -> None:
        try:
            result.set_result(read())
        except BaseException as error:  # any error: the future must be completed
            result.set_exception(error)

    start(threading.Thread(target=run, name="probe-images", daemon=True))
    return result
