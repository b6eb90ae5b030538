"""TheoryGuide: connects the theory panel with the settings, the views and the sample of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from explorer.analysis.margins.target_curve import changes_curve
from explorer.analysis.statistics.sample_loss import sample_loss
from explorer.analysis.statistics.samples import image_text
from explorer.core.texts import N_, _
from explorer.gui.controls.param_row import ParamRow
from explorer.gui.controls.side_panel import SidePanel
from explorer.gui.focus import go_to
from explorer.gui.run_pane import RunPane
from explorer.gui.state.view_state import NO_ROW
from explorer.gui.theory.panel import TheoryPanel
from explorer.gui.theory.sample_box import NO_SAMPLE
from explorer.gui.views.view import NO_MARK, SymbolMark

if TYPE_CHECKING:
    from explorer.gui.theory.symbols import Symbol

_INTERVAL_MS = 250
"""Least time between two computations of the sample: figures that change faster cannot be read."""
_NO_FRAME = N_("The plot does not show a frame of this loss yet.")
_SEVERAL = N_("Select a single sample to see its numbers here.")


class TheoryGuide(QObject):
    """Marks what a symbol stands for, and shows the formula with the numbers of a sample.

    The sample is the one under the pointer, or else the only selected one.
    """

    def __init__(
        self, panel: TheoryPanel, settings: SidePanel, pane: RunPane, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._panel, self._settings, self._pane = panel, settings, pane
        self._marked_row: ParamRow | None = None
        self._timer = QTimer(self, singleShot=True, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.show_sample)
        panel.symbolHovered.connect(self._on_symbol_hovered)
        panel.settingRequested.connect(self._on_setting_requested)
        panel.numbersRequested.connect(self._on_numbers_requested)
        for signal in (
            pane.state.hoverChanged,
            pane.state.selectionChanged,
            pane.run.snapshotChanged,
            pane.run.configChanged,
        ):
            signal.connect(self._on_sample_changed)

    @property
    def row(self) -> int:
        """The row of the sample in the snapshot, `NO_ROW` for none or several."""
        state = self._pane.state
        chosen = state.selection.rows
        return state.hovered if state.hovered != NO_ROW else int(chosen[0]) if len(chosen) == 1 else NO_ROW

    def stop(self) -> None:
        """Show no sample that is due."""
        self._timer.stop()

    def _on_sample_changed(self) -> None:
        if self._panel.is_built:
            self._panel.browser.page.sample.set_stale()

    def _on_numbers_requested(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def show_sample(self) -> None:
        """Show the numbers of the sample now, or once the card of the loss is seen."""
        box = self._panel.browser.page.sample
        if not box.isVisible():
            box.set_stale()
            return
        snapshot, row = self._pane.run.snapshot, self.row
        if snapshot is None or not 0 <= row < len(snapshot.features):
            several = self._pane.state.selection.count > 1
            box.show_sentence(_(_SEVERAL) if several else _(NO_SAMPLE))
            return
        spec, card = snapshot.config.loss.spec, self._panel.browser.page.card
        if card is None or card.loss != spec.name:  # the first frame of another loss is not there yet
            box.show_sentence(_(_NO_FRAME))
            return
        name = image_text(snapshot.probe, row)
        box.show_sample(name, spec, sample_loss(snapshot, row), snapshot.probe.name)

    def _on_symbol_hovered(self, symbol: Symbol | None) -> None:
        row = None if symbol is None else self._settings.row(f"loss.{symbol.param}")
        if self._marked_row is not None and self._marked_row is not row:
            self._marked_row.set_marked(False)
        self._marked_row = row
        if row is not None:
            row.set_marked(True)
            self._settings.ensureWidgetVisible(row)
        mark = NO_MARK
        if symbol is not None:
            curve = changes_curve(self._pane.run.config.loss, symbol.param)
            mark = SymbolMark(symbol.place, curve, self.row)
        for view in self._pane.views.values():
            view.mark(mark)

    def _on_setting_requested(self, symbol: Symbol) -> None:
        row = self._settings.row(f"loss.{symbol.param}")
        if row is not None:
            go_to(row.editor)
