"""Announcements: what the banner says of a run, with buttons for what helps."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject

from explorer.core.params import Value
from explorer.core.settings.presets import Preset
from explorer.gui.messages.banner import Banner
from explorer.gui.messages.readout import setting_text
from explorer.gui.session.problem import Problem
from explorer.gui.session.run import Run

_OWN = ("device", "threads", "data.source")
"""Settings of this machine, which a preset leaves as they are."""


class Announcements(QObject):
    """Tells of problems, faults and presets of a run in a banner, and does what its buttons say."""

    def __init__(self, banner: Banner, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._banner, self._run = banner, run
        self._problem = self._preset = ""

    def warn(self, sentence: str) -> None:
        """Say what works less well than it should; nothing where there is nothing to say."""
        if sentence:
            self._banner.show_message("warning", sentence)

    def refuse(self, sentence: str) -> None:
        """Say what could not be done."""
        self._banner.show_message("error", sentence)

    def tell_fault(self, sentence: str, details: str) -> None:
        """Say which error nobody expected."""
        self._banner.show_message("error", sentence, details)

    def tell_problem(self, problem: Problem) -> None:
        """Say what ended a run, and offer to begin again, with the remedy where there is one."""
        actions = [("Restart", self._restart_and_run)]
        if problem.remedy:
            config = self._run.config
            words = ", ".join(
                f"{setting_text(name, config)} {value:g}" for name, value in problem.remedy.items()
            )
            actions.insert(0, (f"Restart with {words}", partial(self._restart_with, problem.remedy)))
        self._banner.show_message("error", problem.text, problem.details, actions)
        self._problem = problem.text

    def withdraw_problem(self) -> None:
        """Take away what was wrong with the run once it goes on, however the person brought that about."""
        self._withdraw(self._problem)
        self._problem = ""

    def apply_preset(self, preset: Preset) -> None:
        """Want the settings of a preset, and say what it is for."""
        own = {name: self._run.config.get(name) for name in _OWN}
        self._run.set_config(preset.config.replace(own))
        actions = [("Restart to apply", self._restart_and_run)] if self._run.pending else []
        self._preset = f"{preset.title}: {preset.description}"
        self._banner.show_message("info", self._preset, actions=actions)

    def withdraw_preset(self) -> None:
        """Take away a preset's description once the loss is another."""
        self._withdraw(self._preset)
        self._preset = ""

    def _withdraw(self, message: str) -> None:
        if message and self._banner.message == message:
            self._banner.hide()

    def _restart_with(self, changes: Mapping[str, Value]) -> None:
        self._run.change(changes)
        self._restart_and_run()

    def _restart_and_run(self) -> None:
        self._run.restart()
        self._run.start()
