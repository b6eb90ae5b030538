"""AnglesView: how far features are from their own class and from others, and classes from one another."""

from __future__ import annotations

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from explorer.core.history import History
from explorer.core.selection import SelectionMode
from explorer.core.snapshot import Snapshot
from explorer.core.statistics import ReferenceKind
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.display import Display
from explorer.gui.theme import Theme
from explorer.gui.views.angle_content import (
    AngleContent,
    AngleOptions,
    Page,
    angle_content,
    angles_between,
    count_texts,
    rose_content,
)
from explorer.gui.views.angle_plot import AnglePlot
from explorer.gui.views.angle_statistics import AngleStatistics
from explorer.gui.views.angle_table import AngleTable, closest_text
from explorer.gui.views.caption import Caption
from explorer.gui.views.class_box import ClassBox
from explorer.gui.views.matrix_plot import MatrixScroll
from explorer.gui.views.menu_button import MenuButton
from explorer.gui.views.plot_style import SMALL_TYPE, color, invitation, mix, scaled_font, style_invitation
from explorer.gui.views.rose_plot import RosePlot
from explorer.gui.views.view import View

_PAGES: tuple[tuple[Page, str, str], ...] = (
    ("histogram", "Histogram", "How many images lie at which angle to their class, and to the nearest other"),
    ("rose", "Rose", "Which way the features of each class point around the circle"),
    ("classes", "Between classes", "The angles between the weights, or the means, of each two classes"),
)
_IMAGES = (("both", "Test and training images"), ("test", "Test images"), ("train", "Training images"))
_BETWEEN: tuple[tuple[ReferenceKind, str], ...] = (("class weights", "Weights"), ("class means", "Means"))
_FLAT_ONLY = "The rose shows directions around a circle: choose two dimensions to see it."


