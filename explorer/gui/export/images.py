"""Pictures of widgets: to the clipboard, or as PNG at any scale."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QPushButton,
    QScrollArea,
    QTabBar,
    QToolButton,
    QWidget,
)

from explorer.export.files import ExportError, ExportUsageError, disk_full, new_files
from explorer.gui.reproduction.settings_text import SETTINGS_KEY
from explorer.gui.views.view import View

BUTTONS = (QTabBar, QToolButton, QPushButton, QCheckBox)
"""What a person operates besides lists; swatches of classes are none of these, as a picture needs its key."""


MOST_PIXELS = 120e6
"""Largest number of pixels of an image: half a gigabyte while it is painted."""


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


def picture_of(widget: QWidget, scale: float = 1.0) -> QImage:
    """Return a picture for others to look at: of a view without its controls and without the focus frame.

    What has the property ``overlay`` is left out, too. A list or a row of tabs becomes the words that are
    chosen in it, since they say what is shown.
    """
    if not isinstance(widget, View):
        return picture(widget, scale)
    focused = QApplication.focusWidget()
    holder = focused if focused is not None and widget.isAncestorOf(focused) else None
    if holder is not None:
        holder.clearFocus()
    overlays = [part for part in widget.findChildren(QWidget) if part.property("overlay")]
    shown = [part for part in overlays if part.isVisibleTo(widget)]
    for part in shown:
        part.hide()
    image = picture(widget, scale)
    for part in shown:
        part.show()
    if holder is not None:
        holder.setFocus(Qt.FocusReason.OtherFocusReason)
    painter = QPainter(image)
    for control in widget.findChildren(QWidget):
        if isinstance(control, (QComboBox, *BUTTONS)) and control.isVisibleTo(widget):
            _replace_by_words(painter, control, widget)
    painter.end()
    return image


def _replace_by_words(painter: QPainter, control: QWidget, view: QWidget) -> None:
    corner = control.mapTo(view, QPoint(0, 0))
    scrolled = any(area.isAncestorOf(control) for area in view.findChildren(QScrollArea))
    part = control.visibleRegion().boundingRect() if scrolled else control.rect()
    place, around = part.translated(corner), control.parentWidget()
    painter.fillRect(place, (around or control).palette().window())
    painter.setFont(control.font())
    painter.setPen((around or control).palette().color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _words(control))


def _words(control: QWidget) -> str:
    if isinstance(control, QComboBox):
        return control.currentText()
    return control.tabText(control.currentIndex()) if isinstance(control, QTabBar) else ""


def save_png(widget: QWidget, path: Path, scale: float = 1.0, settings: str = "") -> None:
    """Write the widget's picture as PNG; arguments and errors are those of `image_for` and `write_png`."""
    write_png(image_for(widget, scale, settings), path)


def image_for(widget: QWidget, scale: float, settings: str) -> QImage:
    """Return the widget's picture as `picture_of` does.

    Parameters
    ----------
    widget : QWidget
        What is shown.
    scale : float
        Pixels of the image per logical pixel.
    settings : str
        The settings of its run as a text, which the picture carries; empty for none.

    Raises
    ------
    ExportError
        Where the picture would have too many pixels.
    """
    size = widget.size() * scale
    if size.width() * size.height() > MOST_PIXELS:
        raise too_many_pixels(size.width(), size.height())
    image = picture_of(widget, scale)
    image.setText(SETTINGS_KEY, settings)
    return image


def write_png(image: QImage, path: Path, cancelled: Event | None = None) -> Path:
    """Write an image, and return its path; may run in any thread. Only a complete file replaces another.

    Raises
    ------
    ExportError
        Where the file cannot be written, or ``cancelled`` was set meanwhile: nothing is changed.
    """
    with new_files([path], force=True) as (partial,):
        if image.isNull() or not image.save(str(partial)):
            raise disk_full()
        if cancelled is not None and cancelled.is_set():
            raise ExportError("Cancelled: nothing was written.")
    return path


def too_many_pixels(width: int, height: int) -> ExportUsageError:
    """Return what to say of an image with more than `MOST_PIXELS`."""
    return ExportUsageError(
        "The image would have {width:,} × {height:,} pixels. Choose a smaller size or scale.",
        width=width,
        height=height,
    )
