"""DigitFinder: finds the digit in pictures, off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from explorer.analysis.raster.digit_pictures import Part, Reading, read_digit
from explorer.analysis.raster.digitising import PictureError, Shape, size_normalized
from explorer.core.data.datasets import Bytes
from explorer.core.texts import N_, _
from explorer.gui.drawing.background import Background
from explorer.gui.views.draw.picture_reader import picture_in, read_picture

_LEFT_OUT: Mapping[Part, str] = MappingProxyType(
    {
        "frame": N_("The frame of the picture was left out."),
        "shade": N_("A shadow on the paper was left out."),
        "marks": N_("Marks beside the drawing were left out."),
    }
)


class DigitFinder(QObject):
    """Reads one picture at a time; a newer one replaces it. A large picture takes seconds.

    Signals
    -------
    finished(object, str)
        An image (height, width) uint8 of the asked shape, and what was left out, in sentences.
    noted(str)
        What is happening, or why the picture cannot be used.
    """

    finished = Signal(object, str)
    noted = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.reading: Background[tuple[Reading, Shape]] = Background(self._on_read, self._on_failed, self)

    def find_in(self, picture: Path | QMimeData, shape: Shape) -> None:
        """Look for the digit in a file, or in what was dropped or pasted, for images of ``shape``."""
        try:
            source = picture_in(picture) if isinstance(picture, QMimeData) else picture
        except PictureError as error:
            self.noted.emit(str(error))
            return
        self.noted.emit(_("Reading the picture…"))
        self.reading.request(partial(_read, source, shape))

    def _on_read(self, result: tuple[Reading, Shape]) -> None:
        reading, shape = result
        sentences = [_(_LEFT_OUT[part]) for part in reading.left_out]
        if sentences:
            sentences.append(_("The pad shows what the network sees."))
        self.finished.emit(size_normalized(reading.ink, shape), " ".join(sentences))

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, PictureError):
            raise error
        self.noted.emit(str(error))


def _read(picture: Path | QImage, shape: Shape) -> tuple[Reading, Shape]:
    return read_digit(read_picture(picture), shape), shape


def fitted(image: Bytes, shape: Shape) -> Bytes:
    """Return an image of this shape: another data set may have come while the picture was read."""
    return image if image.shape == shape else size_normalized(image.astype(np.float64), shape)
