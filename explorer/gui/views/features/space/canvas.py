"""SpaceCanvas: features in three dimensions, with a sphere that shows decision regions."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent

from explorer.analysis.frames.snapshot import Floats
from explorer.analysis.raster.colouring import SCALES, packed
from explorer.analysis.raster.splatter import EMPTY, Colors
from explorer.core.texts import _
from explorer.gui.faults import guarded
from explorer.gui.plots.cached_layer import pixels_per_unit
from explorer.gui.plots.marks.cached import NewMarks
from explorer.gui.plots.ranges import Extent
from explorer.gui.plots.style import color
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.overlay import NEW_SECONDS, Overlay
from explorer.gui.views.features.space.camera import Camera
from explorer.gui.views.features.space.depth_layers import BEFORE, BEHIND, INSIDE, DepthLayers, Stage
from explorer.gui.views.features.space.marks import (
    axis_names,
    depth_shades,
    paint_covered,
    paint_great_circles,
    paint_marks,
    paint_trails,
    weight_tips,
)
from explorer.gui.views.features.space.note import SphereNote
from explorer.gui.views.features.space.orbit import OrbitCanvas
from explorer.gui.views.features.space.radial_lines import RadialLines
from explorer.gui.views.features.space.sphere import Sphere

_AXIS_TIPS = np.diag([np.float32(1.06)] * 3)
_COARSE, _REST_MS, _REST_OF_TRAINING_MS = 2, 150, 800
"""Size of coarse pixels, and when the sphere is drawn in fine ones: not between two frames of a run."""


class SpaceCanvas(OrbitCanvas):
    """Points in space, shaded by depth, with class weights, centres, and a sphere that occludes points.

    The sphere is drawn in coarse pixels while it changes, and in fine ones once it rests. Many new labels
    come in several turns of the event loop.
    """

    hovered = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme, self.options = theme, FeatureOptions()
        self.content: Content | None = None
        self.sphere = Sphere(self, self.update)
        self.extent, self._layers, self._note = Extent(), DepthLayers(), SphereNote()
        self._shades: Colors = np.zeros((0, 1), dtype=np.uint32)
        self._shades_of: tuple[str, bytes] = ("", b"")
        self._drawn: tuple[Stage, float] | None = None
        self._shown: tuple[object, ...] = (None,)
        self._sphere_seconds = self._told_seconds = 0.0
        self._hover, self._new = (EMPTY, ""), NewMarks(NEW_SECONDS)
        self._drawn_digit: tuple[Floats | None, str] = (None, "")
        self._extras: dict[str, Callable[..., None]] = {}
        self._rest_timer = QTimer(self, singleShot=True)
        self._rest_timer.timeout.connect(self._on_rest_timer_timeout)
        self.setAccessibleName(_("Features in 3-D"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_content(self, content: Content, theme: Theme, options: FeatureOptions) -> None:
        """Show a content."""
        self.content, self.theme, self.options = content, theme, options
        if options.follow or not self.extent.need:
            self.extent.fit(content.points)
        self.sphere.show_content(content, options)
        if self._shades_of != (theme.name, content.table.tobytes()):
            self._shades = depth_shades(content.table, theme.plot, numbers=content.mode in SCALES)
            self._shades_of = (theme.name, content.table.tobytes())
        self._drawn, self._new.whole = None, False
        self._renew_sphere()
        self.update()

    def set_camera(self, camera: Camera) -> None:
        """Use another camera, and compute the sphere for it."""
        super().set_camera(camera)
        self._renew_sphere()

    def set_least_extent(self, length: float) -> None:
        """Show at least this length around the origin."""
        if length != self.extent.least:
            self.extent.least = length
            self._renew_sphere()
            self.update()

    def finish_content(self) -> None:
        """Wait for the sphere in fine pixels, unless it is turning, and paint all labels at once."""
        self._new.whole = True
        self._renew_sphere()  # the first call treats any change as motion
        self._rest_timer.stop()
        self._renew_sphere()
        self.sphere.background.finish()

    def forget(self) -> None:
        """Drop the content; the view is fitted to the next one."""
        self.content = None
        self.extent.reset()

    def reset_view(self) -> None:
        """Reset the camera, and fit the view to all points."""
        super().reset_view()
        if self.content is not None:
            self.extent.reset()
            self.extent.fit(self.content.points)
        self._renew_sphere()
        self.update()

    def set_hover(self, row: int, text: str) -> None:
        """Ring a point by its index in the content; none for −1."""
        self._hover = (row, text)
        self.update()

    def set_drawn_digit(self, point: Floats | None, text: str) -> None:
        """Mark the feature (1, 3) of the drawn digit; None removes the mark."""
        self._drawn_digit = (point, text)
        self.update()

    def set_extra(self, name: str, paint: Callable[..., None] | None) -> None:
        """Paint more marks on top with a painter and what maps points (m, 3) to pixels (m, 2)."""
        if self._extras.pop(name, None) is not paint:
            self.update()
        self._extras |= {} if paint is None else {name: paint}

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint points and sphere from back to front, then the marks."""
        start = time.thread_time()
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self.theme.plot))
        if self.content is not None and self.width() and self.height():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_content(painter, self.content)
        self.paint_focus(painter, self.theme)
        spent = self._sphere_seconds + self.sphere.background.seconds
        self.turntable.cost(time.thread_time() - start + spent - self._told_seconds)
        self._told_seconds = spent
        self.turntable.wake()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a drag, during which no point is under the pointer."""
        super().mousePressEvent(event)
        self.hovered.emit(EMPTY)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Rotate, or report the point under the pointer."""
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self.hovered.emit(self.pick(event.position()))

    def leaveEvent(self, _event: QEvent) -> None:
        """Report that no point is under the pointer."""
        self.hovered.emit(EMPTY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Compute the sphere for the new size."""
        super().resizeEvent(event)
        self._renew_sphere()

    def showEvent(self, event: QShowEvent) -> None:
        """Resume turning, and compute the sphere in fine pixels."""
        super().showEvent(event)
        self._renew_sphere()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel the computation in fine pixels."""
        super().hideEvent(event)
        self._rest_timer.stop()

    def pixels(self, points: Floats) -> NDArray[np.float64]:
        """Return the pixels (m, 2) of ``points`` (m, 3); NaN for points hidden by an opaque sphere."""
        places = self._project(points)
        if self.sphere.opaque:
            places[self._stage.hidden(points)] = np.nan
        return places

    def pick(self, at: QPointF) -> int:
        """Return the index in the content of the visible point near a pixel, −1 for none."""
        if self._drawn is None:
            return EMPTY
        ratio = self._drawn[1]
        return self._layers.pick(int(at.x() * ratio), int(at.y() * ratio))

    @property
    def _stage(self) -> Stage:
        radius = self.sphere.radius_within(self.extent.length)
        camera = self._note.above(self.camera, self.size().toSizeF())
        return Stage(camera, self.extent.length, self.width(), self.height(), radius)

    def _project(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        pixels, _ = self._stage.project(points.astype(np.float32))
        return pixels.astype(np.float64)

    def _paint_content(self, painter: QPainter, content: Content) -> None:
        note = self.sphere.note if self._stage.radius else ""
        if self._note.show_text(note, self.font(), self.size().toSizeF()):
            self._renew_sphere()
        stage, ratio = self._stage, pixels_per_unit(painter)
        self._render(content, stage, ratio)
        axes, tips = np.float32(stage.extent) * _AXIS_TIPS, weight_tips(content, stage)
        lines = RadialLines(np.concatenate([axes, tips]), stage)
        colors = [self.theme.class_color(label) for label in content.weight_labels]

        def paint_layer(layer: int) -> None:
            painter.setFont(self.font())
            lines.draw_lines(painter, layer, 0, axis_names(content), self.theme.muted)
            self._layers.paint(painter, layer, ratio)
            if self.options.weights:
                lines.draw_arrows(painter, layer, len(axes), colors, self.theme.plot)

        if stage.radius:
            on_screen = ratio == self.devicePixelRatioF()
            layer = self.sphere.layer(stage, self.theme, ratio, on_screen=on_screen)
            paint_layer(BEHIND)
            if not self.sphere.opaque:
                self.sphere.paint(painter, layer, stage, self.theme, front=False)
                paint_layer(INSIDE)
            self.sphere.paint(painter, layer, stage, self.theme, front=True)
        else:
            paint_great_circles(painter, stage, self.theme)
        paint_trails(painter, content, stage, self.sphere.opacity, self.theme)
        paint_layer(BEFORE)
        paint_covered(painter, content, stage, self.options.point_size, self.sphere.opacity, self.theme)
        overlay = Overlay(painter, self.font(), self.theme, QRectF(self.rect()), self._new)
        paint_marks(painter, overlay, content, self.options, tips, stage, self.sphere.opacity)
        self._new.paint_rest(self)
        self._note.paint(painter, self.theme)
        for paint_extra in self._extras.values():
            paint_extra(painter, self._project)
        digit, name = self._drawn_digit
        if digit is not None:
            overlay.drawn_digit(self._project(digit)[0], name)
        row, text = self._hover
        if 0 <= row < len(content.points):
            overlay.pointer(self._project(content.points[row : row + 1])[0], text)

    def _renew_sphere(self) -> None:
        """Compute the sphere in coarse pixels, and in fine ones once nothing has changed for a while."""
        stage, ratio = self._stage, self.devicePixelRatioF()
        if self.content is None or not (stage.radius and self.isVisible() and self.width() and self.height()):
            return
        start = time.thread_time()
        shown = (self.content, self.theme, self.options, stage)
        (content, *_), self._shown, changed = self._shown, shown, shown != self._shown
        if changed:
            rest = _REST_MS if content is self.content else _REST_OF_TRAINING_MS
            self._rest_timer.start(max(rest, self._rest_timer.remainingTime()))
        coarse = self._rest_timer.isActive() or self.turntable.running
        self.sphere.renew(stage, self.theme, max(_COARSE, round(_COARSE * ratio)) if coarse else 1, ratio)
        self._sphere_seconds += time.thread_time() - start

    def _on_rest_timer_timeout(self) -> None:
        if self.turntable.running:
            self._rest_timer.start(_REST_MS)
        self._renew_sphere()

    def _render(self, content: Content, stage: Stage, ratio: float) -> None:
        if (stage, ratio) == self._drawn:
            return
        self._drawn = stage, ratio
        fine = replace(stage, width=round(stage.width * ratio), height=round(stage.height * ratio))
        looks = self._shades, content.colors, content.chosen, content.hollow
        halo = int(packed([self.theme.text])[0])
        radius, opaque = self.options.point_size, self.sphere.opaque
        self._layers.render(
            fine, content.points, *looks, radius=radius, halo=halo, ratio=ratio, opaque=opaque
        )
