"""MatrixPlot: a matrix of classes by classes as painted cells, with pointer and keyboard navigation."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.gui.commands.keys import pressed, selection_mode
from explorer.gui.faults import guarded
from explorer.gui.plots.selection_gesture import mode_of
from explorer.gui.plots.style import SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped

_STEPS = {"matrix.left": (0, -1), "matrix.right": (0, 1), "matrix.up": (-1, 0), "matrix.down": (1, 0)}
EDGE, SIDES = 3, 12
"""Margin below the last row, and those beside the columns together, in pixels."""
Cell = tuple[int, int]
"""Row and column."""


class MatrixPlot(QWidget):
    """A square matrix of ``count`` rows and columns, with the class labels above it and at its left.

    Subclasses define how a cell is painted, its text, and what activating it does.

    Parameters
    ----------
    theme : Theme
    titles : (str, str)
        Titles of the rows and of the columns, empty for none.

    Attributes
    ----------
    corner : QPointF
        Upper left corner of the visible part, where the labels are painted.
    name : callable
        Returns the name of a class.

    Signals
    -------
    currentChanged(object)
        The keyboard or a click has made another `Cell` current.
    """

    currentChanged = Signal(object)

    def __init__(self, theme: Theme, titles: tuple[str, str] = ("", "")) -> None:
        super().__init__()
        self.theme = theme
        self.count = 0
        self.current: Cell = (0, 0)
        self.corner = QPointF(0, 0)
        self.name: Callable[[int], str] = str
        self._names: tuple[str, ...] = ()
        self._titles = titles
        self._framed = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def text_of(self, cell: Cell) -> str:
        """Return the text of a cell, for its tooltip and for screen readers."""
        raise NotImplementedError

    def choose(self, cell: Cell, mode: SelectionMode) -> None:
        """Handle a click on a cell, or Enter on the current one."""
        raise NotImplementedError

    def paint_cell(self, painter: QPainter, cell: Cell, rect: QRectF) -> None:
        """Paint a cell in its rectangle."""
        raise NotImplementedError

    def paint_cells(self, painter: QPainter, part: QRect) -> None:
        """Paint the cells that are visible in a part of the widget."""
        origin, size = self._grid()
        rows = _within(part.top() - origin.y(), part.bottom() - origin.y(), size.y(), self.count)
        columns = _within(part.left() - origin.x(), part.right() - origin.x(), size.x(), self.count)
        across, down = size.x(), size.y()
        for row in rows:
            top = origin.y() + row * down + 0.5
            for column in columns:
                rect = QRectF(origin.x() + column * across + 0.5, top, across - 1, down - 1)
                self.paint_cell(painter, (row, column), rect)

    def paint_marks(self, painter: QPainter) -> None:
        """Paint over the cells."""

    def set_names(self, probe: ProbeSet | None) -> None:
        """Name the classes as a probe set does; without one, and where it has no names, they are numbers."""
        self.name = str if probe is None else probe.name
        self._names = () if probe is None else probe.short_names()

    def set_count(self, count: int) -> None:
        """Set the number of classes."""
        self.count = count
        last = max(0, count - 1)
        self.current = min(self.current[0], last), min(self.current[1], last)

    @property
    def framed(self) -> bool:
        """Whether the current cell has a frame: with the focus, until the selection is cleared."""
        return self._framed and self.hasFocus()

    def hide_frame(self) -> None:
        """Draw no frame until another cell becomes current, or the focus returns."""
        self._framed = False
        self.update()

    def set_corner(self, corner: QPointF) -> None:
        """Set the upper left corner of the visible part."""
        self.corner = corner
        self.update()

    def cell_rect(self, cell: Cell) -> QRectF:
        """Return the rectangle of a cell in pixels."""
        origin, size = self._grid()
        across, down = size.x(), size.y()
        return QRectF(origin.x() + cell[1] * across, origin.y() + cell[0] * down, across, down)

    def cell_at(self, at: QPointF) -> Cell | None:
        """Return the cell at a position in pixels, None outside the matrix."""
        origin, size = self._grid()
        row = math.floor((at.y() - origin.y()) / size.y())
        column = math.floor((at.x() - origin.x()) / size.x())
        return (row, column) if 0 <= row < self.count and 0 <= column < self.count else None

    def cell_size(self, room: QSize) -> QPointF:
        """Return the width and height of a cell where all have ``room``: by default a square."""
        side = min(room.width(), room.height()) / max(1, self.count)
        return QPointF(side, side)

    def names_room(self) -> int:
        """Return the width in pixels of the names at the left."""
        metrics = self.small_metrics()
        widest = max(map(metrics.horizontalAdvance, self._names or (str(max(0, self.count - 1)),)))
        return self.top_room() + max(0, widest - metrics.height())

    def top_room(self) -> int:
        """Return the height in pixels of the names above."""
        line = self.small_metrics().height()
        return line + 4 + (line if any(self._titles) else 0)

    def small_metrics(self) -> QFontMetrics:
        """Return the metrics of the font of labels and cells."""
        return QFontMetrics(scaled_font(self.font(), SMALL_TYPE))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make a cell current and activate it."""
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(cell)
            self.choose(cell, mode_of(event.modifiers()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Make another cell current, or activate the current one."""
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

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the current cell."""
        self._framed = True
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the text of the cell under the pointer as a tooltip."""
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), wrapped(self.text_of(cell) if cell else ""), self)
            return True
        return super().event(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the visible cells and the class labels."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), color(self.theme.plot))
        painter.setFont(scaled_font(self.font(), SMALL_TYPE))
        if self.count:
            self.paint_cells(painter, event.rect())
            self.paint_marks(painter)
            if self.framed:
                painter.setPen(pen(self.theme.text, 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.cell_rect(self.current))
            self._paint_names(painter)

    def _go(self, cell: Cell) -> None:
        self.current, self._framed = cell, True
        self.setAccessibleDescription(self.text_of(cell))
        self.currentChanged.emit(cell)
        self.update()

    def _grid(self) -> tuple[QPointF, QPointF]:
        """Return the corner of the first cell, and the width and height of each cell."""
        names, top = self.names_room(), self.top_room()
        room = QSize(self.width() - names - SIDES, self.height() - top - EDGE)
        size = self.cell_size(room)
        size = QPointF(max(1.0, size.x()), max(1.0, size.y()))
        left = names + max(0.0, (self.width() - names - size.x() * self.count) / 2)
        return QPointF(left, top), size

    def _paint_names(self, painter: QPainter) -> None:
        """Paint the labels over the cells, at the corner of the visible part."""
        origin, size = self._grid()
        line, names, room = painter.fontMetrics().height(), self.names_room(), self.top_room()
        left = max(self.corner.x(), origin.x() - names)
        top, end = self.corner.y(), QPointF(size.x(), size.y()) * self.count
        background = color(self.theme.plot)
        painter.fillRect(QRectF(self.corner.x(), top, self.width(), room), background)
        side = QRectF(self.corner.x(), top, left - self.corner.x() + names, self.height())
        painter.fillRect(side, background)
        painter.setPen(pen(self.theme.muted))
        centred = Qt.AlignmentFlag.AlignCenter
        rows, columns = self._titles
        painter.drawText(QRectF(origin.x(), top, end.x(), line), centred, columns)
        painter.save()
        painter.translate(left + line / 2, origin.y() + end.y() / 2)
        painter.rotate(-90)
        painter.drawText(QRectF(-end.y() / 2, -line / 2, end.y(), line), centred, rows)
        painter.restore()
        texts = self._names or tuple(map(str, range(self.count)))
        wide = max(map(painter.fontMetrics().horizontalAdvance, texts)) + 4
        for i in range(0, self.count, max(1, math.ceil(wide / size.x()))):
            middle = origin.x() + (i + 0.5) * size.x()
            if middle > left + names:
                place = QRectF(middle - max(40, wide) / 2, top + room - line - 2, max(40, wide), line)
                painter.drawText(place, centred, texts[i])
        for i in range(0, self.count, max(1, math.ceil(line / size.y()))):
            middle = origin.y() + (i + 0.5) * size.y()
            if middle > top + room:
                place = QRectF(left + names - wide, middle - line / 2, wide - 2, line)
                painter.drawText(place, centred, texts[i])


class MatrixScroll(QScrollArea):
    """Scrolls a `MatrixPlot` that is larger than the viewport; its labels stay visible."""

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
        rect, names, top = self.matrix.cell_rect(cell), self.matrix.names_room(), self.matrix.top_room()
        middle = rect.center().toPoint()
        self.ensureVisible(middle.x(), middle.y(), names + int(rect.width()), top + int(rect.height()))


def _within(start: float, end: float, size: float, count: int) -> range:
    """Return the indices of the cells, ``count`` of a ``size``, that overlap the interval."""
    return range(max(0, math.floor(start / size)), min(count, math.floor(end / size) + 1))
