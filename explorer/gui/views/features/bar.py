"""FeatureBar: the selection tools, the legend and the choice of colours, below the features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.raster.colouring import COLOR_MODES, ColorMode
from explorer.core.texts import N_, _
from explorer.gui.commands.command import Command, key_text, tip_with_key
from explorer.gui.commands.keymap import keymap
from explorer.gui.commands.plot_commands import plot_command
from explorer.gui.controls.inputs import UNSAID, ChoiceBox
from explorer.gui.focus import tab_through
from explorer.gui.plots.keys.colour_key import ColorKey
from explorer.gui.plots.keys.legend import Legend
from explorer.gui.plots.style import color
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.icons import icon
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.views.features.content import FeatureOptions, FeatureTool
from explorer.gui.views.view import View

_MODE_NAMES: Mapping[ColorMode, str] = MappingProxyType(
    {
        "class": N_("Colour: class"),
        "loss": N_("Colour: loss"),
        "angle": N_("Colour: angle"),
        "confidence": N_("Colour: confidence"),
        "length": N_("Colour: length"),
        "split": N_("Colour: test / training"),
    }
)
_WIDE_FOR_WORDS = 420
"""Width in pixels of normal type from which the number selected has a word."""
_AT_ONCE = 20
"""New swatches that are made and placed with a frame; more have a turn of the event loop of their own, since
a hundred take as long as the first picture of a hundred classes."""
_MOST_BESIDE = 20
"""Most swatches beside the tools; more have a row of their own, and need not be measured."""
_CLASSES_DELAY = 40
"""Milliseconds that this turn comes after the next one, which draws the first of the other views."""
_CLASSES_SECONDS = 0.006
"""Processor time for making swatches, in one turn of the event loop."""
_TOOLS: Mapping[FeatureTool, Command[object]] = MappingProxyType(
    {
        "move": plot_command("features.move"),
        "lasso": plot_command("features.lasso"),
        "rectangle": plot_command("features.rectangle"),
    }
)


class FeatureBar(QWidget):
    """Shows a `ViewState`, and requests changes of it.

    Signals
    -------
    toolRequested(str)
        The `FeatureTool` that a drag should use.
    selectionClearRequested()
        Nothing should be selected.
    classesShown()
        The legend shows the classes of a state.
    classToggleRequested(int), classIsolationRequested(int), allClassesRequested(), colorModeRequested(str)
        As of `Legend`; points should be coloured by another `ColorMode`.
    """

    toolRequested = Signal(str)
    selectionClearRequested = Signal()
    classesShown = Signal()
    classToggleRequested = Signal(int)
    classIsolationRequested = Signal(int)
    allClassesRequested = Signal()
    colorModeRequested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._lent, self._count = False, 0
        self._shown: tuple[object, ...] = ()
        self._place: tuple[int, int, int, int] | None = None
        self.probe: ProbeSet | None = None
        self.legend = Legend()
        self._prepare_classes: Callable[[float], bool] = lambda _seconds: True
        self._show_classes: Callable[[], None] = lambda: None
        self._classes_timer = QTimer(self, singleShot=True)
        self._classes_timer.timeout.connect(self._on_classes_timer_timeout)
        self.key = ColorKey(theme)
        self.modes = ChoiceBox()
        self.modes.setAccessibleName(_("Meaning of the colours"))
        self.modes.setProperty(UNSAID, COLOR_MODES.index("class"))  # the legend says it
        self.modes.addItems([_(name) for name in _MODE_NAMES.values()])
        self.modes.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.modes.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.selected = QToolButton()
        self.selected.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        stable = self.selected.sizePolicy()
        stable.setRetainSizeWhenHidden(True)  # or the plot would move when something is selected
        self.selected.setSizePolicy(stable)
        self.selected.hide()
        self.tools: dict[FeatureTool, QToolButton] = {}
        group = QButtonGroup(self)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for tool, command in _TOOLS.items():
            button = QToolButton()
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setAccessibleName(command.name)
            group.addButton(button)
            self.tools[tool] = button
            tools.addWidget(button)
        self.tools["move"].setChecked(True)
        self._show_tips()
        keymap().keysChanged.connect(self._show_tips)
        self._row = QGridLayout()
        self._row.setContentsMargins(8, 3, 8, 4)
        self._row.setHorizontalSpacing(8)
        self._row.setVerticalSpacing(2)
        self._row.addLayout(tools, 1, 0)
        self._row.addWidget(self.selected, 1, 2)
        self._row.addWidget(self.modes, 1, 3)
        self._row.setColumnStretch(1, 1)
        self._place_legend()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.key)
        column.addLayout(self._row)
        self.setAutoFillBackground(True)
        group.buttonClicked.connect(self._on_tool_clicked)
        self.legend.classToggleRequested.connect(self.classToggleRequested)
        self.legend.classIsolationRequested.connect(self.classIsolationRequested)
        self.legend.allClassesRequested.connect(self.allClassesRequested)
        self.modes.activated.connect(self._on_mode_activated)
        self.selected.clicked.connect(self.selectionClearRequested)

    def show_state(
        self,
        state: ViewState,
        options: FeatureOptions,
        theme: Theme,
        num_classes: int,
        unseen: frozenset[int] = frozenset(),
        probe: ProbeSet | None = None,
    ) -> None:
        """Show state and options, in the colours of the theme; classes ``unseen`` were not trained on.

        Many new classes come into the legend in a later turn of the event loop.
        """
        display, count = state.display, state.selection.count
        shown = theme, display, options.tool, num_classes, unseen, count
        if probe is self.probe and shown == self._shown:  # as with most frames
            return
        if theme is not self.theme or not self._shown:
            self.theme = theme
            self._place_legend()
            colors = palette(theme)
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)
            for tool, button in self.tools.items():
                name = _TOOLS[tool].icon
                assert name is not None, "a tool has no text but an icon"
                button.setIcon(icon(name, palette(theme)))
            self.selected.setIcon(icon("close", palette(theme)))
        self.probe, self._shown = probe, shown
        self.tools[options.tool].setChecked(True)
        mode, hidden = display.color_mode, display.left_out(num_classes)
        self._prepare_classes = partial(self.legend.prepare, num_classes)
        shows_classes, colored = self.legend.show_classes, mode == "class"
        self._show_classes = partial(
            shows_classes, theme, num_classes, hidden, colored=colored, unseen=unseen, probe=probe
        )
        if num_classes - len(self.legend.swatches) > _AT_ONCE:
            if not self._classes_timer.isActive():
                self._classes_timer.start(0)
        else:
            self.finish_classes()
        self.key.show_mode(theme, mode)
        self.modes.setCurrentIndex(COLOR_MODES.index(mode))
        self.selected.setVisible(count > 0)
        self._show_count(count)

    def request_through(self, view: View[FeatureOptions]) -> None:
        """Pass what is asked of classes, their colours and the colouring on to the signals of a view."""
        self.classToggleRequested.connect(view.classToggleRequested)
        self.classIsolationRequested.connect(view.classIsolationRequested)
        self.allClassesRequested.connect(view.allClassesRequested)
        self.legend.colorRequested.connect(view.classColorRequested)
        self.legend.colorResetRequested.connect(view.classColorResetRequested)
        self.colorModeRequested.connect(view.colorModeRequested)

    def finish_classes(self) -> None:
        """Show the classes of the newest state now."""
        self._classes_timer.stop()
        known = len(self.legend.swatches)
        self._show_classes()
        if known != len(self.legend.swatches):
            legend = *self.legend.swatches, self.legend.show_all
            tab_through(*self.tools.values(), *legend, self.selected, self.modes)
            self._place_legend()
        self.classesShown.emit()

    def lend_legend(self, lent: bool) -> None:
        """Leave the legend to another widget, or have it here again."""
        self._lent = lent
        self._place_legend()

    def _on_classes_timer_timeout(self) -> None:
        if self._classes_timer.interval() < _CLASSES_DELAY:
            # Counted from here: a first picture that took longer than the delay is over.
            self._classes_timer.start(_CLASSES_DELAY)
        elif self._prepare_classes(_CLASSES_SECONDS):
            self.finish_classes()
        else:
            self._classes_timer.start(_CLASSES_DELAY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the legend to a row of its own where the bar is narrow."""
        super().resizeEvent(event)
        self._place_legend()
        self._show_count(self._count)

    def _has_room(self) -> bool:
        """Return whether everything fits into one row.

        With the button that shows all: a swatch that moved once it is hidden would miss a double-click.
        """
        parts = *self.legend.swatches, self.legend.show_all, *self.tools.values(), self.selected, self.modes
        widths = (part.sizeHint().width() + 1 for part in parts)
        return len(self.legend.swatches) <= _MOST_BESIDE and self.width() >= sum(widths) + 39  # gaps

    def _place_legend(self) -> None:
        place = None if self._lent else (1, 1, 1, 1) if self._has_room() else (0, 0, 1, 4)
        if place != self._place:
            self._place = place
            self._row.removeWidget(self.legend)
            if place is not None:
                self._row.addWidget(self.legend, *place, Qt.AlignmentFlag.AlignVCenter)

    def _show_tips(self) -> None:
        """Say what each tool does, and its key, and that of clearing the selection."""
        for tool, button in self.tools.items():
            button.setToolTip(tip_with_key(_TOOLS[tool]))
        self._show_count(self._count)

    def _show_count(self, count: int) -> None:
        self._count = count
        words = _("{count:,} selected").format(count=count)
        least = _WIDE_FOR_WORDS * self.theme.scale
        self.selected.setText(words if self.width() >= least else f"{count:,}")
        self.selected.setAccessibleName(_("{words}: clear selection").format(words=words))
        self.selected.setToolTip(
            _("{words}: click to clear the selection ({key})").format(
                words=words, key=key_text(plot_command("features.cancel"))
            )
        )

    def _on_tool_clicked(self) -> None:
        self._shown = ()
        self.toolRequested.emit(next(tool for tool, button in self.tools.items() if button.isChecked()))

    def _on_mode_activated(self, index: int) -> None:
        self._shown = ()
        self.colorModeRequested.emit(COLOR_MODES[index])
