"""MatrixPlot: a table of classes by classes drawn as cells, reached by the pointer and by the keyboard."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from explorer.analysis.frames.selection import SelectionMode
from explorer.gui.commands.keys import pressed, selection_mode
from explorer.gui.faults import guarded
from explorer.gui.plots.selection_gesture import mode_of
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme

_STEPS = {
    "matrix.left": (0, -1),
    "matrix.right": (0, 1),
    "matrix.up": (-1, 0),
    "matrix.down": (1, 0),
}
EDGE = 3
"""Pixels beyond the last cells."""
Cell = tuple[int, int]
"""Row and column."""


class MatrixPlot(QWidget):
    """A square table of ``count`` rows and columns, with the names of the classes above and at the left.

    Subclasses say what a cell looks like, what it says, and what happens when it is chosen. ``titles`` are
    those of the rows and of the columns, empty for none; ``corner`` is the corner of the part in sight, where
    the names stay.

    Signals
    -------
    currentChanged(object)
        The keyboard, or a click, has gone to another `Cell`.
    """

    currentChanged = Signal(object)

    def __init__(self, theme: Theme, titles: tuple[str, str] = ("", "")) -> None:
        super().__init__()
        self.theme = theme
        self.count = 0
        self.current: Cell = (0, 0)
        self.corner = QPointF(0, 0)
        self._titles = titles
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def text_of(self, cell: Cell) -> str:
        """Return what a cell says, in words."""
        raise NotImplementedError

    def choose(self, cell: Cell, mode: SelectionMode) -> None:
        """Do what a click on a cell is for."""
        raise NotImplementedError

    def paint_cell(self, painter: QPainter, cell: Cell, rect: QRectF) -> None:
        """Draw a cell."""
        raise NotImplementedError

    def paint_marks(self, painter: QPainter) -> None:
        """Draw what lies over the cells."""

    def set_count(self, count: int) -> None:
        """Show as many classes."""
        self.count = count
        last = max(0, count - 1)
        self.current = min(self.current[0], last), min(self.current[1], last)

    def set_corner(self, corner: QPointF) -> None:
        """Keep the names at another corner."""
        self.corner = corner
        self.update()

    def cell_rect(self, cell: Cell) -> QRectF:
        """Return where a cell is drawn."""
        origin, size = self._grid()
        across, down = size.x(), size.y()
        return QRectF(origin.x() + cell[1] * across, origin.y() + cell[0] * down, across, down)

    def cell_at(self, at: QPointF) -> Cell | None:
        """Return the cell at a place, None beside all."""
        origin, size = self._grid()
        row = math.floor((at.y() - origin.y()) / size.y())
        column = math.floor((at.x() - origin.x()) / size.x())
        return (row, column) if 0 <= row < self.count and 0 <= column < self.count else None

    def cell_size(self, room: QSize) -> QPointF:
        """Return width and height of a cell where there is ``room`` for all; square."""
        side = min(room.width(), room.height()) / max(1, self.count)
        return QPointF(side, side)

    def names_room(self) -> int:
        """Return the width of the names at the left, and the height of those above."""
        metrics = self.small_metrics()
        widest = metrics.horizontalAdvance(str(max(0, self.count - 1)))
        titled = metrics.height() if any(self._titles) else 0
        return titled + max(metrics.height(), widest) + 4

    def small_metrics(self) -> QFontMetrics:
        """Return the measures of the type that all is printed in."""
        return QFontMetrics(scaled_font(self.font(), SMALL_TYPE))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(cell)
            self.choose(cell, mode_of(event.modifiers()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another cell, or choose the current one."""
        command = pressed(event, "matrix")
        mode = selection_mode(command)
        if command in _STEPS and self.count:
            row, column = (
                min(max(place + step, 0), self.count - 1)
                for place, step in zip(self.current, _STEPS[command], strict=True)
            )
            self._go((row, column))
        elif mode is not None and self.count:
            self.choose(self.current, mode)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Explain the cell under the pointer."""
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.text_of(cell) if cell else "", self)
            return True
        return super().event(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells in sight and the names of the classes."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), color(self.theme.plot))
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        if self.count:
            self._paint_cells(painter, event.rect())
            self.paint_marks(painter)
            if self.hasFocus():
                painter.setPen(pen(self.theme.text, 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.cell_rect(self.current))
            self._paint_names(painter)

    def _go(self, cell: Cell) -> None:
        self.current = cell
        self.setAccessibleDescription(self.text_of(cell))
        self.currentChanged.emit(cell)
        self.update()

    def _grid(self) -> tuple[QPointF, QPointF]:
        """Return the corner of the first cell, and the width and height of each."""
        names = self.names_room()
        room = QSize(self.width() - names - EDGE, self.height() - names - EDGE)
        size = self.cell_size(room)
        size = QPointF(max(1.0, size.x()), max(1.0, size.y()))
        left = names + max(0.0, (self.width() - names - size.x() * self.count) / 2)
        return QPointF(left, names), size

    def _paint_cells(self, painter: QPainter, part: QRect) -> None:
        origin, size = self._grid()
        rows = _within(part.top() - origin.y(), part.bottom() - origin.y(), size.y(), self.count)
        columns = _within(part.left() - origin.x(), part.right() - origin.x(), size.x(), self.count)
        across, down = size.x(), size.y()
        for row in rows:
            top = origin.y() + row * down + 0.5
            for column in columns:
                rect = QRectF(origin.x() + column * across + 0.5, top, across - 1, down - 1)
                self.paint_cell(painter, (row, column), rect)

    def _paint_names(self, painter: QPainter) -> None:
        """Print the names over the cells, at the corner of the part in sight."""
        origin, size = self._grid()
        line, names = painter.fontMetrics().height(), self.names_room()
        left = max(self.corner.x(), origin.x() - names)
        top, end = self.corner.y(), QPointF(size.x(), size.y()) * self.count
        ground = color(self.theme.plot)
        painter.fillRect(QRectF(self.corner.x(), top, self.width(), names), ground)
        painter.fillRect(QRectF(self.corner.x(), top, left - self.corner.x() + names, self.height()), ground)
        painter.setPen(pen(self.theme.muted))
        centred = Qt.AlignmentFlag.AlignCenter
        rows, columns = self._titles
        painter.drawText(QRectF(origin.x(), top, end.x(), line), centred, columns)
        painter.save()
        painter.translate(left + line / 2, origin.y() + end.y() / 2)
        painter.rotate(-90)
        painter.drawText(QRectF(-end.y() / 2, -line / 2, end.y(), line), centred, rows)
        painter.restore()
        widest = painter.fontMetrics().horizontalAdvance(str(self.count - 1)) + 4
        for i in range(0, self.count, max(1, math.ceil(widest / size.x()))):
            middle = origin.x() + (i + 0.5) * size.x()
            if middle > left + names:
                place = QRectF(middle - 20, top + names - line - 2, 40, line)
                painter.drawText(place, centred, str(i))
        for i in range(0, self.count, max(1, math.ceil(line / size.y()))):
            middle = origin.y() + (i + 0.5) * size.y()
            if middle > top + names:
                place = QRectF(left + names - widest, middle - line / 2, widest - 2, line)
                painter.drawText(place, centred, str(i))


class MatrixScroll(QScrollArea):
    """Shows a `MatrixPlot` that may be larger than the room there is; its names stay in sight."""

    def __init__(self, matrix: MatrixPlot) -> None:
        super().__init__()
        self.matrix = matrix
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(matrix)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._on_bar_moved)
        matrix.currentChanged.connect(self._on_current_changed)

    def _on_bar_moved(self) -> None:
        self.matrix.set_corner(QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value()))

    def _on_current_changed(self, cell: Cell) -> None:
        rect, names = self.matrix.cell_rect(cell), self.matrix.names_room()
        middle = rect.center().toPoint()
        self.ensureVisible(middle.x(), middle.y(), names + int(rect.width()), names + int(rect.height()))


def _within(start: float, end: float, size: float, count: int) -> range:
    """Return which of ``count`` cells of a size lie at least partly between two places."""
    return range(max(0, math.floor(start / size)), min(count, math.floor(end / size) + 1))
