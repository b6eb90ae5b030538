"""DensityItem: density contours around 50% and 90% of the points of each class."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from explorer.analysis.plane.density import SHARES, DensityContour, density_contours
from explorer.gui.plots.curve_plot import draw_curve
from explorer.gui.plots.style import Plot
from explorer.gui.theme.theme import mix
from explorer.gui.views.features.content import Content
from explorer.gui.views.features.plane.computed_item import ComputedItem, Request

_STYLES = dict(zip(SHARES, (Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine), strict=True))
_INK_FRACTION = 0.55
"""Fraction of the text colour in a line, for contrast with points of its class."""


class DensityItem(ComputedItem[list[DensityContour]]):
    """Density contours of the points of a frame: 90% of a class dashed, 50% solid."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=5)

    def request(self, content: Content) -> Request[list[DensityContour]] | None:
        """Return the computation of the contours, None while they are not shown."""
        if not self.isVisible():
            return None
        classes = content.snapshot.probe.num_classes
        return Request((content,), partial(density_contours, content.points, content.labels, classes))

    def shows(self) -> tuple[object, ...]:
        """Return an empty tuple: the pixels depend on the layer only."""
        return ()

    def draw(self, painter: QPainter) -> None:
        """Paint the contours."""
        theme = self.plot.theme
        across, right, up, down = self.scale_and_shift()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for contour in self.layer or ():
            x, y = np.concatenate([contour.line, contour.line[:1]]).T
            line = pg.functions.arrayToQPolygonF(across * x + right, up * y + down)
            ink = mix(theme.class_color(contour.label), theme.text, _INK_FRACTION)
            draw_curve(painter, line, ink, _STYLES[contour.share])
