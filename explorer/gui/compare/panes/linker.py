"""PaneLinker: what is chosen in one pane is chosen in all that are linked with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.core.texts import _
from explorer.gui.compare.state import Links
from explorer.gui.run_pane import RunPane
from explorer.gui.state.view_state import NO_ROW
from explorer.gui.views.features.framing import Need
from explorer.gui.views.features.view import FeaturesView


class PaneLinker(QObject):
    """Passes on what is chosen in a pane to those that are linked with it.

    Every setter that it calls ignores a value that is in force already: so nothing comes back. A pane that
    joins, or shows another set of images, takes over what the others show.

    Attributes
    ----------
    links : Links
        What is linked.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.links = Links()
        self._panes: dict[RunPane, ProbeSet | None] = {}
        self._passing = False
        # Once the event loop is back: the data of several panes may change in one turn.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._share_axes)

    def add(self, pane: RunPane) -> None:
        """Link a pane with the others."""
        self._panes[pane] = pane.run.probe
        features, state = pane.view(FeaturesView), pane.state
        pane.optionsChanged.connect(partial(self._on_options_changed, pane))
        state.displayChanged.connect(partial(self._on_display_changed, pane))
        state.selectionChanged.connect(partial(self._on_selection_changed, pane))
        state.hoverChanged.connect(partial(self._on_hover_changed, pane))
        features.framingChanged.connect(partial(self._on_framing_changed, pane))
        features.needChanged.connect(self._timer.start)
        pane.run.snapshotChanged.connect(partial(self._on_snapshot_changed, pane))
        self._take_over(pane)

    def remove(self, pane: RunPane) -> None:
        """Pass nothing on to or from a pane any more."""
        del self._panes[pane]
        self._timer.start()

    def set_links(self, links: Links) -> None:
        """Link other things: what is newly linked becomes as in the first pane, what is let go stays."""
        self.links = links
        for pane in list(self._panes)[1:]:
            self._take_over(pane)
        self._timer.start()

    def set_options(self, view_id: str, options: Any) -> None:
        """Give the first pane other options, and with it those that are linked."""
        if self._panes:
            next(iter(self._panes)).set_options(view_id, options)

    def stop(self) -> None:
        """Pass nothing on any more."""
        self._timer.stop()
        self._panes.clear()

    @property
    def limits(self) -> tuple[str, ...]:
        """What cannot be linked between these runs, in sentences."""
        known = [pane for pane in self._panes if pane.run.probe is not None]
        dims = {pane.run.config.network.dim for pane in self._panes}
        sentences = []
        if self.links.selection and not all(_same_images(known[0], pane) for pane in known):
            sentences.append(_("Selections are linked only between runs that plot the same images."))
        if self.links.axes and len(dims) > 1:
            sentences.append(_("Axes and camera are linked only between runs with the same dimension."))
        return tuple(sentences)

    def _take_over(self, pane: RunPane) -> None:
        """Give a pane what the first of the others shows."""
        other = next((other for other in self._panes if other is not pane), None)
        if other is not None:
            self._pass_on(lambda: self._copy(other, pane))

    def _copy(self, other: RunPane, pane: RunPane) -> None:
        if self.links.views:
            for view_id in other.views.keys() & pane.views.keys():
                pane.set_options(view_id, other.views[view_id].options)
        if self.links.classes:
            pane.state.set_display(other.state.display)
        if self.links.selection:
            self._copy_selection(other, pane)
        if self.links.axes and _same_space(other, pane):
            pane.view(FeaturesView).set_framing(other.view(FeaturesView).framing)
        self._timer.start()

    def _copy_selection(self, other: RunPane, pane: RunPane) -> None:
        if _same_images(other, pane):
            pane.state.select(other.state.selection.rows)

    def _others(self, pane: RunPane) -> Iterator[RunPane]:
        return (other for other in tuple(self._panes) if other is not pane)

    def _pass_on(self, act: Callable[[], None]) -> None:
        """Do something whose consequences in other panes are not passed on once more."""
        self._passing = True
        try:
            act()
        finally:
            self._passing = False

    def _is_free(self, pane: RunPane) -> bool:
        """Return whether a change of a pane is the person's, and not one that was passed on."""
        return pane in self._panes and not self._passing

    def _on_options_changed(self, pane: RunPane, view_id: str) -> None:
        if not (self.links.views and self._is_free(pane)):
            return
        options = pane.views[view_id].options
        for other in self._others(pane):
            if view_id in other.views:
                self._pass_on(partial(other.set_options, view_id, options))
        self._timer.start()

    def _on_display_changed(self, pane: RunPane) -> None:
        if self.links.classes and self._is_free(pane):
            for other in self._others(pane):
                self._pass_on(partial(other.state.set_display, pane.state.display))

    def _on_selection_changed(self, pane: RunPane) -> None:
        if not (self.links.selection and self._is_free(pane)):
            return
        if pane.run.probe is None or pane.run.probe is not self._panes[pane]:
            return  # the selection went with the images, which is nobody's choice
        for other in self._others(pane):
            self._pass_on(partial(self._copy_selection, pane, other))

    def _on_hover_changed(self, pane: RunPane, row: int) -> None:
        if self.links.selection and self._is_free(pane):
            for other in self._others(pane):
                if row == NO_ROW or _same_images(pane, other):
                    self._pass_on(partial(other.state.set_hovered, row))

    def _on_framing_changed(self, pane: RunPane) -> None:
        if self.links.axes and self._is_free(pane):
            framing = pane.view(FeaturesView).framing
            for other in self._others(pane):
                if _same_space(pane, other):
                    self._pass_on(partial(other.view(FeaturesView).set_framing, framing))

    def _on_snapshot_changed(self, pane: RunPane) -> None:
        """Take over what the others show once a pane has other images: its run is new, or restarted."""
        if pane in self._panes and pane.run.probe is not self._panes[pane]:
            self._panes[pane] = pane.run.probe
            if pane.run.probe is not None:
                self._take_over(pane)

    def _share_axes(self) -> None:
        """Show in each pane what the data of all panes need that are linked with it."""
        for pane in self._panes:
            linked = [other for other in self._panes if self.links.axes and _same_space(pane, other)]
            needs = [other.view(FeaturesView).need for other in linked]
            pane.view(FeaturesView).set_least(reduce(Need.united, needs, Need()))


def _same_images(one: RunPane, other: RunPane) -> bool:
    """Return whether a row stands for the same image in both, as far as source, position and label tell."""
    first, second = one.run.probe, other.run.probe
    if first is None or second is None or one.run.config.data.source != other.run.config.data.source:
        return False
    return first is second or (
        (first.test_size, first.train_size) == (second.test_size, second.train_size)
        and np.array_equal(first.indices, second.indices)
        and np.array_equal(first.split, second.split)
        and np.array_equal(first.labels, second.labels)
    )


def _same_space(first: RunPane, second: RunPane) -> bool:
    """Return whether the axes of two panes mean the same."""
    panes: Sequence[RunPane] = (first, second)
    dims = {pane.run.config.network.dim for pane in panes}
    options = [pane.view(FeaturesView).options for pane in panes]
    lengths, spaces = {each.normalized for each in options}, {each.to_space for each in options}
    projected = max(dims) > FEW_DIMENSIONS
    return len(dims) == len(lengths) == 1 and not (projected and len(spaces) > 1)
