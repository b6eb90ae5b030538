"""ViewState: what the views of one run share: selection, hover, hidden classes and colour mode."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.selection import Rows, Selection, SelectionMode
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.raster.colouring import ColorMode

NO_ROW = -1
"""The row under the pointer when there is none."""


class DisplaySettings(Struct, frozen=True):
    """Which classes are shown and what the colours stand for: the part of the state that is remembered.

    ``isolated`` is the class that is shown alone, None where none is; ``hidden`` are the classes that are
    hidden otherwise.
    """

    color_mode: ColorMode = "class"
    hidden: frozenset[int] = frozenset()
    isolated: int | None = None

    def left_out(self, num_classes: int) -> frozenset[int]:
        """Return the classes that are not shown.

        An isolated class that the data set does not have (it was isolated in another one) hides nothing: the
        legend would have no swatch to bring the others back.
        """
        if self.isolated is None or self.isolated >= num_classes:
            return self.hidden
        return frozenset(range(num_classes)) - {self.isolated}

    def toggled(self, label: int, num_classes: int) -> DisplaySettings:
        """Return the settings with a class hidden, or shown again.

        While one class is isolated, another is shown beside it, and the isolated one brings back all.
        """
        if self.isolated is None or self.isolated >= num_classes:
            return replace(self, hidden=self.hidden ^ {label}, isolated=None)
        if label == self.isolated:
            return replace(self, isolated=None)
        return replace(self, hidden=self.left_out(num_classes) - {label}, isolated=None)

    def alone(self, label: int, num_classes: int) -> DisplaySettings:
        """Return the settings with only this class shown, or all where it is shown alone already."""
        if label == self.isolated or self.left_out(num_classes) == frozenset(range(num_classes)) - {label}:
            return self.whole()
        return replace(self, hidden=self.hidden - {label}, isolated=label)

    def whole(self) -> DisplaySettings:
        """Return the settings with all classes shown."""
        return replace(self, hidden=frozenset(), isolated=None)


class ViewState(QObject):
    """The one owner of selection, hover and display settings of a run.

    Views read it and ask for changes by their `…Requested` signals; they never write it.

    Signals
    -------
    selectionChanged()
        Other images are selected.
    displayChanged()
        ``display`` has changed: other classes are shown, or other colours.
    hoverChanged(int)
        The row of the snapshot under the pointer, `NO_ROW` for none.

    Attributes
    ----------
    display : DisplaySettings
        What is remembered between two starts of the window.
    probe : ProbeSet or None
        The images that rows are about.
    """

    selectionChanged = Signal()
    displayChanged = Signal()
    hoverChanged = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selection = Selection.none_of(0)
        self.display = DisplaySettings()
        self.hovered = NO_ROW
        self.probe: ProbeSet | None = None

    def set_probe(self, probe: ProbeSet | None) -> None:
        """Take the images of another run; selection and hover end with the run that they belong to."""
        if probe is not self.probe:
            self.probe = probe
            self.set_hovered(NO_ROW)
            self._set_selection(Selection.none_of(0 if probe is None else len(probe.labels)))

    def set_display(self, display: DisplaySettings) -> None:
        """Show other classes or other colours."""
        if display != self.display:
            self.display = display
            self.displayChanged.emit()

    def set_hovered(self, row: int) -> None:
        """Note which row of the snapshot is under the pointer."""
        if row != self.hovered:
            self.hovered = row
            self.hoverChanged.emit(row)

    def select(self, rows: Rows, mode: SelectionMode = "replace") -> None:
        """Change the selection by rows of the probe set."""
        self._set_selection(self.selection.changed(rows, mode))

    def clear_selection(self) -> None:
        """Select nothing."""
        self.select(np.zeros(0, dtype=np.intp))

    def toggle_class(self, label: int) -> None:
        """Hide a class or show it again."""
        self.set_display(self.display.toggled(label, self._num_classes))

    def isolate_class(self, label: int) -> None:
        """Show only this class, or all where it is shown alone already."""
        self.set_display(self.display.alone(label, self._num_classes))

    def show_all_classes(self) -> None:
        """Show all classes again."""
        self.set_display(self.display.whole())

    def set_color_mode(self, mode: ColorMode) -> None:
        """Let the colours of the points stand for something else."""
        self.set_display(replace(self.display, color_mode=mode))

    @property
    def _num_classes(self) -> int:
        return 0 if self.probe is None else self.probe.num_classes

    def _set_selection(self, selection: Selection) -> None:
        if not selection.same_as(self.selection):
            self.selection = selection
            self.selectionChanged.emit()
