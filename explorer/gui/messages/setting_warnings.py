"""Warnings at settings that cannot work in this configuration, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from explorer.analysis.margins.feasibility import Feasibility
from explorer.core.params import Value
from explorer.core.protocol.messages import Device
from explorer.core.settings.config import RunConfig
from explorer.core.texts import _
from explorer.gui.controls.side_panel import SidePanel

_DEVICE = "device"


class SettingWarnings:
    """Warns at the rows of a panel; the buttons of remedies call ``change``."""

    def __init__(self, panel: SidePanel, change: Callable[[Mapping[str, Value]], object]) -> None:
        self._panel, self._change = panel, change
        self._feasibility = Feasibility()
        self._warned: set[str] = set()
        self._limited: set[str] = set()

    def show(self, config: RunConfig) -> None:
        """Warn of what cannot work in this configuration, mark the limits, and do nothing else."""
        limits = self._feasibility.limits(config)
        concerns = {concern.name: concern for concern in self._feasibility.check(config)}
        for name in self._limited - limits.keys():
            row = self._panel.row(name)
            if row is not None:  # another loss has other rows
                row.set_limit(None)
        for name, limit in limits.items():
            row = self._panel.row(name)
            if row is not None:
                row.set_limit(limit)
        for name in self._warned - concerns.keys():
            row = self._panel.row(name)
            if row is not None:
                row.set_warning("")
        for name, concern in concerns.items():
            row = self._panel.row(name)
            if row is not None:
                remedies = (
                    (concern.remedy_label, concern.remedy),
                    *((other.label, other.changes) for other in concern.alternatives),
                )
                row.set_warning(
                    str(concern.text),
                    *((str(label), partial(self._change, changes)) for label, changes in remedies),
                )
        self._warned, self._limited = set(concerns), set(limits)


def show_devices(panel: SidePanel, devices: Sequence[Device]) -> None:
    """Grey out the devices that the worker lacks; none before it has sent which it has."""
    row = panel.row(_DEVICE)
    if row is None:
        return
    names = {device.name for device in devices}
    reason = _("PyTorch cannot use this device here. Available: {devices}.")
    found = _(", ").join(_(row.param.title(name)) for name in sorted(names))
    row.set_unavailable(
        {
            choice: reason.format(devices=found)
            for choice in row.param.choices
            if devices and choice not in names and choice != row.param.default
        }
    )
