"""RocPage: the operating characteristic, and a table of error rates and of identification."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from explorer.analysis.verification.identification import OPEN_SET_FAR
from explorer.analysis.verification.plan import GALLERY
from explorer.analysis.verification.roc import FALSE_ACCEPTS, UNKNOWN, EqualErrors, Rate
from explorer.core.texts import N_, _
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.verification.content import VerificationContent, distance_text
from explorer.gui.views.verification.roc_plot import RocPlot

_EER = N_("Rate at which false accepts and false rejects are equally frequent")
_OTHER = N_("The same rate for the other classes, and how far it is from the one above in percentage points")
_TAR = N_(
    "True accept rate (TAR): fraction of same pairs that are accepted at a threshold that accepts at most "
    "this fraction of different pairs; a dash where there are too few pairs to tell"
)
_AREA = N_("Probability that a same pair is nearer than a different pair")
_RANK_1 = N_("Fraction of the other test images whose nearest image of the gallery is of their class")
_OPEN_SET = N_(
    "Each class in turn is absent from the gallery. Fraction of the other images that are identified and "
    "accepted, at a threshold that accepts this fraction of the images of absent classes"
)

_OTHER_ROW = 1
"""The row of the other group of classes."""
_LEAST_LINES, _FLAT_LINES = 7, 5
"""Least height of the curve in lines of text, with and without its title; the table below it scrolls."""


class RocPage(QWidget):
    """The curve of a `VerificationContent` above its `RateTable`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.plot, self.rates = RocPlot(theme), RateTable(theme)
        self._scroll = _Scroll(self.rates)
        self._titled = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.plot, 1)
        column.addWidget(self._scroll)

    def show_content(
        self, content: VerificationContent, threshold: float, theme: Theme, *, logarithmic: bool
    ) -> None:
        """Show a content, and the operating point of a threshold."""
        self.plot.show_content(content, threshold, theme, logarithmic=logarithmic)
        self.rates.show_content(content, theme)
        self._share_room()

    def set_room(self, *, titled: bool, noted: bool) -> None:
        """Show or hide the title of the axis, and what the intervals count."""
        self._titled = titled
        self.plot.set_titled(titled)
        self.rates.note.setVisible(noted)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines of the note break elsewhere at another width."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Give the table its height at once: a picture of the page does not wait for the event loop."""
        lines = _LEAST_LINES if self._titled else _FLAT_LINES
        self.plot.setMinimumHeight(lines * self.fontMetrics().height())
        self._scroll.updateGeometry()
        for part in (self, self.rates):
            layout = part.layout()
            if layout is not None:
                layout.activate()


class _Scroll(QScrollArea):
    """As high as its widget, or lower, and then it scrolls."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidget(content)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """Return the size of the widget at this width."""
        hint = self._content.sizeHint()
        page = self.parentWidget()
        width = self.width() if page is None else page.width()
        wrapped = self._content.heightForWidth(width) if self._content.hasHeightForWidth() else 0
        return QSize(hint.width(), wrapped if wrapped > 0 else hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return room for a few rows, and for all columns."""
        return QSize(self._content.minimumSizeHint().width(), 3 * self.fontMetrics().height())


