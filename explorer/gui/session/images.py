"""ImageStore: the pixels of the probe images, read when something first needs them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.data.datasets import Bytes, DatasetError, load_dataset
from explorer.core.protocol.messages import TEST
from explorer.core.settings.config import DataConfig


class ImageStore(QObject):
    """Keeps the pixels of one probe set; the rest of the data set is let go.

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
        self._reader: _Reader | None = None

    def pixels(self, snapshot: Snapshot) -> Bytes | None:
        """Return (n, height, width) of the probe images; None until they are there, which `changed` tells."""
        if snapshot.probe is not self._probe:
            self._probe, self._pixels, self.complaint = snapshot.probe, None, ""
            self._reader = _Reader(snapshot.probe, snapshot.config.data)
            self._reader.done.connect(self._on_reader_done)
            self._reader.start()
        return self._pixels

    def image(self, snapshot: Snapshot, row: int) -> QImage | None:
        """Return one image as Qt draws it."""
        pixels = self.pixels(snapshot)
        return None if pixels is None else as_image(pixels[row])

    def _on_reader_done(self, probe: ProbeSet, pixels: Bytes | None, complaint: str) -> None:
        if probe is self._probe:
            self._pixels, self.complaint, self._reader = pixels, complaint, None
            self.changed.emit()


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


class _Reader(QObject):
    """Reads in a thread, so that the window goes on; the thread keeps it until it has told the result."""

    done = Signal(object, object, str)

    def __init__(self, probe: ProbeSet, data: DataConfig) -> None:
        super().__init__()
        self._probe, self._data = probe, data

    def start(self) -> None:
        """Begin."""
        target: Callable[[], None] = self._read
        threading.Thread(target=target, name="probe images").start()

    def _read(self) -> None:
        try:
            self.done.emit(self._probe, probe_pixels(self._probe, self._data), "")
        except DatasetError as error:
            self.done.emit(self._probe, None, str(error))
