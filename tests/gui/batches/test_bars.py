"""The scores of an image as bars."""

from __future__ import annotations

import numpy as np
from analysis.snapshots import make_snapshot
from PySide6.QtGui import QPainter

from explorer.gui.batches.bars import ScoreBars
from explorer.gui.theme.theme import LIGHT


def test_numbers_below_zero_have_a_minus_and_no_hyphen(qtbot, monkeypatch):
    painted: list[str] = []
    draw = QPainter.drawText

    def record(painter, *arguments):
        painted.extend(argument for argument in arguments if isinstance(argument, str))
        return draw(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", record)
    bars = ScoreBars(LIGHT)
    qtbot.addWidget(bars)
    bars.resize(300, 90)
    bars.show_scores(np.array([-2.04, 5.3]), np.array([0.1, 0.9]), 1, make_snapshot(classes=2).probe, LIGHT)
    bars.grab()
    assert painted == ["−2.0", "0", "5.3", "1"]
