"""OutcomeTable: how many pairs are decided rightly and wrongly at the threshold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from explorer.analysis.verification.roc import Outcomes
from explorer.core.texts import N_, _
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme, mix
from explorer.gui.theme.tooltips import wrapped


class Outcome(Struct, frozen=True):
    """One of the four: its text and its tooltip as message ids, and whether it is an error."""

    text: str
    help: str
    wrong: bool = False


_OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        "true_accepts": Outcome(
            N_("{count:,} true accepts ({rate})"),
            N_("Same pairs up to the threshold; their fraction is the true accept rate (TAR)"),
        ),
        "false_rejects": Outcome(
            N_("{count:,} false rejects ({rate})"), N_("Same pairs beyond the threshold"), wrong=True
        ),
        "false_accepts": Outcome(
            N_("{count:,} false accepts ({rate})"),
            N_("Different pairs up to the threshold; their fraction is the false accept rate (FAR)"),
            wrong=True,
        ),
        "true_rejects": Outcome(
            N_("{count:,} true rejects ({rate})"), N_("Different pairs beyond the threshold")
        ),
    }
)
"""Of same pairs, then of different ones: accepted and rejected, by the name of the count."""


class OutcomeTable(QWidget):
    """Two rows of two counts: same pairs above different ones, accepted before rejected ones."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._styled = ""
        self.setAutoFillBackground(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 3, 10, 3)
        grid.setSpacing(2)
        grid.setHorizontalSpacing(12)
        self.labels = {name: QLabel() for name in _OUTCOMES}
        for place, (name, label) in enumerate(self.labels.items()):
            RelativeFont(label, SMALL_TYPE)
            label.setWordWrap(True)
            label.setToolTip(wrapped(_(_OUTCOMES[name].help)))
            grid.addWidget(label, place // 2, place % 2)
        TableCopier(self, N_("Copy counts"), lambda table: table.text())
        self._style(theme)

    def text(self) -> str:
        """Return the counts as text, those of same pairs in the first line."""
        cells = [label.text() for label in self.labels.values()]
        return lines_of((cells[:2], cells[2:]))

    def show_outcomes(self, found: Outcomes, theme: Theme) -> None:
        """Show the counts, each with its fraction of the pairs of its kind."""
        if self._styled != theme.look:
            self._style(theme)
        totals = (found.true_accepts + found.false_rejects, found.false_accepts + found.true_rejects)
        for place, (name, label) in enumerate(self.labels.items()):
            count, total = getattr(found, name), max(1, totals[place // 2])
            label.setText(_(_OUTCOMES[name].text).format(count=count, rate=f"{count / total:.2%}"))

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
