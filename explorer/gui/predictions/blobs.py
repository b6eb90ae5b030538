"""The board on which a person places a blob for each class, and the rings that show the blobs over a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.geometry import Rectangle
from explorer.analysis.predictions.arrangement import Points
from explorer.core.texts import _
from explorer.gui.faults import guarded_item
from explorer.gui.labs.lab_plot import Handle, LabPlot, Picture
from explorer.gui.labs.shapes import DASHED, Label, Line, Shape, polyline
from explorer.gui.plots.style import PixelItem, Plot, pen
from explorer.gui.predictions.state import REACH, SHELF
from explorer.gui.theme.theme import Theme

_LIMITS = Rectangle(-REACH - 0.1, SHELF - 0.2, REACH + 0.1, REACH + 0.1)
_RING = 11.0


class BlobBoard(LabPlot):
    """Covers the plot of the features while blobs are placed, in the plane or on the shelf below it.

    Parameters
    ----------
    theme : Theme
        The colours to begin with.
    canvas : QWidget
        What the board covers, and is as large as.
    """

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        super().__init__(theme, x="x₁", y="x₂")
        self.setParent(canvas)
        self.setAccessibleName(_("Where the classes will lie"))
        for side in self.axes:
            self.set_ticks([], side)  # no unit is asked for
        canvas.installEventFilter(self)
        self._canvas = canvas
        self.setGeometry(canvas.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if event.type() == QEvent.Type.Resize and watched is self._canvas:
            self.setGeometry(self._canvas.rect())
        return False

    def show_places(self, places: Points, theme: Theme, names: Sequence[str]) -> None:
        """Show a blob for each class, with one of ``names`` (C,), at ``places`` (C, 2)."""
        edge = (SHELF - REACH) / 2
        shapes: list[Shape] = [
            Line(polyline((-REACH, 0), (REACH, 0)), theme.line, bold=False),
            Line(polyline((0, edge), (0, REACH)), theme.line, bold=False),
            Line(polyline((-9, edge), (9, edge)), theme.line, DASHED, bold=False),
            Label((0, 0), _("origin"), theme.muted, side=(1.5, -1.5)),
        ]
        handles = []
        for label, ((x, y), name) in enumerate(zip(places.tolist(), names, strict=True)):
            rgb = theme.class_color(label)
            shapes.append(Label((x, y), name, rgb, side=(0, 2.2), bold=True, small=False))
            handles.append(Handle(str(label), _("class {label}").format(label=name), (x, y), rgb))
        self.show_picture(Picture(shapes, _LIMITS, handles), theme)


class GuessItem(PixelItem):
    """Rings where the blobs come to lie, each with a line to the mean of its class."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=12)
        self.plot = plot
        self._laid = self._means = np.zeros((0, 2))

    def show_guess(self, laid: Points, means: Points) -> None:
        """Show blobs (C, 2) beside class means (C, 2), both in the units of the plot; none for no rows."""
        self._laid, self._means = laid, means
        self.update()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint rings and lines in the colours of the classes, with a halo."""
        theme = self.plot.theme
        across, right, up, down = self.scale_and_shift()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.boundingRect())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        scale, shift = np.array([across, up]), np.array([right, down])
        laid, means = self._laid * scale + shift, self._means * scale + shift
        for label in np.flatnonzero(np.isfinite(laid + means).all(axis=1)).tolist():
            ring, mean = QPointF(*laid[label]), QPointF(*means[label])
            for rgb, width in ((theme.plot, 5.0), (theme.text, 3.4), (theme.class_color(label), 2.2)):
                painter.setPen(pen(rgb, width))
                painter.drawEllipse(ring, _RING, _RING)
            painter.setPen(pen(theme.text, 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(ring, mean)
