"""DensityItem: lines around the densest half, and around nine tenths, of the points of each class."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.density import SHARES, DensityContour, density_contours
from explorer.gui.faults import guarded_item
from explorer.gui.plots.still_picture import StillPicture
from explorer.gui.plots.style import PixelItem, Plot, draw_curve
from explorer.gui.theme.theme import mix
from explorer.gui.views.features.content import Content

_STYLES = dict(zip(SHARES, (Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine), strict=True))
_INK_SHARE = 0.55
"""How much of the text's colour is in a line, which lies on points of its class."""
_CLEAR = QColor(0, 0, 0, 0)


class DensityItem(PixelItem):
    """Density contours of the points of a whole frame: nine tenths of a class dashed, half of it solid."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=5)
        self.plot = plot
        self.content: Content | None = None
        self._found: tuple[Content | None, list[DensityContour]] = (None, [])
        self._picture = StillPicture()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw the contours; they are computed once for each frame."""
        content = self.content
        if content is None:
            return
        if self._found[0] is not content:
            classes = content.snapshot.probe.num_classes
            self._found = content, density_contours(content.points, content.labels, classes)
        shows = (content, self.plot.theme, self.plot.visible())
        self._picture.paint(painter, self.boundingRect(), _CLEAR, shows, self._draw)

    def _draw(self, painter: QPainter) -> None:
        theme = self.plot.theme
        across, right, up, down = self.scale_and_shift()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for contour in self._found[1]:
            x, y = np.concatenate([contour.line, contour.line[:1]]).T
            line = pg.functions.arrayToQPolygonF(across * x + right, up * y + down)
            ink = mix(theme.class_color(contour.label), theme.text, _INK_SHARE)
            draw_curve(painter, line, ink, _STYLES[contour.share])
