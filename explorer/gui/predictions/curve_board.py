"""CurveBoard: a transparent board over the plot of T(θ), on which a person draws the curve."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.analysis.predictions.drawn_curve import KNOT_DEGREES, CurvePlace, DrawnCurve
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.controls.labels import WrappedLabel
from explorer.gui.faults import guarded
from explorer.gui.plots.style import color, pen
from explorer.gui.views.margin_curve.plot import HALF_TURN, MarginPlot

_FAR = 8
_STEPS = {
    "drawn-curve.left": -1,
    "drawn-curve.right": 1,
    "drawn-curve.far-left": -_FAR,
    "drawn-curve.far-right": _FAR,
}
_RISES = {"drawn-curve.up": 0.05, "drawn-curve.down": -0.05}

_FIRST = CurvePlace(0.0, 1.0)
"""Where the cursor begins: at that of cos θ for θ = 0."""


class CurveBoard(QWidget):
    """Covers a plot of T(θ) while it is drawn: a drag draws, and so do the arrow keys, from a cursor.

    Signals
    -------
    strokeRequested(object, object)
        A straight stroke from one `CurvePlace` to another.
    clearRequested(), compareRequested()
        Nothing should be drawn any more; the curve of the loss should be shown.
    """

    strokeRequested = Signal(object, object)
    clearRequested = Signal()
    compareRequested = Signal()

    def __init__(self, plot: MarginPlot) -> None:
        super().__init__(plot.viewport())
        self._plot = plot
        self._curve = DrawnCurve.blank()
        self._pen: CurvePlace | None = None
        self.cursor_at = _FIRST
        self.setAccessibleName(_("Draw T(θ)"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.compare, self.clear = QPushButton(_("Compare")), QPushButton(_("Clear"))
        self.compare.clicked.connect(self.compareRequested)
        self.clear.clicked.connect(self.clearRequested)
        row = QHBoxLayout()
        for button in (self.clear, self.compare):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setCursor(Qt.CursorShape.ArrowCursor)
            row.addWidget(button)
        row.addStretch(1)
        self._hint = WrappedLabel(_("Drag to draw T(θ), or use the arrow keys."))
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        self._column.addWidget(self._hint)
        self._column.addLayout(row)
        plot.viewport().installEventFilter(self)
        plot.box.sigResized.connect(self._fit)
        self._fit()

    def set_curve(self, curve: DrawnCurve) -> None:
        """Take what is drawn so far: the cursor follows it, and it can be compared or cleared."""
        self._curve = curve
        self._hint.setVisible(curve.is_blank)
        if curve.is_blank:
            self.cursor_at = _FIRST
        self.compare.setEnabled(not curve.is_blank)
        self.clear.setEnabled(not curve.is_blank)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the plot."""
        if event.type() == QEvent.Type.Resize and watched is self._plot.viewport():
            self._fit()
        return False

    def pixel(self, place: CurvePlace) -> QPointF:
        """Return a place of the plot in pixels of this board."""
        at = self._plot.box.mapViewToScene(QPointF(*place))
        return QPointF(self._plot.mapFromScene(at))

    def place(self, at: QPointF) -> CurvePlace:
        """Return the place of the plot at a pixel, within the angles and the visible values."""
        found = self._plot.box.mapSceneToView(self._plot.mapToScene(at.toPoint()))
        seen = self._plot.visible()
        return CurvePlace(_within(found.x(), *HALF_TURN), _within(found.y(), seen.bottom, seen.top))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._draw_to(self.place(event.position()), lifted=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on from where the pointer was."""
        if self._pen is not None:
            self._draw_to(self.place(event.position()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the stroke."""
        self._pen = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor along what is drawn, and draw on where nothing is; raise or lower the curve."""
        command = pressed(event, "drawn-curve")
        if command in _STEPS:
            self._move(_within(self.cursor_at.degrees + _STEPS[command] * KNOT_DEGREES, *HALF_TURN))
        elif command in _RISES:
            seen = self._plot.visible()
            value = _within(self.cursor_at.value + _RISES[command], seen.bottom, seen.top)
            at = CurvePlace(self.cursor_at.degrees, value)
            self._draw_between(at, at)
        else:
            super().keyPressEvent(event)

    def _move(self, degrees: float) -> None:
        drawn = self._curve.value_at(degrees)
        if math.isnan(drawn):
            self._draw_between(self.cursor_at, CurvePlace(degrees, self.cursor_at.value))
        else:
            self.cursor_at = CurvePlace(degrees, drawn)
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the cursor."""
        super().focusOutEvent(event)
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Clear the plot behind hint and buttons; mark the cursor while the board has the focus."""
        theme = self._plot.theme
        painter = QPainter(self)
        words = self._hint.geometry()
        words.setWidth(min(words.width(), self._hint.fontMetrics().horizontalAdvance(self._hint.text())))
        rooms = (self.clear.geometry(), self.compare.geometry(), *([words] if self._hint.isVisible() else []))
        for room in rooms:
            painter.fillRect(room, color(theme.plot))
        if not self.hasFocus():
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(theme.warning, 2.0))
        painter.drawEllipse(self.pixel(self.cursor_at), 6, 6)
        painter.setPen(pen(theme.accent))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _fit(self) -> None:
        """Cover the plot, with hint and buttons in its lower left corner, where the curve is far."""
        self.setGeometry(self._plot.viewport().rect())
        corner, box = self._plot.corner(), self._plot.box.rect()
        below = self.height() - corner.y() - box.height()
        self._column.setContentsMargins(round(corner.x()) + 8, 4, 12, max(0, round(below)) + 6)

    def _draw_to(self, place: CurvePlace, *, lifted: bool = False) -> None:
        self._draw_between(place if lifted or self._pen is None else self._pen, place)
        self._pen = place

    def _draw_between(self, start: CurvePlace, end: CurvePlace) -> None:
        self.cursor_at = end
        self.strokeRequested.emit(start, end)
        self.update()


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
