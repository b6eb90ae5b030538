"""How an error is told: what failed, and the settings with which the same would not fail again."""

from __future__ import annotations

import re
import traceback

import torch

from explorer.core.data.dataset import ClassCountError, DatasetError
from explorer.core.params import Value
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.core.texts import Text, TextError, error_text, showable, text
from explorer.worker.device.devices import DeviceError

_BLAMED: dict[type[Exception], tuple[str, ...]] = {
    DatasetError: ("data.source", "data.classes", "data.subset"),
    DeviceError: ("device",),
}
"""The settings that an error comes from. Their defaults are the data set and the device of any machine."""
_LONGEST_DETAILS = 20_000
_CPU_IS_FULL = re.compile(r"can't\sallocate\smemory")
_ASKED = re.compile(r"(?:allocate|for) ([\d.]+) (bytes|[KMGTPE]iB)")
_UNITS = {"bytes": 1, **{f"{letter}iB": 1024**power for power, letter in enumerate("KMGTPE", 1)}}


def failed_with(error: BaseException, run: int, where: str, seq: int, config: RunConfig | None) -> m.Failed:
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
    details = showable("".join(traceback.format_exception(error))[-_LONGEST_DETAILS:])
    if _out_of_memory(error):
        smaller = {} if config is None else _smaller(config)
        return m.Failed(run, _memory_sentence(error), where, details, config_seq=seq, remedy=smaller)
    if not isinstance(error, TextError):
        what = error_text(error)
        return m.Failed(run, what, where, traceback=details, config_seq=seq)
    remedy = {} if config is None else _remedy_for(error, config)
    return m.Failed(run, error.text, where, config_seq=seq, remedy=remedy)


def _out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out: on the CPU, torch raises a RuntimeError that only its words tell."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and _CPU_IS_FULL.search(showable(error)) is not None
    )


def _memory_sentence(error: BaseException) -> Text:
    """Return that memory ran out, how much was asked for where that is known, and what needs less."""
    asked = _ASKED.search(showable(error))
    if asked is None:
        return text("Memory ran out. A smaller batch, a smaller network or fewer plotted images need less.")
    return text(
        "Memory ran out: another {size:,.1f} GB was needed. A smaller batch, a smaller network or fewer "
        "plotted images need less.",
        size=float(asked[1]) * _UNITS[asked[2]] / 1e9,
    )


def _smaller(config: RunConfig) -> dict[str, Value]:
    """Return the default of the first setting that needs more memory than by default; empty for none."""
    default = RunConfig()
    for name in ("optimizer.batch", "data.test_probe", "data.train_probe"):
        value, usual = config.get(name), default.get(name)
        if float(value) > float(usual):
            return {name: usual}
    usual = default.network.name
    return {} if config.network.name == usual else {"network.name": usual}


def _remedy_for(error: Exception, config: RunConfig) -> dict[str, Value]:
    """Return the defaults of the settings that an error comes from, where they differ; empty for none.

    A wrong number of classes is set right.
    """
    if isinstance(error, ClassCountError):
        return {"data.classes": error.found}
    default = RunConfig()
    names = _BLAMED.get(type(error), ())
    return {name: default.get(name) for name in names if config.get(name) != default.get(name)}
