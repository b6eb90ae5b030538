"""What others may read: the person's folder, whose name may be theirs, is written as ``~``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from explorer.core.params import Value
from explorer.core.settings.config import RunConfig

_SOURCE = "data.source"
_BEGINS, _ENDS = r"(?<![\w.~@+-])", r"(?!\.*[\w~@+-])"
"""Before and after a path: no part of a name. A name has dots within it, and a sentence ends in one."""


def without_home(details: str) -> str:
    """Return a text with the person's folder as ``~`` wherever a path begins with it.

    Other folders stay: with ``/root``, neither ``/opt/rootfs`` nor ``/mnt/root`` is meant.
    """
    home = str(Path.home())
    return re.sub(_BEGINS + re.escape(home) + _ENDS, "~", details) if len(home) > 1 else details


def shared_config(config: RunConfig) -> RunConfig:
    """Return settings for others to read; a data set below the person's folder is found as before."""
    source = _shared_source(config.data.source)
    return config if source == config.data.source else config.replace({_SOURCE: source})


def shared_values(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return settings by their dotted names as `shared_config` has them."""
    return {name: _shared_source(str(value)) if name == _SOURCE else value for name, value in values.items()}


def own_config(config: RunConfig) -> RunConfig:
    """Return settings of `shared_config` with the path that the program writes on this machine."""
    source = os.path.expanduser(config.data.source)
    return config if source == config.data.source else config.replace({_SOURCE: source})


def _shared_source(source: str) -> str:
    home = str(Path.home())
    inside = len(home) > 1 and source.startswith(home.rstrip(os.sep) + os.sep)
    return f"~{source[len(home.rstrip(os.sep)) :]}" if inside else source
