"""VerificationView: are two images of the same class? Distances of pairs, a threshold, and error rates."""

from __future__ import annotations

from functools import partial

import numpy as np
from msgspec.structs import replace
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.selection import SelectionMode
from explorer.analysis.verification.roc import outcomes
from explorer.core.texts import N_, _
from explorer.gui.drawing.background import Background
from explorer.gui.faults import fault_text, report
from explorer.gui.focus import tab_through
from explorer.gui.plots.caption import Caption, step_text
from explorer.gui.plots.empty_state import StartHint, style_empty_state
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.verification.bar import VerificationBar
from explorer.gui.views.verification.content import (
    VerificationContent,
    VerificationOptions,
    pair_texts,
    shown_groups,
    verification_content,
)
from explorer.gui.views.verification.distance_plot import DistancePlot
from explorer.gui.views.verification.mistakes import MistakeStrips
from explorer.gui.views.verification.outcomes import OutcomeTable
from explorer.gui.views.verification.roc_page import RocPage
from explorer.gui.views.view import View

_AT_ONCE = 0.001
"""Processor seconds that a frame may cost in the thread of the window."""
_ROOMY, _TITLED = 26, 16
"""Least heights, in lines of text, for pictures and the note on intervals, and for titles below plots."""


class VerificationView(View[VerificationOptions]):
    """Pages: distances of pairs with a threshold, and the operating characteristic with error rates.

    The numbers are computed in a thread; meanwhile those of the last frame stay.
    """

    title = N_("Verification")

    def __init__(
        self,
        theme: Theme,
        state: ViewState | None = None,
        images: ImageStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, VerificationOptions(), parent)
        self.state = state or ViewState(self)
        self.images = images or ImageStore(self)
        self.bar = VerificationBar()
        self.plot = DistancePlot(theme)
        self.outcomes = OutcomeTable(theme)
        self.mistakes = MistakeStrips(theme)
        self._roc_page: RocPage | None = None
        self.content: VerificationContent | None = None
        self._caption = Caption(theme)
        self._empty_state = StartHint(_("Start training to compare pairs of images"))
        self._background = Background(self._on_computed, self._on_failed, self, _AT_ONCE)
        self._taken = 0.0
        self._build()
        self._wire()

    def reset_view(self) -> None:
        """Fit the axis limits to the current content."""
        self.plot.reset_view()
        if self._roc_page is not None:
            self._roc_page.plot.reset_view()
        self.refresh()

    @property
    def roc_page(self) -> RocPage:
        """The page of the operating characteristic, built on first use: most windows start without it."""
        if self._roc_page is None:
            self._roc_page = RocPage(self.theme)
            self._share_room()
            self._views.addWidget(self._roc_page)
            tab_through(self.bar.menu, self._roc_page.plot)
        return self._roc_page

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what matters less where there is little room."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        lines = self.height() / self.fontMetrics().height()
        self.plot.set_titled(lines >= _TITLED)
        self.mistakes.setVisible(lines >= _ROOMY)
        if self._roc_page is not None:
            self._roc_page.set_room(titled=lines >= _TITLED, noted=lines >= _ROOMY)

    def draw(self) -> None:
        """Show snapshot, options and shared state, or request the numbers of the snapshot."""
        snapshot, options = self.snapshot, self.options
        self._pages.setCurrentIndex(0 if snapshot is None else 1)
        content = self.content
        if snapshot is None or (content is not None and content.snapshot.probe is not snapshot.probe):
            self._background.cancel()
            self.content = None
        if snapshot is None:
            style_empty_state(self._empty_state, self.theme)
            return
        self.bar.show_options(options, self.theme, unseen=bool(snapshot.probe.unseen))
        self._views.setCurrentWidget(self._distances if options.page == "distances" else self.roc_page)
        left_out = self.state.display.left_out(snapshot.probe.num_classes)
        groups = shown_groups(snapshot.probe, options.group, left_out)
        content = self.content
        if content is None or not content.fits(snapshot, options, groups):
            compute = partial(verification_content, snapshot, options.measure, groups, content)
            self._background.request(compute, options.measure)
        if content is not None and content is self.content:  # a request of few pairs is answered at once
            self._show_content(content)

    def finish_content(self) -> None:
        """Wait until the numbers of the frame are shown."""
        self._background.finish()

    def take_background_seconds(self) -> float:
        """Return the processor seconds spent on numbers in a thread since the last call."""
        taken, self._taken = self._taken, self._background.seconds
        return self._taken - taken

    def _on_computed(self, content: VerificationContent) -> None:
        self.content = content
        self._show_content(content)

    def _on_failed(self, error: Exception) -> None:
        report(error)
        self._show_fault(fault_text(error))

    def _show_content(self, content: VerificationContent) -> None:
        options, found, theme = self.options, content.found, self.theme
        threshold = content.threshold(options)
        self._caption.show_texts(theme, pair_texts(content), _step_texts(content.snapshot.step))
        if options.page == "roc":
            self.roc_page.show_content(content, threshold, theme, logarithmic=options.logarithmic)
            return
        selected = self.state.selection.mask_of(len(content.snapshot.probe.labels))
        equal = found.equal is not None and threshold == found.equal.threshold
        self.plot.show_content(content, threshold, selected, theme, equal=equal)
        counts = outcomes(found.same.distances, found.different.distances, threshold)
        self.outcomes.show_outcomes(counts, theme)
        if self.mistakes.isVisibleTo(self):
            self.mistakes.show_chosen(selected)
            self.mistakes.show_content(content, threshold, self.images.pixels(content.snapshot), theme)

    def _build(self) -> None:
        page = QWidget()
        column = _column(page, self.bar, self._caption)
        views = QWidget()
        self._views = QStackedLayout(views)
        self._distances = QWidget()
        _column(self._distances, self.plot, self.outcomes, self.mistakes).setStretch(0, 1)
        self._views.addWidget(self._distances)
        self.mistakes.hide()  # until there is room
        column.addWidget(views, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_state)
        self._pages.addWidget(page)

    def _wire(self) -> None:
        self.bar.optionsRequested.connect(self.optionsRequested)
        self.plot.thresholdRequested.connect(self._on_threshold_requested)
        self.plot.thresholdResetRequested.connect(self._on_threshold_reset_requested)
        self.mistakes.imagesRequested.connect(self._on_images_requested)
        self.mistakes.hoverRequested.connect(self.hoverRequested)
        self.state.selectionChanged.connect(self.refresh)
        self.state.displayChanged.connect(self.refresh)
        self.images.imagesChanged.connect(self.refresh)

    def _on_threshold_requested(self, threshold: float) -> None:
        self._choose_threshold(threshold)

    def _on_threshold_reset_requested(self) -> None:
        self._choose_threshold(None)

    def _choose_threshold(self, threshold: float | None) -> None:
        options = replace(self.options, threshold=threshold)
        if options != self.options:
            self.optionsRequested.emit(options)

    def _on_images_requested(self, rows: tuple[int, ...], mode: SelectionMode) -> None:
        if self.content is not None:  # else these are images of another run
            self.selectionRequested.emit(np.array(rows, dtype=np.intp), mode)


def _step_texts(step: int) -> tuple[str, str]:
    return step_text(step), f"{step:,}"


def _column(parent: QWidget, *widgets: QWidget) -> QVBoxLayout:
    """Put widgets below each other, without gaps."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    return column
