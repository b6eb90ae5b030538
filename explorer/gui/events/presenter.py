"""EventPresenter: shows the events of the run in view in their panel, and goes to one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPixmap

from explorer.analysis.events.event_log import EventLog
from explorer.core.recording.header import RunEvent
from explorer.gui.events.panel import EventsPanel
from explorer.gui.export.thumbnail import features_thumbnail
from explorer.gui.main_window import MainWindow
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.theme import Theme
from explorer.gui.timeline.run_viewer import RunViewer

_EXPLAINING = ("rule", "drift")
"""The kinds of events that say why accuracy moved."""
_SIDE = 128
"""Pixels of the width and the height of a picture; a row shows it smaller."""


class EventPresenter(QObject):
    """Hands the events of the run in view to their panel, and answers what it asks for.

    Pictures are made one in each turn of the event loop, the last one asked for first.
    Why accuracy moves with a change of settings stands in the status line for a while as well.
    """

    def __init__(
        self,
        window: MainWindow,
        viewer: RunViewer,
        state: ViewState,
        appearance: Appearance,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel: EventsPanel = window.events
        self._status = window.status
        self._viewer, self._state = viewer, state
        self._theme = appearance.theme
        self._shown: tuple[EventLog, int] | None = None
        self._wanted: list[int] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)
        appearance.themeChanged.connect(self._on_theme_changed)
        viewer.cursor.positionChanged.connect(self._on_position_changed)
        viewer.cursor.stateChanged.connect(self._show_events)  # no frame shows that training diverged
        self._panel.eventRequested.connect(self._on_event_requested)
        self._panel.imagesRequested.connect(self._on_images_requested)
        self._panel.pictureRequested.connect(self._on_picture_requested)
        self._panel.picturesDropped.connect(self._stop)
        self._panel.set_hidden(viewer.hidden_events)
        self._panel.hiddenChanged.connect(viewer.hide_events)
        self._show_events()

    def _on_theme_changed(self, theme: Theme) -> None:
        self._theme = theme
        self._panel.clear_pictures()

    def _stop(self) -> None:
        """Make no more pictures."""
        self._wanted.clear()
        self._timer.stop()

    def _show_events(self) -> None:
        log = self._viewer.cursor.history.events
        shown = log, len(log.found)
        if shown == self._shown:  # as with nearly every frame
            return
        if self._shown is None or self._shown[0] is not log:
            self._stop()
            self._panel.clear_pictures()
            self._status.withdraw_run_event()
        elif self._viewer.cursor.following:
            for event in log.found[self._shown[1] :]:
                if event.kind in _EXPLAINING:
                    self._status.show_run_event(event.text)
        self._shown = shown
        self._panel.set_events(log.events)

    def _on_position_changed(self) -> None:
        self._show_events()
        cursor = self._viewer.cursor
        if not cursor.following and cursor.snapshot is not None:
            self._panel.mark_step(cursor.snapshot.step)

    def _on_event_requested(self, event: RunEvent) -> None:
        if self._viewer.cursor.frames:
            self._viewer.cursor.go_to(self._viewer.state.nearest(event.step))

    def _on_images_requested(self, event: RunEvent) -> None:
        count = len(self._state.selection.mask)
        rows = [row for row in event.rows if 0 <= row < count]  # a file may say anything
        self._state.select(np.array(rows, np.intp), "replace")

    def _on_picture_requested(self, step: int) -> None:
        if step not in self._wanted:
            self._wanted.append(step)
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        if not self._wanted:
            self._timer.stop()
            return
        step = self._wanted.pop()
        cursor = self._viewer.cursor
        if not cursor.frames:
            return
        try:
            frame = cursor.frame(self._viewer.state.nearest(step))
        except LookupError:  # it is damaged, and the row goes without
            self._panel.set_picture(step, QPixmap())
            return
        colors = [self._theme.class_color(label) for label in range(frame.probe.num_classes)]
        image = features_thumbnail(frame.features, frame.probe.labels, colors, _SIDE)
        self._panel.set_picture(step, QPixmap.fromImage(image))
