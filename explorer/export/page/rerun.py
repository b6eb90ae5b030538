"""How to run a run again: its settings as a file, and the command."""

from __future__ import annotations

import math
import shlex

from explorer.core.recording.reader import Recording
from explorer.core.settings.config import LossConfig, RunConfig, flatten
from explorer.core.settings.files import to_toml
from explorer.export.settings_head import settings_head

_EPOCH_PARTS = 10**6


def first_config(recording: Recording) -> RunConfig:
    """Return the settings at the start of a run."""
    return recording.settings[0].config if recording.settings else recording.header.config


def usual_config(config: RunConfig) -> RunConfig:
    """Return the default settings with the same loss."""
    return RunConfig(loss=LossConfig(config.loss.name))


def settings_file(config: RunConfig, step: int) -> str:
    """Return the settings of a run at a step as TOML, which the program opens and takes from a page."""
    return "\n".join([*settings_head(config, step), to_toml(config)])


def command_line(config: RunConfig, epoch: float) -> str:
    """Return the command that trains with these settings up to an epoch, and records it."""
    usual = flatten(usual_config(config))
    words = ["loss-explorer", "train", "--loss", config.loss.name]
    for name, value in flatten(config).items():
        if value != usual[name]:
            written = str(value).lower() if isinstance(value, bool) else str(value)
            words += ["--set", f"{name}={written}"]
    # Rounded down, so that training stops at the step of this epoch rather than at the one after it.
    words += ["--epochs", str(math.floor(epoch * _EPOCH_PARTS) / _EPOCH_PARTS), "--record", "again.lossrun"]
    return shlex.join(words)
