"""How an error is told: what failed, and the settings with which the same would not fail again."""

from __future__ import annotations

import traceback

from explorer.core.data.dataset import ClassCountError, DatasetError
from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.core.texts import TextError, text
from explorer.worker.device.devices import DeviceError

_BLAMED: dict[type[Exception], tuple[str, ...]] = {
    DatasetError: ("data.source", "data.classes", "data.subset"),
    DeviceError: ("device",),
}
"""The settings that an error comes from. Their defaults are the data set and the device of any machine."""


def failed_with(error: Exception, run: int, where: str, seq: int, config: RunConfig | None) -> m.Failed:
    """Return the event that tells of an error.

    Parameters
    ----------
    error : Exception
        What was raised. Of one that a person can correct, only the sentence is told.
    run, seq : int
        Number of the run, and of the configuration ``config`` that was requested.
    where : str
        Name of the command, or ``training``.
    """
    if not isinstance(error, TextError):
        what = text("{kind}: {error}", kind=type(error).__name__, error=error)
        details = "".join(traceback.format_exception(error))
        return m.Failed(run, what, where, traceback=details, config_seq=seq)
    remedy = {} if config is None else _remedy_for(error, config)
    return m.Failed(run, error.text, where, config_seq=seq, remedy=remedy)


def _remedy_for(error: Exception, config: RunConfig) -> dict[str, Value]:
    """Return the defaults of the settings that an error comes from, where they differ; empty for none.

    A wrong number of classes is set right.
    """
    if isinstance(error, ClassCountError):
        return {"data.classes": error.found}
    default = RunConfig()
    names = _BLAMED.get(type(error), ())
    return {name: default.get(name) for name in names if config.get(name) != default.get(name)}
