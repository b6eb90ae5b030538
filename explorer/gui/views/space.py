"""SpaceCanvas: features of three coordinates; drag turns them, the wheel zooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from explorer.core.coloring import faded, packed
from explorer.core.snapshot import Floats
from explorer.core.splatter import EMPTY, Colors, Order
from explorer.gui.theme import Theme
from explorer.gui.views.camera import Camera, back_to_front
from explorer.gui.views.feature_content import Content, FeatureOptions
from explorer.gui.views.overlay import Overlay
from explorer.gui.views.plot_style import color, pen
from explorer.gui.views.ranges import longest, settle
from explorer.gui.views.splat import SplatImage, draw_chosen, reach_of

_RADIANS_PER_PIXEL = 0.008
_ZOOM_PER_NOTCH = 1.15
_SHADES = 24
_FARTHEST_FADE, _FARTHEST_FADE_OF_NUMBERS = 0.62, 0.2
_MERIDIANS = np.linspace(0, 2 * np.pi, 73)


class SpaceCanvas(QWidget):
    """Points in space, shaded by depth, with class weights and centres."""

    hovered = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.camera = Camera()
        self.content: Content | None = None
        self.options = FeatureOptions()
        self._extent = 0.0
        self._picture = SplatImage()
        self._shades: Colors = np.zeros((0, _SHADES), dtype=np.uint32)
        self._shades_of: tuple[str, bytes] = ("", b"")
        self._drawn: tuple[object, ...] = ()
        self._pixels = np.zeros((0, 2), dtype=np.float32)
        self._order: Order = np.zeros(0, dtype=np.intp)
        self._index: NDArray[np.int32] | None = None
        self._hover = (EMPTY, "")
        self._guest: tuple[Floats | None, str] = (None, "")
        self._dragged_from = QPointF()
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_content(self, content: Content, theme: Theme, options: FeatureOptions) -> None:
        """Draw this."""
        self.content, self.theme, self.options = content, theme, options
        if options.follow or not self._extent:
            self._extent = settle(self._extent, longest(content.points))
        if self._shades_of != (theme.name, content.table.tobytes()):
            farthest = _FARTHEST_FADE_OF_NUMBERS if content.measured else _FARTHEST_FADE
            fades = np.linspace(farthest, 0, _SHADES)
            self._shades = np.stack([faded(content.table, theme.plot, fade) for fade in fades], axis=1)
            self._shades_of = (theme.name, content.table.tobytes())
        self._drawn = ()
        self.update()

    def forget(self) -> None:
        """Take the next content for a new run's, to be shown whole."""
        self.content = None
        self._extent = 0.0

    def reset_view(self) -> None:
        """Look from where the first look was, at all the data."""
        self.camera = Camera()
        if self.content is not None:
            self._extent = settle(0.0, longest(self.content.points))
        self.update()

    def set_hover(self, row: int, text: str) -> None:
        """Ring the point in this row of the content, none for -1."""
        self._hover = (row, text)
        self.update()

    def set_guest(self, point: Floats | None, text: str) -> None:
        """Mark a feature (1, 3) that is not of the content, none for None."""
        self._guest = (point, text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw sphere and axes, then the points, then what is marked."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, color(self.theme.plot))
        if self.content is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._render(self.content)
        self._picture.paint(painter, QPointF(0, 0), self.devicePixelRatioF())
        overlay = Overlay(painter, self.font(), self.theme, area)
        if self.options.weights and self.content.weight is not None:
            self._paint_weights(overlay, self.content)
        overlay.marks(self.content, self.options, self._project)
        guest, name = self._guest
        if guest is not None:
            overlay.guest(self._project(guest)[0], name)
        row, text = self._hover
        if 0 <= row < len(self.content.points):
            overlay.pointer(self._project(self.content.points[row : row + 1])[0], text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._dragged_from = event.position()
        self.hovered.emit(EMPTY)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn, or tell which point is under the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            by = (event.position() - self._dragged_from) * _RADIANS_PER_PIXEL
            self._dragged_from = event.position()
            self.camera = self.camera.turned(by.x(), by.y())
            self.update()
        elif event.buttons() == Qt.MouseButton.NoButton:
            self.hovered.emit(self.pick(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Look from where the first look was."""
        self.reset_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Come nearer or go away."""
        self.camera = self.camera.zoomed(_ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120))
        self.update()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Let go of the point."""
        self.hovered.emit(EMPTY)

    def _project(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        pixels, _ = self.camera.project(points.astype(np.float32), self._extent, self.width(), self.height())
        return pixels.astype(np.float64)

    def _render(self, content: Content) -> None:
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        wanted = (self.camera, self._extent, width, height)
        if wanted == self._drawn:
            return
        self._drawn, self._index = wanted, None
        self._pixels, depth = self.camera.project(content.points, self._extent, width, height)
        self._order = back_to_front(depth)
        shade = np.clip((depth + 1) * (0.5 * _SHADES), 0, _SHADES - 1).astype(np.intp)
        colors = self._shades[content.colors, shade]
        self._picture.resize(width, height, reach_of(self.options.point_size) * ratio)
        self._picture.splatter.clear()
        radius = self.options.point_size * ratio
        splatter = self._picture.splatter
        splatter.draw(self._pixels, colors, radius, self._order)
        halo = int(packed([self.theme.text])[0])
        size = self.options.point_size
        draw_chosen(splatter, self._pixels, colors, content.chosen, size, halo, ratio)

    def pixels(self, points: Floats) -> NDArray[np.float64]:
        """Return where on the canvas ``points`` (m, 3) lie, (m, 2)."""
        return self._project(points)

    def pick(self, at: QPointF) -> int:
        """Return the row of the content whose point is near a pixel, -1 for none."""
        splatter, ratio = self._picture.splatter, self.devicePixelRatioF()
        column, row = int(at.x() * ratio), int(at.y() * ratio)
        if not (self._drawn and 0 <= column < splatter.width and 0 <= row < splatter.height):
            return EMPTY
        if self._index is None:
            reach = reach_of(self.options.point_size) * ratio
            self._index = splatter.index(self._pixels, reach, self._order)
        return int(self._index[row, column])

    def _paint_frame(self, painter: QPainter) -> None:
        """Draw three great circles of a sphere around the data, and the axes."""
        turn = np.stack([np.cos(_MERIDIANS), np.sin(_MERIDIANS), np.zeros_like(_MERIDIANS)], axis=1)
        painter.setPen(pen(self.theme.line))
        for around in range(3):
            circle = self._project(np.roll(turn, around, axis=1) * self._extent)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in circle.tolist()]))
        painter.setPen(pen(self.theme.muted, 1.2))
        origin, *tips = self._project(np.vstack([np.zeros(3), 1.06 * self._extent * np.eye(3)])).tolist()
        for name, (x, y) in zip(("x₁", "x₂", "x₃"), tips, strict=True):
            painter.drawLine(QPointF(*origin), QPointF(x, y))
            painter.drawText(QPointF(x + 4, y - 2), name)

    def _paint_weights(self, overlay: Overlay, content: Content) -> None:
        """Draw arrows that end on the sphere; the longest of those whose lengths count does."""
        assert content.weight is not None
        lengths = np.linalg.norm(content.weight, axis=1, keepdims=True)
        scale = lengths if content.equal_weights else np.full_like(lengths, lengths.max(initial=0))
        unit = np.divide(content.weight, scale, out=np.zeros_like(content.weight), where=scale > 0)
        origin = self.width() / 2, self.height() / 2
        overlay.arrows(origin, self._project(unit * self._extent), content.weight_labels)
