"""ReproductionDialog: shows how far a check is, what came of it, and why a loss can differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.core.data.datasets import DatasetError, dataset_digest
from explorer.core.protocol.messages import Started
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.texts import Text, _, ngettext, text
from explorer.export.origin import RunOrigin
from explorer.gui.controls.labels import WrappedLabel
from explorer.gui.drawing.background import Background
from explorer.gui.export.work_dialog import WorkDialog
from explorer.gui.faults import report
from explorer.gui.reproduction.check import CheckedRun, Comparison, ReproductionCheck
from explorer.gui.session.continuation import caution

_WIDTH = 460


class ReproductionDialog(WorkDialog):
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
        self.check = ReproductionCheck(worker_command)
        super().__init__(parent, _("Check the run"), self.check, "")
        self._origin, self._shown = origin, shown
        self._outcome = ""
        count = origin.losses[-1].step
        about = WrappedLabel(
            ngettext(
                "The first step is trained again from the seed, and its loss compared. Your run goes on.",
                "The first {count} steps are trained again from the seed, and their losses compared. "
                "Your run goes on.",
                count,
            ).format(count=count)
        )
        for label in (about, self.message):
            label.setMinimumWidth(_WIDTH)  # for which its height is then reckoned
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addWidget(self.status)
        column.addStretch(1)
        column.addWidget(self.buttons)
        self._reasons: Background[Text] = Background(self._on_reason_found, report, self)
        self.show_working(working=True)
        self.left.clear()
        try:
            self.check.start(origin, shown)
        except ConfigError as error:
            self.show_failure(str(error))

    def reject(self) -> None:
        """Close; a check that is not wanted needs no words."""
        self.check.abandon()
        super().reject()

    def show_message(self, words: str, *, fault: bool = False) -> None:
        """Show what came of it, in as much room as it needs; there is nothing to cancel any more."""
        super().show_message(words, fault=fault)
        self.cancel_button.setText(_("Close") if words else _("Cancel"))
        self.adjustSize()

    def end(self, result: object) -> None:
        """Say what came of it."""
        assert isinstance(result, CheckedRun), "that is what comes of a check"
        comparison = result.comparison
        self._outcome = "\n".join(outcome(comparison))
        self.show_message(self._outcome, fault=not comparison.same)
        if not comparison.same:
            self._reasons.request(partial(reason, self._origin, result.started, self._shown))

    def _on_reason_found(self, found: Text) -> None:
        self.show_message(f"{self._outcome}\n{found}", fault=True)

    def show_failure(self, sentence: str) -> None:
        """Say why it cannot be checked."""
        super().show_failure(_("The run could not be checked. {problem}").format(problem=sentence))


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
