"""Pictures of widgets: to the clipboard, or as PNG at any scale."""

from __future__ import annotations

import os
from pathlib import Path

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

from explorer.export.files import ExportError
from explorer.gui.views.view import View

BUTTONS = (QTabBar, QToolButton, QPushButton, QCheckBox)
"""What a person operates besides lists; swatches of classes are none of these, as a picture needs its key."""


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


def save_png(widget: QWidget, path: Path, scale: float = 1.0) -> None:
    """Write the widget's picture as PNG; an older file is replaced only by a complete one.

    Raises
    ------
    ExportError
        Where the file cannot be written.
    """
    partial = path.with_name(f".{path.stem}.part.png")
    try:
        if not picture_of(widget, scale).save(str(partial)):
            raise ExportError(
                "Cannot write the picture {file}: check that the folder exists and can be written.", file=path
            )
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
