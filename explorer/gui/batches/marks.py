"""BatchMarks: the images of a batch over the features, with an arrow from each where something moves it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.frames.snapshot import Floats, Labels
from explorer.analysis.plane.geometry import Rectangle
from explorer.gui.faults import guarded_item
from explorer.gui.plots.marks.marks import draw_arrow
from explorer.gui.plots.style import PixelItem, Plot, color, pen
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.framing import Need

_DOT, _RING = 3.5, 9.0
_ROOM = 0.05
"""Share of its size that a batch has around it."""
ToPixels = Callable[[Floats], NDArray[np.float64]]


class BatchMarks(Struct, frozen=True, eq=False):
    """Points (b, d) with ``labels`` (b,), of which ``chosen`` is in focus, and ends of arrows (b, d)."""

    points: Floats
    labels: Labels
    chosen: int
    ends: Floats | None = None

    def projected(self, shown: Callable[[Floats], Floats]) -> BatchMarks:
        """Return them where vectors (b, d) are ``shown``: their coordinates (b, k) in a projection."""
        return replace(self, points=shown(self.points), ends=None if self.ends is None else shown(self.ends))

    @property
    def need(self) -> Need:
        """What a view has to show so that all of it is seen."""
        places = self.points if self.ends is None else np.concatenate([self.points, self.ends])
        finite = places[np.isfinite(places).all(axis=1)]
        if not len(finite):
            return Need()
        if finite.shape[1] != 2:
            return Need(extent=float(np.linalg.norm(finite, axis=1).max()))
        (left, bottom), (right, top) = finite.min(axis=0).tolist(), finite.max(axis=0).tolist()
        across, up = _ROOM * (right - left), _ROOM * (top - bottom)
        return Need(Rectangle(left - across, bottom - up, right + across, top + up))


def paint_batch(painter: QPainter, to_pixels: ToPixels, marks: BatchMarks, theme: Theme) -> None:
    """Paint the points as outlined discs; the one in focus has a ring, and its arrow stands out."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pixels = to_pixels(marks.points)
    known: NDArray[np.bool_] = np.asarray(np.isfinite(pixels).all(axis=1))
    if marks.ends is not None:
        ends = to_pixels(marks.ends)
        known &= np.isfinite(ends).all(axis=1)
        painter.setPen(pen(theme.text, 1.0))
        shown = np.concatenate([pixels[known], ends[known]], axis=1).tolist()
        painter.drawLines([QLineF(*ends_of_line) for ends_of_line in shown])
    painter.setPen(pen(theme.text, 1.2))
    for place in np.flatnonzero(known).tolist():
        painter.setBrush(color(theme.class_color(int(marks.labels[place]))))
        painter.drawEllipse(QPointF(*pixels[place]), _DOT, _DOT)
    if not known[marks.chosen]:
        return
    at = QPointF(*pixels[marks.chosen])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rgb, width in ((theme.plot, 5.0), (theme.accent, 2.6)):
        painter.setPen(pen(rgb, width))
        painter.drawEllipse(at, _RING, _RING)
    if marks.ends is not None:
        draw_arrow(painter, at, QPointF(*ends[marks.chosen]), theme.accent, theme.plot)


class BatchItem(PixelItem):
    """Paints a batch in the plane."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot, z=13)
        self.plot = plot
        self.marks: BatchMarks | None = None

    def show_marks(self, marks: BatchMarks | None) -> None:
        """Show a batch of features in the plane; None for none."""
        self.marks = marks
        self.update()

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the marks."""
        if self.marks is None:
            return
        across, right, up, down = self.scale_and_shift()
        scale, shift = np.array([across, up]), np.array([right, down])
        painter.setClipRect(self.boundingRect())
        paint_batch(painter, lambda points: points * scale + shift, self.marks, self.plot.theme)
