"""Read pictures from files and from dropped or pasted data, as grey values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QWidget

from explorer.analysis.raster.digitising import PictureError
from explorer.core.texts import _
from explorer.gui.messages.questions import file_to_open

_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 1000
"""Pixels to which the longer side of a picture is reduced: a digit needs few."""
_LUMINANCE = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue (ITU-R BT.601)."""


def ask_for_picture(parent: QWidget) -> Path | None:
    """Open a dialog for a file with a picture; return None where it is cancelled."""
    kinds = _("Pictures ({patterns})").format(patterns=" ".join(picture_formats()))
    return file_to_open(parent, _("Open a picture"), kinds)


def picture_formats() -> list[str]:
    """Return the patterns of the names of readable files, such as "*.png"."""
    return sorted({f"*.{bytes(name.data()).decode()}" for name in QImageReader.supportedImageFormats()})


def read_picture(picture: Path | QImage) -> NDArray[np.float64]:
    """Return the grey values (height, width), 0 to 255, of a picture, or of the first one in a file.

    Raises
    ------
    PictureError
        If the file cannot be read, is not a picture, or is too large.
    """
    return grey_of(_image_in(picture) if isinstance(picture, Path) else picture)


def _image_in(path: Path) -> QImage:
    if not path.is_file():
        raise PictureError("File not found: {name}.", name=path.name)
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if not reader.canRead():
        raise PictureError(
            "{name} is not a picture in a readable format, such as PNG, JPEG or BMP.", name=path.name
        )
    size = reader.size()
    if size.width() * size.height() > _MOST_PIXELS:
        raise PictureError(
            "{name} is too large: {width:,}×{height:,} pixels, and the limit is {most} megapixels.",
            name=path.name,
            width=size.width(),
            height=size.height(),
            most=_MOST_PIXELS // 1_000_000,
        )
    if max(size.width(), size.height()) > _LONGEST_SIDE:  # JPEG decodes faster at a reduced size
        reader.setScaledSize(_reduced(size))
    image = reader.read()
    if image.isNull():
        reason = reader.errorString().rstrip(".")
        raise PictureError("{name} is damaged ({reason}).", name=path.name, reason=reason)
    return image


def picture_in(mime: QMimeData) -> Path | QImage:
    """Return what was dropped or pasted: a file, or a picture.

    Raises
    ------
    PictureError
        If it is neither.
    """
    urls = mime.urls()
    if urls and urls[0].isLocalFile():
        return Path(urls[0].toLocalFile())
    image = mime.imageData() if mime.hasImage() else None  # a browser gives both the image and its URL
    if isinstance(image, QImage) and not image.isNull():
        return image
    if urls:
        raise PictureError("Save the picture first: only files on this computer can be dropped here.")
    raise PictureError("No picture found: drop or paste an image or an image file.")


def grey_of(image: QImage) -> NDArray[np.float64]:
    """Return the grey values (height, width), 0 to 255, of a picture.

    Transparent pixels become white where the opaque ones are dark on average, else black.
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
    total = float(opaque.sum())
    background = 255.0 if total and float((grey * opaque).sum()) < 127.5 * total else 0.0
    grey = grey * opaque + background * (1 - opaque)
    return grey


def _reduced(size: QSize) -> QSize:
    """Return the size with the same aspect ratio whose longer side is `_LONGEST_SIDE`."""
    square = QSize(_LONGEST_SIDE, _LONGEST_SIDE)
    return size.scaled(square, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
