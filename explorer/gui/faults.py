"""Faults: unexpected errors. Each is reported once; one in a paint event is also written in its place."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import TypeVar, cast

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from explorer.core.texts import _, kind_and_error
from explorer.export.sharing import without_home
from explorer.gui.plots.cached_layer import lines_of_screen

Paint = TypeVar("Paint", bound=Callable[..., None])


def report(error: Exception) -> None:
    """Hand an error to `sys.excepthook`, as Qt does with those of slots.

    The frames of its traceback are cleared first: they may hold the last reference to an active painter, and
    Qt aborts the process where a widget is deleted under one.
    """
    traceback.clear_frames(error.__traceback__)
    sys.excepthook(type(error), error, error.__traceback__)


def fault_text(error: Exception) -> str:
    """Return the sentence that stands where something should have been drawn."""
    sentence = _("This view could not be drawn: {kind}: {error}")
    return sentence.format(**kind_and_error(error))


def guarded(paint_event: Paint) -> Paint:
    """Return a ``paintEvent`` whose errors are reported, and written on the widget.

    Its lines are as wide as the screen needs them that the widget is on.
    """

    @wraps(paint_event)
    def painted(widget: QWidget, event: QPaintEvent) -> None:
        try:
            with lines_of_screen(widget.devicePixelRatioF()):
                paint_event(widget, event)
        except Exception as error:
            report(error)
            surface = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
            painter = QPainter(surface)
            painter.setPen(widget.palette().windowText().color())
            write_fault(painter, QRectF(surface.rect()), error)
            painter.end()

    return cast(Paint, painted)


def guarded_item(paint: Paint) -> Paint:
    """Return a ``paint`` of a graphics item whose errors are reported, and written in place of the item."""

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
            report(error)
            write_fault(painter, item.boundingRect(), error)

    return cast(Paint, painted)


def write_fault(painter: QPainter, area: QRectF, error: Exception) -> None:
    """Write into an area that it could not be drawn, and why."""
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area, wrapped, fault_text(error))


class FaultLog(QObject):
    """Takes unexpected errors, wherever in the window they occur.

    Signals
    -------
    occurred(str, str)
        The first error of its kind at its place: a sentence, and the traceback.
    """

    occurred = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: set[tuple[str, str, int | None]] = set()

    def install(self) -> None:
        """Take the errors of slots, of threads, and of what is deleted, for the rest of the process."""
        sys.excepthook = self.take
        threading.excepthook = self._take_of_thread
        sys.unraisablehook = self._take_unraisable

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Report an error unless it repeats an earlier one; others than `Exception` are left to Python."""
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        steps = traceback.extract_tb(trace)
        place = (kind.__name__, steps[-1].filename, steps[-1].lineno) if steps else (kind.__name__, "", None)
        if place not in self._known:
            self._known.add(place)
            sys.__excepthook__(kind, error, trace)
            details = without_home("".join(traceback.format_exception(kind, error, trace)))
            sentence = _("Unexpected error in the window: {kind}: {error}")
            self.occurred.emit(sentence.format(**kind_and_error(error)), details)

    def _take_of_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self.take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take_unraisable(self, args: sys.UnraisableHookArgs) -> None:
        """Take an error for which Python has no caller to hand it to, as one of a finalizer."""
        if args.exc_value is not None:
            self.take(args.exc_type, args.exc_value, args.exc_traceback)
