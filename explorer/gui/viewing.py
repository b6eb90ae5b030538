"""Viewing: the settings and the timeline of a window, which follow the frame that is shown."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.params import Value
from explorer.core.settings.config import ConfigError, find_param
from explorer.core.texts import N_, _
from explorer.gui.main_window import MainWindow
from explorer.gui.messages.announcements import Announcements
from explorer.gui.messages.readout import lock_text, window_title
from explorer.gui.messages.setting_warnings import SettingWarnings
from explorer.gui.session.run import Run
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.palettes import concern
from explorer.gui.theory.guide import TheoryGuide
from explorer.gui.timeline.run_viewer import RunViewer
from explorer.gui.views.features.view import FeaturesView

_TITLE_SECONDS = 0.5
"""Time between two steps in the title while frames come by themselves: it is written anew for each."""
_NUMBERS = tuple(map(str, range(10)))
"""Names of classes before there is a run."""
_BALANCED = N_("Pair-based loss: every batch contains the same number of images per class.")


class Viewing(QObject):
    """Shows settings and timeline of the frame in view, and passes on requests.

    Signals
    -------
    sourceRequested(str)
        The live run should train on this data set, which has to be read first.
    stateChanged()
        Another run is shown, or an earlier frame or the newest again; or it plays now, or no longer.
    classNamesChanged(object)
        The classes of the run that is shown have these names, a tuple.
    """

    sourceRequested = Signal(str)
    stateChanged = Signal()
    classNamesChanged = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        viewer: RunViewer,
        run: Run,
        announcements: Announcements,
        appearance: Appearance,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._viewer, self._run = window, viewer, run
        self._announcements, self._appearance = announcements, appearance
        self._shown: tuple[object, ...] = ()
        self._titled = -math.inf
        run.stateChanged.connect(self._show_title)
        viewer.playback.stateChanged.connect(self._show_title)
        self._probe: ProbeSet | None = None
        self._concern: str | None = None  # no colours have been chosen
        self._in_space = run.config.network.dim > 2
        self._unit_length = {False: False, True: True}  # in the plane and in space
        self._warnings = SettingWarnings(window.side_panel, self._apply)
        viewer.cursor.configChanged.connect(self._show_config)
        viewer.cursor.stateChanged.connect(self._on_state_changed)
        viewer.cursor.positionChanged.connect(self._on_position_changed)
        viewer.playback.stateChanged.connect(self._on_state_changed)
        viewer.recordingChanged.connect(self._on_state_changed)
        viewer.failed.connect(self._on_viewer_failed)
        viewer.recordingChanged.connect(self._on_recording_changed)
        viewer.hiddenEventsChanged.connect(self._show_timeline)
        window.timeline.strip.frameRequested.connect(viewer.cursor.go_to)
        window.timeline.speedRequested.connect(viewer.playback.set_speed)
        appearance.themeChanged.connect(window.side_panel.loss.choice.set_theme)
        window.side_panel.lossRequested.connect(run.set_loss)
        window.side_panel.paramRequested.connect(self._on_param_requested)
        window.side_panel.settingsRequested.connect(self._on_settings_requested)
        window.events.restartRequested.connect(self._on_restart_requested)
        window.theory.lossRequested.connect(self.set_loss)
        window.theory.viewRequested.connect(window.show_panel)
        self.theory = TheoryGuide(window.theory, window.side_panel, window.pane, self)
        for view in window.pane.views.values():
            view.lossRequested.connect(self.set_loss)
        self._features = window.pane.view(FeaturesView)
        self._features.switches.offer_dimensions(True)
        self._features.dimensionRequested.connect(self.set_dimension)
        self._features.start.clicked.connect(run.toggle)
        run.stateChanged.connect(self._offer_start)
        viewer.cursor.snapshotChanged.connect(self._on_snapshot_changed)
        self._on_state_changed()

    def set_dimension(self, dim: int) -> None:
        """Train features with so many dimensions, in a new run where the live one has trained."""
        self._apply({"network.dim": dim})

    def set_params(self, changes: Mapping[str, Value]) -> None:
        """Change settings of the live run by their dotted names, or say why that cannot be."""
        others = {name: value for name, value in changes.items() if name != "data.source"}
        self._announcements.withdraw_refusal()
        try:
            self._run.change(others)
        except ConfigError as error:
            self._announcements.refuse(str(error))
            self._show_config()
        if "data.source" in changes:
            self.sourceRequested.emit(str(changes["data.source"]))

    def _apply(self, changes: Mapping[str, Value]) -> None:
        """Change settings; where they need a new run and the live one has trained, begin one."""
        self.set_params(changes)
        config = self._run.config
        if any(config.get(name) != value for name, value in changes.items()):
            return  # they were refused
        needs_restart = any(find_param(name, config.loss.spec).effect == "restart" for name in changes)
        if self._run.under_way and needs_restart:
            self._run.restart()

    def set_loss(self, name: str) -> None:
        """Show the live run, and train it with another loss."""
        self._viewer.show_live()
        self._run.set_loss(name)

    def warn_of_colors(self) -> None:
        """Warn where two classes are hard to distinguish in the colours chosen, as long as they are."""
        self._concern = self._color_concern()
        self._announcements.warn_of("colors", self._concern)

    def _color_concern(self) -> str:
        snapshot = self._viewer.cursor.snapshot
        names = _NUMBERS if snapshot is None else snapshot.probe.names
        return concern(self._appearance.theme, names)

    def _offer_start(self) -> None:
        """Put the start in the middle of the features while the live run has not trained."""
        cursor, run = self._viewer.cursor, self._run
        fresh = self._viewer.recording is None and run.phase == "ready" and not run.under_way
        self._features.start.setVisible(fresh and cursor.snapshot is not None)

    def _on_snapshot_changed(self) -> None:
        self._offer_start()
        cursor, playing = self._viewer.cursor, self._viewer.playback.playing
        moving = playing or (cursor.live and self._run.phase == "running")
        if not moving or time.monotonic() - self._titled >= _TITLE_SECONDS:
            self._show_title()
        snapshot = self._viewer.cursor.snapshot
        if snapshot is not None:
            self._fit_projection(in_space=snapshot.features.shape[1] > 2)
        if snapshot is not None and snapshot.probe is not self._probe:
            probe = self._probe = snapshot.probe
            source = snapshot.config.data.source
            self._window.side_panel.settings.set_class_names(probe.short_names(), source)
            self._show_config()
            self.classNamesChanged.emit(probe.names)
            if self._concern not in (None, self._color_concern()):  # a warning that was closed stays so
                self.warn_of_colors()

    def _fit_projection(self, in_space: bool) -> None:
        """Show features that go to space on the sphere, and those back in the plane with their lengths.

        Lengths would scatter them around the sphere, and in the plane tell losses apart. However the
        dimension changes, by a switch, a preset or a recording, what a person has chosen there comes back.
        """
        if self._in_space != in_space:
            options = self._features.options
            self._unit_length[not in_space] = options.normalized
            options = replace(options, normalized=self._unit_length[in_space])
            self._window.pane.set_options("features", options)
        self._in_space = in_space

    def _on_state_changed(self) -> None:
        viewer, playback = self._viewer, self._viewer.playback
        shown = viewer.recording, viewer.cursor.live, playback.playing, playback.speed, playback.loop
        if shown == self._shown:  # every change of a setting changes the state of the live run
            return
        self._shown = shown
        self._window.timeline.set_playback(playback.speed, loop=playback.loop)
        self._window.side_panel.set_lock(lock_text(viewer))
        self._features.switches.enable_dimensions(not lock_text(viewer))
        self._window.events.offer_restart(viewer.recording is None)
        self._show_config()
        self.stateChanged.emit()

    def _on_viewer_failed(self, sentence: str) -> None:
        self._announcements.warn_of("recording", sentence)

    def _on_recording_changed(self) -> None:
        self._announcements.warn_of("recording", "")

    def _on_position_changed(self) -> None:
        if not self._viewer.cursor.live:  # the frames of a live run are shown a few times a second
            self._show_timeline()

    def _show_timeline(self) -> None:
        self._window.timeline.set_state(self._viewer.state)

    def _show_config(self) -> None:
        config, panel = self._viewer.cursor.config, self._window.side_panel
        self._show_title()
        panel.set_config(config)
        self._window.theory.set_config(config)
        panel.loss.set_notice(_(_BALANCED) if config.loss.spec.balanced else "")
        self._warnings.show(config)

    def _show_title(self) -> None:
        """Name what is shown."""
        self._titled = time.monotonic()
        viewer, snapshot = self._viewer, self._viewer.cursor.snapshot
        step = 0 if snapshot is None else snapshot.step
        title = window_title(viewer.cursor.config, step, viewer.recording, number=self._window.number)
        self._window.setWindowTitle(title)

    def _on_param_requested(self, name: str, value: Value) -> None:
        self.set_params({name: value})

    def _on_restart_requested(self) -> None:
        self._run.restart()

    def _on_settings_requested(self) -> None:
        config = self._viewer.cursor.config
        self._viewer.show_live()
        self._run.set_config(config)
