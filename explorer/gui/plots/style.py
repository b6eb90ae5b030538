"""Shared appearance of all plots: colours, fonts, pens; and Plot, a minimal pyqtgraph view with axes."""

from __future__ import annotations

from functools import lru_cache

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from explorer.analysis.plane.geometry import Rectangle
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded
from explorer.gui.plots.cached_layer import line_scale
from explorer.gui.plots.number_axis import NumberAxis
from explorer.gui.plots.ranges import move_box, obey
from explorer.gui.theme.theme import Rgb, Theme

AXIS_WIDTH = 44
SMALL_TYPE = 0.92

_MOST_PENS = 1024


def color(rgb: Rgb, alpha: int = 255) -> QColor:
    """Return a colour of the theme as a QColor."""
    return QColor(*rgb, alpha)


def pen(rgb: Rgb, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine, alpha: int = 255) -> QPen:
    """Return a cosmetic pen: its width in logical pixels does not depend on the zoom.

    Flat caps are painted seven times as fast as round ones, opaque wide lines 25 times as translucent ones.
    """
    return QPen(_pen(rgb, width * line_scale(), style, alpha))


@lru_cache(_MOST_PENS)
def _pen(rgb: Rgb, width: float, style: Qt.PenStyle, alpha: int) -> QPen:
    """Return the cached pen that `pen` copies: an implicitly shared copy takes a fifth of the time."""
    result = QPen(color(rgb, alpha), width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    result.setCosmetic(True)
    return result


def ink_on(rgb: Rgb) -> Rgb:
    """Return black or white, whichever has more contrast on a colour."""
    red, green, blue = rgb
    return (0, 0, 0) if 0.299 * red + 0.587 * green + 0.114 * blue > 134 else (255, 255, 255)


def scaled_font(font: QFont, factor: float, bold: bool = False) -> QFont:
    """Return the font at ``factor`` times its size."""
    result = QFont(font)
    if font.pointSizeF() > 0:
        result.setPointSizeF(font.pointSizeF() * factor)
    else:
        result.setPixelSize(round(font.pixelSize() * factor))
    result.setBold(bold)
    return result


def restyle(widget: QWidget, style_sheet: str) -> None:
    """Set a style sheet if it differs: Qt parses and applies it again even if it is the same."""
    if widget.styleSheet() != style_sheet:
        widget.setStyleSheet(style_sheet)


class Plot(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """A view box with a left and a bottom axis, in the colours of a theme.

    It has no title, menus or buttons as pyqtgraph's PlotWidget has, because those cost start-up time.

    Attributes
    ----------
    bottom_lines : float
        Height of the lower axis in lines of text; 0 for what pyqtgraph gives it, with a gap above the title.
    """

    bottom_lines = 0.0

    def __init__(self, theme: Theme, *, x: str, y: str) -> None:
        super().__init__(background=None)
        self.theme = theme
        self.labels, self._smooth, self._titled = {"bottom": x, "left": y}, False, True
        self.box = pg.ViewBox(enableMenu=False)
        self.axes = {side: NumberAxis(side) for side in self.labels}
        self._items: list[PixelItem] = []
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(4, 6, 10, 2)
        layout.setSpacing(0)
        layout.addItem(self.axes["left"], 0, 0)
        layout.addItem(self.box, 0, 1)
        layout.addItem(self.axes["bottom"], 1, 1)
        self.setCentralItem(layout)
        for axis in self.axes.values():
            axis.linkToView(self.box)
            axis.enableAutoSIPrefix(False)
        self.box.sigRangeChanged.connect(self._on_box_changed)
        self.box.sigResized.connect(self._on_box_resized)
        both = _("{vertical} against {horizontal}").format(vertical=y, horizontal=x)
        self.setAccessibleName(both if x else y)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Use the colours of a theme and the font of the widget."""
        self.theme = theme
        self.setBackground(color(theme.plot))
        font = scaled_font(self.font(), SMALL_TYPE)
        for side, axis in self.axes.items():
            title = self.labels[side] if self._titled or side == "left" else ""
            axis.apply_look(pen(theme.line), pen(theme.muted), font, self.font(), title)
        self._fit_axis()
        if self.bottom_lines:
            lines = self.bottom_lines if self._titled else self.bottom_lines - 1
            self.axes["bottom"].setHeight(round(lines * self.fontMetrics().height()))
        self.update_items()

    def set_titled(self, titled: bool) -> None:
        """Write below the numbers of the lower axis what they are, or leave that out where room is short."""
        if titled != self._titled:
            self._titled = titled
            self.apply_theme(self.theme)

    def set_smooth(self, smooth: bool) -> None:
        """Let the numbers of another range appear gradually, or at once."""
        self._smooth = smooth

    def finish_fading(self) -> None:
        """Show the numbers of the axes in full."""
        for axis in self.axes.values():
            axis.finish_fading()

    def show_range(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        """Show this range of both axes."""
        before = {axis: axis.range for axis in self.axes.values()}
        self.box.setRange(xRange=across, yRange=up, padding=0)
        for axis, limits in before.items():
            if self._smooth and self.isVisible() and axis.range != limits:
                axis.fade_in()

    def changeEvent(self, event: QEvent) -> None:
        """Write the numbers of the axes in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and "axes" in vars(self):  # not while Qt makes it
            self.apply_theme(self.theme)

    def add_item(self, item: PixelItem) -> None:
        """Register an item that paints in pixels of the view box."""
        self._items.append(item)

    def update_items(self) -> None:
        """Repaint all registered items."""
        for item in self._items:
            item.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan or zoom along the axes that the mouse can pan."""
        if not obey(self.box, pressed(event, "axes")):
            super().keyPressEvent(event)

    def pinch(self, factor: float, at: QPointF, shift: QPointF) -> None:
        """Zoom in by a factor about a pixel of the viewport, and pan by pixels, as two fingers do."""
        room, about = self.box.rect(), self.box.mapSceneToView(self.mapToScene(at.toPoint()))
        move_box(self.box, (-shift.x() / room.width(), shift.y() / room.height()), 1 / factor, about)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scene, and a frame around it while it has the keyboard focus."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(pen(self.theme.accent))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
            painter.end()

    def hideEvent(self, event: QHideEvent) -> None:
        """Animate nothing while hidden."""
        super().hideEvent(event)
        self.finish_fading()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus frame."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus frame."""
        super().focusOutEvent(event)
        self.viewport().update()

    def visible(self) -> Rectangle:
        """Return the visible range of both axes."""
        (left, right), (bottom, top) = self.box.viewRange()
        return Rectangle(left, bottom, right, top)

    def corner(self) -> QPointF:
        """Return the position of the upper left corner of the view box in the viewport."""
        at: QPointF = self.viewportTransform().map(self.box.mapToScene(QPointF(0, 0)))
        return at

    def _fit_axis(self) -> None:
        self.axes["left"].fit_width(AXIS_WIDTH * self.theme.scale)

    def _on_box_changed(self) -> None:
        self._fit_axis()
        self.update_items()

    def _on_box_resized(self) -> None:
        self._fit_axis()
        for item in self._items:
            item.prepareGeometryChange()


class PixelItem(QGraphicsObject):
    """An item that fills the view box of a plot and paints in its pixels, not in units of the axes."""

    def __init__(self, plot: Plot, z: float) -> None:
        super().__init__(plot.box)
        self.box = plot.box
        self.setZValue(z)
        plot.add_item(self)

    def boundingRect(self) -> QRectF:
        """Return the rectangle of the view box in its own pixels."""
        return QRectF(self.box.rect())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the item."""
        raise NotImplementedError

    def scale_and_shift(self) -> tuple[float, float, float, float]:
        """Return (a, b, c, d) such that the point (x, y) of the plot is at pixel (a·x + b, c·y + d)."""
        (left, right), (bottom, top) = self.box.viewRange()
        rectangle = self.box.rect()
        across, up = rectangle.width() / (right - left), rectangle.height() / (top - bottom)
        return across, -left * across, -up, top * up
