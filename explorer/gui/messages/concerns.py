"""Flags at the settings that cannot work here, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from explorer.analysis.margins.feasibility import check
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig, flatten
from explorer.gui.controls.side_panel import SidePanel


def show_concerns(
    panel: SidePanel, config: RunConfig, change: Callable[[Mapping[str, Value]], object]
) -> None:
    """Flag what cannot work in a configuration, and nothing else; a remedy's button calls ``change``."""
    concerns = {concern.name: concern for concern in check(config)}
    for name in flatten(config):
        row, concern = panel.row(name), concerns.get(name)
        if row is None:
            continue
        if concern is None:
            row.set_flag("")
        else:
            row.set_flag(concern.text, concern.remedy_label, partial(change, concern.remedy))
