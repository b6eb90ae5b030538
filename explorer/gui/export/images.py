"""Pictures of widgets: to the clipboard, as PNG at any scale, as SVG or PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPalette, QRegion
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QPushButton,
    QScrollArea,
    QTabBar,
    QToolButton,
    QWidget,
)

from explorer.export.files import ExportUsageError, disk_full, new_files
from explorer.gui.controls.labels import ReadOut
from explorer.gui.plots.cached_layer import is_raster, wide_lines
from explorer.gui.plots.style import Plot
from explorer.gui.reproduction.settings_text import SETTINGS_KEY
from explorer.gui.views.view import View

BUTTONS = (QTabBar, QToolButton, QPushButton, QCheckBox)
"""What a person operates besides lists; swatches of classes are none of these, as a picture needs its key."""

Encoder = Callable[[Path], None]
"""Writes what was painted before to a new file, in any thread; raises OSError."""
MOST_PIXELS = 120e6
"""Largest number of pixels of an image: half a gigabyte while it is painted."""
_CLIPBOARD_SCALE = 2
"""Pixels of a picture in the clipboard to a logical pixel: it is often enlarged in a document."""


def picture(widget: QWidget, scale: float = 1.0) -> QImage:
    """Return the widget as on screen, drawn at ``scale`` image pixels to a logical pixel.

    What views still compute in the background is waited for.
    """
    return _image(widget, scale, _paint)


def picture_of(widget: QWidget, scale: float = 1.0) -> QImage:
    """Return a picture for others to look at, see `paint_for_others`."""
    return _image(widget, scale, paint_for_others)


def copy_picture(widget: QWidget) -> None:
    """Copy a picture for others to look at to the clipboard."""
    QGuiApplication.clipboard().setImage(picture_of(widget, _CLIPBOARD_SCALE))


def paint_for_others(widget: QWidget, painter: QPainter) -> None:
    """Paint a picture for others to look at: of a view without its controls and without the focus frame.

    What has the property ``overlay`` is left out, too. A list or a row of tabs becomes the words that are
    chosen in it, since they say what is shown.
    """
    if not isinstance(widget, View):
        _paint(widget, painter)
        return
    focused = QApplication.focusWidget()
    holder = focused if focused is not None and widget.isAncestorOf(focused) else None
    if holder is not None:
        holder.clearFocus()
    overlays = [part for part in widget.findChildren(QWidget) if part.property("overlay")]
    shown = [part for part in overlays if part.isVisibleTo(widget)]
    for part in shown:
        part.hide()
    parts = [part for part in widget.findChildren(QWidget) if part.isVisibleTo(widget)]
    controls = [part for part in parts if isinstance(part, (QComboBox, *BUTTONS))]
    _paint(widget, painter, controls)
    for part in shown:
        part.show()
    if holder is not None:
        holder.setFocus(Qt.FocusReason.OtherFocusReason)
    for control in controls:
        _replace_by_words(painter, control, widget)


def _image(widget: QWidget, scale: float, paint: Callable[[QWidget, QPainter], None]) -> QImage:
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().window().color())
    painter = QPainter(image)
    with wide_lines(scale):
        paint(widget, painter)
    painter.end()
    return image


def _paint(widget: QWidget, painter: QPainter, covered: Sequence[QWidget] = ()) -> None:
    """Paint a widget; in a vector picture, without what is ``covered`` afterwards."""
    for view in (widget, *widget.findChildren(View)):
        if isinstance(view, View) and view.isVisible():
            view.finish_content()
    for plot in widget.findChildren(Plot):
        plot.finish_fading()
    for readout in widget.findChildren(ReadOut):
        readout.finish_rising()
    painter.fillRect(widget.rect(), widget.palette().window())
    if is_raster(painter):
        widget.render(painter, QPoint())
    else:
        _paint_parts(widget, QPoint(), widget.rect(), painter, covered)


def _paint_parts(
    widget: QWidget, at: QPoint, seen: QRect, painter: QPainter, left_out: Sequence[QWidget]
) -> None:
    """Paint a widget and what is in it, each part where it is seen.

    Qt paints a widget as a vector picture without the clipping that what is scrolled out of sight needs.

    Parameters
    ----------
    widget : QWidget
        The widget.
    at : QPoint
        Its upper left corner, in pixels of the picture.
    seen : QRect
        The part of the picture in which it is seen.
    painter : QPainter
        Paints the picture.
    left_out : sequence of QWidget
        What in it is not painted.
    """
    place = QRect(at, widget.size()).intersected(seen)
    if place.isEmpty():
        return
    inside = [widget, *widget.findChildren(QWidget)]
    whole = not any(_needs_clipping(part) or part in left_out for part in inside)
    flags = QWidget.RenderFlag.DrawChildren if whole else QWidget.RenderFlag(0)
    painter.save()
    painter.setClipRect(place)
    # By this class, since plots have another method of this name.
    QWidget.render(widget, painter, place.topLeft(), QRegion(place.translated(-at)), flags)
    painter.restore()
    if not whole:
        for part in _parts_of(widget):
            if part not in left_out:
                _paint_parts(part, at + part.pos(), place, painter, left_out)


def _parts_of(widget: QWidget) -> list[QWidget]:
    """Return the visible widgets in another, the lowest first."""
    parts = [part for part in widget.children() if isinstance(part, QWidget)]
    return [part for part in parts if part.isVisibleTo(widget) and not part.isWindow()]


def _needs_clipping(widget: QWidget) -> bool:
    """Return whether something of a widget may be out of sight, or it is itself outside of its parent."""
    around = widget.parentWidget()
    if around is None or not widget.isVisible():
        return False
    return isinstance(widget, QAbstractScrollArea) or not around.rect().contains(widget.geometry())


def _replace_by_words(painter: QPainter, control: QWidget, view: QWidget) -> None:
    corner = control.mapTo(view, QPoint(0, 0))
    scrolled = any(area.isAncestorOf(control) for area in view.findChildren(QScrollArea))
    part = control.visibleRegion().boundingRect() if scrolled else control.rect()
    place, around = part.translated(corner), control.parentWidget()
    if is_raster(painter):
        painter.fillRect(place, (around or control).palette().window())
    painter.setFont(control.font())
    painter.setPen((around or control).palette().color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _words(control))


def _words(control: QWidget) -> str:
    if isinstance(control, QComboBox):
        return control.currentText()
    return control.tabText(control.currentIndex()) if isinstance(control, QTabBar) else ""


def save_png(widget: QWidget, path: Path, scale: float = 1.0) -> None:
    """Write the widget's picture as PNG, whole or not at all; raises ExportError."""
    with new_files([path], force=True) as (partial_file,):
        picture_encoder(widget, "png", scale)(partial_file)


