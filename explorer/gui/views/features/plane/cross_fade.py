"""CrossFade: the regions of the loss before, which fade while those of the new one are shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QVariantAnimation
from PySide6.QtGui import QImage, QPainter, QTransform

from explorer.gui.plots.cached_layer import LayerPlace, is_raster, pixel_ratio

FADE_MS = 150


class CrossFade(QVariantAnimation):
    """Paints a picture over what replaces it, more and more transparent.

    It is held in full until `begin`: what replaces it may have to be computed first. Its ``valueChanged``
    asks for another painting.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._picture = QImage()
        self.setDuration(FADE_MS)
        self.setStartValue(1.0)
        self.setEndValue(0.0)
        self.finished.connect(self.drop)

    @property
    def active(self) -> bool:
        """Whether there is a picture to paint."""
        return not self._picture.isNull()

    def hold(self, picture: QImage) -> None:
        """Show a picture in full."""
        self.stop()
        self._picture = picture

    def begin(self) -> None:
        """Let the picture fade, if there is one that does not already."""
        if self.active and self.state() == QVariantAnimation.State.Stopped:
            self.start()

    def drop(self) -> None:
        """Show no picture any more."""
        self.stop()
        self._picture = QImage()

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paint the picture over an ``area`` of the same size as that which it is of."""
        if not self.active or not is_raster(painter):
            return
        place, corner = LayerPlace.of(area, painter.worldTransform(), pixel_ratio(painter))
        if place.size != self._picture.size():
            return
        painter.save()
        painter.setWorldTransform(QTransform())
        held = self.state() == QVariantAnimation.State.Stopped
        painter.setOpacity(1.0 if held else self.currentValue())
        painter.drawImage(corner, self._picture)
        painter.restore()
