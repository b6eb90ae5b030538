"""Display: what of a run is shown, and how, in all views at once."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.selection import Rows, Selection, SelectionMode
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.raster.colouring import ColorMode


class Display(QObject):
    """The one owner of selection, hidden classes and colour mode of a run. Views read it and emit wishes.

    Signals
    -------
    selectionChanged()
        Other images are chosen.
    displayChanged()
        Other classes are shown, or other colours.
    """

    selectionChanged = Signal()
    displayChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selection = Selection.none_of(0)
        self.hidden: frozenset[int] = frozenset()
        self.isolated: int | None = None
        self.color_mode: ColorMode = "class"
        self._probe: ProbeSet | None = None

    def set_probe(self, probe: ProbeSet | None) -> None:
        """Show these images; a selection ends with the run that it was made in."""
        if probe is not self._probe:
            self._probe = probe
            self._set_selection(Selection.none_of(0 if probe is None else len(probe.labels)))

    def select(self, rows: Rows, mode: SelectionMode = "replace") -> None:
        """Change the selection by rows of the probe set."""
        self._set_selection(self.selection.changed(rows, mode))

    def clear_selection(self) -> None:
        """Choose nothing."""
        self.select(np.zeros(0, dtype=np.intp))

    def toggle_class(self, label: int) -> None:
        """Hide a class or show it again.

        While one class is isolated, another is shown beside it, and the isolated one brings back all.
        """
        if self.isolated is None:
            self._set_classes(self.hidden ^ {label}, None)
        elif label == self.isolated:
            self._set_classes(self.hidden, None)
        else:
            self._set_classes(self.left_out(self._classes) - {label}, None)

    def isolate_class(self, label: int) -> None:
        """Show this class alone."""
        self._set_classes(self.hidden - {label}, label)

    def show_all_classes(self) -> None:
        """Hide nothing."""
        self._set_classes(frozenset(), None)

    def set_color_mode(self, mode: ColorMode) -> None:
        """Colour the points by something else."""
        if mode != self.color_mode:
            self.color_mode = mode
            self.displayChanged.emit()

    def left_out(self, num_classes: int) -> frozenset[int]:
        """Return the classes that are not shown."""
        if self.isolated is None:
            return self.hidden
        return frozenset(range(num_classes)) - {self.isolated}

    @property
    def _classes(self) -> int:
        return 0 if self._probe is None else self._probe.num_classes

    def _set_classes(self, hidden: frozenset[int], isolated: int | None) -> None:
        if (hidden, isolated) != (self.hidden, self.isolated):
            self.hidden, self.isolated = hidden, isolated
            self.displayChanged.emit()

    def _set_selection(self, selection: Selection) -> None:
        if not selection.same_as(self.selection):
            self.selection = selection
            self.selectionChanged.emit()
