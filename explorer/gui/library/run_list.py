"""RunList: the runs of a library, each with its picture and three lines of text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from explorer.core.texts import N_, _
from explorer.gui.export.table_copy import TableCopier, lines_of
from explorer.gui.library.files import picture_path
from explorer.gui.library.library import RunItem
from explorer.gui.library.wording import RunRow, date_text, result_text, settings_text, spoken_text, title_of

_ROW = Qt.ItemDataRole.UserRole
_PADDING = 6
_INDENT = 18
"""Pixels by which a run stands to the right of the one that it continues."""
_MOST_INDENTS = 4
_LINES = 3
_LEAST_WIDTH = 220
_MOST_PICTURES = 200
"""Pictures that are kept, of 64 kB each: a folder may have thousands of runs."""

AnyIndex = QModelIndex | QPersistentModelIndex


class RunModel(QAbstractListModel):
    """The runs of a list, in the order in which they are shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[RunRow, ...] = ()

    def set_rows(self, rows: tuple[RunRow, ...]) -> bool:
        """Show these runs; return whether rows have come, gone or moved."""
        same = [row.item.path for row in rows] == [row.item.path for row in self.rows]
        if same:
            before, self.rows = self.rows, rows
            for number, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(number), self.index(number))
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        return not same

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Return the number of runs."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the run, or all that its row says."""
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken_text(row.item)
        return None


class RunDelegate(QStyledItemDelegate):
    """Draws a row: the picture of the last features, and three lines of text that are cut where it ends."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures: dict[tuple[Path, int], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Return room for three lines, at whatever size the font has."""
        return QSize(_LEAST_WIDTH, _LINES * option.fontMetrics.lineSpacing() + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw the row of a run."""
        row: RunRow = index.data(_ROW)
        item = row.item
        rect: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(rect, palette.highlight())
        strong = palette.highlightedText() if selected else palette.text()
        faint = palette.highlightedText() if selected else palette.placeholderText()
        inside = rect.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        if row.lines:
            painter.setPen(faint.color())
            self._draw_lines(painter, rect, row.lines[-_MOST_INDENTS:])
            inside.setLeft(inside.left() + _INDENT * min(row.depth, _MOST_INDENTS))
        place = QRect(inside.topLeft(), QSize(inside.height(), inside.height()))
        painter.fillRect(place, palette.base())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        picture = self._picture(item)
        if not picture.isNull():
            painter.drawPixmap(place, picture)
        lines = inside.adjusted(inside.height() + 2 * _PADDING, 0, 0, 0)
        height = lines.height() // _LINES
        self._write(
            painter,
            lines,
            title_of(item),
            _("Pinned") if item.notes.pinned else "",
            strong.color(),
            bold=True,
        )
        lines.translate(0, height)
        self._write(painter, lines, settings_text(item), "", faint.color(), bold=False)
        lines.translate(0, height)
        self._write(painter, lines, result_text(item), "", faint.color(), bold=False)
        painter.restore()

    def _draw_lines(self, painter: QPainter, rect: QRect, lines: tuple[bool, ...]) -> None:
        """Draw the lines of a tree: from the run that this one continues, and past it to other branches."""
        middle = rect.center().y()
        for level, follows in enumerate(lines):
            x = rect.left() + _PADDING + _INDENT * level + _INDENT // 2
            if level == len(lines) - 1:
                painter.drawLine(x, rect.top(), x, rect.bottom() if follows else middle)
                painter.drawLine(x, middle, x + _INDENT // 2 - 3, middle)
            elif follows:
                painter.drawLine(x, rect.top(), x, rect.bottom())

    def _write(
        self, painter: QPainter, line: QRect, text: str, mark: str, color: QColor, *, bold: bool
    ) -> None:
        font = QFont(painter.font())
        painter.save()
        painter.setPen(color)
        top = Qt.AlignmentFlag.AlignTop
        if mark:
            painter.drawText(line, top | Qt.AlignmentFlag.AlignRight, mark)
            line = line.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(mark) - _PADDING, 0)
        font.setBold(bold)
        painter.setFont(font)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, top | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _picture(self, item: RunItem) -> QPixmap:
        """Return the picture of a run, read again once its file has changed; empty where there is none."""
        key = (item.path, item.modified)
        if item.recording or item.summary is None:
            return QPixmap()
        if key not in self._pictures:
            while len(self._pictures) >= _MOST_PICTURES:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[key] = QPixmap(str(picture_path(item.path)))
        return self._pictures[key]


class RunList(QListView):
    """A list of runs of which one can be chosen; the choice follows its run when others come and go.

    Signals
    -------
    chosenChanged(object)
        The `RunItem` that is chosen, None where there is none. It comes also when something about it changes.
    """

    chosenChanged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Recorded runs"))
        self._runs = RunModel(self)
        self._showing = False
        self.setModel(self._runs)
        self.setItemDelegate(RunDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        TableCopier(self, N_("Copy list"), lambda runs: runs.text(), has_menu=True)

    def text(self) -> str:
        """Return the runs as text: title, date, settings and result."""
        return lines_of(
            (title_of(item), date_text(item), settings_text(item), result_text(item)) for item in self.items
        )

    @property
    def rows(self) -> tuple[RunRow, ...]:
        """The runs that are shown, in order."""
        return self._runs.rows

    @property
    def items(self) -> tuple[RunItem, ...]:
        """The same without their depth."""
        return tuple(row.item for row in self._runs.rows)

    @property
    def chosen(self) -> RunItem | None:
        """The run that is chosen."""
        row = self.currentIndex().row()
        return self._runs.rows[row].item if 0 <= row < len(self._runs.rows) else None

    def set_rows(self, rows: tuple[RunRow, ...]) -> None:
        """Show these runs."""
        before, place = self.chosen, self.verticalScrollBar().value()
        self._showing = True
        moved = self._runs.set_rows(rows)
        if moved and before is not None:
            self.choose(before.path)
            self.verticalScrollBar().setValue(place)
        self._showing = False
        if self.chosen != before:
            self.chosenChanged.emit(self.chosen)

    def choose(self, path: Path) -> None:
        """Choose the run of a file, where it is shown."""
        for number, row in enumerate(self._runs.rows):
            if row.item.path == path:
                self.setCurrentIndex(self._runs.index(number))

    def _on_current_changed(self) -> None:
        if not self._showing:
            self.chosenChanged.emit(self.chosen)
