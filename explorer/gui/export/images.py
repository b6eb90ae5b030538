"""Pictures of widgets: to the clipboard, or as PNG at any scale."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from explorer.core.texts import TextError
from explorer.gui.views.view import View


class ExportError(TextError):
    """A picture cannot be written; the message is one sentence."""


def picture(widget: QWidget, scale: float = 1.0) -> QImage:
    """Return the widget as on screen, drawn at ``scale`` image pixels to a logical pixel.

    What views still compute in the background is waited for.
    """
    for view in (widget, *widget.findChildren(View)):
        if isinstance(view, View) and view.isVisible():
            view.finish_content()
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().window().color())
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return image


def save_png(widget: QWidget, path: Path, scale: float = 1.0) -> None:
    """Write the widget's picture as PNG; an older file is replaced only by a complete one.

    Raises
    ------
    ExportError
        Where the file cannot be written.
    """
    partial = path.with_name(f".{path.stem}.part.png")
    try:
        if not picture(widget, scale).save(str(partial)):
            raise ExportError(
                "Cannot write the picture {file}: check that the folder exists and can be written.", file=path
            )
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
