"""RadialLines: axes and class weights as lines from the origin, split where they leave the sphere."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from explorer.analysis.frames.snapshot import Floats
from explorer.gui.plots.marks.marks import draw_arrow
from explorer.gui.plots.style import pen
from explorer.gui.theme.theme import Rgb
from explorer.gui.views.features.space.depth_layers import INSIDE, Stage


class RadialLines:
    """Lines from the origin to ``tips`` (n, 3); ``layers`` (n,) are the layers of their outer parts.

    Those to be drawn are given by the index of the first.
    """

    def __init__(self, tips: Floats, stage: Stage) -> None:
        self._stage = stage
        lengths = np.sqrt(np.einsum("nd,nd->n", tips, tips, dtype=np.float64))
        radius = stage.radius * stage.extent
        share = np.divide(radius, lengths, out=np.ones_like(lengths), where=lengths > radius)
        ends_inside = (lengths <= radius) & bool(radius)
        leaving = (tips * share[:, None]).astype(np.float32) if radius else np.zeros_like(tips)
        places, depth = stage.project(np.concatenate([np.zeros((1, 3), np.float32), leaving, tips]))
        points = [QPointF(x, y) for x, y in places.astype(np.float64).tolist()]
        self._origin, self._leaving, self._tips = (
            points[0],
            points[1 : len(tips) + 1],
            points[len(tips) + 1 :],
        )
        layers = stage.layers(leaving, depth[1 : len(tips) + 1])
        layers[ends_inside] = INSIDE
        self.layers: list[int] = layers.tolist()
        self._starts = [
            self._origin if inside else leaves
            for inside, leaves in zip(ends_inside.tolist(), self._leaving, strict=True)
        ]

    def draw_arrows(self, painter: QPainter, layer: int, first: int, colors: list[Rgb], halo: Rgb) -> None:
        """Paint the parts of arrows in a layer, in colours (n,)."""
        for number, rgb in enumerate(colors, first):
            if self._crosses(number, layer):
                for stroke in (pen(halo, 3.6), pen(rgb, 1.8)):
                    painter.setPen(stroke)
                    painter.drawLine(self._origin, self._leaving[number])
            elif layer == self.layers[number]:
                draw_arrow(painter, self._starts[number], self._tips[number], rgb, halo)

    def draw_lines(self, painter: QPainter, layer: int, first: int, names: tuple[str, ...], rgb: Rgb) -> None:
        """Paint the parts of lines in a layer, with ``names`` (n,) at their tips."""
        painter.setPen(pen(rgb, 1.2))
        for number, name in enumerate(names, first):
            if self._crosses(number, layer):
                painter.drawLine(self._origin, self._leaving[number])
            elif layer == self.layers[number]:
                painter.drawLine(self._starts[number], self._tips[number])
                painter.drawText(self.name_place(painter, number, name), name)

    def name_place(self, painter: QPainter, number: int, name: str) -> QPointF:
        """Return where a name at the tip of a line begins: beside it, and in sight where the edge is near."""
        metrics, tip = painter.fontMetrics(), self._tips[number]
        x, y, width, height = tip.x() + 4, tip.y() - 2, self._stage.width, self._stage.height
        line = metrics.height()
        if -line <= tip.x() <= width + line and -line <= tip.y() <= height + line:
            x = min(max(x, 2), width - metrics.horizontalAdvance(name) - 2)
            y = min(max(y, metrics.ascent()), height - metrics.descent())
        return QPointF(x, y)

    def _crosses(self, number: int, layer: int) -> bool:
        """Return whether a layer is the inside of the sphere, and a line leaves it."""
        return layer == INSIDE and self.layers[number] != INSIDE and bool(self._stage.radius)
