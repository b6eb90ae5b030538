"""Faults: errors that nobody expected. Each is told once; one in a drawing is also written in its place."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import TypeVar, cast

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from explorer.core.texts import _

Paint = TypeVar("Paint", bound=Callable[..., None])


def tell(error: Exception) -> None:
    """Hand an error to `sys.excepthook`, which takes those of Qt's slots too.

    The functions it came through let go of what they held first: a painter that is still at work when its
    widget goes takes the process with it.
    """
    traceback.clear_frames(error.__traceback__)
    sys.excepthook(type(error), error, error.__traceback__)


def fault_text(error: Exception) -> str:
    """Return the sentence that stands where something should have been drawn."""
    return _("This view could not be drawn: {kind}: {error}").format(kind=type(error).__name__, error=error)


def guarded(paint_event: Paint) -> Paint:
    """Return a ``paintEvent`` of which an error is told, and written on the widget."""

    @wraps(paint_event)
    def painted(widget: QWidget, event: QPaintEvent) -> None:
        try:
            paint_event(widget, event)
        except Exception as error:
            tell(error)
            surface = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
            painter = QPainter(surface)
            painter.setPen(widget.palette().windowText().color())
            write_fault(painter, QRectF(surface.rect()), error)
            painter.end()

    return cast(Paint, painted)


def guarded_item(paint: Paint) -> Paint:
    """Return a ``paint`` of a graphics item of which an error is told, and written in place of the item."""

    @wraps(paint)
    def painted(
        item: QGraphicsItem,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        try:
            paint(item, painter, option, widget)
        except Exception as error:
            tell(error)
            write_fault(painter, item.boundingRect(), error)

    return cast(Paint, painted)


def write_fault(painter: QPainter, area: QRectF, error: Exception) -> None:
    """Write in an area that it could not be drawn, and why."""
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area, wrapped, fault_text(error))


class FaultLog(QObject):
    """Takes errors that nobody expected, wherever in the window they come from.

    Signals
    -------
    occurred(str, str)
        An error of a kind and from a place that has not told of any yet: in a sentence, and its traceback.
    """

    occurred = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: set[tuple[str, str, int | None]] = set()

    def install(self) -> None:
        """Take them from now on, for as long as the process lives."""
        sys.excepthook = self.take

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Tell of an error, unless that would only repeat; a person's Ctrl+C is none."""
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        steps = traceback.extract_tb(trace)
        place = (kind.__name__, steps[-1].filename, steps[-1].lineno) if steps else (kind.__name__, "", None)
        if place not in self._known:
            self._known.add(place)
            sys.__excepthook__(kind, error, trace)
            details = "".join(traceback.format_exception(kind, error, trace))
            sentence = _("Unexpected error in the window: {kind}: {error}")
            self.occurred.emit(sentence.format(kind=kind.__name__, error=error), details)
