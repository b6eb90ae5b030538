"""The entries of the command palette, made from the tables of commands, losses, settings and cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.params import Param, ParamError
from explorer.core.settings.config import find_param, flatten
from explorer.core.texts import _
from explorer.gui.command_palette.matching import PaletteEntry
from explorer.gui.commands.command import plain
from explorer.gui.controls.descriptions import value_text
from explorer.gui.controls.fields import half_width, typed_number
from explorer.gui.focus import go_to
from explorer.gui.guides.guide import GUIDES
from explorer.gui.panels import SETTINGS
from explorer.gui.theory.contents import GROUPS

if TYPE_CHECKING:
    from explorer.gui.app import App

_MOST_CLASSES = 100
_VALUE = re.compile(r"(?P<name>.*?\S)\s*(?:[\s=:：]|(?=[-+.\d]))\s*(?P<value>\S+)\s*")
"""A setting and a value: "margin 0.3", "margin = 0.3", "bias off"."""


def palette_entries(app: App) -> list[PaletteEntry]:
    """Return all that the palette of a window offers now, but for values of settings."""
    return [
        *_commands(app),
        *_losses(app),
        *_settings(app),
        *_classes(app),
        *_documents(app),
    ]


def value_entries(app: App, query: str) -> list[PaletteEntry]:
    """Return what changes a setting to a value, where a query such as "margin 0.3" names both.

    A value that is not valid gives an entry that says why and cannot be chosen.
    """
    match = _VALUE.fullmatch(half_width(query))
    if match is None or not _can_configure(app):
        return []
    name, value = match["name"].casefold(), match["value"]
    found: list[PaletteEntry] = []
    for dotted, param in _params(app):
        if any(word.casefold().startswith(name) for word in _names(dotted, param)):
            found += _setting_to(app, dotted, param, value)
    return found or [entry for spec in LOSSES.values() for entry in _loss_with(app, spec, name, value)]


def _commands(app: App) -> Iterator[PaletteEntry]:
    """Yield the commands that do something; those of presets and guides are read for this."""
    app.presets.load()
    app.presets.load_comparisons()
    app.workspaces.load()
    for kind in GUIDES:
        app.guides.load(kind)
    for command in app.actions.commands:
        if command.calls is None or app.actions.is_hidden(command.id):
            continue
        action = app.actions.action(command.id)
        yield PaletteEntry(
            id=command.id,
            title=command.name,
            place=app.actions.place(command.id),
            tip=_(command.tip),
            hint=app.actions.key(command.id),
            words=(plain(command.text), command.id, *command.aliases),
            enabled=action.isEnabled(),
            run=action.trigger,
        )


def _losses(app: App) -> Iterator[PaletteEntry]:
    for spec in LOSSES.values():
        yield PaletteEntry(
            id=f"loss.{spec.name}",
            title=_(spec.title),
            place=_("Loss › {family}").format(family=_(spec.family)),
            tip=_(spec.summary),
            words=(spec.title, spec.name, *spec.aliases),
            preferred=True,
            run=partial(app.viewing.set_loss, spec.name),
        )


def _settings(app: App) -> Iterator[PaletteEntry]:
    """Yield the settings; choosing one leads to it."""
    config = app.viewer.cursor.config
    for dotted, param in _params(app):
        row = app.window.side_panel.row(dotted)
        if row is not None:
            yield PaletteEntry(
                id=f"setting.{dotted}",
                title=_(param.label),
                place=_("Settings"),
                tip=_(param.help),
                hint=value_text(param, config.get(dotted)),
                words=_names(dotted, param),
                enabled=_can_configure(app),
                run=partial(_go_to_setting, app, dotted),
            )


def _setting_to(app: App, dotted: str, param: Param, written: str) -> Iterator[PaletteEntry]:
    for value in _values(param, written):
        title, enabled = "", True
        try:
            checked = param.check(value, _(param.label))
        except ParamError as error:
            if param.kind not in ("float", "int") or not value[:1].strip("-+.").isdecimal():
                continue
            title, enabled, checked = str(error), False, param.default
        yield PaletteEntry(
            id=f"setting.{dotted}={value}",
            title=title
            or _("Set {name} to {value}").format(name=_(param.label), value=value_text(param, checked)),
            place=_("Settings"),
            tip=_(param.help),
            hint=value_text(param, app.viewer.cursor.config.get(dotted)),
            enabled=enabled,
            run=partial(app.viewing.set_params, {dotted: checked}),
        )


def _loss_with(app: App, spec: LossSpec, name: str, written: str) -> Iterator[PaletteEntry]:
    """Yield a loss with a value of its parameter of a name, for a setting that the present loss has not."""
    for param in spec.params:
        dotted = f"loss.{param.name}"
        if not any(word.casefold().startswith(name) for word in _names(dotted, param)):
            continue
        for value in _values(param, written):
            try:
                checked = param.check(value)
            except ParamError:
                continue
            yield PaletteEntry(
                id=f"loss.{spec.name}+{param.name}={value}",
                title=_("{loss} with {name} {value}").format(
                    loss=_(spec.title), name=_(param.label), value=value_text(param, checked)
                ),
                place=_("Loss › {family}").format(family=_(spec.family)),
                tip=_(param.help),
                run=partial(app.viewing.set_params, {"loss.name": spec.name, dotted: checked}),
            )


def _values(param: Param, written: str) -> list[str]:
    """Return the values that may be meant: a choice by the beginning of its name, a switch by its word."""
    begun = written.casefold()
    if param.kind == "choice":
        names = {choice: (choice, param.title(choice), _(param.title(choice))) for choice in param.choices}
        return [
            choice for choice, words in names.items() if any(w.casefold().startswith(begun) for w in words)
        ]
    if param.kind == "bool":
        switch = {_("on").casefold(): "on", _("off").casefold(): "off"}
        return [switch.get(begun, written)]
    if param.kind == "text":
        return []
    return [written if param.kind == "classes" else typed_number(written)]


def _classes(app: App) -> Iterator[PaletteEntry]:
    state, snapshot = app.pane.state, app.viewer.cursor.snapshot
    if snapshot is None:
        return
    count = snapshot.probe.num_classes
    hidden = state.display.left_out(count)
    place = _("Classes")
    for label in range(min(count, _MOST_CLASSES)):
        title = _("Show class {label}") if label in hidden else _("Hide class {label}")
        yield PaletteEntry(
            id=f"class.toggle.{label}",
            title=title.format(label=snapshot.probe.name(label)),
            place=place,
            run=partial(state.toggle_class, label),
        )
        yield PaletteEntry(
            id=f"class.only.{label}",
            title=_("Show only class {label}").format(label=snapshot.probe.name(label)),
            place=place,
            run=partial(state.isolate_class, label),
        )
    if hidden:
        yield PaletteEntry(
            id="class.all",
            title=_("Show all classes"),
            place=place,
            run=state.show_all_classes,
        )


def _documents(app: App) -> Iterator[PaletteEntry]:
    """Yield cards and labs; presets and guides are commands."""
    theory = app.window.theory.browser
    theory.ensure_read()
    for target, title in theory.titles.items():
        scheme, _colon, name = target.partition(":")
        if scheme not in ("card", "lab"):
            continue
        group = _(GROUPS[theory.cards[name].kind if scheme == "card" else scheme])
        yield PaletteEntry(
            id=target,
            title=title,
            place=_("Theory › {group}").format(group=group) if scheme == "card" else group,
            words=(name,),
            run=partial(_follow, app, target),
        )


def _follow(app: App, target: str) -> None:
    if target.startswith("card:"):
        app.window.show_theory()
    app.window.theory.browser.follow(target)


def _params(app: App) -> Iterator[tuple[str, Param]]:
    """Yield the settings by their dotted names, those of the loss first."""
    config = app.viewer.cursor.config
    for dotted in flatten(config):
        if dotted != "loss.name":
            yield dotted, find_param(dotted, config.loss.spec)


def _names(dotted: str, param: Param) -> tuple[str, ...]:
    return tuple(
        filter(None, (_(param.label), param.label, param.symbol, dotted, param.name, *param.aliases))
    )


def _can_configure(app: App) -> bool:
    return app.viewer.cursor.can_configure


def _go_to_setting(app: App, dotted: str) -> None:
    row = app.window.side_panel.row(dotted)
    if row is not None:
        app.window.bring_up(SETTINGS.id)
        app.window.side_panel.settings.unfold(dotted)
        app.window.side_panel.ensureWidgetVisible(row)
        go_to(row.editor)