class RateTable(QWidget):
    """Rows of a name, a number and its 95% interval, and a sentence on what the intervals count."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._styled = ""
        self.titles: list[QLabel] = []
        self.setAutoFillBackground(True)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(10, 3, 10, 3)
        self.grid.setVerticalSpacing(1)
        self.grid.setHorizontalSpacing(16)
        self.grid.setColumnStretch(3, 1)
        RelativeFont(self, SMALL_TYPE)
        self._widen()
        self.rows = [
            self._add_row(name, _(tip))
            for name, tip in (
                (_("Equal error rate (EER)"), _EER),
                ("", _OTHER),
                *((_("TAR at FAR {far:g}").format(far=far), _TAR) for far in FALSE_ACCEPTS),
                (_("Area under the curve"), _AREA),
                (_("Identification, rank 1"), _RANK_1),
                (_("Open set, FAR {far:g}").format(far=OPEN_SET_FAR), _OPEN_SET),
            )
        ]
        self.note = self._label("", "")
        self.note.setWordWrap(True)
        self.grid.addWidget(self.note, self.grid.rowCount(), 0, 1, 4)
        TableCopier(self, N_("Copy rates"), RateTable.content_text)
        self._style(theme)

    def content_text(self) -> str:
        """Return the rows in sight as text: name, number and interval."""
        rows = zip(self.titles, self.rows, strict=True)
        return lines_of(
            [label.text() for label in (title, *cells)] for title, cells in rows if not title.isHidden()
        )

    def show_content(self, content: VerificationContent, theme: Theme) -> None:
        """Show the rates of a frame; that of the other group only where classes were left out of training."""
        if self._styled != theme.look:
            self._style(theme)
        found, other = content.found, content.other
        equal, roc, plan = found.equal, found.roc, found.plan
        name = _("EER, classes trained on") if content.group == "unseen" else _("EER, classes left out")
        self.titles[_OTHER_ROW].setText(name)
        for label in (self.titles[_OTHER_ROW], *self.rows[_OTHER_ROW]):
            label.setVisible(other is not None)
        texts = [
            ("–", "") if equal is None else (f"{equal.rate:.2%}", _at(equal)),
            _beside(equal, None if other is None else other.equal),
            *map(_in_words, found.accepts or (UNKNOWN,) * len(FALSE_ACCEPTS)),
            ("–" if roc is None else f"{roc.area:.4f}", ""),
            _in_words(found.identification.rank_1),
            _in_words(found.identification.open_set),
        ]
        for labels, row in zip(self.rows, texts, strict=True):
            for label, text in zip(labels, row, strict=True):
                label.setText(text)
        self.note.setText(
            _(
                "In brackets: intervals at 95% (Wilson). Pairs share images, so the interval of TAR counts "
                "only {independent:,} same pairs that have no image in common. Gallery: {gallery:,} images, "
                "at most {each} of a class; {probes:,} others are identified."
            ).format(
                independent=min(plan.independent, len(found.same.pairs)),
                gallery=len(plan.gallery),
                each=GALLERY,
                probes=len(plan.probes),
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        """Make room for the numbers in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._widen()

    def _widen(self) -> None:
        """Give the numbers columns that keep still."""
        for column, widest in ((1, "100.00%"), (2, "(100.00–100.00%)")):
            self.grid.setColumnMinimumWidth(column, self.fontMetrics().horizontalAdvance(widest))

    def _add_row(self, name: str, tip: str) -> tuple[QLabel, QLabel]:
        row = self.grid.rowCount()
        title, value, interval = self._label(name, tip), self._label("", tip), self._label("", tip)
        self.titles.append(title)
        for column, label in enumerate((title, value, interval)):
            if column:
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.grid.addWidget(label, row, column)
        return value, interval

    def _label(self, text: str, tip: str) -> QLabel:
        label = QLabel(text)
        RelativeFont(label, SMALL_TYPE)
        label.setToolTip(wrapped(tip))
        return label

    def _style(self, theme: Theme) -> None:
        self._styled = theme.look
        colors = QPalette(self.palette())
        colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
        self.setPalette(colors)
        muted = QPalette(colors)
        muted.setColor(QPalette.ColorRole.WindowText, color(theme.muted))
        self.note.setPalette(muted)


def _at(equal: EqualErrors) -> str:
    return _("at {distance}").format(distance=distance_text(equal.threshold))


def _beside(equal: EqualErrors | None, other: EqualErrors | None) -> tuple[str, str]:
    """Return the rate of the other group, and its distance from that of the group that is shown."""
    if other is None:
        return "–", ""
    if equal is None:
        return f"{other.rate:.2%}", ""
    points = 100 * abs(other.rate - equal.rate)
    return f"{other.rate:.2%}", _("gap {points:.2f} points").format(points=points)


def _in_words(rate: Rate) -> tuple[str, str]:
    """Return a rate and its interval, both in percent."""
    if math.isnan(rate.value):
        return "–", ""
    return f"{rate.value:.2%}", f"({100 * rate.low:.2f}–{rate.high:.2%})"
