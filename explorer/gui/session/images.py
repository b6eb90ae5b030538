"""ImageStore: the pixels of the probe images, read on first use."""

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
    """Keeps the pixels of a probe set, without the rest of the data set.

    A daemon thread reads them, so that the window stays responsive. It uses no Qt objects: the store polls it
    every few milliseconds, and ignores the result if other images are needed by then.

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
        self._pixels: Bytes | None = None
        self._reading: Future[Bytes] | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def reading(self) -> bool:
        """Whether images are being read; `imagesChanged` is emitted at the end."""
        return self._reading is not None

    def pixels(self, snapshot: Snapshot) -> Bytes | None:
        """Return the probe images (n, height, width); None until `imagesChanged` is emitted."""
        if snapshot.probe is not self._probe:
            self._probe, self._pixels, self.complaint = snapshot.probe, None, ""
            self._reading = _start_reading(snapshot.probe, snapshot.config.data)
            self._timer.start()
        return self._pixels

    def stop(self) -> None:
        """Ignore images that are being read."""
        self._timer.stop()
        self._reading = None

    def image(self, snapshot: Snapshot, row: int) -> QImage | None:
        """Return an image for Qt; None until it is read."""
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
        self.imagesChanged.emit()
        if isinstance(error, Exception) and not isinstance(error, DatasetError):
            report(error)  # unexpected, so its traceback belongs in the log


def as_image(pixels: Bytes) -> QImage:
    """Return grey values (height, width) or colours (height, width, 3) as a QImage that owns its data."""
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    data = np.ascontiguousarray(pixels).data
    return QImage(data, width, height, width if grey else 3 * width, kind).copy()


def probe_pixels(probe: ProbeSet, data: DataConfig) -> Bytes:
    """Return the pixels (n, height, width) or (n, height, width, 3) of the images of a probe set.

    Raises
    ------
    DatasetError
        If the data set cannot be read, or is not the one of the probe set.
    """
    dataset = load_dataset(data.source, data.subset, data.side)
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
    """Start a thread that calls `probe_pixels`, and return its future result."""
    result: Future[Bytes] = Future()

    def read() -> None:
        try:
            result.set_result(probe_pixels(probe, data))
        except BaseException as error:  # any error: the future must be completed
            result.set_exception(error)

    threading.Thread(target=read, name="probe-images", daemon=True).start()
    return result
