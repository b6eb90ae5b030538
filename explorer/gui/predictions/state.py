"""PredictionState: what a person has predicted, and what has come of it."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from explorer.analysis.predictions.arrangement import Points
from explorer.analysis.predictions.outcome import MOST_BLOBS, Guess, Outcome
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text

Phase = Literal["off", "offered", "guessing", "waiting", "compared"]
"""Nothing; a person is asked whether to predict; they do; the run is on its way; guess and run are shown."""

SHELF = -1.3
"""Where blobs wait in a row, below the plane, until they are placed: a ring of them would be a hint."""
REACH = 1.2
"""Half the width of the plane in which blobs are placed."""
_EDGE = (SHELF - REACH) / 2
"""A blob below this is on the shelf."""


class CurveResult(Struct, frozen=True):
    """How far a drawn T(θ) is off, as by `curve_off`, and how that of the loss differs from cos θ."""

    off: float
    reason: Text


class PredictionState(Struct, frozen=True, eq=False):
    """All that the strip and the boards show.

    Attributes
    ----------
    guess : Guess
        What is predicted so far; its blobs are set once all are placed.
    places : (C, 2) or None
        Where the blobs are, on the shelf or in the plane; None where there are none.
    drawing : bool
        Whether T(θ) is hidden, to be drawn by hand.
    curve : CurveResult or None
        The result for T(θ), known before the run starts.
    outcome : Outcome or None
        The result for what the run shows.
    """

    phase: Phase = "off"
    guess: Guess = Guess()
    places: Points | None = None
    drawing: bool = False
    curve: CurveResult | None = None
    outcome: Outcome | None = None

    @property
    def placed(self) -> int:
        """How many blobs are in the plane."""
        return 0 if self.places is None else int((self.places[:, 1] > _EDGE).sum())

    def with_places(self, places: Points) -> PredictionState:
        """Return the state with blobs elsewhere."""
        whole = bool((places[:, 1] > _EDGE).all())
        return replace(self, places=places, guess=replace(self.guess, blobs=places if whole else None))


def first_places(config: RunConfig) -> Points | None:
    """Return blobs (C, 2) on the shelf; None for features that are not in the plane, or for many classes."""
    classes = config.data.num_classes
    if config.network.dim != 2 or not 2 <= classes <= MOST_BLOBS:
        return None
    return np.stack([np.linspace(-REACH, REACH, classes), np.full(classes, SHELF)], axis=1)
