"""DrawingPad: draw with mouse or tablet, drop a picture, or paste one."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QStyle, QWidget

from explorer.analysis.raster.digitising import Shape
from explorer.core.data.datasets import Bytes
from explorer.core.texts import _
from explorer.gui.commands.keymap import keymap
from explorer.gui.commands.keys import pressed
from explorer.gui.faults import guarded
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.touch.target import take_drags
from explorer.gui.views.draw.buttons import describe_pad
from explorer.gui.views.draw.canvas import paint_canvas, paint_drawing, paint_placeholder
from explorer.gui.views.draw.drawing import Drawing, DrawingInk
from explorer.gui.views.draw.words import IMAGES, PadWords

_LEAST_SIDE, _USUAL_SIDE = 130, 180
_MOST_UNDONE = 200
_SHORTEST_MOVE = 0.3
"""Pixels of the image between two points of a line: fewer points make smoother lines."""


class PadLook(Struct, frozen=True, eq=False):
    """A drawing, the height and width of the images that it is for, and what undoing brings back."""

    shape: Shape
    drawing: Drawing
    past: tuple[Drawing, ...]


class DrawingPad(QWidget):
    """A drawing area with the aspect ratio of the data set's images.

    Signals
    -------
    drawingChanged()
        ``drawing`` has changed.
    pictureRequested(object)
        The `QMimeData` that was dropped or pasted should be drawn on.
    """

    drawingChanged = Signal()
    pictureRequested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.drawing, self.ink = Drawing(), DrawingInk()
        self.shape: Shape = (28, 28)
        self.words = IMAGES
        self._past: list[Drawing] = []
        self._under_way = self._drag_over = False
        self._preferred_height, self._preferred_at = _USUAL_SIDE, 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        take_drags(self)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_LEAST_SIDE, _LEAST_SIDE)
        self._describe()
        keymap().keysChanged.connect(self._describe)

    def _describe(self) -> None:
        """Say what can be done here, and with which keys."""
        describe_pad(self, self.words)

    def set_words(self, words: PadWords) -> None:
        """Speak of digits, or of images."""
        if words is not self.words:
            self.words = words
            self._describe()
            self.update()

    @property
    def look(self) -> PadLook:
        """What is drawn, and what undoing would bring back."""
        return PadLook(self.shape, self.drawing, tuple(self._past))

    def set_look(self, look: PadLook) -> None:
        """Show a drawing, and what undoing brings back."""
        self.shape, self._past = look.shape, list(look.past)
        self._replace(look.drawing)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._past)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self.theme = theme
        self.update()

    def set_shape(self, shape: Shape) -> None:
        """Set the height and width of the images; another shape clears the pad and its undo history."""
        if shape != self.shape:
            self.shape = shape
            self._past = []
            self._replace(Drawing())

    def set_base(self, image: Bytes) -> None:
        """Replace the drawing by an image (height, width) like those of the data set."""
        self._keep()
        self._replace(Drawing(base=image))

    def clear(self) -> None:
        """Clear the pad; this can be undone."""
        if not self.drawing.empty:
            self._keep()
            self._replace(Drawing())

    def undo(self) -> None:
        """Undo the last line, image or clearing."""
        if self._past:
            self._replace(self._past.pop())

    def sizeHint(self) -> QSize:
        """Return the usual width, and the height of a canvas as wide as the pad."""
        return QSize(_USUAL_SIDE, self._preferred_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Prefer the height that fits the width; heightForWidth would enforce it."""
        super().resizeEvent(event)
        # The greater height can call for a scroll bar beside the pad, which makes it narrower. Were less
        # height asked for then, the bar would go, the pad grow, and so on without end.
        lost = self._preferred_at - self.width()
        if 0 < lost <= self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent):
            return
        self._preferred_at = self.width()
        rows, columns = self.shape
        preferred = max(_LEAST_SIDE, round(self.width() * rows / columns))
        if preferred != self._preferred_height:
            self._preferred_height = preferred
            self.updateGeometry()

    def canvas(self) -> QRectF:
        """Return the rectangle of the canvas in pixels: as large as fits, at the top."""
        height, width = self.shape
        scale = min((self.width() - 2) / width, (self.height() - 2) / height)
        return QRectF((self.width() - scale * width) / 2, 1, scale * width, scale * height)

    def event(self, event: QEvent) -> bool:
        """Let the keys of the pad override shortcuts of the window while the pad has the focus."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        event.setAccepted(bool(pressed(event, "pad")))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo, clear or paste."""
        match pressed(event, "pad"):
            case "pad.undo":
                self.undo()
            case "pad.clear":
                self.clear()
            case "pad.paste":
                self.paste()
            case _:
                super().keyPressEvent(event)

    def paste(self) -> None:
        """Request that the picture on the clipboard be used."""
        # PySide6 declares that there is always a QMimeData; an empty clipboard has None.
        self.pictureRequested.emit(QApplication.clipboard().mimeData() or QMimeData())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a line."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the line."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the line."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._under_way = False

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a tablet's pen, at its own resolution."""
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif event.type() == QEvent.Type.TabletMove and event.pressure() > 0:
            self._go_to(event.position())
        elif event.type() == QEvent.Type.TabletRelease:
            self._under_way = False
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept what may be a picture, and highlight the canvas."""
        if _may_be_picture(event.mimeData()):
            self._show_drag(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Drop the highlight of a picture that is dragged away."""
        self._show_drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Request that the dropped data be used."""
        self._show_drag(False)
        event.acceptProposedAction()
        self.pictureRequested.emit(event.mimeData())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the canvas and what is on it."""
        painter = QPainter(self)
        background = mix(self.theme.plot, self.theme.accent, 0.1 if self._drag_over else 0.0)
        paint_canvas(
            painter, self.canvas(), self.theme, background, marked=self.hasFocus() or self._drag_over
        )
        if self.drawing.empty:
            paint_placeholder(painter, self.canvas(), self.theme, self.font(), _(self.words.placeholder))
        else:
            lines = self.ink.paths(self.drawing.lines)
            paint_drawing(painter, self.canvas(), self.theme, self.drawing, self.shape, lines)

    def _place(self, at: QPointF) -> tuple[float, float]:
        """Return where on the canvas a pixel of the widget lies, in pixels of the image."""
        canvas, (height, width) = self.canvas(), self.shape
        x = (at.x() - canvas.left()) * width / canvas.width()
        y = (at.y() - canvas.top()) * height / canvas.height()
        return min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))

    def _begin(self, at: QPointF) -> None:
        if self.canvas().contains(at):
            self._keep()
            self._under_way = True
            drawing = self.drawing
            self.drawing = Drawing((*drawing.lines, (self._place(at),)), drawing.base)
            self._tell()

    def _go_to(self, at: QPointF) -> None:
        if not self._under_way:
            return
        *lines, line = self.drawing.lines
        (x, y), (last_x, last_y) = self._place(at), line[-1]
        if max(abs(x - last_x), abs(y - last_y)) >= _SHORTEST_MOVE:
            self.drawing = Drawing((*lines, (*line, (x, y))), self.drawing.base)
            self._tell()

    def _keep(self) -> None:
        self._past = [*self._past[1 - _MOST_UNDONE :], self.drawing]

    def _replace(self, drawing: Drawing) -> None:
        """Show another drawing; a line being drawn is not part of it."""
        self._under_way = False
        self.drawing = drawing
        self._tell()

    def _tell(self) -> None:
        self.update()
        self.drawingChanged.emit()

    def _show_drag(self, over: bool) -> None:
        self._drag_over = over
        self.update()


def _may_be_picture(mime: QMimeData) -> bool:
    return mime.hasUrls() or mime.hasImage()
