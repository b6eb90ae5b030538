"""A curve that a person draws is shown beside that of the loss, which is hidden until it is revealed."""

from __future__ import annotations

import numpy as np
import pytest
from gui.views.seen import caption

from explorer.analysis.margins.target_curve import THETA
from explorer.core.settings.config import RunConfig
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.margin_curve.content import DrawnGuess
from explorer.gui.views.margin_curve.view import MarginCurveOptions, MarginCurveView


@pytest.fixture
def view(qtbot):
    result = MarginCurveView(LIGHT)
    qtbot.addWidget(result)
    result.resize(500, 440)
    result.set_options(MarginCurveOptions(compare=("cosface", "arcface")))
    result.set_config(RunConfig().replace({"loss.name": "cosface", "loss.margin": 0.9}))
    result.show()
    return result


def names(plot) -> list[str]:
    return [curve.text for curve in plot.curves]


def test_nothing_of_the_loss_is_seen_before_it_is_revealed(view):
    lowest = view.curve.visible().bottom
    assert lowest < -1.8
    half = np.where(THETA < 1, 0.5, np.nan)
    view.set_guess(DrawnGuess(half))
    assert names(view.curve) == ["your guess", "ArcFace", "cos θ"]
    assert names(view.pull) == ["ArcFace"]
    assert "hidden" in caption(view)
    assert view.curve.visible().bottom == lowest, "the plot has room for the curve that is hidden"
    assert view.own_values[-1] == pytest.approx(-1.9)
    view.set_guess(DrawnGuess(half, revealed=True))
    assert names(view.curve)[:2] == ["your guess", "CosFace"]
    view.set_guess(None)
    assert "your guess" not in names(view.curve)
