"""Predictions: leads a person from a guess before a run to what the run shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from explorer.analysis.margins.pull import no_curve_reason
from explorer.analysis.predictions.drawn_curve import CurvePlace, DrawnCurve, curve_off, curve_reason
from explorer.analysis.predictions.outcome import AFTER_EPOCHS, Guess, compare
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.main_window import MainWindow
from explorer.gui.predictions.boards import Boards
from explorer.gui.predictions.state import CurveResult, PredictionState, first_places
from explorer.gui.predictions.strip import PredictionStrip
from explorer.gui.session.run import Run
from explorer.gui.theme.appearance import Appearance
from explorer.gui.timeline.run_viewer import RunViewer
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.margin_curve.view import MarginCurveView

if TYPE_CHECKING:
    from explorer.gui.labs.lab_plot import Move


class Predictions(QObject):
    """Offers a prediction before a run, takes it, and shows it over the run.

    Nothing waits for it: a run starts whether or not something was predicted. A guess is dropped when the
    window closes, and when another run takes the place of this one.

    Parameters
    ----------
    window, viewer, run, appearance
        Where it is shown, what is looked at, what is predicted, and the colours.
    enabled : bool
        Whether predictions are offered.

    Signals
    -------
    enabledChanged()
        Predictions are offered from now on, or no longer.
    """

    enabledChanged = Signal()

    def __init__(
        self,
        window: MainWindow,
        viewer: RunViewer,
        run: Run,
        appearance: Appearance,
        enabled: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._viewer, self._run, self._appearance = window, viewer, run, appearance
        self._margin = window.pane.view(MarginCurveView)
        self.enabled = enabled
        self.state = PredictionState()
        self._skipped = False
        self.boards = Boards(window.pane.view(FeaturesView), self._margin, self)
        self.strip = PredictionStrip()
        window.center.add_strip(self.strip)
        self._connect_signals()
        self._refresh()

    def set_enabled(self, enabled: bool) -> None:
        """Offer predictions from now on, or not; a guess that is not compared yet goes with it."""
        if enabled == self.enabled:
            return
        self.enabled, self._skipped = enabled, False
        if enabled and not self._fresh:
            self._window.status.show_event(text("A prediction is offered before the next run starts."))
        if not enabled:
            self._drop()
        self._refresh()
        self.enabledChanged.emit()

    def restore(self, state: PredictionState) -> None:
        """Go on from the state of a window that this one replaces."""
        self._show(state)
        self._refresh()

    def begin(self) -> None:
        """Take a guess, beginning with the arrangement where there is one to make."""
        self._show(PredictionState("guessing", places=first_places(self._run.config)))
        if self.boards.blobs is not None:
            self.boards.blobs.setFocus()

    def draw_curve(self) -> None:
        """Hide T(θ), and let it be drawn."""
        curve = self.state.guess.curve or DrawnCurve.blank()
        self._window.show_panel("margin-curve")
        self._show(
            replace(self.state, guess=replace(self.state.guess, curve=curve), drawing=True, curve=None)
        )
        if self.boards.curve is not None:
            self.boards.curve.setFocus()

    def compare_curve(self) -> None:
        """Show T(θ) beside what was drawn."""
        state, drawn, values = self.state, self.state.guess.curve, self._margin.own_values
        result = None
        if state.drawing and drawn is not None and not drawn.is_blank and values is not None:
            result = CurveResult(curve_off(drawn, values), curve_reason(values))
        self._show(replace(state, drawing=False, curve=result or state.curve))

    def compare_run(self) -> None:
        """Show the newest frame of the run over the guess."""
        snapshot = self._run.snapshot
        if self.state.phase == "waiting" and snapshot is not None and snapshot.step > 0:
            self._show(replace(self.state, phase="compared", outcome=compare(self.state.guess, snapshot)))

    @property
    def _fresh(self) -> bool:
        """Whether the live run waits at its beginning."""
        run = self._run
        return run.phase == "ready" and (run.snapshot is None or run.snapshot.step == 0)

    @property
    def _due(self) -> bool:
        run = self._run
        if run.snapshot is None or not run.snapshot.step:
            return False
        return run.snapshot.epoch >= AFTER_EPOCHS or run.phase == "finished"

    def _connect_signals(self) -> None:
        strip, boards, run, cursor = self.strip, self.boards, self._run, self._viewer.cursor
        strip.beginRequested.connect(self.begin)
        strip.skipRequested.connect(self._on_skip_requested)
        strip.dismissRequested.connect(self._on_dismiss_requested)
        strip.angleGuessed.connect(self._on_angle_guessed)
        strip.accuracyGuessed.connect(self._on_accuracy_guessed)
        strip.curveRequested.connect(self.draw_curve)
        strip.compareRequested.connect(self.compare_run)
        strip.closeRequested.connect(self._drop)
        boards.moveRequested.connect(self._on_move_requested)
        boards.strokeRequested.connect(self._on_stroke_requested)
        boards.clearRequested.connect(self._on_clear_requested)
        boards.compareRequested.connect(self.compare_curve)
        run.stateChanged.connect(self._refresh)
        run.snapshotChanged.connect(self._refresh)
        run.configChanged.connect(self._on_config_changed)
        cursor.snapshotChanged.connect(self._show_rings)
        cursor.stateChanged.connect(self._show_widgets)
        self._viewer.recordingChanged.connect(self._show_widgets)
        self._window.pane.optionsChanged.connect(self._show_rings)
        self._appearance.themeChanged.connect(self._show_widgets)

    def _refresh(self) -> None:
        """Go on to the next phase where the run has come to it."""
        phase, fresh = self.state.phase, self._fresh
        if not fresh:
            self._skipped = False
        if phase in ("waiting", "compared") and (fresh or self._run.restoring is not None):
            self._drop()
        elif phase == "guessing" and not fresh:
            self._wait_for_run()
        elif phase == "offered" and not fresh:
            self._drop()
        elif phase == "waiting" and self._due:
            self.compare_run()
        if self.state.phase == "off" and fresh and self.enabled and not self._skipped:
            self._show(PredictionState("offered"))

    def _wait_for_run(self) -> None:
        """Take the guess as it is: the run has started."""
        self.compare_curve()
        if self.state.guess.of_the_run:
            self._show(replace(self.state, phase="waiting", places=None))
        elif self.state.curve is not None:
            self._show(replace(self.state, phase="compared", places=None))
        else:
            self._drop()

    def _drop(self) -> None:
        self._show(PredictionState())

    def _show(self, state: PredictionState) -> None:
        self.state = state
        self._show_widgets()
        self._show_rings()

    def _show_guess(self, guess: Guess) -> None:
        self._show(replace(self.state, guess=guess))

    def _show_widgets(self) -> None:
        """Show strip and boards, of the live run only."""
        loss = self._run.config.loss
        no_curve = "" if loss.spec.curve else no_curve_reason(loss.name)
        self.strip.show_state(self.state, no_curve=no_curve, hidden=self._viewer.recording is not None)
        probe, cursor = self._run.probe, self._viewer.cursor
        count = self._run.config.data.num_classes
        if probe is not None and probe.num_classes == count:
            names = probe.short_names()
        else:  # the settings have changed since
            names = tuple(map(str, range(count)))
        self.boards.show_state(self.state, self._appearance.theme, names, live=cursor.live)

    def _show_rings(self) -> None:
        recorded = self._viewer.recording is not None
        self.boards.show_rings(self.state, None if recorded else self._viewer.cursor.snapshot)

    def _on_config_changed(self, old: RunConfig, new: RunConfig) -> None:
        """Begin the arrangement again where it is of another number of classes or dimensions."""
        shape = old.network.dim, old.data.num_classes
        if self.state.phase == "guessing" and shape != (new.network.dim, new.data.num_classes):
            guess = replace(self.state.guess, blobs=None)
            self._show(replace(self.state, places=first_places(new), guess=guess))
        else:
            self._show_widgets()

    def _on_skip_requested(self) -> None:
        self._skipped = True
        self._drop()

    def _on_dismiss_requested(self) -> None:
        self.set_enabled(False)

    def _on_move_requested(self, move: Move) -> None:
        if self.state.places is not None:
            places = self.state.places.copy()
            places[int(move.id)] = move.at
            self._show(self.state.with_places(places))

    def _on_angle_guessed(self, angle: float | None) -> None:
        self._show_guess(replace(self.state.guess, angle=angle))

    def _on_accuracy_guessed(self, accuracy: float | None) -> None:
        self._show_guess(replace(self.state.guess, accuracy=accuracy))

    def _on_stroke_requested(self, start: CurvePlace, end: CurvePlace) -> None:
        curve = (self.state.guess.curve or DrawnCurve.blank()).with_stroke(start, end)
        self._show_guess(replace(self.state.guess, curve=curve))

    def _on_clear_requested(self) -> None:
        self._show_guess(replace(self.state.guess, curve=DrawnCurve.blank()))
