"""Stage: what a guide does to a window and its run, and what it sees of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from explorer.core.data.resources import resource
from explorer.core.settings.config import RunConfig, flatten
from explorer.core.settings.presets import find_preset
from explorer.core.texts import Text, _, text
from explorer.gui.data_sets.fitting import changed_on_this_machine, on_this_machine, unused_choice_text
from explorer.gui.guides.condition import Condition
from explorer.gui.guides.guide import GUIDES, Guide, GuideError
from explorer.gui.guides.progress import Situation
from explorer.gui.guides.table import Act, StepTable
from explorer.gui.labs.titles import lab_titles
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theory.document import FALLBACK

if TYPE_CHECKING:
    from explorer.gui.app import App


class Stage(QObject):
    """Acts on the window of an app through what a person uses: settings, run, panels, labs and cards."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        self._layout = app.window.saved_layout

    def check(self, guide: Guide) -> None:
        """Raise GuideError where a guide names a panel, lab, card or display option that does not exist."""
        for step in guide.steps:
            problem = self.problem_of(step.table)
            if problem is not None:
                raise GuideError(
                    "{guide}, step {id!r}: {problem}.", guide=guide.title, id=step.table.id, problem=problem
                )

    def problem_of(self, table: StepTable) -> Text | None:
        """Return what a step names that does not exist, None where all does."""
        for target in (*table.show, *(condition.seen for condition in table.until if condition.seen)):
            if not self._is_there(target):
                return text("there is no panel, lab or card {name!r}", name=target)
        options = [(name, value) for name, value in table.options.items()]
        options += [(c.option, c.comparisons[0]) for c in table.until if c.option]
        for name, value in options:
            try:
                self._changed_options(name, value)
            except (LookupError, msgspec.ValidationError):
                return text("there is no display option {name!r}", name=f"{name} = {value}")
        return None

    def reset(self) -> None:
        """Begin as a new window does: default settings, options and layout, and an untrained run."""
        app, run, pane = self._app, self._app.run, self._app.pane
        app.viewer.show_live()
        run.pause()
        run.set_config(on_this_machine(RunConfig(), run.config))
        if run.under_way:
            run.restart()
        for view_id, view in pane.views.items():
            pane.set_options(view_id, type(view.options)())
        pane.state.set_display(DisplaySettings())
        pane.clear_selection()
        pane.reset_views()
        app.labs.close()
        app.window.restore_layout(self._layout)

    def perform(self, step: StepTable) -> None:
        """Do what a step says, in the order of its table."""
        if step.preset or step.set or step.run:
            self._app.viewer.show_live()
        self._change_settings(step)
        for name, value in step.options.items():
            view_id, options = self._changed_options(name, value)
            self._app.pane.set_options(view_id, options)
        for target in step.show:
            self.show_target(target)
        for act in step.run:
            self._ask(act)

    def _change_settings(self, step: StepTable) -> None:
        run, wanted = self._app.run, dict(step.set)
        if step.preset:
            preset = find_preset(step.preset).config
            wanted = {**flatten(preset), **wanted}
            run.set_config(on_this_machine(preset, run.config))
        if step.set:
            run.set_config(changed_on_this_machine(run.config, step.set))
        unused = unused_choice_text(wanted, run.config)
        if unused:
            self._app.announcements.inform(unused, until="loss.name")

    def _ask(self, act: Act) -> None:
        run = self._app.run
        match act:
            case "restart" if run.under_way:
                run.pause()
                run.restart()
            case "start":
                run.start()
            case "pause":
                run.pause()

    def show_target(self, target: str) -> None:
        """Open a panel, or follow a link of a guide's text."""
        scheme, colon, name = target.partition(":")
        window = self._app.window
        if not colon or scheme == "view":
            window.bring_up(name or target)
        elif scheme == "card":
            window.bring_up("theory")
            window.theory.show_card(name)
        elif scheme == "lab":
            self._app.labs.open(name)
        elif scheme == "preset":
            self._app.presets.apply(find_preset(name))
        elif scheme in GUIDES:
            self._app.guides.open(target)
        else:
            QDesktopServices.openUrl(QUrl(target))

    def situation(self, conditions: Iterable[Condition], since: int) -> Situation:
        """Return what the program is at, as far as these conditions need it."""
        run, pane = self._app.run, self._app.pane
        conditions = tuple(conditions)
        targets = [condition.seen for condition in conditions if condition.seen]
        options = [condition.option for condition in conditions if condition.option]
        return Situation(
            config=run.config,
            snapshot=run.snapshot,
            history=run.history,
            events=run.history.events.events,
            running=run.phase == "running",
            rows=pane.state.selection.rows,
            drawn=run.embed_queries.digit is not None,
            options={name: self._option(name) for name in options},
            seen=frozenset(target for target in targets if self._is_seen(target)),
            names={name: self._name(name) for name in (*targets, *options)},
            since=since,
            changed=self._last_change(),
        )

    def _last_change(self) -> int:
        """Return the step at which the settings of the frame began, 0 without a frame."""
        store, snapshot = self._app.run.checkpoints, self._app.run.snapshot
        if store is None or snapshot is None:
            return 0
        _first, changes = store.path(snapshot.config_seq)
        return changes[-1].step if changes else 0

    def _is_there(self, target: str) -> bool:
        scheme, colon, name = target.partition(":")
        if not colon:
            return target in {panel.id for panel in self._app.window.panels[1:]}
        if scheme == "lab":
            return name in lab_titles()
        return scheme == "card" and (resource("theory") / FALLBACK / f"{name}.md").exists()

    def _is_seen(self, target: str) -> bool:
        scheme, colon, name = target.partition(":")
        window = self._app.window
        if not colon:
            return window.is_in_front(target)
        if scheme == "lab":
            labs = self._app.labs.window
            return labs is not None and labs.isVisible() and labs.current == name
        card = window.theory.browser.card if window.is_in_front("theory") else None
        return card is not None and card.id == name

    def _name(self, name: str) -> str:
        """Return what the window calls a panel, a lab, a card or a display option."""
        app, last = self._app, name.replace(":", ".").rpartition(".")[2]
        if name.startswith("lab:"):
            return lab_titles()[last]
        if name.startswith("card:"):
            return app.window.theory.browser.titles.get(name, name)
        panels = {panel.id: _(panel.title) for panel in app.window.panels}
        commands = {command.id: command.name for command in app.actions.commands}
        switch = commands.get(f"show.{last}") or commands.get(f"space.{last}")
        return panels.get(name) or switch or name

    def _option(self, name: str) -> object:
        view_id, _dot, option = name.rpartition(".")
        return getattr(self._app.pane.views[view_id].options, option)

    def _changed_options(self, name: str, value: object) -> tuple[str, msgspec.Struct]:
        """Return a view's id and its options with one changed.

        Raises
        ------
        LookupError
            If there is no such view, or it has no such option.
        msgspec.ValidationError
            If the value is not valid.
        """
        view_id, _dot, option = name.rpartition(".")
        options = self._app.pane.views[view_id].options
        table = msgspec.to_builtins(options)
        if option not in table:
            raise LookupError(name)
        return view_id, msgspec.convert({**table, option: value}, type(options))
