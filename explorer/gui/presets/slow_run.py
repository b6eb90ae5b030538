"""SlowRun: says so where a run takes many minutes here, and offers the Compact network."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.core.texts import _
from explorer.gui.messages.announcements import Announcements
from explorer.gui.presets.speeds import MeasuredSpeeds
from explorer.gui.session.continuation import duration
from explorer.gui.session.run import Run

_LONG = 300.0
"""Seconds that somebody who wants to see a figure may wait."""
_COMPACT = "compact"
"""The network that is offered."""
_FASTER = 2.0
"""How many times as fast it is at least where its speed is known."""


class SlowRun(QObject):
    """Watches a run, and warns once of each that is slow because of its network."""

    def __init__(
        self, run: Run, speeds: MeasuredSpeeds, announcements: Announcements, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._run, self._speeds, self._announcements = run, speeds, announcements
        self._is_told = False
        run.snapshotChanged.connect(self._on_snapshot_changed)

    def _on_snapshot_changed(self) -> None:
        run = self._run
        if run.snapshot is None:
            self._is_told = False  # another run begins
        elif not self._is_told and run.phase == "running":
            self._tell()

    def _tell(self) -> None:
        config = self._run.config
        found = self._speeds.estimate(config)
        if found is None or found.seconds < _LONG or config.network.name == _COMPACT:
            return
        changes = self._run.applicable({"network.name": _COMPACT})
        faster = self._speeds.estimate(config.replace(changes))
        if not changes or (faster is not None and found.seconds < _FASTER * faster.seconds):
            return
        self._is_told = True
        sentence = self._speeds.text(config)
        if faster is not None:
            remark = _("The Compact network takes about {duration}.").format(
                duration=duration(faster.seconds)
            )
            sentence = _("{sentence} {remark}").format(sentence=sentence, remark=remark)
        self._announcements.warn(sentence, changes)
