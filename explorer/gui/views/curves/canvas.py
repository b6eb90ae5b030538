"""CurveCanvas: panels of curves over one axis, with a cursor for pointer and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from explorer.analysis.frames.history import History
from explorer.core.texts import _
from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded
from explorer.gui.plots.style import AXIS_WIDTH, SMALL_TYPE, color, pen, scaled_font
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.curves.content import CurveContent
from explorer.gui.views.curves.layout import CurveLayout, layout_of
from explorer.gui.views.curves.model import CurveLook, CurveModel
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.curves.paint import CurvePainter
from explorer.gui.views.curves.reading import Reading, reading_text, row_of_command

_NEAR_MARK = 5.0
_STRIDES = 200
"""Arrow key presses from one end of the visible part to the other, where it has as many rows."""
_NOTCH, _ZOOM = 120.0, 1.3
_PIXELS_OF_PART = 2
_KEPT_FOCUS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class CurveCanvas(QWidget):
    """Shows a history as `CurveOptions` say.

    The pointer or the arrow keys move a cursor from row to row: Shift moves ten times as far, Page Up and
    Page Down go to the previous and next change of settings, Home and End to the ends, Escape hides the
    cursor. The wheel and + and - zoom, a drag pans, a double click and 0 show the whole run.

    Signals
    -------
    cursorMoved()
        The cursor is on another `row`, or hidden.
    """

    cursorMoved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = CurveModel(theme)
        self._layout: CurveLayout | None = None
        self._dragged: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(
            _("Curves. Arrow keys move the cursor; Page Up and Page Down go to changes of settings.")
        )

    def show_run(
        self, history: History, options: CurveOptions, theme: Theme, looked_at: float | None = None
    ) -> None:
        """Show a history with a row or more, and the step that is looked at where it is not the newest."""
        self._model.show_run(history, options, theme, looked_at)
        self._renew()

    @property
    def look(self) -> CurveLook:
        """Cursor and zoom."""
        return self._model.look

    def set_look(self, look: CurveLook) -> None:
        """Put the cursor and the zoom where they were."""
        self._model.set_look(look)
        self._renew()
        self.cursorMoved.emit()

    def reset_view(self) -> None:
        """Show the whole run."""
        self._model.show_whole()
        self._renew()

    @property
    def history(self) -> History:
        """The history shown."""
        return self._model.history

    @property
    def content(self) -> CurveContent | None:
        """What is drawn of the history, None before it has a row."""
        return self._model.content

    @property
    def row(self) -> int | None:
        """Row of the history that is read out, None for the last."""
        return self._model.row

    def reading(self) -> Reading:
        """Return the values at the cursor, or the last values while it is hidden."""
        return self._model.reading(_NEAR_MARK * self._units_of_pixel())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the panels, and a frame while the canvas has the keyboard focus."""
        painter, theme = QPainter(self), self._model.theme
        painter.fillRect(self.rect(), color(theme.plot))
        if self.content is None or self._layout is None:
            return
        font = scaled_font(self.font(), SMALL_TYPE)
        CurvePainter(painter, font, theme, self.content, self._layout).paint(self.reading())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(theme.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the panels for the new size."""
        super().resizeEvent(event)
        self._renew()

    def event(self, event: QEvent) -> bool:
        """Show the help of the panel under the pointer; accept Escape while there is a cursor to hide."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), wrapped(self.help_at(QPointF(event.pos()))), self)
            return True
        if isinstance(event, QKeyEvent) and self._would_take_away(event):
            event.accept()
            return True
        return super().event(event)

    def help_at(self, at: QPointF) -> str:
        """Return the help of a panel header, or the changes of settings near a point of the strip on top."""
        content, layout = self.content, self._layout
        if content is None or layout is None:
            return ""
        if layout.strip.height() and at.y() <= layout.strip.bottom():
            x, near = self._place(at), 4 * _NEAR_MARK * self._units_of_pixel()
            return "\n".join(texts[0] for mark, texts in content.marks if abs(mark - x) <= near)
        panels = zip(content.panels, layout.panels, strict=True)
        return next((_(panel.panel.help) for panel, place in panels if place.header.contains(at)), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor or zoom."""
        if self.content is None or not self._handle_key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus frame."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus frame, and the cursor unless the pointer holds it."""
        super().focusOutEvent(event)
        if event.reason() not in _KEPT_FOCUS and not self.underMouse():
            self._read(None)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the cursor to the pointer, or pan along the axis while dragging."""
        if self.content is None:
            return
        if self._dragged is not None and self._model.is_zoomed:
            self._model.move((self._dragged.x() - event.position().x()) * self._units_of_pixel())
            self._dragged = event.position()
            self._renew()
        self._read(self._model.row_near(self._place(event.position())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start panning along the axis."""
        super().mousePressEvent(event)
        self._dragged = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop panning along the axis."""
        super().mouseReleaseEvent(event)
        self._dragged = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show the whole run."""
        self.reset_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the position of the pointer."""
        if self.content is not None:
            self._model.zoom(_ZOOM ** (-event.angleDelta().y() / _NOTCH), self._place(event.position()))
            self._renew()
        event.accept()

    def pinch(self, factor: float, at: QPointF, shift: QPointF) -> None:
        """Zoom in by a factor about a pixel, and pan by pixels, as two fingers do."""
        if self.content is not None:
            self._model.zoom(1 / factor, self._place(at))
            self._model.move(-shift.x() * self._units_of_pixel())
            self._renew()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the cursor."""
        super().leaveEvent(event)
        self._read(None)

    def _handle_key(self, event: QKeyEvent) -> bool:
        """Run the command of a key, and return whether the key has one."""
        command, model, last = pressed(event, "curves"), self._model, len(self.history) - 1
        stride = max(1, model.visible_rows // _STRIDES)
        row = last if model.row is None else model.row
        target = row_of_command(command, row, last, stride, model.mark_rows)
        if target is not None:
            self._read(target)
            if model.is_zoomed:
                model.hold(target)
                self._renew()
        elif command in ("curves.zoom-in", "curves.zoom-out"):
            model.zoom(_ZOOM if command == "curves.zoom-out" else 1 / _ZOOM)
            self._renew()
        elif command == "curves.whole":
            self.reset_view()
        elif command == "curves.hide-cursor" and model.has_cursor:
            self._read(None)
        else:
            return False
        return True

    def _would_take_away(self, event: QKeyEvent) -> bool:
        overriding = event.type() == QEvent.Type.ShortcutOverride
        hides = pressed(event, "curves") == "curves.hide-cursor"
        return overriding and hides and self._model.has_cursor

    def _read(self, row: int | None) -> None:
        """Put the cursor on a row; None hides it."""
        if not self._model.put_cursor(row):
            return
        if self.content is not None:
            self.setAccessibleDescription(reading_text(self.content, self.reading()))
        self.cursorMoved.emit()
        self.update()

    def _renew(self) -> None:
        """Compute content and layout for the current history and size."""
        self._model.renew(max(2, self.width() // _PIXELS_OF_PART))
        if self.content is not None:
            metrics = QFontMetricsF(scaled_font(self.font(), SMALL_TYPE))
            self._layout = layout_of(
                self.content, self.width(), self.height(), metrics, AXIS_WIDTH * self._model.theme.scale
            )
        self.update()

    def _units_of_pixel(self) -> float:
        assert self.content is not None, "the caller has seen to it"
        assert self._layout is not None, "it comes with the content"
        left, right = self.content.span
        return (right - left) / max(1.0, self._layout.strip.width())

    def _place(self, at: QPointF) -> float:
        """Return the position on the axis under a pixel."""
        assert self.content is not None, "the caller has seen to it"
        assert self._layout is not None, "it comes with the content"
        return self.content.span[0] + (at.x() - self._layout.strip.left()) * self._units_of_pixel()
