"""MarginCurveView: the target logit T(θ) of the loss, its pull, and the distribution of the angles."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.pull import no_curve_reason
from explorer.analysis.margins.target_curve import AngleData, angle_data
from explorer.core.losses.catalog import SUGGESTED
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import RunConfig
from explorer.core.texts import N_, _
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.empty_state import empty_state, style_empty_state
from explorer.gui.plots.ranges import settle
from explorer.gui.plots.style import color
from explorer.gui.plots.view_bar import MenuButton
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.margin_curve.caption import caption_texts
from explorer.gui.views.margin_curve.content import CURVED, DrawnGuess, margin_content, own_values, with_mark
from explorer.gui.views.margin_curve.plot import MarginBackground, MarginPlot
from explorer.gui.views.view import NO_MARK, SymbolMark, View

_LEAST_HEIGHT = 270
_HEADROOM = 1.15
_SPLITS = ((str(TEST), N_("Test images")), (str(TRAIN), N_("Training images")))


class MarginCurveOptions(Struct, frozen=True):
    """Losses to compare with, at their defaults, and the split whose angles are shown.

    Raises
    ------
    ValueError
        For a loss without a curve, or one that is no longer installed.
    """

    compare: tuple[str, ...] = ()
    split: Annotated[int, Meta(ge=TEST, le=TRAIN)] = TEST

    def __post_init__(self) -> None:
        unknown = [name for name in self.compare if name not in CURVED]
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no curve to compare with")


class MarginCurveView(View[MarginCurveOptions]):
    """T(θ) and the pull |∂L/∂θ| over the angle to the true class weight, with the data underneath.

    The curves are those of the configuration in the controls, so that they follow a slider at once; the data
    are those of the last frame.
    """

    title = N_("Margin curve")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, MarginCurveOptions(), parent)
        self.config: RunConfig | None = None
        self.curve = MarginPlot(theme, x="", y=_("T(θ) = logit ÷ scale"))
        self.pull = MarginPlot(theme, x=_("θ to the true class (°)"), y=_("pull |∂L/∂θ|"))
        self.pull.keyed = False
        self.menu = MenuButton(_("Choose losses to compare with, and images"))
        self._data: AngleData | None = None
        self._styled = ""
        self._strongest = 0.0
        self._mark = NO_MARK
        self._guess: DrawnGuess | None = None
        self._caption = Caption(theme)
        self._message = empty_state(_("Choose a loss to see its margin curve"))
        self.suggestions = QWidget()
        self._empty = QWidget()
        self._empty.setAutoFillBackground(True)
        self._head, self._page = QWidget(), QWidget()
        self._ticks = {
            **self.menu.add_choices(_("Images"), "split", _SPLITS),
            **self.menu.add_switches(_("Compare with"), "compare", CURVED.items()),
        }
        self.menu.choiceRequested.connect(self._on_choice_requested)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 2, 6, 0)
        row.setSpacing(0)
        row.addWidget(self._caption, 1)
        row.addWidget(self.menu)
        self._head.setAutoFillBackground(True)
        plots = QVBoxLayout(self._page)
        plots.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(0)
        plots.addWidget(self.curve, 3)
        plots.addWidget(self.pull, 2)
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.addWidget(self._empty)
        self._fill_empty_page()
        self._pages.addWidget(self._page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(body, 1)

    def _fill_empty_page(self) -> None:
        """Build the page that tells why a loss has no curve, with buttons of losses that have one."""
        buttons = QHBoxLayout(self.suggestions)
        buttons.addStretch(1)
        for spec in SUGGESTED:
            button = QPushButton(_("Use {loss}").format(loss=_(spec.title)))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the run
            button.setToolTip(wrapped(_(spec.summary)))
            button.clicked.connect(partial(self.lossRequested.emit, spec.name))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self._empty)
        column.addStretch(1)
        column.addWidget(self._message)
        column.addWidget(self.suggestions)
        column.addStretch(1)

    def set_config(self, config: RunConfig) -> None:
        """Show the curve of the loss of a configuration, without waiting for a frame."""
        if self.config != config:
            self.config = config
            self.refresh()

    def mark(self, mark: SymbolMark) -> None:
        """Shade what a parameter changes, or show the angle of a sample."""
        if mark != self._mark:
            self._mark = mark
            self.refresh()

    def set_guess(self, guess: DrawnGuess | None) -> None:
        """Show a curve that a person draws, and hide that of the loss until it is revealed."""
        if guess is not self._guess:
            self._guess = guess
            self.refresh()

    @property
    def own_values(self) -> NDArray[np.float64] | None:
        """T at `THETA` of the loss in the controls, drawn or hidden; None where it has none."""
        return None if self.config is None else own_values(self.config, self.snapshot, self._data)

    def set_options(self, options: MarginCurveOptions) -> None:
        """Use these options; another split needs other angles."""
        if options.split != self.options.split:
            self._data = None
        super().set_options(options)

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show the angles of a frame under the curve."""
        if snapshot is not self.snapshot:
            self._data = None
        super().set_snapshot(snapshot, history)

    def reset_view(self) -> None:
        """Show all angles, and fit the axes to the current content."""
        self._strongest = 0.0
        for plot in (self.curve, self.pull):
            plot.tallest = 0.0
            plot.reset_view()
        self.refresh()

    def draw(self) -> None:
        """Show the curves for configuration, snapshot and options, in the colours of the theme."""
        self._style()
        config = self.config or (None if self.snapshot is None else self.snapshot.config)
        if self._data is None and self.snapshot is not None:
            self._data = angle_data(self.snapshot, self.options.split)
        if config is None:
            self._show_message(self._message.text(), suggest=False)
            return
        loss = config.loss
        if not loss.spec.curve and not self.options.compare:
            self._show_message(no_curve_reason(loss.name), suggest=True)
            return
        self._pages.setCurrentIndex(1)
        self._fit_height()
        content = margin_content(
            config, self.options.compare, self.snapshot, self._data, self.theme, self._guess
        )
        strongest = max((float(curve.values.max()) for curve in content.pulls), default=0.0)
        self._strongest = settle(self._strongest, strongest * _HEADROOM)
        background = with_mark(content, self._mark, self.snapshot)
        self.curve.show_over(background, content.curves, self.theme, content.limits)
        self.pull.show_over(
            MarginBackground(content.background.shares), content.pulls, self.theme, (0.0, self._strongest)
        )
        left = caption_texts(
            loss, content.own, content.lengths, self.snapshot, self._data, self.options.split
        )
        if self._guess is not None and not self._guess.revealed:
            left = (_("T(θ) is hidden until your guess is compared"), _("T(θ) is hidden"))
        right = "" if self.snapshot is None else step_text(self.snapshot.step)
        self._caption.show_texts(self.theme, left, (right, ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the pull where there is room for one plot only."""
        super().resizeEvent(event)
        self._fit_height()

    def _show_message(self, text: str, *, suggest: bool) -> None:
        self._message.setText(text)
        self.suggestions.setVisible(suggest)
        style_empty_state(self._message, self.theme)
        self._message.setContentsMargins(16, 0, 16, 16)
        self._pages.setCurrentIndex(0)
        self._caption.show_texts(self.theme, ("",), ("",))

    def _fit_height(self) -> None:
        alone = self.height() < _LEAST_HEIGHT
        self.pull.setVisible(not alone)
        label = self.pull.labels["bottom"] if alone else ""
        if self.curve.labels["bottom"] != label:
            self.curve.labels["bottom"] = label
            self.curve.apply_theme(self.theme)

    def _style(self) -> None:
        if self._styled != self.theme.look:
            self._styled = self.theme.look
            colors = QPalette(self.palette())
            colors.setColor(QPalette.ColorRole.Window, color(self.theme.plot))
            for widget in (self._head, self._empty):
                widget.setPalette(colors)
        for value in (*CURVED, *(value for value, _text in _SPLITS)):
            on = value in self.options.compare or value == str(self.options.split)
            self._ticks[value].setChecked(on)

    def _on_choice_requested(self, option: str, value: str) -> None:
        if option == "split":
            self.optionsRequested.emit(replace(self.options, split=int(value)))
            return
        compare = self.options.compare
        kept = tuple(name for name in compare if name != value)
        wanted = kept if value in compare else (*compare, value)
        self.optionsRequested.emit(replace(self.options, compare=wanted))
