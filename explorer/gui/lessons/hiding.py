"""Hiding: keeps the parts that a lesson names out of a window, whatever way leads to them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance

from explorer.core.texts import _
from explorer.gui.lessons.parts import ALWAYS, GROUPS, KEPT, PANELS, PARTS

if TYPE_CHECKING:
    from explorer.gui.app import App


def hide_parts(app: App, names: Collection[str]) -> None:
    """Hide parts of `PARTS` in the window of an app, and what no lesson shows, for as long as it is open."""
    parts = [*(PARTS[name] for name in names), ALWAYS]
    menus = {menu for part in parts for menu in part.menus}
    app.actions.hide({command for part in parts for command in part.commands}, menus, KEPT)
    window = app.window
    window.bar_panels([panel for panel in PANELS if panel in names])
    groups = window.side_panel.settings.groups
    for group, section in GROUPS.items():
        groups[section].setHidden(f"settings:{group}" in names)
    window.side_panel.loss.setHidden("settings:loss" in names)
    window.timeline.setHidden("timeline" in names)
    share = window.run_bar.share
    share.setEnabled(any(action.isVisible() for action in share.menu().actions() if not action.isSeparator()))
    compares = "compare" not in names
    for button in (window.side_panel.loss.compare, window.runs.details.compare):
        button.setVisible(compares)
    if "predictions" in names:
        app.predictions.set_enabled(False)
    if "files" in names:
        window.setAcceptDrops(False)
    _refuse_links(app, names)


def _refuse_links(app: App, names: Collection[str]) -> None:
    """Let cards and other texts not lead to what is hidden, and say why nothing happens."""
    theory = app.window.theory
    refused = [theory.guideRequested]
    if "labs" in names:
        refused.append(theory.labRequested)
        theory.set_labs({})
    if "presets" in names:
        refused.append(theory.presetRequested)
    if "settings:loss" in names:
        refused += [theory.lossRequested, *(view.lossRequested for view in app.pane.views.values())]
    for signal in refused:
        _redirect(signal, app)


def _redirect(signal: SignalInstance, app: App) -> None:
    signal.disconnect()
    signal.connect(lambda *_arguments: app.window.status.show_event(_("This lesson does not offer that.")))
