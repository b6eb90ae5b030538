"""QualityView: what blur, noise and wrong labels do to the features."""

from __future__ import annotations

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.selection import SelectionMode, inside
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.raster.splatter import EMPTY as NO_POINT
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import N_, _
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.empty_state import empty_state, style_empty_state
from explorer.gui.plots.selection_gesture import SelectionGesture
from explorer.gui.plots.style import color
from explorer.gui.plots.view_bar import MenuButton
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.quality.content import (
    TIPS,
    QualityContent,
    QualityOptions,
    Shown,
    empty_sentence,
    quality_content,
)
from explorer.gui.views.quality.plot import QualityPlot
from explorer.gui.views.view import View

_SHOWN: tuple[tuple[Shown, str], ...] = (
    ("length", N_("Feature length ‖x‖ against damage")),
    ("angle", N_("Angle to the true class against damage")),
    ("labels", N_("Wrong labels found by angle")),
)
_KINDS = (
    ("all", N_("All")),
    ("blur", N_("Blur")),
    ("noise", N_("Noise")),
    ("occlusion", N_("Occlusion")),
    ("contrast", N_("Low contrast")),
)
_SPLITS = ((str(TEST), N_("Test images")), (str(TRAIN), N_("Training images")))


class QualityView(View[QualityOptions]):
    """‖x‖ or θ_y against the strength of the damage, or the angles by which wrong labels are found.

    Losses such as MagFace and AdaFace take ‖x‖ for the quality of an image; here it is compared with a
    quality that is known.
    """

    title = N_("Quality")

    def __init__(self, theme: Theme, state: ViewState | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, QualityOptions(), parent)
        self.state = state or ViewState(self)
        self.plot = QualityPlot(theme)
        self.gesture = SelectionGesture(self.plot.viewport(), theme)
        self.shown = ChoiceBox()
        self.shown.setAccessibleName(_("What is shown"))
        self.shown.addItems([_(text) for _value, text in _SHOWN])
        self.menu = MenuButton(_("Choose damage and images"))
        self.framed = (self.plot,)
        self._head = QWidget()
        self._head.setAutoFillBackground(True)
        self._styled = ""
        self._caption = Caption(theme)
        self._message = empty_state("")
        self._ticks = {
            **self.menu.add_choices(_("Damage"), "kind", _KINDS),
            **self.menu.add_choices(_("Images"), "split", _SPLITS),
        }
        self._content: QualityContent | None = None
        self._build()
        self.shown.activated.connect(self._on_shown_activated)
        self.menu.choiceRequested.connect(self._on_choice_requested)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.gesture.clicked.connect(self._on_gesture_clicked)
        self.gesture.drawn.connect(self._on_gesture_drawn)
        self.state.selectionChanged.connect(self.refresh)
        self.state.displayChanged.connect(self.refresh)

    def reset_view(self) -> None:
        """Fit the axes to the data."""
        self.plot.reset_view()

    def draw(self) -> None:
        """Show what the options say, or how to have it, in the colours of the theme."""
        theme, options = self.theme, self.options
        self._content = self._wanted()
        self._style(theme)
        self._show_controls()
        if self._content is None or self.snapshot is None:
            style_empty_state(self._message, theme)
            stress = None if self.snapshot is None else stress_of(self.snapshot)
            self._message.setText(empty_sentence(self.snapshot, stress, options, theme))
            self._caption.show_texts(theme, ("",), ("",))
            self._pages.setCurrentWidget(self._message)
            return
        self._pages.setCurrentWidget(self.plot)
        self.plot.show_content(self._content, theme)
        self.gesture.band.theme = theme
        step = self.snapshot.step
        self._caption.show_texts(theme, self._content.texts, (step_text(step), f"{step:,}"))

    def _wanted(self) -> QualityContent | None:
        snapshot = self.snapshot
        stress = None if snapshot is None else stress_of(snapshot)
        if snapshot is None or stress is None:
            return None
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        chosen = self.state.selection.mask_of(len(snapshot.probe.labels))
        return quality_content(snapshot, stress, self.options, left_out, chosen, self.theme)

    def _build(self) -> None:
        row = QHBoxLayout(self._head)
        row.setContentsMargins(8, 4, 6, 2)
        row.setSpacing(6)
        row.addWidget(self.shown, 1)
        row.addWidget(self.menu)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self._message)
        self._pages.addWidget(self.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._caption)
        column.addWidget(inner, 1)

    def _style(self, theme: Theme) -> None:
        if self._styled != theme.look:
            self._styled = theme.look
            colors = QPalette(self.palette())
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self._head.setPalette(colors)

    def _show_controls(self) -> None:
        options = self.options
        self.shown.setCurrentIndex([value for value, _text in _SHOWN].index(options.shown))
        self.menu.setEnabled(options.shown != "labels")
        for value in (options.kind, str(options.split)):
            self._ticks[value].setChecked(True)
        self.plot.setToolTip(wrapped(_(TIPS[options.shown])))

    def _on_shown_activated(self, index: int) -> None:
        self.optionsRequested.emit(replace(self.options, shown=_SHOWN[index][0]))

    def _on_choice_requested(self, option: str, value: str) -> None:
        changed = {**msgspec.structs.asdict(self.options), option: value}
        self.optionsRequested.emit(msgspec.convert(changed, QualityOptions, strict=False))

    def _on_plot_hovered(self, place: int) -> None:
        content = self._content
        known = content is not None and 0 <= place < len(content.rows)
        self.hoverRequested.emit(int(content.rows[place]) if content is not None and known else NO_POINT)

    def _on_gesture_clicked(self, at: QPointF, mode: SelectionMode) -> None:
        """Select the image under the pointer; a click on none clears the selection."""
        place = self.plot.pick(at)
        if place != NO_POINT or mode == "replace":
            self._request_selection(np.array([] if place == NO_POINT else [place], np.intp), mode)

    def _on_gesture_drawn(self, corners: NDArray[np.float64], mode: SelectionMode) -> None:
        if self._content is not None:
            places = np.flatnonzero(inside(self.plot.pixels(self._content.points), corners))
            self._request_selection(places, mode)

    def _request_selection(self, places: NDArray[np.intp], mode: SelectionMode) -> None:
        if self._content is not None:
            self.selectionRequested.emit(self._content.rows[places], mode)
