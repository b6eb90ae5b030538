"""CurvesView: loss, accuracy, spread and learning rate over a run, with marks of changed settings."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.analysis.frames.history import STEP, History
from explorer.analysis.frames.snapshot import Snapshot
from explorer.core.texts import N_, _
from explorer.gui.plots.empty_state import StartHint, style_empty_state
from explorer.gui.theme.theme import Theme
from explorer.gui.views.curves.bar import CurveBar
from explorer.gui.views.curves.canvas import CurveCanvas
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.curves.reading import moment_texts
from explorer.gui.views.view import View


class CurvesView(View[CurveOptions]):
    """Panels of curves over a common X axis, as `CurveOptions` say."""

    title = N_("Curves")

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, CurveOptions(), parent)
        self.bar = CurveBar(theme)
        self.canvas = CurveCanvas(theme)
        self.framed = (self.canvas,)
        self._empty_state = StartHint(_("Start training to see loss and accuracy"))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.canvas, 1)
        self._looked_at: float | None = None
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_state)
        self._pages.addWidget(page)
        self.bar.optionsRequested.connect(self.optionsRequested)
        self.canvas.cursorMoved.connect(self._show_moment)

    def set_snapshot(self, snapshot: Snapshot | None, history: History) -> None:
        """Show this history, and mark the step of the frame where it is not the newest."""
        # Now, not when it is drawn: by then a live run may have added a row.
        newest = history.column(STEP)[-1] if len(history) else 0.0
        self._looked_at = snapshot.step if snapshot is not None and snapshot.step < newest else None
        super().set_snapshot(snapshot, history)

    def set_options(self, options: CurveOptions) -> None:
        """Use other panels, another axis or another scale."""
        self.bar.show_options(options, self.theme)
        super().set_options(options)

    def reset_view(self) -> None:
        """Show the whole run."""
        self.canvas.reset_view()

    def draw(self) -> None:
        """Show the history as the options say, in the colours of the theme."""
        self._pages.setCurrentIndex(1 if len(self.history) else 0)
        self.bar.show_options(self.options, self.theme)
        if not len(self.history):
            style_empty_state(self._empty_state, self.theme)
            return
        self.canvas.show_run(self.history, self.options, self.theme, self._looked_at)
        self._show_moment()

    def _show_moment(self) -> None:
        """Show step, time and epoch of the row under the cursor."""
        row = self.canvas.row
        texts = ("",) if row is None else moment_texts(self.canvas.history, row)
        self.bar.moment.show_texts(self.theme, ("",), texts)
