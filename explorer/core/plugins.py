"""The entry points through which installed packages add losses and heads."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint, entry_points
from typing import Any

PLUGINS = "LOSS_EXPLORER_PLUGINS"
"""Name of the variable of the environment that leaves out plug-ins where it is "off"; workers inherit it."""


def plugins(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group; none where plug-ins are off."""
    return () if os.environ.get(PLUGINS) == "off" else tuple(entry_points(group=group))


def load(point: EntryPoint) -> Any:
    """Return what an entry point names; what its package prints meanwhile goes to standard error.

    Standard output is that of a command, such as JSON. Whatever the package raises is raised.
    """
    with redirect_stdout(sys.stderr):
        return point.load()
