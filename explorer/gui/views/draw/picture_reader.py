"""Pictures that a person brings: files, and what lies on the clipboard, as grey values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from explorer.analysis.raster.digitising import PictureError

_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 1000
"""Pixels of a picture that are looked at: a digit needs few."""
_LUMINANCE = np.array([0.299, 0.587, 0.114])
"""Of red, green and blue (ITU-R BT.601)."""


def picture_filter() -> str:
    """Return the files that can be read, as Qt's file dialogs take them."""
    endings = sorted({bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()})
    return f"Pictures ({' '.join(f'*.{ending}' for ending in endings)})"


def read_picture(path: Path) -> NDArray[np.float64]:
    """Return the grey values (height, width), 0 to 255, of the first picture in a file.

    Raises
    ------
    PictureError
        Where the file cannot be read, is no picture, or is too large.
    """
    if not path.is_file():
        raise PictureError(f"There is no file {path.name}: choose another, or bring it back.")
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if not reader.canRead():
        raise PictureError(f"{path.name} is not a picture that can be read, such as PNG, JPEG or BMP.")
    size = reader.size()
    if size.width() * size.height() > _MOST_PIXELS:
        most = _MOST_PIXELS // 1_000_000
        raise PictureError(
            f"{path.name} is too large: {size.width():,}×{size.height():,}; {most} megapixels are the most, "
            f"so "
            f"make it smaller."
        )
    if max(size.width(), size.height()) > _LONGEST_SIDE:  # JPEG decodes the faster for it
        reader.setScaledSize(_reduced(size))
    image = reader.read()
    if image.isNull():
        raise PictureError(f"{path.name} is damaged ({reader.errorString().rstrip('.')}): choose another.")
    return grey_of(image)


def picture_of(mime: QMimeData) -> NDArray[np.float64]:
    """Return the grey values of what was dropped or pasted.

    Raises
    ------
    PictureError
        Where there is no picture in it.
    """
    urls = mime.urls()
    if urls and urls[0].isLocalFile():
        return read_picture(Path(urls[0].toLocalFile()))
    image = mime.imageData() if mime.hasImage() else None  # a browser brings it beside its address
    if isinstance(image, QImage) and not image.isNull():
        return grey_of(image)
    if urls:
        raise PictureError("Only pictures on this computer can be taken: save it first.")
    raise PictureError("There is no picture here: bring an image or an image file.")


def grey_of(image: QImage) -> NDArray[np.float64]:
    """Return the grey values (height, width), 0 to 255, of a picture.

    What is transparent becomes white under dark ink, and black under light ink.
    """
    if max(image.width(), image.height()) > _LONGEST_SIDE:
        ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(_reduced(image.size()), *ways)
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    values = rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).astype(np.float64)
    grey: NDArray[np.float64] = values[..., :3] @ _LUMINANCE
    opaque = values[..., 3] / 255
    if opaque.min() == 1:
        return grey
    share = float(opaque.sum())
    ground = 255.0 if share and float((grey * opaque).sum()) < 127.5 * share else 0.0
    grey = grey * opaque + ground * (1 - opaque)
    return grey


def _reduced(size: QSize) -> QSize:
    """Return the size in the same proportion whose longer side is the longest that is looked at."""
    square = QSize(_LONGEST_SIDE, _LONGEST_SIDE)
    return size.scaled(square, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
