"""The entry points through which installed packages add losses and heads."""

from __future__ import annotations

import os
from importlib.metadata import EntryPoint, entry_points

PLUGINS = "LOSS_EXPLORER_PLUGINS"
"""Name of the variable of the environment that leaves out plug-ins where it is "off"; workers inherit it."""


def plugins(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group; none where plug-ins are off."""
    return () if os.environ.get(PLUGINS) == "off" else tuple(entry_points(group=group))
