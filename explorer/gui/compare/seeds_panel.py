"""The dialog that asks for seeds, the line that shows how far they are, and what they add to the table."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.statistics.paired_interval import paired_interval
from explorer.core.texts import _, ngettext
from explorer.gui.compare.figures import Cell, Column
from explorer.gui.compare.runs.seeds import SeedProgress, SeedResults
from explorer.gui.compare.runs.session import CompareSession
from explorer.gui.controls.fields import SpinBox
from explorer.gui.controls.labels import WrappedLabel

_FEWEST, _MOST, _USUAL = 2, 50, 5
_LEAST_WIDTH = 340
_MOST_STEPS, _USUAL_STEPS = 1_000_000, 500

Accuracies = NDArray[np.float64]
"""Of one run, by seed (seeds,), in percent; NaN where it diverged."""


class SeedsDialog(QDialog):
    """Asks how many seeds, and how many steps each run should be trained.

    Parameters
    ----------
    first : int
        The first seed; the others follow it.
    steps : int
        Steps to begin with.

    Signals
    -------
    seedsRequested(object, int)
        These seeds, a range, should be trained for so many steps.
    """

    seedsRequested = Signal(object, int)

    def __init__(self, first: int, steps: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Repeat with more seeds"))
        self._first = first
        self.count, self.steps = SpinBox(), SpinBox()
        self.count.setRange(_FEWEST, _MOST)
        self.count.setValue(_USUAL)
        self.steps.setRange(1, _MOST_STEPS)
        self.steps.setValue(max(1, steps))
        self.about = WrappedLabel()
        self.about.setMinimumWidth(_LEAST_WIDTH)  # for which its height is then reckoned
        form = QFormLayout()
        form.addRow(_("Number of seeds"), self.count)
        form.addRow(_("Steps per run"), self.steps)
        box = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(box.Ok | box.Cancel)
        self.buttons.button(box.Ok).setText(_("Train"))
        self.buttons.button(box.Cancel).setText(_("Cancel"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.about)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.count.valueChanged.connect(self._show_seeds)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.accepted.connect(self._on_accepted)
        self._show_seeds()

    @property
    def seeds(self) -> range:
        """The seeds that are chosen."""
        return range(self._first, self._first + self.count.value())

    def _show_seeds(self) -> None:
        sentence = _(
            "Each run is trained again with seeds {first} to {last}, one after another, in the background."
        )
        self.about.setText(sentence.format(first=self.seeds[0], last=self.seeds[-1]))

    def _on_accepted(self) -> None:
        self.seedsRequested.emit(self.seeds, self.steps.value())


class SeedsLine(QFrame):
    """Asks for seeds, then shows how far their training is; hidden while there is none.

    Parameters
    ----------
    session : CompareSession
        The runs to repeat.

    Signals
    -------
    stateChanged()
        Another run trains, or none any more.

    Attributes
    ----------
    column : Column or None
        What the seeds add to the table; None while there is nothing.
    """

    stateChanged = Signal()

    def __init__(self, session: CompareSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.column: Column | None = None
        self.label, self.bar = QLabel(), QProgressBar()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(self.fontMetrics().height())
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self.label)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel)
        repeats = session.repeats
        self.cancel.clicked.connect(repeats.cancel)
        repeats.progressed.connect(self._on_progressed)
        for ended in (repeats.finished, repeats.failed, session.runsChanged):
            ended.connect(self._on_ended)
        self.hide()

    def ask(self) -> None:
        """Ask how many seeds, and for how many steps: as many as the farthest run has."""
        runs = self._session.runs
        steps = max((run.source.steps[-1] for run in runs if run.source.steps), default=0)
        dialog = SeedsDialog(runs[0].source.config.seed, steps or _USUAL_STEPS, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.seedsRequested.connect(self._session.repeat)
        dialog.open()

    def _on_progressed(self, progress: SeedProgress) -> None:
        """Show which run trains, of how many."""
        titles = self._session.timeline.names.titles
        sentence = _("Run {number} of {total}: {title}, seed {seed}")
        words = {"number": progress.done + 1, "total": progress.total, "seed": progress.seed}
        self.label.setText(sentence.format(title=titles[progress.run], **words))
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        self.bar.setAccessibleName(self.label.text())
        self.show()
        self.stateChanged.emit()

    def _on_ended(self) -> None:
        results = self._session.seed_results
        self.column = None if results is None else seed_column(results)
        self.setVisible(self._session.repeats.running)
        self.stateChanged.emit()


def seed_column(results: SeedResults) -> Column:
    """Return the column of the table with the mean over the seeds, and the paired difference of each run.

    A mean is over the seeds of its run; a difference, and its 95% interval, over those seeds that the first
    run has as well (`paired_interval`).
    """
    accuracy = 100.0 * results.accuracy
    count = len(results.seeds)
    label = ngettext("Accuracy, {count} seed", "Accuracy, {count} seeds", count).format(count=count)
    tip = _(
        "Accuracy on all test images after {steps:,} steps, mean over seeds {first} to {last}. In brackets: "
        "the mean difference from the first run, paired by seed, with its confidence interval of 95% "
        "(Student's t), and the number n of pairs if some are missing."
    ).format(steps=results.steps, first=results.seeds[0], last=results.seeds[-1])
    first, *others = accuracy.T
    return Column(label, tip, (Cell(_mean_text(first)), *(_cell(first, other) for other in others)))


def _cell(first: Accuracies, other: Accuracies) -> Cell:
    found = paired_interval(first.tolist(), other.tolist())
    if not found.count:
        return Cell(_mean_text(other))
    sign = "+" if found.mean >= 0 else "−"
    difference = f"{sign}{abs(found.mean):.2f}"
    if math.isfinite(found.half_width):
        difference = f"{difference} ± {found.half_width:.2f}"
    if found.count < len(first):
        difference = _("{difference}, n = {count}").format(difference=difference, count=found.count)
    return Cell(_mean_text(other), difference)


def _mean_text(accuracy: Accuracies) -> str:
    known = accuracy[np.isfinite(accuracy)]
    return f"{known.mean():.2f}%" if len(known) else "–"