def picture_encoder(widget: QWidget, name: str, scale: float, settings: str = "") -> Encoder:
    """Paint the widget's picture, and return what writes it.

    Parameters
    ----------
    widget : QWidget
        What is shown, as `paint_for_others` does.
    name : str
        Format: one of `FIGURE_FORMATS`.
    scale : float
        Pixels of the image, or of the images in a vector picture, per logical pixel.
    settings : str
        The settings of its run as a text, which the picture carries; empty for none.

    Raises
    ------
    ExportError
        Where the picture would have too many pixels.
    """
    if name != "png":
        return _vector_encoder(widget, name, scale, settings)
    size = widget.size() * scale
    if size.width() * size.height() > MOST_PIXELS:
        raise too_many_pixels(size.width(), size.height())
    image = picture_of(widget, scale)
    image.setText(SETTINGS_KEY, settings)
    return png_encoder(image)


def _vector_encoder(widget: QWidget, name: str, scale: float, settings: str) -> Encoder:
    from explorer.gui.export.vectors import Drawing, vector_encoder  # not before it is needed

    drawing = Drawing(
        paint=partial(paint_for_others, widget),
        width=widget.width(),
        height=widget.height(),
        scale=scale,
        title=widget.windowTitle() or widget.accessibleName(),
        settings=settings,
    )
    return vector_encoder(drawing, name)


def png_encoder(image: QImage) -> Encoder:
    """Return what writes an image as PNG."""
    return partial(_write_png, image)


def _write_png(image: QImage, path: Path) -> None:
    if image.isNull() or not image.save(str(path)):
        raise disk_full()


def too_many_pixels(width: int, height: int) -> ExportUsageError:
    """Return what to say of an image with more than `MOST_PIXELS`."""
    return ExportUsageError(
        "The image would have {width:,} × {height:,} pixels. Choose a smaller size or scale.",
        width=width,
        height=height,
    )
