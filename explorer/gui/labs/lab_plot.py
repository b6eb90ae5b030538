"""LabPlot: a plot of shapes, with points that can be dragged or moved by keys."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.geometry import Rectangle
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded_item
from explorer.gui.labs.shapes import Point, Shape, ShapesItem
from explorer.gui.plots.style import PixelItem, Plot, color, pen
from explorer.gui.theme.theme import Rgb, Theme

_REACH = 18.0
"""Pixels within which a press takes a point."""
_RADIUS = 7.0
_LEAST_SIZE = QSize(140, 110)
_STEPS: dict[str, Point] = {
    "lab-point.left": (-1, 0),
    "lab-point.right": (1, 0),
    "lab-point.down": (0, -1),
    "lab-point.up": (0, 1),
    "lab-point.far-left": (-10, 0),
    "lab-point.far-right": (10, 0),
    "lab-point.far-down": (0, -10),
    "lab-point.far-up": (0, 10),
}
_STRETCHES = {"lab-point.longer": 1.05, "lab-point.shorter": 1 / 1.05}
_NEXT = {"lab-point.next": 1, "lab-point.previous": -1}
_PARTS_OF_VIEW = 200
"""Presses of an arrow key, and steps of a drag, from one side of the plot to the other, at the least."""


class Handle(Struct, frozen=True):
    """A point that can be dragged: what it is called, where it is, and its colour."""

    id: str
    name: str
    at: Point
    rgb: Rgb


class Move(Struct, frozen=True):
    """Where a person moves a handle; ``along`` asks to keep its direction from the origin."""

    id: str
    at: Point
    along: bool = False


class Picture(Struct, frozen=True, eq=False):
    """What a plot shows: shapes, its limits, and the points that can be moved."""

    shapes: Sequence[Shape]
    limits: Rectangle
    handles: Sequence[Handle] = ()


class LabPlot(Plot):
    """Shapes in a plane, with handles. It does not pan or zoom: its limits follow what it shows.

    Signals
    -------
    moveRequested(object)
        The `Move` of a handle, by a drag, by the arrow keys or, along its ray, with Shift, + and −.
    """

    moveRequested = Signal(object)

    def __init__(self, theme: Theme, *, x: str, y: str, equal: bool = True) -> None:
        super().__init__(theme, x=x, y=y)
        self.handles: Sequence[Handle] = ()
        self.current = 0
        self._dragged: str | None = None
        self._limits = self._applied = Rectangle(0, 0, 1, 1)
        self._shapes = ShapesItem(self)
        self._marks = _HandlesItem(self)
        self.box.setMouseEnabled(x=False, y=False)
        self.box.disableAutoRange()
        self.box.setAspectLocked(equal)
        self.viewport().setMouseTracking(True)

    def show_picture(self, picture: Picture, theme: Theme) -> None:
        """Show a picture; the limits stay as they are during a drag, which ends where its handle goes."""
        if theme is not self.theme:
            self.apply_theme(theme)
        handles = self.handles = picture.handles
        self.current = min(self.current, max(0, len(handles) - 1))
        self._limits = picture.limits
        if all(handle.id != self._dragged for handle in handles):
            self._dragged = None
        if self._dragged is None:
            self._apply_limits()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if handles else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(
            _(", ").join(
                _("{name} at {x:g}, {y:g}").format(name=one.name, x=one.at[0], y=one.at[1]) for one in handles
            )
        )
        self._shapes.show_shapes(picture.shapes)
        self._marks.update()

    def set_labels(self, *, x: str, y: str) -> None:
        """Name the axes."""
        labels = {"bottom": x, "left": y}
        if labels != self.labels:
            self.labels = labels
            self.apply_theme(self.theme)

    def sizeHint(self) -> QSize:
        """Return a small size: a plot takes the room there is, and does not make its lab scroll."""
        return _LEAST_SIZE

    def set_ticks(self, ticks: Sequence[tuple[float, str]], side: str = "bottom") -> None:
        """Write these texts at places of an axis, instead of numbers."""
        self.axes[side].setTicks([list(ticks)])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle under the pointer."""
        found = self._handle_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.current = found
            self._dragged = self.handles[found].id
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._marks.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask to move the handle that was taken."""
        if self._dragged is None:
            over = self._handle_at(event.position()) is not None
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
            )
            return
        place = self.box.mapSceneToView(self.mapToScene(event.position().toPoint()))
        step = self._step()
        at = round(place.x() / step) * step, round(place.y() / step) * step
        self.moveRequested.emit(
            Move(self._dragged, _plain(at), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        )

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let the limits follow what is shown again."""
        if self._dragged is not None:
            self._dragged = None
            self._apply_limits()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the current handle, or go to another one."""
        command = pressed(event, "lab-point")
        if not self.handles or not command:
            super().keyPressEvent(event)
            return
        handle = self.handles[self.current]
        x, y = handle.at
        if command in _NEXT:
            self.current = (self.current + _NEXT[command]) % len(self.handles)
            self._marks.update()
        elif command in _STRETCHES:
            factor = _STRETCHES[command]
            self.moveRequested.emit(Move(handle.id, (factor * x, factor * y), along=True))
        else:
            across, up = _STEPS[command]
            step = self._step()
            self.moveRequested.emit(Move(handle.id, _plain((x + across * step, y + up * step))))

    def pixel(self, point: Point) -> QPointF:
        """Return a point of the plot in pixels of the viewport."""
        return self._shapes.pixel(point) + self.corner()

    def _apply_limits(self) -> None:
        limits = self._limits
        if limits != self._applied:
            self._applied = limits
            self.show_range((limits.left, limits.right), (limits.bottom, limits.top))

    def _step(self) -> float:
        """Return a round distance, at most a two-hundredth of the visible range."""
        view = self.visible()
        return float(10.0 ** math.floor(math.log10(max(view.right - view.left, 1e-9) / _PARTS_OF_VIEW)))

    def _handle_at(self, at: QPointF) -> int | None:
        """Return the nearest handle within reach of a pixel of the viewport."""
        gaps = [_distance(self.pixel(handle.at), at) for handle in self.handles]
        nearest = int(np.argmin(gaps)) if gaps else 0
        return nearest if gaps and gaps[nearest] <= _REACH else None


class _HandlesItem(PixelItem):
    """Paints the handles above everything else; the one that keys move has a ring."""

    def __init__(self, plot: LabPlot) -> None:
        super().__init__(plot, z=20)
        self.plot = plot

    @guarded_item
    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint a disc for each handle."""
        plot = self.plot
        theme = plot.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across, right, up, down = self.scale_and_shift()
        for index, handle in enumerate(plot.handles):
            at = QPointF(handle.at[0] * across + right, handle.at[1] * up + down)
            if plot.hasFocus() and index == plot.current:
                painter.setPen(pen(theme.text, 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(at, _RADIUS + 4, _RADIUS + 4)
            painter.setPen(pen(theme.plot, 2.0))
            painter.setBrush(color(handle.rgb))
            painter.drawEllipse(at, _RADIUS, _RADIUS)


def _distance(first: QPointF, second: QPointF) -> float:
    gap = first - second
    return math.hypot(gap.x(), gap.y())


def _plain(point: Point) -> Point:
    """Return a point without the digits that rounding leaves, as in 0.30000000000000004."""
    return float(f"{point[0]:.10g}"), float(f"{point[1]:.10g}")
