"""CurvesView: the loss and its terms, and the accuracies, over the steps of a run."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.core.history import STEP, History
from explorer.gui.theme import Theme
from explorer.gui.views.curve_plot import Curve, CurvePlot
from explorer.gui.views.plot_style import invitation, style_invitation
from explorer.gui.views.ranges import rung_above
from explorer.gui.views.view import View

LOSS, TERM = "loss", "loss."
_ACCURACIES = (("test_accuracy", "test"), ("train_accuracy", "train"))
_FLOORS = (98.0, 95.0, 90.0, 80.0, 50.0)
_STROKES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)


class CurvesView(View):
    """Two plots over the same steps: loss terms, and training and test accuracy in percent."""

    title = "Curves"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.logarithmic = False
        self.loss = CurvePlot(theme, x="", y="loss", key_at_top=True)
        self.accuracy = CurvePlot(theme, x="step", y="accuracy (%)", key_at_top=False)
        self._invitation = invitation("Loss and accuracy appear here when training starts")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.loss, 1)
        column.addWidget(self.accuracy, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._invitation)
        self._pages.addWidget(page)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Show the loss on a logarithmic scale, or on a linear one."""
        self.logarithmic = logarithmic
        self.refresh()

    def reset_view(self) -> None:
        """Show the whole run."""
        self.loss.reset_view()
        self.accuracy.reset_view()
        self.refresh()

    def draw(self) -> None:
        """Bring the plots in line with history and theme."""
        self._pages.setCurrentIndex(1 if len(self.history) else 0)
        if not len(self.history):
            style_invitation(self._invitation, self.theme)
            return
        steps = self.history.column(STEP)
        losses = loss_curves(self.history, self.theme, self.logarithmic)
        accuracies = accuracy_curves(self.history, self.theme)
        until = rung_above(max(1.0, float(steps[-1])))
        self.loss.show_curves(
            losses, self.theme, (0, until), value_range(losses, self.logarithmic), self.logarithmic
        )
        self.accuracy.show_curves(accuracies, self.theme, (0, until), (accuracy_floor(accuracies), 100.5))


def loss_curves(history: History, theme: Theme, logarithmic: bool) -> list[Curve]:
    """Return the loss, and its terms where there are several; of decimal logarithms where asked for."""
    steps = history.column(STEP)
    terms = [name for name in history.names if name.startswith(TERM)]
    names = [LOSS, *(terms if len(terms) > 1 else [])]
    colors = (theme.text, theme.accent, theme.warning, theme.error, theme.muted)
    curves = []
    for i, name in enumerate(names):
        values = history.column(name)
        stroke = Qt.PenStyle.SolidLine if i == 0 else _STROKES[(i - 1) % len(_STROKES)]
        shown = (
            np.log10(values, out=np.full_like(values, np.nan), where=values > 0) if logarithmic else values
        )
        text = f"{name.removeprefix(TERM)} {_last(values):.3g}"
        curves.append(Curve(steps, shown, text, colors[i % len(colors)], stroke))
    return curves


def accuracy_curves(history: History, theme: Theme) -> list[Curve]:
    """Return test and training accuracy in percent."""
    styles = ((theme.accent, Qt.PenStyle.SolidLine), (theme.warning, Qt.PenStyle.DashLine))
    steps = history.column(STEP)
    return [
        Curve(
            steps, 100 * history.column(name), f"{word} {100 * _last(history.column(name)):.1f}%", rgb, stroke
        )
        for (name, word), (rgb, stroke) in zip(_ACCURACIES, styles, strict=True)
        if np.isfinite(history.column(name)).any()
    ]


def value_range(curves: list[Curve], logarithmic: bool) -> tuple[float, float]:
    """Return limits that hold all values, on round numbers."""
    values = np.concatenate([curve.values for curve in curves])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if logarithmic:
        return math.floor(low * 2) / 2, math.ceil(high * 2 + 1e-9) / 2
    return (0.0 if low >= 0 else -rung_above(-low)), rung_above(max(high, 0.0))


def accuracy_floor(curves: list[Curve]) -> float:
    """Return the lower limit in percent: a round one below the second half of the curves, else zero."""
    later = [curve.values[len(curve.values) // 2 :] for curve in curves]
    values = np.concatenate([*later, np.zeros(0)])
    values = values[np.isfinite(values)]
    least = float(values.min()) if len(values) else 0.0
    return next((floor for floor in _FLOORS if floor < least), 0.0)


def _last(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else math.nan
