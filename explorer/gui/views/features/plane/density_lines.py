"""DensityItem: lines around the densest half, and around nine tenths, of the points of each class."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from explorer.analysis.plane.density import SHARES, DensityContour, density_contours
from explorer.gui.plots.style import Plot, draw_curve
from explorer.gui.theme.theme import mix
from explorer.gui.views.features.content import Content
from explorer.gui.views.features.plane.computed_item import ComputedItem, Request

_STYLES = dict(zip(SHARES, (Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine), strict=True))
_INK_SHARE = 0.55
"""How much of the text's colour is in a line, which lies on points of its class."""


class DensityItem(ComputedItem[list[DensityContour]]):
    """Density contours of the points of a whole frame: nine tenths of a class dashed, half of it solid."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=5)

    def request(self, content: Content) -> Request[list[DensityContour]] | None:
        """Return how the contours are computed, None while they are not to be seen."""
        if not self.isVisible():
            return None
        classes = content.snapshot.probe.num_classes
        return Request((content,), partial(density_contours, content.points, content.labels, classes))

    def shows(self) -> tuple[object, ...]:
        """Return nothing: there is only the layer."""
        return ()

    def draw(self, painter: QPainter) -> None:
        """Draw the contours."""
        theme = self.plot.theme
        across, right, up, down = self.scale_and_shift()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for contour in self.layer or ():
            x, y = np.concatenate([contour.line, contour.line[:1]]).T
            line = pg.functions.arrayToQPolygonF(across * x + right, up * y + down)
            ink = mix(theme.class_color(contour.label), theme.text, _INK_SHARE)
            draw_curve(painter, line, ink, _STYLES[contour.share])
