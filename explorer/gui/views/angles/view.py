"""AnglesView: angles of features to their true class and to other classes, and between classes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.forces.force_frame import ForceFrame
from explorer.analysis.frames.history import History
from explorer.analysis.frames.references import ReferenceKind
from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.texts import N_, _
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.empty_state import StartHint, empty_state, style_empty_state
from explorer.gui.plots.matrix_plot import MatrixScroll
from explorer.gui.plots.style import color
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.angles.bar import AngleBar
from explorer.gui.views.angles.content import (
    AngleContent,
    AngleOptions,
    angle_content,
    angles_between,
    count_texts,
    images_of_splits,
    rose_content,
)
from explorer.gui.views.angles.forces.page import ForcePage, length_texts
from explorer.gui.views.angles.plot import AnglePlot
from explorer.gui.views.angles.rose_plot import RosePlot
from explorer.gui.views.angles.statistics import AngleStatistics
from explorer.gui.views.angles.table import AngleTable, closest_text
from explorer.gui.views.view import View

_FLAT_ONLY = N_("Directions are shown for two dimensions only: set Dimension d to 2.")
_TO: Mapping[ReferenceKind, str] = MappingProxyType(
    {"weights": N_("to class weights"), "means": N_("to class means")}
)
_BETWEEN: Mapping[ReferenceKind, tuple[str, str]] = MappingProxyType(
    {
        "weights": (
            N_("between class weights · click a pair to compare it"),
            N_("between class weights"),
        ),
        "means": (
            N_("between class means · click a pair to compare it"),
            N_("between class means"),
        ),
    }
)
"""What the table shows, from the longest wording to the shortest."""

_LEAST_FOR_NUMBERS = 14
"""Least height, in lines of text, at which the statistics are shown below the histograms."""


class AnglesView(View[AngleOptions]):
    """Pages: histograms of angles, a circular histogram of directions, a table of angles between classes."""

    title = N_("Angles")

    def __init__(self, theme: Theme, state: ViewState | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, AngleOptions(), parent)
        self.state = state or ViewState(self)
        self.plot = AnglePlot(theme)
        self.statistics = AngleStatistics(theme)
        self.rose = RosePlot(theme)
        self.table = AngleTable(theme)
        self.bar = AngleBar()
        self.forces = ForcePage(theme)
        self.sentence = QLabel()
        self._styled = ""
        self._flat_only = empty_state(_(_FLAT_ONLY))
        self._caption = Caption(theme)
        self._empty_state = StartHint(_("Start training to see angles"))
        self._content: AngleContent | None = None
        self._build()
        self._wire()

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show a frame; for another set of images the axis limits are reset."""
        before = self.snapshot
        if snapshot is not None and before is not None and before.probe is not snapshot.probe:
            self.plot.reset_view()
            self.rose.reset_view()
        super().set_snapshot(snapshot, history)

    def set_forces(self, forces: ForceFrame | None, complaint: str = "") -> None:
        """Show how long forces are, where that page is open; or say why there are none."""
        self.forces.set_forces(forces, complaint)
        if self.options.page == "forces":
            self.refresh()

    @property
    def forces_shown(self) -> ForceFrame | None:
        """The forces whose lengths are drawn."""
        return self.forces.known.frame

    def reset_view(self) -> None:
        """Fit the axis limits to the current content."""
        self.plot.reset_view()
        self.rose.reset_view()
        self.forces.plot.reset_view()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the statistics where there is little room."""
        super().resizeEvent(event)
        self.statistics.setVisible(self.height() >= _LEAST_FOR_NUMBERS * self.fontMetrics().height())

    def cancel_gesture(self) -> bool:
        """Take the frame from the current pair of classes, as the selection is cleared."""
        self.table.hide_frame()
        return False

    def draw(self) -> None:
        """Show the current page for snapshot, options and shared state, in the colours of the theme."""
        snapshot = self.snapshot
        self._pages.setCurrentIndex(0 if snapshot is None else 1)
        if snapshot is None:
            style_empty_state(self._empty_state, self.theme)
            return
        classes, options = snapshot.probe.num_classes, self.options
        if options.label is not None and options.label >= classes:
            options = replace(options, label=None)  # the choice is kept for a data set that has the class
        self.bar.show_options(options, self.theme, snapshot.probe)
        if options.page == "histogram":
            self._draw_histogram(snapshot, options)
        elif options.page == "rose":
            self._draw_rose(snapshot, options)
        elif options.page == "forces":
            self._draw_forces(snapshot, options)
        else:
            self._draw_table(snapshot, options)

    def _draw_histogram(self, snapshot: Snapshot, options: AngleOptions) -> None:
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        chosen = self.state.selection.mask_of(len(snapshot.probe.labels))
        content = self._content = angle_content(snapshot, options, left_out, chosen)
        self.plot.show_content(content, self.theme)
        self.statistics.show_content(content, self.theme)
        self._show_caption(snapshot, _(_TO[content.kind]), both=True)
        self._views.setCurrentIndex(0)

    def _draw_rose(self, snapshot: Snapshot, options: AngleOptions) -> None:
        if snapshot.features.shape[1] != 2:
            style_empty_state(self._flat_only, self.theme)
            self._show_caption(snapshot, "", both=False)
            self._views.setCurrentWidget(self._flat_only)
            return
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        chosen = self.state.selection.mask_of(len(snapshot.probe.labels))
        self.rose.show_content(rose_content(snapshot, options, left_out, chosen), self.theme)
        self._show_caption(snapshot, _("area ∝ images"), both=False)
        self._views.setCurrentWidget(self.rose)

    def _draw_forces(self, snapshot: Snapshot, options: AngleOptions) -> None:
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        shown = images_of_splits(snapshot, options, left_out)
        content = self.forces.show_snapshot(snapshot, shown, self.theme, detached=options.detached)
        step = snapshot.step if content is None else content.step
        right = step_text(step), f"{step:,}"
        self._caption.show_texts(self.theme, length_texts(content), right)
        self._views.setCurrentWidget(self.forces)

    def _draw_table(self, snapshot: Snapshot, options: AngleOptions) -> None:
        angles, kind = angles_between(snapshot, options)
        self.table.show_angles(angles, self.theme, kind, snapshot.probe)
        text = closest_text(angles, snapshot.features.shape[1], kind, snapshot.probe.name)
        if kind != options.between:
            text = _("This loss has no class weights, so these are class means. {closest}").format(
                closest=text
            )
        self.sentence.setText(text)
        if self._styled != self.theme.look:
            self._styled = self.theme.look
            colors = QPalette(self.palette())
            colors.setColor(QPalette.ColorRole.Window, color(self.theme.plot))
            self.sentence.setPalette(colors)
        self._caption.show_texts(
            self.theme,
            tuple(map(_, _BETWEEN[kind])),
            (step_text(snapshot.step), f"{snapshot.step:,}"),
        )
        self._views.setCurrentIndex(2)

    def _build(self) -> None:
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(10, 2, 10, 2)
        self.sentence.setAutoFillBackground(True)
        page = QWidget()
        column = _column(self.bar, self._caption)
        views = QWidget()
        self._views = QStackedLayout(views)
        for widget in (
            _page(self.plot, self.statistics),
            self.rose,
            _page(MatrixScroll(self.table), self.sentence),
            self._flat_only,
            self.forces,
        ):
            self._views.addWidget(widget)
        column.addWidget(views, 1)
        page.setLayout(column)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_state)
        self._pages.addWidget(page)

    def _wire(self) -> None:
        self.bar.optionsRequested.connect(self.optionsRequested)
        self.plot.rangeRequested.connect(self._on_range_requested)
        self.plot.selectionClearRequested.connect(self._on_selection_clear_requested)
        self.table.pairRequested.connect(self.pairRequested)
        self.forces.wished.connect(self.forcesRequested)
        self.forces.detachedRequested.connect(self._on_detached_requested)
        self.state.selectionChanged.connect(self.refresh)
        self.state.displayChanged.connect(self.refresh)

    def _show_caption(self, snapshot: Snapshot, text: str, *, both: bool) -> None:
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        full, short = (
            " · ".join(filter(None, (text, counts)))
            for counts in count_texts(snapshot, self.options, left_out, both=both)
        )
        self._caption.show_texts(self.theme, (full, short), (step_text(snapshot.step), f"{snapshot.step:,}"))

    def _on_range_requested(self, low: float, high: float, mode: SelectionMode) -> None:
        if self._content is not None:
            self.selectionRequested.emit(self._content.rows_within(low, high), mode)

    def _on_detached_requested(self, detached: bool) -> None:
        self.optionsRequested.emit(replace(self.options, detached=detached))

    def _on_selection_clear_requested(self) -> None:
        nothing: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self.selectionRequested.emit(nothing, "replace")


def _page(*widgets: QWidget) -> QWidget:
    """Return a page of widgets in a column, of which the first takes all free height."""
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
