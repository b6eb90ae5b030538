"""How to run a run again: its settings as a file, and the command."""

from __future__ import annotations

import math
import shlex

from msgspec.structs import replace

from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig, flatten, usual_values
from explorer.export.origin import first_config, losses_of, origin_of
from explorer.export.settings_head import carried_text
from explorer.export.sharing import shared_config

_EPOCH_PARTS = 10**6


def settings_file(recording: Recording, until: int) -> str:
    """Return the settings at the start of a run as TOML, which the program opens and takes from a page.

    They carry what is needed to check the run, up to the step ``until``.
    """
    config = first_config(recording)
    header = replace(recording.header, config=config)
    changes = (change for change in recording.settings if change.step < until)
    origin = origin_of(config, losses_of(recording), header, recording.started, changes, until)
    return carried_text(config, recording.steps[0], origin)


def command_line(config: RunConfig, epoch: float) -> str:
    """Return the command that trains with these settings up to an epoch, and records it."""
    usual = usual_values(config)
    words = ["loss-explorer", "train", "--loss", config.loss.name]
    for name, value in flatten(shared_config(config)).items():
        if value != usual[name]:
            written = str(value).lower() if isinstance(value, bool) else str(value)
            words += ["--set", f"{name}={written}"]
    # Rounded down, so that training stops at the step of this epoch rather than at the one after it.
    words += ["--epochs", str(math.floor(epoch * _EPOCH_PARTS) / _EPOCH_PARTS), "--record", "again.lossrun"]
    return shlex.join(words)
