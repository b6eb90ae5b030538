"""DataSetChooser: reads a data set that a person has chosen, with a progress bar, and sets the run to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QProgressDialog

from explorer.core.data.datasets import full_source
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig
from explorer.core.texts import _, ngettext
from explorer.gui.data_sets.fitting import fitting_classes
from explorer.gui.data_sets.reading import FoundData, Reading

if TYPE_CHECKING:
    from explorer.gui.app import App

_STEPS = 1000
_SHOWN_AFTER_MS = 300


class DataSetChooser(QObject):
    """Gives the live run another data set, once that has been read in full.

    A run under way keeps its images: the new data set waits as a pending change for a restart.
    A data set that cannot be used changes nothing; the banner says what is wrong with it.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._window, self._viewer, self._run = app.window, app.viewer, app.run
        self._announcements = app.announcements
        self.reading = Reading(self)
        self.dialog: QProgressDialog | None = None
        self.reading.progressed.connect(self._on_progressed)
        self.reading.loaded.connect(self._on_loaded)
        self.reading.failed.connect(self._on_failed)
        app.viewing.sourceRequested.connect(self.choose)
        app.opener.dataRequested.connect(self.choose)
        app.window.closeRequested.connect(self.stop)

    def choose(self, source: str) -> None:
        """Read the data set of a name, file or folder, and then change the run to it."""
        source = full_source(source)
        self._close_dialog()
        self._announcements.withdraw_refusal()
        self.reading.start(source, self._run.config.data.side)
        title = _("Reading {source}").format(source=Path(source).name)
        dialog = self.dialog = QProgressDialog(title, _("Cancel"), 0, 0, self._window)
        dialog.setWindowTitle(_("Data set"))
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.setMinimumDuration(_SHOWN_AFTER_MS)
        dialog.canceled.connect(self._on_cancelled)

    def stop(self) -> None:
        """End a reading, because the window closes."""
        self.reading.cancel()
        self._close_dialog()

    def _on_progressed(self, done: int, total: int) -> None:
        if self.dialog is not None and total:
            self.dialog.setMaximum(_STEPS)
            self.dialog.setValue(min(_STEPS - 1, _STEPS * done // total))

    def _on_loaded(self, data: FoundData) -> None:
        self._close_dialog()
        self._viewer.show_live()
        self._run.change(changes_for(data, self._run.config))
        self._announcements.inform(found_text(data), until="data.source")

    def _on_failed(self, sentence: str) -> None:
        self._close_dialog()
        self._announcements.refuse(sentence)
        self._window.side_panel.set_config(self._run.config)  # what was typed is not in force

    def _on_cancelled(self) -> None:
        self.stop()
        self._window.side_panel.set_config(self._run.config)

    def _close_dialog(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.canceled.disconnect()
            dialog.hide()
            dialog.deleteLater()


def changes_for(data: FoundData, config: RunConfig) -> dict[str, Value]:
    """Return what a run has to change to train on a data set; classes that it lacks are chosen no more."""
    count = len(data.spec.class_names)
    own: dict[str, Value] = {"data.source": data.source, "data.classes": count}
    return own | fitting_classes(config.data, count)


def found_text(data: FoundData) -> str:
    """Return what a data set has, and what was done to make it fit."""
    count = len(data.spec.class_names)
    sentence = ngettext(
        "{title}: {count:,} class, {train:,} training and {test:,} test images of {size} pixels.",
        "{title}: {count:,} classes, {train:,} training and {test:,} test images of {size} pixels.",
        count,
    ).format(title=data.spec.title, count=count, train=data.train, test=data.test, size=data.size)
    for note in data.spec.notes:
        sentence = _("{sentence} {remark}").format(sentence=sentence, remark=note)
    return sentence
