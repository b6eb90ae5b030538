"""While remedies are tried, a line says how far they are, and lets a person give up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal

from explorer.gui.compare.runs.branches import TrialState
from explorer.gui.compare.trial_line import TrialLine

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Trial(QObject):
    stateChanged = Signal()
    state: TrialState | None = None

    def tell(self, state: TrialState | None) -> None:
        self.state = state
        self.stateChanged.emit()


def test_it_says_what_is_trained_how_far_it_is_and_what_can_be_done_then(qtbot):
    trial = Trial()
    line = TrialLine(trial)
    qtbot.addWidget(line)
    assert line.isHidden()
    trial.tell(TrialState(steps=300, done=0.0, left=None))
    assert line.label.text() == "Each remedy is trained for 300 steps, all at once. Starting…"
    trial.tell(TrialState(steps=300, done=0.25, left=12.3))
    assert line.label.text() == "Each remedy is trained for 300 steps, all at once. Time left: 12 seconds."
    assert line.bar.value() == line.bar.maximum() / 4
    with qtbot.waitSignal(line.cancelRequested):
        line.cancel.click()
    trial.tell(TrialState(steps=300, done=0.25, left=12.3, paused=True))
    assert line.label.text() == "Each remedy is trained for 300 steps, all at once. Paused."
    trial.tell(TrialState(steps=300, done=1.0, left=0.0, whole=3, count=3))
    assert line.label.text() == "Each remedy was trained for 300 steps. Take one to continue with it."
    assert line.cancel.isHidden()
    trial.tell(TrialState(steps=300, done=1.0, left=0.0, whole=2, count=3))
    assert line.label.text() == ("Trained for all 300 steps: 2 of 3 remedies. Take one to continue with it.")
    trial.tell(TrialState(steps=300, done=1.0, left=0.0, whole=0, count=3))
    assert line.label.text() == (
        "No remedy could be trained for 300 steps. You can restart them, or close this window."
    )
    trial.tell(None)
    assert line.isHidden()
