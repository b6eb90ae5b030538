"""ComparePane: one run of a comparison, with its features, and one more view below them."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSplitter, QVBoxLayout, QWidget

from explorer.core.texts import N_, _, ngettext
from explorer.gui.commands.context_menus import open_view_menu
from explorer.gui.compare.panes.header import HeaderState, PaneHeader
from explorer.gui.compare.runs.branches import BranchRun
from explorer.gui.compare.runs.compared_run import ComparedRun, LiveRun
from explorer.gui.compare.runs.cores import CoreMeter
from explorer.gui.controls.labels import set_role
from explorer.gui.drawing.drawing_scheduler import DrawingScheduler
from explorer.gui.messages.announcements import STALLED, Announcements
from explorer.gui.messages.banner import Banner
from explorer.gui.run_pane import RunPane
from explorer.gui.session.run import Run
from explorer.gui.session.run_control import Phase
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.timeline.state import TimelineMark, TimelineState
from explorer.gui.timeline.strip import TimelineStrip
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.registry import VIEWS, ViewSpec
from explorer.gui.views.view import View

_DOT = " · "
_MEASURE_SECONDS = 1.0
_PHASES: Mapping[Phase, str] = MappingProxyType(
    {
        "ready": N_("Ready"),
        "running": N_("Training"),
        "paused": N_("Paused"),
        "finished": N_("Finished"),
        "failed": N_("Stopped"),
        "restoring": N_("Restoring"),
    }
)
_FEATURES = tuple(spec for spec in VIEWS if spec.group == "central")
_GAP = 6
_SHARES = (3, 2)
"""Parts of the height for the features and for the view below them."""


class ComparePane(QFrame):
    """Shows a run of a comparison.

    Signals
    -------
    removalRequested()
        The run should be shown no more.
    takeRequested()
        This branch should become the run of the main window.

    Attributes
    ----------
    compared : ComparedRun
        The run.
    pane : RunPane
        Its views.
    header : PaneHeader
        What it is, and how far.
    strip : TimelineStrip
        Its own timeline, shown while timelines are not linked.
    take : QPushButton or None
        Takes a branch; None for another run.
    """

    removalRequested = Signal()
    takeRequested = Signal()

    def __init__(
        self,
        compared: ComparedRun,
        theme: Theme,
        scheduler: DrawingScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.compared = compared
        self.pane = RunPane(compared.cursor, theme, _FEATURES, self, scheduler=scheduler)
        self.header = PaneHeader()
        self.banner = Banner()
        self.strip = TimelineStrip()
        self.strip.hide()
        self._meter, self._measured, self._cores = CoreMeter(), -math.inf, math.nan
        self.take: QPushButton | None = None
        self._views = QSplitter(Qt.Orientation.Vertical)
        self._views.setChildrenCollapsible(False)
        self._show_view(self.pane.primary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.banner)
        layout.addWidget(self._views, 1)
        layout.addWidget(self.strip)
        if isinstance(compared, BranchRun):
            self.take = _take_button()
            self.take.clicked.connect(self.takeRequested)
            layout.addWidget(self.take, 0, Qt.AlignmentFlag.AlignHCenter)
            layout.addSpacing(_GAP)
        if compared.run is not None:
            self._connect_run(compared.run)
        self.header.removalRequested.connect(self.removalRequested)
        self.strip.frameRequested.connect(compared.cursor.go_to)

    @property
    def features(self) -> FeaturesView:
        """The view of the features."""
        return self.pane.view(FeaturesView)

    def _show_view(self, view: View[Any]) -> None:
        self._views.addWidget(view)
        view.menuRequested.connect(self._on_menu_requested)

    def _on_menu_requested(self, at: QPoint) -> None:
        view = self.sender()
        assert isinstance(view, View), "only views ask for one"
        open_view_menu(view, at)

    def set_second(self, spec: ViewSpec | None, options: Mapping[str, Any]) -> None:
        """Show this view below the features, or none; ``options`` are tables of a file by their ids."""
        for view_id in [view_id for view_id in self.pane.views if view_id != _FEATURES[0].id]:
            self.pane.remove_view(view_id)
        if spec is not None:
            self._show_view(self.pane.add_view(spec))
            self.pane.restore_options({spec.id: options[spec.id]} if spec.id in options else {})
            self._views.setSizes([share * 1000 for share in _SHARES])

    def show_state(self, title: str, settings: str, *, over: bool) -> None:
        """Show what the run is and where it stands; ``over``: it ended before the moment that is shown."""
        source, snapshot = self.compared.source, self.compared.cursor.snapshot
        parts = [_("Step {step:,}").format(step=0 if snapshot is None else snapshot.step)]
        if snapshot is not None and "test_accuracy" in snapshot.scalars:
            parts.append(_("{share:.1%} accurate").format(share=snapshot.scalars["test_accuracy"]))
        self.header.set_state(
            HeaderState(
                title=title,
                settings=settings,
                reading=_DOT.join(parts),
                share=self._trouble or (self._ended_text() if over and self._ended else self._share_text()),
                can_train=self.compared.run is not None,
                training=self.compared.training or source.training,
            )
        )
        if self.strip.isVisible():
            self.strip.set_state(self._timeline_state())
        if self.take is not None and isinstance(self.compared, BranchRun):
            self.take.setEnabled(self.compared.can_be_taken)

    def stop(self) -> None:
        """Draw nothing more."""
        self.pane.close()

    def _connect_run(self, run: Run) -> None:
        if isinstance(self.compared, BranchRun):  # it is tried: that it fails, too, needs no remedy
            warn = self._warn
            run.stalledChanged.connect(self._on_branch_stalled_changed)
        else:
            warn = Announcements(self.banner, run, self).warn
        if isinstance(self.compared, LiveRun):
            self.compared.recorder.failed.connect(warn)
        self.header.toggleRequested.connect(self.compared.toggle)

    def _warn(self, sentence: str) -> None:
        """Show a warning, unless the sentence is empty."""
        if sentence:
            self.banner.show_message("warning", sentence)

    def _on_branch_stalled_changed(self, stalled: bool) -> None:
        """Say that the trainer does not respond, until it does."""
        if stalled:
            actions = [(_("End and restart"), self.compared.restart)]
            self.banner.show_message("warning", _(STALLED), actions=actions)
        else:
            self.banner.withdraw(_(STALLED))

    @property
    def _trouble(self) -> str:
        return self.compared.trouble if isinstance(self.compared, BranchRun) else ""

    @property
    def _ended(self) -> bool:
        """Whether it goes no further: one that is paused behind the others has not ended."""
        run = self.compared.run
        return run is None or run.phase in ("finished", "failed")

    def _ended_text(self) -> str:
        """Return that the run has no frame of the moment that is shown."""
        last = self.compared.source.steps[-1]
        return _("Ended at step {step:,}; showing its last frame").format(step=last)

    def _share_text(self) -> str:
        """Return what the run does, and what it gets of the machine."""
        run = self.compared.run
        if run is None:
            return _("Recording")
        if run.pending.restart:
            return _("Restart to apply changed settings")
        if run.starting:
            return _("Starting…")
        if not run.training or run.started is None:
            return _(_PHASES[run.phase])
        speed = 0.0 if run.snapshot is None else run.snapshot.samples_per_second
        parts = [_("{speed:,.0f} images/s").format(speed=speed)]
        if run.threads:
            threads = ngettext("{count} thread", "{count} threads", run.threads).format(count=run.threads)
            parts.insert(0, threads)
            parts.insert(1, self._cores_text())
        else:
            parts.insert(0, run.started.device.upper())
        return _DOT.join(filter(None, parts))

    def _cores_text(self) -> str:
        """Return how many cores the worker kept busy in the last second; empty until that is known."""
        if not isinstance(self.compared, LiveRun):
            return ""
        now = time.perf_counter()
        if now - self._measured >= _MEASURE_SECONDS:
            self._measured, self._cores = now, self._meter.read(self.compared.client.process_id)
        if math.isnan(self._cores):
            return ""
        count = os.cpu_count() or 1
        sentence = ngettext("{used:.1f} of {count} core", "{used:.1f} of {count} cores", count)
        return sentence.format(used=self._cores, count=count)

    def _timeline_state(self) -> TimelineState:
        cursor = self.compared.cursor
        return TimelineState(
            steps=tuple(cursor.steps),
            index=cursor.index,
            marks=tuple(TimelineMark(mark.step, mark.text) for mark in cursor.history.marks),
            following=cursor.following,
        )


def _take_button() -> QPushButton:
    button = QPushButton(_("Take this one"))
    set_role(button, "role", "primary")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolTip(
        wrapped(_("Continue from here in the main window, with these settings. The other runs are stopped."))
    )
    return button


def second_views() -> dict[str, ViewSpec]:
    """Return the views that can stand below the features; a drawn digit has one network, not several."""
    return {spec.id: spec for spec in VIEWS if spec.group != "central" and spec.id != "draw"}


def feature_options(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the features in a comparison: those of the window, without what turns by itself.

    Each view turns by itself, and views whose cameras are linked would turn each other.
    """
    return {**tables.get(_FEATURES[0].id, {}), "turntable": False, "touring": False, "tool": "move"}
