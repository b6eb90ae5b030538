"""TrialLine: how far the branches of a run that has failed are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from explorer.core.texts import _
from explorer.gui.compare.runs.branches import BranchTrial, TrialState
from explorer.gui.session.continuation import duration

_WHOLE = 1000


class TrialLine(QFrame):
    """Says what is trained, how far it is, and how long it takes; hidden while there is no `BranchTrial`.

    Signals
    -------
    cancelRequested()
        The branches should end, and none of them is wanted.
    """

    cancelRequested = Signal()

    def __init__(self, trial: BranchTrial, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trial = trial
        self.label, self.bar = QLabel(), QProgressBar()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _WHOLE)
        self.bar.setMaximumHeight(self.fontMetrics().height())
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.clicked.connect(self.cancelRequested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self.label)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel)
        trial.stateChanged.connect(self._on_trial_state_changed)
        self.hide()

    def _on_trial_state_changed(self) -> None:
        state = self._trial.state
        if state is None:
            self.hide()
            return
        running = state.done < 1
        sentence = _going_on(state) if running else _ended(state)
        left = "" if state.left is None else duration(state.left)
        words = sentence.format(steps=state.steps, time=left, whole=state.whole, count=state.count)
        self.label.setText(words)
        self.bar.setValue(round(_WHOLE * state.done))
        self.bar.setAccessibleName(self.label.text())
        for widget in (self.bar, self.cancel):
            widget.setVisible(running)
        self.show()


def _going_on(state: TrialState) -> str:
    if state.paused:
        return _("Each remedy is trained for {steps:,} steps, all at once. Paused.")
    if state.left is None:
        return _("Each remedy is trained for {steps:,} steps, all at once. Starting…")
    return _("Each remedy is trained for {steps:,} steps, all at once. Time left: {time}.")


def _ended(state: TrialState) -> str:
    if state.whole == state.count:
        return _("Each remedy was trained for {steps:,} steps. Take one to continue with it.")
    if state.whole:
        return _(
            "Trained for all {steps:,} steps: {whole} of {count} remedies. Take one to continue with it."
        )
    return _("No remedy could be trained for {steps:,} steps. You can restart them, or close this window.")
