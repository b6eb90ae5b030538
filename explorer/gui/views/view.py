"""View: the base class of all views of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.drawn_digit import DrawnDigit
from explorer.core.settings.config import RunConfig
from explorer.core.texts import _
from explorer.gui.drawing.later import call_later
from explorer.gui.faults import fault_text, report
from explorer.gui.plots.empty_state import StartHint, empty_state, style_empty_state
from explorer.gui.plots.style import Plot
from explorer.gui.theme.theme import Theme

_ANY_WIDTH, _LEAST_HEIGHT = 10_000, 130

Options = TypeVar("Options", bound=Struct)


class NoOptions(Struct, frozen=True):
    """The options of a view that has none."""


class Framed(Protocol):
    """A part of a view that a person can zoom, turn, or draw on."""

    @property
    def look(self) -> Any:
        """What was chosen to be seen, as a frozen value; None where nothing was."""

    def set_look(self, look: Any) -> None:
        """Show what another part of this kind showed."""


class SymbolMark(Struct, frozen=True):
    """What the symbol of a formula that is pointed at stands for.

    ``place`` is what it is of the sample in the snapshot's ``row`` (−1 for no sample): "feature", "angle",
    "weight" or "class-center", empty for nothing that a picture has; ``curve`` tells whether it is a
    parameter that changes T(θ).
    """

    place: str = ""
    curve: bool = False
    row: int = -1


NO_MARK = SymbolMark()


class View(QWidget, Generic[Options]):
    """A widget that is a function of snapshot, history, theme, options and the state that views share.

    A view keeps the last snapshot, draws while it is visible, and catches up when it is shown again. Where
    drawing fails, it shows a message instead. It changes nothing but what it shows: input leaves it as a
    request. The pane of the run answers all but those about class colours and the loss: the window does.

    Signals
    -------
    optionsRequested(object)
        Other options, of the same type as ``options``.
    selectionRequested(object, str)
        Rows (k,) of the snapshot and a `SelectionMode`.
    hoverRequested(int)
        The row of the snapshot under the pointer, −1 for none.
    classToggleRequested(int), classIsolationRequested(int), allClassesRequested()
        A class to hide or to show again; the only class to show; all of them should be shown again.
    colorModeRequested(str), pairRequested(int, int)
        The `ColorMode` that points should have; two classes to compare.
    embeddingRequested(object)
        The image (height, width) uint8 to embed with every frame, None for none.
    forcesRequested(object)
        A `ForceWish`: what the view wants to know of the frame that it draws; the answer is `set_forces`.
    lossRequested(str)
        The name of the loss to train with.
    classColorRequested(int), classColorResetRequested(int)
        A class whose colour should be chosen; a class that should have its palette colour again.
    menuRequested(QPoint)
        Where on the screen to open a menu of commands about the view.

    Attributes
    ----------
    title : str
        Message id of the name on screen.
    options : Struct
        Display options chosen in this view: a frozen struct that the window saves and restores. Every field
        has a default, so that a file of another version can be read.
    framed : sequence of Framed
        The parts whose zoom and the like a window that is built anew takes over.
    """

    title = ""
    optionsRequested = Signal(object)
    selectionRequested = Signal(object, str)
    hoverRequested = Signal(int)
    classToggleRequested = Signal(int)
    classIsolationRequested = Signal(int)
    allClassesRequested = Signal()
    colorModeRequested = Signal(str)
    pairRequested = Signal(int, int)
    embeddingRequested = Signal(object)
    forcesRequested = Signal(object)
    lossRequested = Signal(str)
    classColorRequested = Signal(int)
    classColorResetRequested = Signal(int)
    menuRequested = Signal(QPoint)

    def __init__(self, theme: Theme, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self.options = theme, options
        self.snapshot: Snapshot | None = None
        self.history = History()
        self.framed: Sequence[Framed] = ()
        self._stale = True
        self._awaited: tuple[Any, ...] = ()
        self._fault: QLabel | None = None
        self.setAccessibleName(_(self.title))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show a frame, None for no run; ``history`` holds the scalars up to it."""
        self.snapshot, self.history = snapshot, history
        self.refresh()

    def pass_over(self, snapshot: Snapshot | None) -> None:
        """Take a frame that is passed over without being drawn, in a view that shows the past."""

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self.theme = theme
        self.refresh()

    def set_options(self, options: Options) -> None:
        """Use these options."""
        self.options = options
        self.refresh()

    def set_config(self, config: RunConfig) -> None:
        """Take the configuration that the controls show; most views use only that of the frame."""

    def set_drawn_digit(self, digit: DrawnDigit | None, complaint: str = "") -> None:
        """Take the embedding of the drawn digit, None for none, and a message where computing it failed."""

    def set_forces(self, forces: ForceFrame | None, complaint: str = "") -> None:
        """Take forces on features, None for none, and a message where there can be none."""

    @property
    def forces_shown(self) -> ForceFrame | None:
        """The forces that are drawn, in a view that does; None without any."""
        return None

    def set_starting(self, starting: bool) -> None:
        """Take whether the trainer is starting, so that there is no frame yet."""
        for hint in self.findChildren(StartHint):
            hint.set_starting(starting)

    def set_smooth(self, smooth: bool) -> None:
        """Animate changes, or show them at once."""
        for plot in self.findChildren(Plot):
            plot.set_smooth(smooth)

    def compare(self, first: int, second: int) -> None:
        """Compare two classes, in a view that can."""

    def mark(self, mark: SymbolMark) -> None:
        """Emphasise what the symbol of a formula stands for, in a view that shows it."""

    def cancel_gesture(self) -> bool:
        """Cancel the outline that is being drawn, in a view that has such; return whether there was one."""
        return False

    def reset_view(self) -> None:
        """Reset zoom and rotation, in a view that has them."""

    @property
    def look(self) -> tuple[Any, ...]:
        """What a person chose to see beyond the options: zoom, rotation and the like of each framed part."""
        return self._awaited or tuple(part.look for part in self.framed)

    def restore_look(self, look: tuple[Any, ...]) -> None:
        """Show what another view of this kind showed, once a frame is drawn: only then can it be zoomed."""
        self._awaited = look
        if not self._stale:
            self._show_awaited_look()

    @property
    def drawable(self) -> bool:
        """Whether anything drawn now would be visible; `showEvent` or `catch_up` follows once it is."""
        return self.isVisible() and not self.window().isMinimized() and not self._is_behind_other_dock

    @property
    def _is_behind_other_dock(self) -> bool:
        """Whether another dock is in front: Qt moves this one outside the window but calls it visible."""
        corner = self.mapTo(self.window(), QPoint(0, 0))
        return corner.x() + self.width() < 0 or corner.y() + self.height() < 0

    def catch_up(self) -> None:
        """Draw if the view is out of date: at once, or after Qt has finished the current layout change."""
        self._refresh_if_stale()
        if self._stale:
            call_later(self, self._refresh_if_stale)

    def _refresh_if_stale(self) -> None:
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Draw now if the view is visible, else when it is shown."""
        self._stale = not self.drawable
        if not self._stale:
            try:
                self.draw()
            except Exception as error:
                report(error)
                self._show_fault(fault_text(error))
            else:
                self._show_fault("")
                self._show_awaited_look()

    def _show_awaited_look(self) -> None:
        if self.snapshot is not None:
            looks, self._awaited = self._awaited, ()
            for part, look in zip(self.framed, looks, strict=False):
                if look is not None:
                    part.set_look(look)

    def draw(self) -> None:
        """Show snapshot, history, options and shared state, in the colours of the theme."""
        raise NotImplementedError

    def finish_content(self) -> None:
        """Wait for background computations of the frame shown, so that a saved picture is complete."""

    def take_background_seconds(self) -> float:
        """Return the CPU time in seconds spent in background threads since the last call."""
        return 0.0

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed while the view was hidden."""
        super().showEvent(event)
        self._refresh_if_stale()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu about the view, where no part of it has one of its own."""
        self.menuRequested.emit(event.globalPos())
        event.accept()

    def minimumSizeHint(self) -> QSize:
        """Return a size of which two fit below each other on a small screen."""
        return super().minimumSizeHint().boundedTo(QSize(_ANY_WIDTH, _LEAST_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the message of a failed drawing as large as the view."""
        super().resizeEvent(event)
        if self._fault is not None:
            self._fault.setGeometry(self.rect())

    def _show_fault(self, text: str) -> None:
        """Cover the view with a message; an empty one uncovers it."""
        if text and self._fault is None:
            self._fault = empty_state("")
            self._fault.setParent(self)
        if self._fault is not None:
            style_empty_state(self._fault, self.theme)
            self._fault.setText(text)
            self._fault.setGeometry(self.rect())
            self._fault.raise_()
            self._fault.setVisible(bool(text))
