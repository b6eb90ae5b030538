"""ImageStore: the pixels of the probe images, read when something first needs them."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.data.datasets import Bytes, DatasetError, load_dataset
from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import DataConfig
from explorer.core.texts import _
from explorer.gui.faults import report

_POLL_MS = 20


class ImageStore(QObject):
    """Keeps the pixels of one probe set, and frees the rest of the data set.

    A thread reads them, so that the window goes on. It touches no object of Qt's: the store looks every few
    milliseconds whether it is done, and forgets the one whose images are no longer wanted. A program that
    ends does not wait for it.

    Signals
    -------
    changed()
        Images have arrived, or cannot be had: see ``complaint``.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.complaint = ""
        self._probe: ProbeSet | None = None
        self._pixels: Bytes | None = None
        self._reading: Future[Bytes] | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def reading(self) -> bool:
        """Whether images are on their way, which `changed` will end."""
        return self._reading is not None

    def pixels(self, snapshot: Snapshot) -> Bytes | None:
        """Return (n, height, width) of the probe images; None until they are there, which `changed` tells."""
        if snapshot.probe is not self._probe:
            self._probe, self._pixels, self.complaint = snapshot.probe, None, ""
            self._reading = _start_reading(snapshot.probe, snapshot.config.data)
            self._timer.start()
        return self._pixels

    def stop(self) -> None:
        """Wait no more for images that are being read."""
        self._timer.stop()
        self._reading = None

    def image(self, snapshot: Snapshot, row: int) -> QImage | None:
        """Return one image as Qt draws it."""
        pixels = self.pixels(snapshot)
        return None if pixels is None else as_image(pixels[row])

    def _on_timer_timeout(self) -> None:
        reading = self._reading
        if reading is None or not reading.done():
            return
        self._timer.stop()
        self._reading = None
        error = reading.exception()
        if error is None:
            self._pixels = reading.result()
        elif isinstance(error, DatasetError):
            self.complaint = str(error)
        else:
            kind = type(error).__name__
            self.complaint = _("The images cannot be read: {kind}: {error}").format(kind=kind, error=error)
        self.changed.emit()
        if isinstance(error, Exception) and not isinstance(error, DatasetError):
            report(error)  # nobody expected it, so its traceback belongs in the log


def as_image(pixels: Bytes) -> QImage:
    """Return grey values (height, width), 0 black, as an image of its own."""
    height, width = pixels.shape
    return QImage(
        np.ascontiguousarray(pixels).data, width, height, width, QImage.Format.Format_Grayscale8
    ).copy()


def probe_pixels(probe: ProbeSet, data: DataConfig) -> Bytes:
    """Return the pixels (n, height, width) of the images of a probe set.

    Raises
    ------
    DatasetError
        Where the data set cannot be read, or is not the one that the probe set was taken from.
    """
    dataset = load_dataset(data.source, data.classes, data.subset)
    if (len(dataset.test), len(dataset.train)) != (probe.test_size, probe.train_size):
        raise DatasetError(
            "{source}: these are not the images that the run was trained with.", source=data.source
        )
    test = probe.split == TEST
    result = np.empty((len(test), *dataset.test.pixels.shape[1:]), dtype=np.uint8)
    result[test] = dataset.test.pixels[probe.indices[test]]
    result[~test] = dataset.train.pixels[probe.indices[~test]]
    return result


def _start_reading(probe: ProbeSet, data: DataConfig) -> Future[Bytes]:
    """Return what `probe_pixels` will return or raise, from a thread that begins now."""
    result: Future[Bytes] = Future()

    def read() -> None:
        try:
            result.set_result(probe_pixels(probe, data))
        except BaseException as error:  # whatever it is: who waits must not wait for ever
            result.set_exception(error)

    threading.Thread(target=read, name="probe-images", daemon=True).start()
    return result
