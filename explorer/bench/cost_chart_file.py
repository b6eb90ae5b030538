"""Writes the chart of the cost of losses to a file, without a window."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from explorer.bench.budgets import FIGURES
from explorer.bench.cost_chart import CostChart, CostCurve, CostPanel
from explorer.bench.figures import Verdict
from explorer.core.texts import N_, _
from explorer.gui.export.images import save_png
from explorer.gui.starting.start import has_display
from explorer.gui.theme.application import make_application
from explorer.gui.theme.theme import LIGHT

_TITLES = {"scale.time": N_("Time per step"), "scale.memory": N_("Peak memory")}
_SCALE = 2.0


def write_cost_chart(path: Path, verdicts: Sequence[Verdict]) -> None:
    """Draw the figures of the section ``scale`` into a PNG file.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    if not has_display(os.environ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    make_application()
    save_png(CostChart(LIGHT, panels_of(verdicts), _(FIGURES["scale.time"].text)), path, _SCALE)


def panels_of(verdicts: Sequence[Verdict]) -> list[CostPanel]:
    """Return a panel per kind of cost; names of verdicts end in loss and number of classes."""
    panels = []
    for figure, title in _TITLES.items():
        curves: dict[str, list[tuple[float, float]]] = {}
        for verdict in verdicts:
            name, loss, classes = verdict.name.rsplit(".", 2)
            if name == figure:
                curves.setdefault(loss, []).append((float(classes), verdict.value))
        kept = tuple(CostCurve(loss, tuple(sorted(points))) for loss, points in curves.items())
        panels.append(CostPanel(_(title), FIGURES[figure].unit, kept))
    return panels
