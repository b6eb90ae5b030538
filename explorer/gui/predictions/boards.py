"""Boards: the boards over the views on which a person guesses, and the guess over the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.analysis.frames.references import class_means, unit
from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.predictions.arrangement import laid_on
from explorer.analysis.predictions.drawn_curve import DrawnCurve
from explorer.core.protocol.messages import TEST
from explorer.gui.predictions.state import PredictionState
from explorer.gui.theme.theme import Theme
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.margin_curve.content import DrawnGuess
from explorer.gui.views.margin_curve.view import MarginCurveView

if TYPE_CHECKING:
    from explorer.gui.predictions.blobs import BlobBoard, GuessItem
    from explorer.gui.predictions.curve_board import CurveBoard


class Boards(QObject):
    """Lays boards over the features and over T(θ), and rings over the class means.

    All are built when they are first needed: starting the program does not wait for them.

    Signals
    -------
    moveRequested(object)
        The `Move` of a blob.
    strokeRequested(object, object), clearRequested(), compareRequested()
        As of `CurveBoard`.

    Attributes
    ----------
    blobs : BlobBoard or None
        The board over the features.
    curve : CurveBoard or None
        The board over T(θ).
    rings : GuessItem or None
        The guess over the class means.
    """

    moveRequested = Signal(object)
    strokeRequested = Signal(object, object)
    clearRequested = Signal()
    compareRequested = Signal()

    def __init__(self, features: FeaturesView, margin: MarginCurveView, parent: QObject) -> None:
        super().__init__(parent)
        self._features, self._margin = features, margin
        self.blobs: BlobBoard | None = None
        self.curve: CurveBoard | None = None
        self.rings: GuessItem | None = None
        self._state: PredictionState | None = None

    def show_state(self, state: PredictionState, theme: Theme, names: Sequence[str], *, live: bool) -> None:
        """Show the boards of a state; blobs, with the ``names`` of the classes, only over the live run."""
        placing = live and state.places is not None
        if placing and self.blobs is None:
            self.blobs = self._build_blobs(theme)
        if self.blobs is not None:
            if state.places is not None:
                self.blobs.show_places(state.places, theme, names)
            self.blobs.setVisible(placing)
            self.blobs.raise_()
        curve = state.guess.curve or DrawnCurve.blank()
        if state.drawing and self.curve is None:
            self.curve = self._build_curve()
        if self.curve is not None:
            self.curve.set_curve(curve)
            self.curve.setVisible(state.drawing)
        if state is not self._state:
            shown = state.drawing or state.curve is not None
            guess = DrawnGuess(curve.drawn_part, revealed=not state.drawing) if shown else None
            self._margin.set_guess(guess)
        self._state = state

    def show_rings(self, state: PredictionState, snapshot: Snapshot | None) -> None:
        """Lay the blobs that were compared on the class means of a frame, as the features are drawn."""
        outcome = state.outcome
        match = None if outcome is None else outcome.arrangement
        laid = means = np.zeros((0, 2))
        if (
            snapshot is not None
            and outcome is not None
            and match is not None
            and outcome.guess.blobs is not None
        ):
            probe, tested = snapshot.probe, snapshot.probe.split == TEST
            features = unit(snapshot.features) if self._features.options.normalized else snapshot.features
            means = class_means(features[tested], probe.labels[tested], probe.num_classes).astype(np.float64)
            laid = laid_on(match, outcome.guess.blobs, means)
        if self.rings is None and len(laid):
            from explorer.gui.predictions.blobs import GuessItem

            self.rings = GuessItem(self._features.plane)
        if self.rings is not None:
            self.rings.show_guess(laid, means)

    def _build_blobs(self, theme: Theme) -> BlobBoard:
        from explorer.gui.predictions.blobs import BlobBoard

        board = BlobBoard(theme, self._features.canvas)
        board.moveRequested.connect(self.moveRequested)
        return board

    def _build_curve(self) -> CurveBoard:
        from explorer.gui.predictions.curve_board import CurveBoard

        board = CurveBoard(self._margin.curve)
        board.strokeRequested.connect(self.strokeRequested)
        board.clearRequested.connect(self.clearRequested)
        board.compareRequested.connect(self.compareRequested)
        return board
