"""SettingsSharing: settings as text: copied, pasted, dropped, and taken from files and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from explorer.core.settings.config import ConfigError
from explorer.core.texts import _
from explorer.gui.challenges.result import ResultError, is_result, parse_result
from explorer.gui.main_window import MainWindow
from explorer.gui.messages.announcements import Announcements, AppliedSettings
from explorer.gui.reproduction.settings_text import CarriedSettings, read_settings, shown_settings
from explorer.gui.session.run import Run
from explorer.gui.timeline.run_viewer import RunViewer


class SettingsSharing(QObject):
    """Gives the settings of the run that is shown as text, and takes settings for the live run.

    Settings that come with the origin of their run are offered to be checked.

    Signals
    -------
    resultRequested(object)
        A text was the `ChallengeResult` that is to be checked.
    """

    resultRequested = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        viewer: RunViewer,
        run: Run,
        announcements: Announcements,
        worker_command: Sequence[str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._viewer, self._run = window, viewer, run
        self._announcements, self._worker_command = announcements, worker_command
        announcements.checkRequested.connect(self.check)
        window.textDropped.connect(partial(self.take, source=_("Dropped text")))

    def copy(self) -> None:
        """Copy the settings of the frame that is shown."""
        if content := shown_settings(self._viewer.cursor):
            QGuiApplication.clipboard().setText(content)
            self._window.status.show_event(_("Copied the settings to the clipboard."))

    def paste(self) -> None:
        """Use the settings in the clipboard."""
        self.take(QGuiApplication.clipboard().text(), _("Clipboard"))

    def take(self, content: str, source: str) -> None:
        """Use settings in a text, or check the result of a challenge; say why neither is possible."""
        try:
            if is_result(content):
                self.resultRequested.emit(parse_result(content))
            else:
                self.apply(read_settings(content, source), source)
        except (ConfigError, ResultError) as error:
            self._announcements.refuse(str(error))

    def apply(self, carried: CarriedSettings, source: str | Path) -> None:
        """Use settings for the live run, and say whose they are."""
        self._viewer.show_live()
        self._run.set_config(carried.config)
        self._announcements.show_settings(AppliedSettings(str(source), carried.config, carried.origin))

    def check(self, settings: AppliedSettings) -> None:
        """Train the first steps of the run of some settings again, and compare."""
        from explorer.gui.reproduction.dialog import ReproductionDialog  # not before it is needed

        if settings.origin is not None:
            dialog = ReproductionDialog(self._window, self._worker_command, settings.origin, settings.config)
            self._window.closeRequested.connect(dialog.close)
            dialog.show()
