"""The README lists every key that does something, as the table of commands has it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from explorer.gui.actions import all_entries
from explorer.gui.commands.command import Menu
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.classes.view import ClassesView
from explorer.gui.views.curves.view import CurvesView
from explorer.gui.views.draw.view import DrawView
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.margin_curve.view import MarginCurveView
from explorer.gui.views.samples.view import SamplesView
from explorer.gui.views.two_classes.view import TwoClassesView

README = Path(__file__).parents[3] / "README.md"
WHERE = {
    "window": "anywhere",
    "features": "Features",
    "axes": "2-D plots",
    "space": "Features in 3-D",
    "curves": "Curves",
    "histogram": "Angles, histogram",
    "matrix": "tables of classes by classes",
    "gallery": "images",
    "class table": "Classes",
    "pad": "drawing pad",
    "legend": "legend",
    "button": "buttons",
    "tick menu": "menus of a view",
    "number field": "number fields",
}
PANELS = [
    FeaturesView.title,
    "Settings",
    *(
        view.title
        for view in (
            AnglesView,
            MarginCurveView,
            TwoClassesView,
            CurvesView,
            ClassesView,
            SamplesView,
            DrawView,
        )
    ),
    "Log",
]


def key_rows() -> list[str]:
    """Return the lines of the README's table: one per group of keys, of each command the first key."""
    commands = [c for c in all_entries(PANELS) if not isinstance(c, Menu) and c.shortcuts]
    commands.sort(key=lambda command: list(WHERE).index(command.context))
    rows = ["| key | where | does |", "|---|---|---|"]
    for (context, menu, _), found in groupby(commands, lambda c: (c.context, c.menu, c.group)):
        apart = context == "window" and menu != "panels"
        members = list(found)
        for group in [[member] for member in members] if apart else [members]:
            keys = " ".join(f"`{command.shortcuts[0]}`" for command in group)
            does = ", ".join(command.name for command in group)
            rows.append(f"| {keys} | {WHERE[context]} | {does} |")
    return rows


def test_the_readme_lists_the_keys_of_the_table() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    start = lines.index("| key | where | does |")
    listed = lines[start : lines.index("", start)]
    assert listed == key_rows()
