"""Sphere: a sphere around the origin with decision regions, margin bands and their borders."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QBrush, QPainter, QTransform

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.heads.direction import decides_by_direction, margin_by_direction
from explorer.analysis.sphere.classification import SphereClassifier, classify_at, typical_length
from explorer.core.texts import _
from explorer.gui.drawing.background import Background
from explorer.gui.faults import report, write_fault
from explorer.gui.plots.cached_layer import is_raster
from explorer.gui.plots.style import color, pen
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.views.features.content import Content, FeatureOptions
from explorer.gui.views.features.space.camera import EYE
from explorer.gui.views.features.space.depth_layers import Stage
from explorer.gui.views.features.space.sphere_layer import Look, SphereLayer, sphere_layer
from explorer.gui.views.features.space.sphere_picture import circle_of

_WIDEST = 0.75 * EYE
"""Largest radius in extents: the camera stays outside the sphere."""
_SMALLEST = 1e-9
_LINE_OPACITY, _BACK_LINES = 1.6, 0.6
_AT_ONCE = 0.024
"""CPU time in seconds up to which the sphere is computed with the frame, not in the background."""


class Sphere:
    """A sphere at the typical length of the points, coloured by the prediction at that length.

    It paints the newest `SphereLayer`, transformed to the current position of the sphere; but never one of
    another loss or number of classes.
    """

    def __init__(self, parent: QObject, changed: Callable[[], None]) -> None:
        self.radius = 0.0
        self.length = 0.0
        self.opacity = 0.0
        self.background = Background(self._on_computed, self._on_failed, parent, _AT_ONCE)
        self._changed = changed
        self._of: tuple[ProbeSet, FeatureOptions] | None = None
        self._kind: tuple[object, ...] = ()
        self._classify: SphereClassifier | None = None
        self._requested: tuple[object, ...] = ()
        self._layer: SphereLayer | None = None
        self._error: Exception | None = None
        self._by_length = False

    @property
    def opaque(self) -> bool:
        """Whether the sphere is fully opaque."""
        return self.opacity >= 1

    @property
    def note(self) -> str:
        """The radius of the sphere, and the meaning of the patterns on it."""
        if self.radius == self.length:
            what = _("Sphere radius {length:.3g}")
        elif self._by_length:
            what = _("Unit sphere, regions computed for ‖x‖ = {length:.3g}")
        else:
            what = _("Unit sphere")
        parts = [what.format(length=self.length)]
        if self._layer is not None and len(self._layer.borders.margins):
            parts.append(_("Stronger tint: classified correctly, but inside the margin"))
        if self._layer is not None and self._layer.borders.undecided:
            parts.append(_("Hatched in grey: undecided"))
        return "  ·  ".join(parts)

    def show_content(self, content: Content, options: FeatureOptions) -> None:
        """Use the classifier of a content; between two frames that of the last frame is kept."""
        before, self._of = self._of, (content.snapshot.probe, options)
        kept = before is not None and before[0] is content.snapshot.probe and before[1] == options
        if kept and content.snapshot.since is not None:
            return
        kind = (*content.kind, options.regions, options.bands)
        if kind != self._kind:
            self.background.cancel()
            self._layer = self._error = None
            self._requested = ()
        self._kind = kind
        # A sphere of projected features would hide most of them, and has no regions.
        self.opacity = min(max(options.sphere / 100, 0.0), 1.0) if content.projection is None else 0.0
        self._classify = None
        self.radius = typical_length(content.points) if self.opacity else 0.0
        if not self.radius > _SMALLEST:
            self.radius = 0.0
            return
        self.length = self.radius
        if content.normalized:
            self.length = typical_length(content.snapshot.features[content.rows])
        self._by_length = options.regions and not (
            decides_by_direction(content.snapshot)
            and (not options.bands or margin_by_direction(content.snapshot.config.loss))
        )
        if options.regions:
            self._classify = classify_at(content.snapshot, self.length, bands=options.bands)

    def radius_within(self, extent: float) -> float:
        """Return the radius in extents, 0 where the sphere is not shown."""
        share = self.radius / extent if extent else 0.0
        return share if share < _WIDEST else 0.0

    def renew(self, stage: Stage, theme: Theme, grain: int, ratio: float) -> None:
        """Compute the layer for a stage if it has changed, at once or in a thread."""
        look = Look(stage, theme, grain, ratio, both_sides=not self.opaque)
        if (look, self._classify) != self._requested:
            self._requested = (look, self._classify)
            known = None if self._layer is None else self._layer.borders
            self.background.request(partial(sphere_layer, look, self._classify, known), kind=grain)

    def layer(self, stage: Stage, theme: Theme, ratio: float, *, on_screen: bool) -> SphereLayer | None:
        """Return the layer to `paint`: the newest, or one computed for a picture of another resolution."""
        if on_screen:
            return self._layer
        return sphere_layer(Look(stage, theme, 1, ratio, both_sides=not self.opaque), self._classify, None)

    def paint(
        self, painter: QPainter, layer: SphereLayer | None, stage: Stage, theme: Theme, *, front: bool
    ) -> None:
        """Paint one side of a `layer` on a stage in logical pixels."""
        if self._error is not None:
            write_fault(painter, circle_of(stage), self._error)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._fill(painter, layer, stage, theme, front=front)
        if layer is not None and front in layer.paths:
            self._paint_lines(painter, layer, stage, theme, front=front)
        painter.restore()

    def _fill(
        self, painter: QPainter, layer: SphereLayer | None, stage: Stage, theme: Theme, *, front: bool
    ) -> None:
        """Fill the circle with the picture of a side, or with a plain colour."""
        painter.save()
        painter.setOpacity(self.opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        picture = None if layer is None else layer.pictures.get(front)
        if layer is None or picture is None:
            painter.setBrush(QBrush(color(mix(theme.plot, theme.line, 0.8))))
            painter.drawEllipse(circle_of(stage))
        else:
            # In device pixels, where a picture's own lie exactly on those of the screen.
            device = replace(layer.look, stage=stage).device
            brush, circle = picture.brush(), circle_of(device)
            placed = brush.transform() * _moved(layer.look.device, device)
            painter.scale(1 / layer.look.ratio, 1 / layer.look.ratio)
            if is_raster(painter):
                brush.setTransform(placed)
            else:  # an SVG does not know the transform of a brush, only that of the painter
                brush.setTransform(QTransform())
                painter.setTransform(placed, True)
                circle = placed.inverted()[0].mapRect(circle)
            painter.setBrush(brush)
            painter.drawEllipse(circle)
        painter.restore()

    def _paint_lines(
        self, painter: QPainter, layer: SphereLayer, stage: Stage, theme: Theme, *, front: bool
    ) -> None:
        painter.setOpacity(min(1.0, _LINE_OPACITY * self.opacity) * (1.0 if front else _BACK_LINES))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        strokes = (
            pen(mix(theme.plot, theme.muted, 0.55)),
            pen(mix(theme.plot, theme.text, 0.5)),
            pen(theme.text, 1.4 if layer.look.grain == 1 else 1.0),
        )
        move = _moved(layer.look.stage, stage)
        for stroke, path in zip(strokes, layer.paths[front], strict=True):
            painter.setPen(stroke)
            painter.drawPath(path if move.isIdentity() else move.map(path))
        if front:
            painter.setPen(pen(theme.muted))
            painter.drawEllipse(circle_of(stage))

    def _on_computed(self, layer: SphereLayer) -> None:
        self._layer, self._error = layer, None
        self._changed()

    def _on_failed(self, error: Exception) -> None:
        self._error = error
        report(error)
        self._changed()


def _moved(before: Stage, after: Stage) -> QTransform:
    """Return the transform from the circle of the sphere on one stage to that on another."""
    if before == after:
        return QTransform()
    start, end = circle_of(before), circle_of(after)
    scale = end.width() / start.width()
    move = QTransform.fromTranslate(end.left(), end.top()).scale(scale, scale)
    return move.translate(-start.left(), -start.top())
