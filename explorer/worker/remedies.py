"""Which settings help against a failure that a restart alone would repeat."""

from __future__ import annotations

from explorer.core.data.datasets import DatasetError
from explorer.core.params import Value
from explorer.core.settings.config import RunConfig
from explorer.worker.device.devices import DeviceError

_BLAMED: dict[type[Exception], tuple[str, ...]] = {
    DatasetError: ("data.source", "data.classes", "data.subset"),
    DeviceError: ("device",),
}
"""The settings that an error comes from. Their defaults are the data set and the device of any machine."""


def remedy_for(error: Exception, config: RunConfig) -> dict[str, Value]:
    """Return the defaults of the settings that an error comes from, where they differ; empty for none."""
    default = RunConfig()
    names = _BLAMED.get(type(error), ())
    return {name: default.get(name) for name in names if config.get(name) != default.get(name)}