class AnglesView(View):
    """Histograms of angles, a rose of directions, and a table of angles between classes, one at a time.

    Signals
    -------
    selectionWished(object, str)
        Rows (k,) of the snapshot and a `SelectionMode`: for `Display.select`.
    pairChosen(int, int)
        Two classes should be set against each other.
    optionsChanged(object)
        The person has chosen other `AngleOptions`; they are shown already.
    """

    title = "Angles"
    selectionWished = Signal(object, str)
    pairChosen = Signal(int, int)
    optionsChanged = Signal(object)

    def __init__(self, theme: Theme, display: Display | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.options = AngleOptions()
        self.display = display or Display(self)
        self.plot = AnglePlot(theme)
        self.statistics = AngleStatistics(theme)
        self.rose = RosePlot(theme)
        self.table = AngleTable(theme)
        self.tabs = QTabBar()
        self.classes = ClassBox("Class whose images are shown", "All")
        self.between = ChoiceBox()
        self.menu = MenuButton("Images of the angles")
        self.sentence = QLabel()
        self._ticks = self.menu.add_choices("Images", "images", _IMAGES)
        self._flat_only = invitation(_FLAT_ONLY)
        self._caption = Caption(theme)
        self._invitation = invitation("Angles appear here when training starts")
        self._content: AngleContent | None = None
        self._styled = ""
        self._head = QWidget()
        self._build()
        self._wire()

    def set_options(self, options: AngleOptions) -> None:
        """Show other things."""
        self.options = options
        self.refresh()

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show this frame; other images than the last frame's get axes of their own."""
        before = self.snapshot
        if snapshot is not None and before is not None and before.probe is not snapshot.probe:
            self.plot.reset_view()
            self.rose.reset_view()
        super().set_snapshot(snapshot, history)

    def reset_view(self) -> None:
        """Let the axes fit what is shown now."""
        self.plot.reset_view()
        self.rose.reset_view()
        self.refresh()

    def draw(self) -> None:
        """Bring the page that is shown in line with snapshot, theme, options and display."""
        snapshot = self.snapshot
        self._pages.setCurrentIndex(0 if snapshot is None else 1)
        if snapshot is None:
            style_invitation(self._invitation, self.theme)
            return
        self._style()
        self._show_controls(snapshot)
        if self.options.page == "histogram":
            self._draw_histogram(snapshot)
        elif self.options.page == "rose":
            self._draw_rose(snapshot)
        else:
            self._draw_table(snapshot)

    def _draw_histogram(self, snapshot: Snapshot) -> None:
        left_out = self.display.left_out(snapshot.probe.num_classes)
        chosen = self.display.selection.mask_of(len(snapshot.probe.labels))
        content = self._content = angle_content(snapshot, self.options, left_out, chosen)
        self.plot.show_content(content, self.theme)
        self.statistics.show_content(content, self.theme)
        self._show_caption(snapshot, f"to {content.kind}", both=True)
        self._views.setCurrentIndex(0)

    def _draw_rose(self, snapshot: Snapshot) -> None:
        if snapshot.features.shape[1] != 2:
            style_invitation(self._flat_only, self.theme)
            self._show_caption(snapshot, "", both=False)
            self._views.setCurrentWidget(self._flat_only)
            return
        left_out = self.display.left_out(snapshot.probe.num_classes)
        chosen = self.display.selection.mask_of(len(snapshot.probe.labels))
        self.rose.show_content(rose_content(snapshot, self.options, left_out, chosen), self.theme)
        self._show_caption(snapshot, "area ∝ images", both=False)
        self._views.setCurrentWidget(self.rose)

    def _draw_table(self, snapshot: Snapshot) -> None:
        angles, kind = angles_between(snapshot, self.options)
        self.table.show_angles(angles, self.theme, kind)
        text = closest_text(angles, snapshot.features.shape[1], kind)
        if kind != self.options.between:
            text = f"This loss has no class weights: these are class means. {text}"
        self.sentence.setText(text)
        self._caption.show_texts(
            self.theme,
            (f"between {kind} · a click shows two in Two classes", f"between {kind}"),
            (f"step {snapshot.step:,}", f"{snapshot.step:,}"),
        )
        self._views.setCurrentIndex(2)

    def _build(self) -> None:
        for _, text, help_ in _PAGES:
            self.tabs.setTabToolTip(self.tabs.addTab(text), help_)
        self.tabs.setAccessibleName("What of the angles is shown")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(self.tabs.elideMode().ElideNone)
        self.tabs.setFont(scaled_font(self.font(), SMALL_TYPE))
        self.between.addItems([text for _, text in _BETWEEN])
        self.between.setAccessibleName("Angles between class weights, or between class means")
        self.between.setToolTip(self.between.accessibleName())
        self.between.setMinimumContentsLength(5)
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(10, 2, 10, 2)
        self._head.setAutoFillBackground(True)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(4, 3, 6, 0)
        row.setSpacing(4)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.classes)
        row.addWidget(self.between)
        row.addWidget(self.menu)
        page = QWidget()
        column = _column(self._head, self._caption)
        views = QWidget()
        self._views = QStackedLayout(views)
        for widget in (
            _page(self.plot, self.statistics),
            self.rose,
            _page(MatrixScroll(self.table), self.sentence),
            self._flat_only,
        ):
            self._views.addWidget(widget)
        column.addWidget(views, 1)
        page.setLayout(column)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._invitation)
        self._pages.addWidget(page)

    def _wire(self) -> None:
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.classes.activated.connect(self._on_class_activated)
        self.between.activated.connect(self._on_between_activated)
        self.menu.chosen.connect(self._on_menu_chosen)
        self.plot.rangeChosen.connect(self._on_range_chosen)
        self.plot.selectionCleared.connect(self._on_selection_cleared)
        self.table.pairChosen.connect(self.pairChosen)
        self.display.selectionChanged.connect(self.refresh)
        self.display.displayChanged.connect(self.refresh)

    def _style(self) -> None:
        if self._styled != self.theme.name:
            self._styled = self.theme.name
            ground = QPalette(self.palette())
            ground.setColor(QPalette.ColorRole.Window, color(self.theme.plot))
            ground.setColor(QPalette.ColorRole.WindowText, color(self.theme.text))
            self.tabs.setStyleSheet(_tab_style(self.theme))
            for widget in (self._head, self.sentence):
                widget.setPalette(ground)
                widget.setAutoFillBackground(True)

    def _show_controls(self, snapshot: Snapshot) -> None:
        options, classes = self.options, snapshot.probe.num_classes
        if options.label is not None and options.label >= classes:
            options = self.options = replace(options, label=None)
        self.tabs.setCurrentIndex([page for page, _, _ in _PAGES].index(options.page))
        self.classes.show_class(self.theme, classes, options.label)
        self.classes.setVisible(options.page != "classes")
        self.between.setCurrentIndex([kind for kind, _ in _BETWEEN].index(options.between))
        self.between.setVisible(options.page == "classes")
        self._ticks[options.images].setChecked(True)

    def _show_caption(self, snapshot: Snapshot, text: str, *, both: bool) -> None:
        full, short = (
            " · ".join(filter(None, (text, counts)))
            for counts in count_texts(snapshot, self.options, both=both)
        )
        step = f"{snapshot.step:,}"
        self._caption.show_texts(self.theme, (full, short), (f"step {step}", step))

    def _on_tab_changed(self, index: int) -> None:
        self._change(replace(self.options, page=_PAGES[index][0]))

    def _on_class_activated(self, index: int) -> None:
        self._change(replace(self.options, label=self.classes.label_at(index)))

    def _on_between_activated(self, index: int) -> None:
        self._change(replace(self.options, between=_BETWEEN[index][0]))

    def _on_menu_chosen(self, option: str, value: str) -> None:
        self._change(msgspec.convert({**msgspec.structs.asdict(self.options), option: value}, AngleOptions))

    def _on_range_chosen(self, low: float, high: float, mode: SelectionMode) -> None:
        if self._content is not None:
            self.selectionWished.emit(self._content.rows_within(low, high), mode)

    def _on_selection_cleared(self) -> None:
        nothing: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self.selectionWished.emit(nothing, "replace")

    def _change(self, options: AngleOptions) -> None:
        if options != self.options:
            self.set_options(options)
            self.optionsChanged.emit(options)


def _tab_style(theme: Theme) -> str:
    """Return the look of the tabs: words with a line beneath the one that is shown, to take little room."""
    muted, text, accent, hover = (
        color(rgb).name()
        for rgb in (theme.muted, theme.text, theme.accent, mix(theme.plot, theme.text, 0.07))
    )
    return (
        f"QTabBar::tab {{ color: {muted}; padding: 3px 6px; border: 1px solid transparent;"
        f" border-bottom: 2px solid transparent; }}"
        f"QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}"
        f"QTabBar::tab:hover {{ background: {hover}; }}"
        f"QTabBar::tab:selected:focus {{ border: 1px solid {accent}; border-bottom: 2px solid {accent}; }}"
    )


def _page(*widgets: QWidget) -> QWidget:
    """Return a page of widgets one below another, the first of which takes all the room."""
    page = QWidget()
    column = _column(*widgets)
    column.setStretch(0, 1)
    page.setLayout(column)
    return page


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    return column
