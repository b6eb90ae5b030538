"""Flags at the settings that cannot work here, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from explorer.analysis.margins.feasibility import check
from explorer.core.params import Value
from explorer.core.protocol.messages import Device
from explorer.core.settings.config import RunConfig, flatten
from explorer.core.texts import _
from explorer.gui.controls.side_panel import SidePanel

_DEVICE = "device"


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


def show_devices(panel: SidePanel, devices: Sequence[Device]) -> None:
    """Grey out the devices that the worker does not have; none before it has said which it has."""
    row = panel.row(_DEVICE)
    if row is None:
        return
    names = {device.name for device in devices}
    reason = _("The worker's machine has no {device} device that PyTorch can use; it has: {devices}.")
    row.set_unavailable(
        {
            choice: reason.format(device=choice, devices=", ".join(sorted(names)))
            for choice in row.param.choices
            if devices and choice not in names and choice != row.param.default
        }
    )
