"""CommonLegend: the tools and the legend of the features, once for all runs of a comparison."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from explorer.gui.run_pane import RunPane
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.bar import FeatureBar
from explorer.gui.views.features.view import FeaturesView

_FEATURES = "features"


class CommonLegend(FeatureBar):
    """The bar of the Features view of one pane, with which the others are linked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._colors = theme
        self._pane: RunPane | None = None
        self.toolRequested.connect(lambda tool: self._set_options(tool=tool))
        self.selectionClearRequested.connect(self._on_selection_clear_requested)
        self.classToggleRequested.connect(self._on_class_toggle_requested)
        self.classIsolationRequested.connect(self._on_class_isolation_requested)
        self.allClassesRequested.connect(self._on_all_classes_requested)
        self.colorModeRequested.connect(self._on_color_mode_requested)

    def show_pane(self, pane: RunPane | None) -> None:
        """Act on this pane, which lives as long as it is shown here; on none for None."""
        if pane is not None and pane is not self._pane:
            for changed in (pane.state.selectionChanged, pane.state.displayChanged, pane.optionsChanged):
                changed.connect(self.refresh)
        self._pane = pane
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self._colors = theme
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the pane."""
        if self._pane is not None:
            probe = self._pane.run.probe
            data = self._pane.run.config.data
            known = (data.num_classes, data.unseen) if probe is None else (probe.num_classes, probe.unseen)
            options = self._pane.view(FeaturesView).options
            self.show_state(self._pane.state, options, self._colors, *known, probe)

    def _set_options(self, **changes: Any) -> None:
        if self._pane is not None:
            options = self._pane.view(FeaturesView).options
            self._pane.set_options(_FEATURES, replace(options, **changes))

    def _on_selection_clear_requested(self) -> None:
        if self._pane is not None:
            self._pane.clear_selection()

    def _on_class_toggle_requested(self, label: int) -> None:
        if self._pane is not None:
            self._pane.state.toggle_class(label)

    def _on_class_isolation_requested(self, label: int) -> None:
        if self._pane is not None:
            self._pane.state.isolate_class(label)

    def _on_all_classes_requested(self) -> None:
        if self._pane is not None:
            self._pane.state.show_all_classes()

    def _on_color_mode_requested(self, mode: Any) -> None:
        if self._pane is not None:
            self._pane.state.set_color_mode(mode)
