"""The commands that open a comparison: of the settings in force, and of presets.

Another loss is added beside the loss of the window, and a recorded run in the list of runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from explorer.core.texts import N_
from explorer.gui.commands.command import Command, Menu
from explorer.gui.compare.pairs import Pair, list_pairs

if TYPE_CHECKING:
    from explorer.gui.app import App


def comparisons() -> Iterator[Menu | Command[App]]:
    """Yield the menu of comparisons, and the command that needs no preset."""
    yield Menu("compare", N_("&Compare"), parent="run", group="compare")
    yield Command(
        id="compare.current",
        text=N_("Add &current settings to the comparison"),
        tip=N_("Train these settings beside others, or beside recorded runs, in a window of their own."),
        shortcuts=("Ctrl+M",),
        aliases=("compare", "versus", "side by side"),
        menu="compare",
        group="current",
        calls=lambda app: app.comparing.compare_current(),
    )


def presets_of_comparisons() -> Iterator[Command[App]]:
    """Yield the commands of the presets, which are read from their file."""
    yield from (_pair(pair) for pair in list_pairs())


def _pair(pair: Pair) -> Command[App]:
    return Command(
        id=f"compare.{pair.name}",
        text=pair.title,
        tip=pair.description,
        menu="compare",
        group="pairs",
        calls=lambda app: app.comparing.compare_pair(pair),
    )
