"""The README lists every key that does something, as the table of commands has it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from explorer.gui.app import App
from explorer.gui.commands.command import Command
from explorer.gui.labs.commands import labs_entries

README = Path(__file__).parents[3] / "README.md"
WHERE = {
    "window": "anywhere",
    "features": "Features",
    "axes": "2-D plots",
    "space": "Features in 3-D",
    "curves": "Curves",
    "timeline": "timeline",
    "histogram": "Angles, histogram",
    "threshold": "Verification, threshold",
    "matrix": "tables of classes by classes",
    "gallery": "images",
    "class-table": "Classes",
    "table": "tables",
    "pad": "drawing pad",
    "legend": "legend",
    "button": "buttons",
    "tick-menu": "menus of a view",
    "number-field": "number fields",
    "palette": "command palette",
    "labs": "Labs",
    "lab-point": "Labs and predictions, points",
    "drawn-curve": "T(θ) drawn by hand",
}


@pytest.fixture
def commands(qtbot, tmp_path):
    """The table of commands, with the panels that the window has, and that of the Labs window."""
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    qtbot.addWidget(app.window)
    of_labs = [entry for entry in labs_entries() if isinstance(entry, Command)]
    yield (*app.actions.commands, *of_labs)
    app.window.close()


def key_rows(commands) -> list[str]:
    """Return the lines of the README's table: one per group of keys, of each command the first key."""
    commands = sorted(
        (command for command in commands if command.shortcuts), key=lambda c: list(WHERE).index(c.context)
    )
    rows = ["| key | where | does |", "|---|---|---|"]
    for (context, menu, _), found in groupby(commands, lambda c: (c.context, c.menu, c.group)):
        apart = context == "window" and menu != "panels"
        members = list(found)
        for group in [[member] for member in members] if apart else [members]:
            keys = " ".join(f"`{command.shortcuts[0]}`" for command in group)
            does = ", ".join(command.name for command in group)
            rows.append(f"| {keys} | {WHERE[context]} | {does} |")
    return rows


def test_the_readme_lists_the_keys_of_the_table(commands) -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    start = lines.index("| key | where | does |")
    listed = lines[start : lines.index("", start)]
    assert listed == key_rows(commands)
