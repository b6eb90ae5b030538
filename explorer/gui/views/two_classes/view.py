"""TwoClassesView: the samples of two classes, with the boundary and the margin between them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.selection import SelectionMode, inside
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.margins.class_pairs import Choice, PairSamples, chosen_pair, find_pair, pair_samples
from explorer.analysis.margins.two_class import Boundaries, Plane, RivalScores, boundaries
from explorer.analysis.raster.splatter import EMPTY
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.texts import N_, _
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.class_box import ClassBox
from explorer.gui.plots.empty_state import StartHint, style_empty_state
from explorer.gui.plots.selection_gesture import SelectionGesture
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.plots.view_bar import MenuButton
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.two_classes.content import (
    TwoClassesOptions,
    caption_texts,
    comparable,
    pair_content,
)
from explorer.gui.views.two_classes.plot import TwoClassPlot
from explorer.gui.views.view import View

_CHOICES: tuple[tuple[Choice, str], ...] = (
    ("closest", N_("Closest pair")),
    ("confused", N_("Most confused pair")),
    ("chosen", N_("Chosen above")),
)
_PLANES: tuple[tuple[Plane, str], ...] = (
    ("angles", N_("Angles")),
    ("cosines", N_("Cosines")),
    ("logits", N_("Scores")),
)
_GESTURES = N_("Click a point to select it. Shift-drag around points to add them, Ctrl-drag to remove them.")
_SPLITS = ((str(TEST), N_("Test images")), (str(TRAIN), N_("Training images")))
_SHARE, _NAMED_SHARE, _FEW = 1, 3, 3
"""Stretch of a box of classes, that of one with names, and the most letters of what is no name."""


class TwoClassesView(View[TwoClassesOptions]):
    """Class i against class j with boundaries and margins, as in the figure of the ArcFace paper.

    The hatched margin lies between the test boundary and the training boundary of each class: a sample there
    is classified correctly at test time, but not yet by the training scores.
    """

    title = N_("Two classes")

    def __init__(self, theme: Theme, state: ViewState | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, TwoClassesOptions(), parent)
        self.state = state or ViewState(self)
        self.pair = (0, 1)
        self.plot = TwoClassPlot(theme)
        self.plot.setToolTip(wrapped(_(_GESTURES)))
        self.gesture = SelectionGesture(self.plot.viewport(), theme)
        self.boxes = (ClassBox(_("First class")), ClassBox(_("Second class")))
        self.menu = MenuButton(_("Choose pair, axes and images"))
        self.note = QLabel()
        self.framed = (self.plot,)
        self._head = QWidget()
        self._styled = ""
        self._samples: PairSamples | None = None
        self._bounds: tuple[RivalScores, Boundaries] | None = None
        self._found = False
        self._caption = Caption(theme)
        self._empty_state = StartHint(_("Start training to compare two classes"))
        self._ticks = {
            **self.menu.add_choices(_("Pair"), "choice", _CHOICES),
            **self.menu.add_choices(_("Axes"), "plane", _PLANES),
            **self.menu.add_choices(_("Images"), "split", _SPLITS),
        }
        self._build()
        self.boxes[0].activated.connect(self._on_first_activated)
        self.boxes[1].activated.connect(self._on_second_activated)
        self.menu.choiceRequested.connect(self._on_choice_requested)
        self.plot.hovered.connect(self._on_plot_hovered)
        self.gesture.clicked.connect(self._on_gesture_clicked)
        self.gesture.drawn.connect(self._on_gesture_drawn)
        self.state.selectionChanged.connect(self.refresh)
        self.state.displayChanged.connect(self.refresh)

    def set_options(self, options: TwoClassesOptions) -> None:
        """Use these options; a change of choice or split selects the pair again."""
        if options.choice != self.options.choice or options.split != self.options.split:
            self._found = False
        super().set_options(options)

    def compare(self, first: int, second: int) -> None:
        """Request options that compare these two classes."""
        self.optionsRequested.emit(replace(self.options, choice="chosen", first=first, second=second))

    def reset_view(self) -> None:
        """Fit the axes to nearly all samples."""
        self.plot.reset_view()

    def draw(self) -> None:
        """Show the pair as the options say, in the colours of the theme."""
        snapshot, theme, options = self.snapshot, self.theme, self.options
        usable = snapshot is not None and comparable(snapshot)
        self._pages.setCurrentIndex(1 if usable else 0)
        if snapshot is None or not usable:
            style_empty_state(self._empty_state, theme)
            return
        self._style(theme)
        self.pair = self._find_pair(snapshot)
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        samples = pair_samples(snapshot, options.split, self.pair, options.plane, left_out)
        self._samples = samples
        if self._bounds is None or self._bounds[0] != samples.rivals:
            self._bounds = samples.rivals, boundaries(samples.rivals)
        bounds = self._bounds[1]
        chosen = self.state.selection.mask_of(len(snapshot.probe.labels))[samples.rows]
        content = pair_content(self.pair, samples, bounds, options, chosen, theme, snapshot.probe)
        self.plot.show_content(content, theme)
        self.gesture.band.theme = theme
        self._show_controls(snapshot)
        self.note.setText(bounds.note)
        self.note.setVisible(bool(bounds.note))
        left = caption_texts(snapshot, samples, options, int(np.count_nonzero(chosen)))
        self._caption.show_texts(theme, left, (step_text(snapshot.step), f"{snapshot.step:,}"))

    def _build(self) -> None:
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.note.setIndent(10)
        RelativeFont(self.note, SMALL_TYPE)
        page = QWidget()
        for widget in (self._head, self.note):
            widget.setAutoFillBackground(True)
        row = self._row = QHBoxLayout(self._head)
        row.setContentsMargins(6, 3, 6, 0)
        row.setSpacing(6)
        row.addWidget(self.boxes[0], _SHARE)
        row.addWidget(QLabel(_("and")))
        row.addWidget(self.boxes[1], _SHARE)
        row.addStretch(2)
        row.addWidget(self.menu)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._head, self._caption, self.note):
            column.addWidget(widget)
        column.addWidget(self.plot, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_state)
        self._pages.addWidget(page)

    def _style(self, theme: Theme) -> None:
        if self._styled != theme.look:
            self._styled = theme.look
            colors = QPalette(self.palette())
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            colors.setColor(QPalette.ColorRole.WindowText, color(theme.muted))
            for widget in (self._head, self.note):
                widget.setPalette(colors)

    def _find_pair(self, snapshot: Snapshot) -> tuple[int, int]:
        options, trained = self.options, snapshot.probe.trained.tolist()
        if options.choice == "chosen":
            return chosen_pair(options.first, options.second, snapshot.probe)
        present = self.pair if self._found and set(self.pair) <= set(trained) else None
        self._found = True
        return find_pair(snapshot, options.split, options.choice, present)

    def _show_controls(self, snapshot: Snapshot) -> None:
        share = _SHARE if max(map(len, snapshot.probe.short_names())) <= _FEW else _NAMED_SHARE
        for box, label in zip(self.boxes, self.pair, strict=True):
            if self._row.stretch(self._row.indexOf(box)) != share:  # setting it lays out anew
                self._row.setStretchFactor(box, share)
            box.show_class(self.theme, snapshot.probe, label, snapshot.probe.unseen)
        options = self.options
        for value in (options.choice, options.plane, str(options.split)):
            self._ticks[value].setChecked(True)

    def _on_choice_requested(self, option: str, value: str) -> None:
        first, second = self.pair
        settings = msgspec.structs.asdict(replace(self.options, first=first, second=second))
        changed = {**settings, option: value}
        self.optionsRequested.emit(msgspec.convert(changed, TwoClassesOptions, strict=False))

    def _on_first_activated(self, label: int) -> None:
        self._choose(0, label)

    def _on_second_activated(self, label: int) -> None:
        self._choose(1, label)

    def _choose(self, which: int, label: int) -> None:
        """Request another class for one box; the class of the other box swaps the two."""
        pair = [*self.pair]
        if pair[1 - which] == label:
            pair[1 - which] = pair[which]
        pair[which] = label
        self.compare(*pair)

    def _on_plot_hovered(self, row: int) -> None:
        samples = self._samples
        known = samples is not None and 0 <= row < len(samples.rows)
        self.hoverRequested.emit(int(samples.rows[row]) if samples is not None and known else EMPTY)

    def _on_gesture_clicked(self, at: QPointF, mode: SelectionMode) -> None:
        """Select the sample under the pointer; a click on none clears the selection."""
        place = self.plot.pick(at)
        if place != EMPTY or mode == "replace":
            self._request_selection([] if place == EMPTY else [place], mode)

    def _on_gesture_drawn(self, corners: NDArray[np.float64], mode: SelectionMode) -> None:
        if self._samples is not None:
            self._request_selection(
                np.flatnonzero(inside(self.plot.pixels(self._samples.points), corners)), mode
            )

    def _request_selection(self, places: Sequence[int] | NDArray[np.intp], mode: SelectionMode) -> None:
        if self._samples is not None:
            rows = self._samples.rows[np.asarray(places, dtype=np.intp)]
            self.selectionRequested.emit(rows, mode)
