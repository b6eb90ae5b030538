"""ReproductionDialog: shows how far a check is, what came of it, and why a loss can differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QVBoxLayout, QWidget

from explorer.core.data.datasets import DatasetError, dataset_digest
from explorer.core.protocol.messages import Started
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.texts import Text, _, ngettext, text
from explorer.export.origin import RunOrigin
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.drawing.background import Background
from explorer.gui.faults import report
from explorer.gui.reproduction.check import Comparison, ReproductionCheck
from explorer.gui.session.continuation import caution

_WIDTH = 460


class ReproductionDialog(QDialog):
    """Checks a run from the moment it is made, until it is closed.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.
    worker_command : sequence of str
        What starts a worker.
    origin : RunOrigin
        How the run came about, and its losses.
    shown : RunConfig
        The settings that came with it.

    Attributes
    ----------
    check : ReproductionCheck
        Trains the steps again.
    """

    def __init__(
        self, parent: QWidget, worker_command: Sequence[str], origin: RunOrigin, shown: RunConfig
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Check the run"))
        self._origin, self._shown = origin, shown
        self._outcome = ""
        self.verdict = WrappedLabel()
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("Progress"))
        self.bar.setRange(0, origin.losses[-1].step)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.rejected.connect(self.reject)
        count = origin.losses[-1].step
        about = WrappedLabel(
            ngettext(
                "The first step is trained again from the seed, and its loss compared. Your run goes on.",
                "The first {count} steps are trained again from the seed, and their losses compared. "
                "Your run goes on.",
                count,
            ).format(count=count)
        )
        for label in (about, self.verdict):
            label.setMinimumWidth(_WIDTH)  # for which its height is then reckoned
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addWidget(self.bar)
        column.addWidget(self.verdict)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self.check = ReproductionCheck(worker_command, self)
        self.check.progressed.connect(self._on_progressed)
        self.check.finished.connect(self._on_finished)
        self.check.failed.connect(self._on_failed)
        self.finished.connect(self.check.stop)
        self._reasons: Background[Text] = Background(self._on_reason_found, report, self)
        try:
            self.check.start(origin, shown)
        except ConfigError as error:
            self._on_failed(error.text)

    def _on_progressed(self, step: int, _of: int) -> None:
        self.bar.setValue(step)

    def _on_finished(self, comparison: Comparison, started: Started) -> None:
        self._outcome = "\n".join(outcome(comparison))
        self._show(self._outcome, good=comparison.same)
        if not comparison.same:
            self._reasons.request(partial(reason, self._origin, started, self._shown))

    def _on_reason_found(self, found: Text) -> None:
        self._show(f"{self._outcome}\n{found}", good=False)

    def _on_failed(self, problem: Text) -> None:
        self._show(_("The run could not be checked. {problem}").format(problem=problem), good=False)

    def _show(self, words: str, *, good: bool) -> None:
        self.bar.hide()
        set_role(self.verdict, "role", "" if good else "error")
        self.verdict.setText(words)
        self.buttons.setStandardButtons(QDialogButtonBox.StandardButton.Close)
        self.adjustSize()


def outcome(comparison: Comparison) -> list[str]:
    """Return what came of a check."""
    told, found, same = comparison.told, comparison.found, comparison.steps
    if told is None:
        return [
            ngettext(
                "✓ Same result: the loss of the first step is equal to the last digit.",
                "✓ Same result: the losses of the first {count} steps are equal to the last digit.",
                same,
            ).format(count=same)
        ]
    if found is None:
        stopped = _("Different: training stopped before step {step:,}, as the loss became NaN or infinite.")
        return [stopped.format(step=told.step)]
    if same + 1 == told.step:
        where = _("Different from step {step:,} on: the loss is {found:.9g} instead of {told:.9g}.")
    else:
        where = _(
            "Different from a step between {first:,} and {step:,} on: the mean loss of these is {found:.9g} "
            "instead of {told:.9g}."
        )
    return [where.format(first=same + 1, step=told.step, found=found.value, told=told.value)]


def reason(origin: RunOrigin, started: Started, shown: RunConfig) -> Text:
    """Return why losses can be others here; reads the files of the data set."""
    source = shown.data.source
    try:
        other_data = bool(origin.data_digest) and dataset_digest(source) != origin.data_digest
    except DatasetError:
        other_data = False  # it was there to be trained on
    if other_data:
        return text("The images of {source} are not those of this run.", source=source)
    if origin.device != started.device:
        return text(
            "This run was trained on {device}, and here on {own}: figures can differ in the last digits.",
            device=origin.device,
            own=started.device,
        )
    known = caution(started, origin.header)
    if known is not None:
        return known
    if origin.threads != started.threads:
        return text(
            "This run was trained on {count} CPU threads, and here on {own}: figures can differ in the last "
            "digits.",
            count=origin.threads,
            own=started.threads,
        )
    return text("Program, PyTorch and machine are the same: these settings did not produce those losses.")
