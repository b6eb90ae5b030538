"""PresetMenu: the commands that apply a preset or compare some, read once their menu opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.core.settings.config import ConfigError, RunConfig, flatten
from explorer.core.settings.presets import Preset, list_presets
from explorer.core.texts import N_, _
from explorer.gui.commands.action_set import ActionSet
from explorer.gui.commands.command import Command, Menu
from explorer.gui.commands.compare_menu import presets_of_comparisons
from explorer.gui.data_sets.fitting import on_this_machine, unused_choice_text
from explorer.gui.messages.announcements import Announcements
from explorer.gui.presets.slow_run import SlowRun

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.run_host import RunHost

_FAILURES = N_("Instructive failures")


class PresetMenu(QObject):
    """Fills the menus of presets and of comparisons, and begins runs with presets."""

    def __init__(
        self,
        actions: ActionSet[App],
        host: RunHost,
        announcements: Announcements,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._host = actions, host
        self._announcements = announcements
        self._has_comparisons = False
        SlowRun(host.run, host.speeds, announcements, self)

    def load(self) -> None:
        """Read the presets and add their commands, once the menu opens: starting does not wait for them."""
        if self._actions.menu("presets").isEmpty():
            try:
                self._actions.add(presets(list_presets()))
            except ConfigError as error:
                self._announcements.refuse(str(error))

    def load_comparisons(self) -> None:
        """Do the same with the presets of comparisons."""
        if not self._has_comparisons:
            self._has_comparisons = True
            self._actions.add(presets_of_comparisons())

    def apply(self, preset: Preset) -> None:
        """Begin a fresh run with the settings of a preset, but for those of this machine.

        What it is for is shown, with how long it takes here where that is known, and what becomes of the run
        so far; and where the data set lacks classes that the preset chooses.
        """
        host, time = self._host, self.time_text(preset)
        host.viewer.show_live()
        kept = host.run.under_way and host.recorder.path is not None
        config = self._on_this_machine(preset)
        host.run.begin_with(config)
        remarks = (
            unused_choice_text(flatten(preset.config), config),
            time,
            _("The run so far is kept in Runs.") if kept else "",
        )
        self._announcements.show_preset(preset, *filter(None, remarks))

    def time_text(self, preset: Preset) -> str:
        """Return a sentence about how long a preset takes on this machine, empty where that is not known."""
        return self._host.speeds.text(self._on_this_machine(preset))

    def _on_this_machine(self, preset: Preset) -> RunConfig:
        return on_this_machine(preset.config, self._host.run.config)


def presets(found: Iterable[Preset]) -> Iterator[Menu | Command[App]]:
    """Yield a submenu for each paper or collection, failures last, and a command for each preset in it."""
    members: dict[str, list[Preset]] = {}
    for preset in found:
        members.setdefault(group_title(preset.name), []).append(preset)
    for title, group in sorted(members.items(), key=lambda item: _rank(item[0])):
        menu = Menu(id=f"presets.{title}", text=title, parent="presets")
        yield menu
        for preset in group:
            yield _preset(preset, menu.id)


def group_title(name: str) -> str:
    """Return the title of a preset's submenu, a message id."""
    if name.startswith("paper-defaults-fail"):
        return _FAILURES
    if "published" in name:
        return N_("Published settings")
    if name.startswith("stress-"):
        return N_("Stressors")
    author, _dash, rest = name.partition("-")
    year, _dash, _rest = rest.partition("-")
    citation = f"{author.capitalize()} et al. {year}"  # not shown in another language
    return citation if year.isdigit() else N_("Other losses")


def _rank(title: str) -> int:
    """Return where a submenu stands: subjects first, then papers, which end in a year, then failures."""
    return 2 if title == _FAILURES else int(title[-4:].isdigit())


def _preset(preset: Preset, menu: str) -> Command[App]:
    return Command(
        id=f"preset.{preset.name}",
        text=preset.title.replace("&", "&&"),
        tip=preset.description,
        menu=menu,
        calls=lambda app: app.presets.apply(preset),
    )
