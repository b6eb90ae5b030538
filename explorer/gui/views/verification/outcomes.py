"""OutcomeTable: how many pairs are decided rightly and wrongly at the threshold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from explorer.analysis.verification.roc import Outcomes
from explorer.core.texts import N_, _
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.theme.tooltips import wrapped


class Outcome(Struct, frozen=True):
    """One of the four: its text, a short one and its tooltip as message ids, and whether it is an error."""

    text: str
    short: str
    help: str
    wrong: bool = False


_OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        "true_accepts": Outcome(
            N_("{count:,} true accepts ({rate})"),
            N_("{rate} true accepts"),
            N_("Same pairs up to the threshold; their fraction is the true accept rate (TAR)"),
        ),
        "false_rejects": Outcome(
            N_("{count:,} false rejects ({rate})"),
            N_("{rate} false rejects"),
            N_("Same pairs beyond the threshold"),
            wrong=True,
        ),
        "false_accepts": Outcome(
            N_("{count:,} false accepts ({rate})"),
            N_("{rate} false accepts"),
            N_("Different pairs up to the threshold; their fraction is the false accept rate (FAR)"),
            wrong=True,
        ),
        "true_rejects": Outcome(
            N_("{count:,} true rejects ({rate})"),
            N_("{rate} true rejects"),
            N_("Different pairs beyond the threshold"),
        ),
    }
)
"""Of same pairs, then of different ones: accepted and rejected, by the name of the count."""


class OutcomeTable(QWidget):
    """Two rows of two counts: same pairs above different ones, accepted before rejected ones.

    Where one of them would not fit, all four are short: rates alone, with the counts in the tooltips.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._styled = ""
        self._found: Outcomes | None = None
        self.setAutoFillBackground(True)
        grid = self.grid = QGridLayout(self)
        grid.setContentsMargins(10, 3, 10, 3)
        grid.setSpacing(2)
        grid.setHorizontalSpacing(12)
        self.labels = {name: QLabel() for name in _OUTCOMES}
        for place, label in enumerate(self.labels.values()):
            RelativeFont(label, SMALL_TYPE)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(label, place // 2, place % 2)
        TableCopier(self, N_("Copy counts"), lambda table: table.text())
        self._style(theme)

    def text(self) -> str:
        """Return the counts as text, those of same pairs in the first line."""
        cells = self._texts(short=False)
        return lines_of((cells[:2], cells[2:]))

    def show_outcomes(self, found: Outcomes, theme: Theme) -> None:
        """Show the counts, each with its fraction of the pairs of its kind."""
        if self._styled != theme.look:
            self._style(theme)
        self._found = found
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the longest texts that fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the counts, each as long as there is room for."""
        whole = self._texts(short=False)
        across = self.grid.contentsRect().width() - self.grid.horizontalSpacing()
        metrics = self.labels["true_accepts"].fontMetrics()
        widest = max(map(metrics.horizontalAdvance, whole), default=0)
        short = 2 * widest > across
        for (name, label), long, text in zip(
            self.labels.items(), whole, self._texts(short=short), strict=False
        ):
            label.setText(text)
            about = _(_OUTCOMES[name].help)
            label.setToolTip(wrapped(f"{long}\n{about}" if short else about))

    def _texts(self, *, short: bool) -> list[str]:
        found = self._found
        if found is None:
            return []
        totals = (found.true_accepts + found.false_rejects, found.false_accepts + found.true_rejects)
        texts = []
        for place, (name, outcome) in enumerate(_OUTCOMES.items()):
            count, total = getattr(found, name), max(1, totals[place // 2])
            pattern = _(outcome.short if short else outcome.text)
            texts.append(pattern.format(count=count, rate=f"{count / total:.2%}"))
        return texts

    def _style(self, theme: Theme) -> None:
        self._styled = theme.look
        for widget, rgb in (
            (self, theme.text),
            *(
                (label, mix(theme.error, theme.text, 0.25) if _OUTCOMES[name].wrong else theme.text)
                for name, label in self.labels.items()
            ),
        ):
            colors = QPalette(widget.palette())
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            colors.setColor(QPalette.ColorRole.WindowText, color(rgb))
            widget.setPalette(colors)
