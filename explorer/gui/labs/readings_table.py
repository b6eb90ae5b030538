"""The column of numbers beside the picture of a lab: the example that was chosen, and the readings."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTextBoundaryFinder
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from explorer.core.texts import N_, _
from explorer.gui.controls.labels import SmallLabel, WrappedLabel, set_role
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.labs.lab import Example, Readings

NUMBERS_WIDTH = 310
_MARK = "▸ "
_BELOW = 100
"""Index of an empty row below all others, which takes the room that they do not need."""
_PADDING, _SPACING = 12, 14
_NAMES_WIDTH, _COLUMN_WIDTH = 96, 70
"""Least width of the names, and of a column of numbers that leaves them the rest."""


class ReadingsTable(QWidget):
    """Names on the left, numbers on the right, in as many columns as the readings have.

    A marked number is bold and has a sign before it, since colour and weight alone may not be seen.
    """

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(_SPACING)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(_BELOW, 1)
        self._cells: dict[tuple[int, int], QLabel] = {}
        self._width = NUMBERS_WIDTH
        self.readings = Readings((), ())
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # for the key that copies
        TableCopier(self, N_("Copy numbers"), ReadingsTable.content_text, has_menu=True)

    def content_text(self) -> str:
        """Return the numbers as text, a line for each row."""
        readings = self.readings
        titles = [("", *readings.columns)] if any(readings.columns) else []
        return lines_of([*titles, *((row.name, *row.values) for row in readings.rows)])

    def show_readings(self, readings: Readings) -> None:
        """Show these numbers."""
        if readings != self.readings:
            self.readings = readings
            self._show()

    def set_width(self, width: int) -> None:
        """Use columns for this width, and for a font that may be another one."""
        self._width = width
        self._show()

    def _show(self) -> None:
        readings = self.readings
        rows = [("", *readings.columns)] if any(readings.columns) else []
        rows += [(row.name, *row.values) for row in readings.rows]
        heads = len(rows) - len(readings.rows)
        used = set()
        for row, texts in enumerate(rows):
            marked = readings.rows[row - heads].marked if row >= heads else ()
            for column, text in enumerate(texts):
                used.add((row, column))
                is_marked = column - 1 in marked
                cell = self._cell(row, column)
                whole = text.replace("-", "‑") if row < heads else text  # no line ends within a name
                cell.setText(f"{_MARK}{text}" if is_marked else whole)
                quiet = row < heads or column == 0
                set_role(cell, "role", "value" if is_marked else "muted" if quiet else "")
        for place, cell in self._cells.items():
            cell.setVisible(place in used)
        columns = max(map(len, rows), default=1)
        least = [_least_width(self._cell(0, column), breaks=bool(heads)) for column in range(1, columns)]
        for column in range(1, self._grid.columnCount()):
            self._grid.setColumnMinimumWidth(column, least[column - 1] if column < columns else 0)
        scale = self._width / NUMBERS_WIDTH  # of the type
        numbers = sum(max(_COLUMN_WIDTH * scale, width) + _SPACING for width in least)
        # Qt takes the height of wrapped text at its least width for the least height of the column.
        names = round(max(_NAMES_WIDTH * scale, self._width - numbers))
        for row in range(len(rows)):
            self._cell(row, 0).setMinimumWidth(names)
        self.setAccessibleName("; ".join(" ".join(filter(None, texts)) for texts in rows))

    def _cell(self, row: int, column: int) -> QLabel:
        if (row, column) not in self._cells:
            wraps = column == 0 or row == 0  # names, and headings
            cell = WrappedLabel() if wraps else QLabel()
            if wraps and column:
                cell.setMinimumWidth(0)
            cell.setTextFormat(Qt.TextFormat.PlainText)
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            cell.setAlignment(side | Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(cell, row, column)
            self._cells[row, column] = cell
        return self._cells[row, column]


def _least_width(label: QLabel, *, breaks: bool) -> int:
    """Return the width in pixels of a text or, where it breaks, of the widest part that stays whole."""
    label.ensurePolished()  # its font is known only then
    text, ends = label.text(), [0]
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    while breaks and (end := finder.toNextBoundary()) >= 0:
        ends.append(end)
    parts = (text[start:end].strip() for start, end in pairwise((*ends, len(text))))
    return 1 + max(label.fontMetrics().horizontalAdvance(part) for part in parts)


class ExampleCard(QFrame):
    """What course notes claim, what is right, and why."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "note", "info")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_PADDING, 8, _PADDING, 8)
        layout.setSpacing(3)
        self._title = WrappedLabel()
        set_role(self._title, "role", "value")
        layout.addWidget(self._title)
        self.parts: dict[str, WrappedLabel] = {}
        for key in ("claim", "correct", "why"):
            head, body = SmallLabel(), WrappedLabel()
            set_role(head, "role", "muted")
            body.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(head)
            layout.addWidget(body)
            self.parts[key] = body
            body.setProperty("head", head)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set_width(NUMBERS_WIDTH)
        self.hide()

    def set_width(self, width: int) -> None:
        """Let the texts fill this width."""
        for body in self.parts.values():
            body.setMinimumWidth(width - 4 * _PADDING)

    def show_example(self, example: Example[Any] | None, options: Any) -> None:
        """Show an example, with what is right for these options; none hides the card."""
        self.setVisible(example is not None)
        if example is None:
            return
        heads = {"claim": _("The course notes"), "correct": _("Correct"), "why": _("Why")}
        correct = example.correct(options) if example.correct else ""
        texts = {"claim": _(example.claim), "correct": correct, "why": _(example.why)}
        self._title.setText(_(example.title))
        for key, body in self.parts.items():
            head = body.property("head")
            head.setText(heads[key])
            body.setText(texts[key])
            head.setVisible(bool(texts[key]))
            body.setVisible(bool(texts[key]))
        self.setAccessibleName("; ".join(f"{heads[key]}: {words}" for key, words in texts.items() if words))


def scrolling(content: QWidget, width: int = 0) -> QScrollArea:
    """Return what scrolls where the window is too small for its content; a width makes it a fixed column."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if width:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(width)
    for part in (area.viewport(), content):
        part.setAutoFillBackground(False)
    return area
