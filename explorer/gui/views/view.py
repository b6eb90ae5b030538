"""View: what every view of a run has in common."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.drawn_digit import DrawnDigit
from explorer.core.settings.config import RunConfig
from explorer.core.texts import _
from explorer.gui.faults import fault_text, tell
from explorer.gui.plots.style import invitation, style_invitation
from explorer.gui.theme.theme import Theme

_ANY_WIDTH, _LEAST_HEIGHT = 10_000, 130

Options = TypeVar("Options", bound=Struct)


class NoOptions(Struct, frozen=True):
    """The options of a view in which there is nothing to choose."""


class View(QWidget, Generic[Options]):
    """A widget that is a function of snapshot, history, theme, options and the state that views share.

    A view keeps the last snapshot, draws while it is visible, and catches up when it is shown again. Where
    drawing fails, a message stands in its place until it succeeds.

    A view changes nothing but what it shows. What a person does in it leaves it as a request. The pane of its
    run answers all of them but those that concern the colours of the window and the loss.

    Signals
    -------
    optionsRequested(object)
        Other options, of the same type as ``options``.
    selectionRequested(object, str)
        Rows (k,) of the snapshot and a `SelectionMode`.
    hoverRequested(int)
        The row of the snapshot under the pointer, -1 for none.
    classToggleRequested(int), classIsolationRequested(int)
        A class to hide or show again; a class to show alone.
    colorModeRequested(str)
        The `ColorMode` that points should have.
    pairRequested(int, int)
        Two classes to compare.
    embeddingRequested(object)
        The image (height, width) uint8 to send through the network again and again, None for none.
    lossRequested(str)
        The name of the loss to train with.
    classColorRequested(int), classColorResetRequested(int)
        A class that should have another colour; one that should have the colour of the palette again.

    Attributes
    ----------
    title : str
        The name on screen, as a message id.
    options : Struct
        What a person has chosen in this view: a frozen struct, remembered between two starts of the window.
        Every field has a default, so that a file of another version can be read.
    """

    title = ""
    optionsRequested = Signal(object)
    selectionRequested = Signal(object, str)
    hoverRequested = Signal(int)
    classToggleRequested = Signal(int)
    classIsolationRequested = Signal(int)
    colorModeRequested = Signal(str)
    pairRequested = Signal(int, int)
    embeddingRequested = Signal(object)
    lossRequested = Signal(str)
    classColorRequested = Signal(int)
    classColorResetRequested = Signal(int)

    def __init__(self, theme: Theme, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.options = options
        self.snapshot: Snapshot | None = None
        self.history = History()
        self._stale = True
        self._fault: QLabel | None = None
        self.setAccessibleName(_(self.title))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show this frame, None for no run; ``history`` holds the scalars up to it."""
        self.snapshot, self.history = snapshot, history
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self.theme = theme
        self.refresh()

    def set_options(self, options: Options) -> None:
        """Show what these options say."""
        self.options = options
        self.refresh()

    def set_config(self, config: RunConfig) -> None:
        """Take the configuration that is wanted now; most views show only what a frame was made with."""

    def set_drawn_digit(self, digit: DrawnDigit | None, complaint: str = "") -> None:
        """Take where the drawn digit lands, None for nowhere, and why where there is a complaint."""

    def compare(self, first: int, second: int) -> None:
        """Request whatever options compare these two classes, in a view that can."""

    def reset_view(self) -> None:
        """Return to where looking at a run begins: all of it in sight, in a view that can zoom or turn."""

    @property
    def drawable(self) -> bool:
        """Whether anything drawn now could be seen; Qt shows a view anew that is so no longer."""
        return self.isVisible() and not self.window().isMinimized() and not self._is_behind_other_dock

    @property
    def _is_behind_other_dock(self) -> bool:
        """Whether another dock is in front: Qt moves this one out of the window, yet calls it visible."""
        corner = self.mapTo(self.window(), QPoint(0, 0))
        return corner.x() + self.width() < 0 or corner.y() + self.height() < 0

    def catch_up(self) -> None:
        """Draw what was missed, at once or when Qt has moved what it is moving now."""
        self._refresh_if_stale()
        if self._stale:
            QTimer.singleShot(0, self, self._refresh_if_stale)

    def _refresh_if_stale(self) -> None:
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Draw now if it can be seen, else when shown."""
        self._stale = not self.drawable
        if not self._stale:
            try:
                self.draw()
            except Exception as error:
                tell(error)
                self._show_fault(fault_text(error))
            else:
                self._show_fault("")

    def draw(self) -> None:
        """Bring the view in line with snapshot, history, theme, options and shared state."""
        raise NotImplementedError

    def finish_content(self) -> None:
        """Wait for what is computed in the background of the frame shown, so that a picture is whole."""

    def take_background_seconds(self) -> float:
        """Return the seconds of processor time spent in the background since the last call."""
        return 0.0

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was missed while hidden."""
        super().showEvent(event)
        self._refresh_if_stale()

    def minimumSizeHint(self) -> QSize:
        """Return a height that a small screen has twice beside the bars: a plot may be low, not out of it."""
        return super().minimumSizeHint().boundedTo(QSize(_ANY_WIDTH, _LEAST_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the message of a failed drawing cover the whole view."""
        super().resizeEvent(event)
        if self._fault is not None:
            self._fault.setGeometry(self.rect())

    def _show_fault(self, text: str) -> None:
        """Lay a message over the view, none for an empty one."""
        if text and self._fault is None:
            self._fault = invitation("")
            self._fault.setParent(self)
        if self._fault is not None:
            style_invitation(self._fault, self.theme)
            self._fault.setText(text)
            self._fault.setGeometry(self.rect())
            self._fault.raise_()
            self._fault.setVisible(bool(text))
