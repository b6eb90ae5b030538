"""A drawing: lines over an image, how they are painted, and the network input made of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from explorer.analysis.raster.digitising import Ink, Shape, pen_before, pen_width, resampled, size_normalized
from explorer.core.data.datasets import Bytes

_FINENESS = 12
"""Pixels of the ink grid per pixel of the image."""
Line = tuple[tuple[float, float], ...]
"""Points (x, y) of a line in pixels of the image, from its upper left corner."""


class Drawing(Struct, frozen=True, eq=False):
    """``lines`` over ``base`` (height, width), an image like those of the data set, or None."""

    lines: tuple[Line, ...] = ()
    base: Bytes | None = None

    @property
    def empty(self) -> bool:
        """Whether there are neither lines nor an image."""
        return not self.lines and self.base is None


class DrawingInk:
    """Paints a growing drawing, and caches the ink of finished lines."""

    def __init__(self) -> None:
        self._known: list[tuple[Line, QPainterPath]] = []
        self._finished: tuple[tuple[object, ...], QImage] = (), QImage()

    def paths(self, lines: tuple[Line, ...]) -> list[QPainterPath]:
        """Return the path of each line; cached paths of other lines are dropped."""
        known = {id(line): path for line, path in self._known}
        self._known = [(line, known.get(id(line)) or line_path(line)) for line in lines]
        return [path for _, path in self._known]

    def rows(self, lines: tuple[Line, ...], pen: float, shape: Shape, margin: float | None = None) -> Ink:
        """Return the ink of lines on a fine grid, with a margin of one pen width unless it is given."""
        margin = pen if margin is None else margin
        paths = self.paths(lines)
        # Only the last line grows. The others are repainted when the pen width changes, which it does as
        # the extent of the drawing grows.
        key = (tuple(map(id, lines[:-1])), pen, shape, margin)
        if self._finished[0] != key:
            self._finished = key, _painted(_blank(shape, margin), paths[:-1], pen, margin)
        image = _painted(self._finished[1].copy(), paths[-1:], pen, margin)
        height, width = image.height(), image.width()
        pixels: NDArray[np.uint8] = np.frombuffer(image.constBits(), np.uint8)
        return pixels.reshape(height, image.bytesPerLine())[:, :width].astype(np.float64)


def network_image(drawing: Drawing, shape: Shape, ink: DrawingInk | None = None) -> Bytes | None:
    """Return the network input of a drawing, (height, width) = ``shape``; None for an empty one.

    It has colours, (height, width, 3), where the image that is drawn on has.

    ``ink`` may have the ink of its finished lines cached.

    Lines alone are size-normalised like MNIST's digits, with a pen that has MNIST's line width afterwards.
    Lines over an image, which is normalised already, are drawn on it as they are.
    """
    if drawing.empty:
        return None
    ink, lines = ink or DrawingInk(), drawing.lines
    if drawing.base is None:
        points = np.array([point for line in drawing.lines for point in line])
        extent = float(np.ptp(points, axis=0).max())
        return size_normalized(ink.rows(lines, pen_before(extent, shape), shape), shape)
    added = resampled(ink.rows(lines, pen_width(shape), shape, margin=0), shape)
    strokes = np.rint(added).astype(np.uint8)
    return np.maximum(drawing.base, strokes if drawing.base.ndim == 2 else strokes[:, :, None])


def in_channels(image: Bytes | None, colour: bool) -> Bytes | None:
    """Return an image as a network for colours takes it: a grey one has three equal channels."""
    return (
        image if image is None or image.ndim == 3 or not colour else np.repeat(image[:, :, None], 3, axis=2)
    )


def line_path(line: Line) -> QPainterPath:
    """Return a line as a smooth curve through the midpoints between its points, which are control points."""
    points = [QPointF(x, y) for x, y in line]
    path = QPainterPath(points[0])
    if len(points) == 1:
        path.lineTo(points[0] + QPointF(1e-3, 0))  # a single point leaves a dot
        return path
    for point, following in pairwise(points[1:]):
        path.quadTo(point, (point + following) / 2)
    path.lineTo(points[-1])
    return path


def pen_of(rgb: QColor, width: float) -> QPen:
    """Return a round pen."""
    return QPen(rgb, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _blank(shape: Shape, margin: float) -> QImage:
    """Return an empty ink grid."""
    height, width = (round((side + 2 * margin) * _FINENESS) for side in shape)
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(0)
    return image


def _painted(image: QImage, paths: list[QPainterPath], pen: float, margin: float) -> QImage:
    """Return the image after painting paths on it."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_FINENESS, _FINENESS)
    painter.translate(margin, margin)
    painter.setPen(pen_of(QColor(255, 255, 255), pen))
    for path in paths:
        painter.drawPath(path)
    painter.end()
    return image
