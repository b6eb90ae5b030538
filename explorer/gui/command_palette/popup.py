"""PalettePopup: a search field over a list, at the top of the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from explorer.core.texts import _
from explorer.gui.command_palette.matching import PaletteEntry
from explorer.gui.commands.keys import pressed
from explorer.gui.controls.labels import SmallLabel, WrappedLabel, set_role
from explorer.gui.plots.style import SMALL_TYPE, scaled_font

_WIDTH, _LEAST_MARGIN, _TOP = 640, 16, 48
_ROWS = 12
_PADDING, _GAP = 8, 12
_MOVES = {
    "palette.previous": -1,
    "palette.next": 1,
    "palette.page-up": 1 - _ROWS,
    "palette.page-down": _ROWS - 1,
}
"""Rows by which a key moves in the list."""
_ENTRY = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Reasons for which the field loses the keyboard while the palette stays: its menu, another window."""


class PalettePopup(QFrame):
    """Shows what was found for the typed words, and asks for what is chosen.

    Parameters
    ----------
    window : QWidget
        At the top of which it opens.

    Signals
    -------
    queryChanged(str)
        Something else is typed.
    entryRequested(object)
        The `PaletteEntry` to run.
    """

    queryChanged = Signal(str)
    entryRequested = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        set_role(self, "card", "true")
        self.setAccessibleName(_("Command palette"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(
            _("Type a command, loss, preset or class, or a setting such as margin 0.3")
        )
        self.search.setAccessibleName(_("Search commands, losses, settings, presets and theory"))
        self.model = _EntryModel()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Found entries"))
        self.nothing = WrappedLabel()
        set_role(self.nothing, "role", "muted")
        self.tip = SmallLabel()
        self.tip.setWordWrap(True)
        set_role(self.tip, "role", "muted")
        self._window = window
        self._before: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        for widget in (self.search, self.list, self.nothing, self.tip):
            self._column.addWidget(widget)
        self.search.installEventFilter(self)
        window.installEventFilter(self)
        self.search.textEdited.connect(self.queryChanged)
        self.list.clicked.connect(self._on_list_clicked)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.hide()

    @property
    def current(self) -> PaletteEntry | None:
        """The entry that Enter chooses."""
        index = self.list.currentIndex()
        return self.model.entries[index.row()] if index.isValid() else None

    def open(self, entries: Sequence[PaletteEntry]) -> None:
        """Open with an empty field and these entries; closing gives the keyboard back to what has it now."""
        self._before = QApplication.focusWidget()
        self.search.clear()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.show_entries(entries)

    def close_palette(self) -> None:
        """Close, and give the keyboard back; before hiding, or Qt would pass it on to some other widget."""
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def show_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Show what was found, the first entry that can be chosen as the current one."""
        self.model.set_entries(entries)
        first = next((row for row, entry in enumerate(entries) if entry.enabled), -1)
        self.list.setCurrentIndex(self.model.index(first))
        self.list.scrollToTop()
        self.list.setVisible(bool(entries))
        self.nothing.setVisible(not entries)
        self.nothing.setText(_("Nothing matches “{query}”.").format(query=self.search.text().strip()))
        self._show_tip()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list by keys while typing, close on Escape or a click elsewhere, keep to the window."""
        command = pressed(event, "palette") if watched is self.search and isinstance(event, QKeyEvent) else ""
        if command and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if command and event.type() == QEvent.Type.KeyPress:
            self._press(command)
            return True
        if watched is self.search and isinstance(event, QFocusEvent) and event.lostFocus():
            if event.reason() not in _STAYS:
                self.hide()
        elif watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _press(self, command: str) -> None:
        match command:
            case "palette.close":
                self.close_palette()
            case "palette.choose":
                self._choose(self.current)
            case _:
                self._move(_MOVES[command])

    def _move(self, rows: int) -> None:
        """Make another entry the current one; a single row beyond an end leads to the other end."""
        enabled = [row for row, entry in enumerate(self.model.entries) if entry.enabled]
        if enabled:
            place = enabled.index(self.list.currentIndex().row()) + rows
            place = place % len(enabled) if abs(rows) == 1 else min(max(place, 0), len(enabled) - 1)
            self.list.setCurrentIndex(self.model.index(enabled[place]))

    def _choose(self, entry: PaletteEntry | None) -> None:
        if entry is not None and entry.enabled:
            self.close_palette()  # first: some commands are about what has the keyboard
            self.entryRequested.emit(entry)

    def _place(self) -> None:
        """Take as much height as the entries need, within the window."""
        window = self._window
        width = min(_WIDTH, window.width() - 2 * _LEAST_MARGIN)
        rows = min(_ROWS, len(self.model.entries))
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) if rows else 0)
        self.setFixedWidth(width)
        self._column.activate()
        height = min(self._column.totalHeightForWidth(width), window.height() - _TOP - _LEAST_MARGIN)
        self.setGeometry((window.width() - width) // 2, _TOP, width, height)

    def _show_tip(self) -> None:
        entry = self.current
        self.tip.setText("" if entry is None else entry.tip)
        self.tip.setVisible(entry is not None)

    def _on_list_clicked(self, index: QModelIndex) -> None:
        self._choose(self.model.entries[index.row()])

    def _on_current_changed(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self._show_tip()
        if self.isVisible():
            self._place()


class _EntryModel(QAbstractListModel):
    """The found entries; one that cannot be chosen is disabled."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: Sequence[PaletteEntry] = ()

    def set_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Take other entries."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """Return the number of entries."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title, or what a screen reader says, or the entry itself."""
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (entry.title, entry.place, entry.hint)))
        return entry if role == _ENTRY else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that an entry can be the current one, and is enabled where it can be chosen."""
        enabled = Qt.ItemFlag.ItemIsEnabled if self.entries[index.row()].enabled else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsSelectable | enabled


class _EntryDelegate(QStyledItemDelegate):
    """Paints a title, where it is found, and at the right its shortcut or value."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Return the height of a line of text with room around it."""
        return QSize(200, option.fontMetrics.height() + _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint an entry; what does not fit is cut: first the place, then the title."""
        entry: PaletteEntry = index.data(_ENTRY)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        if current:
            painter.fillRect(option.rect, palette.brush(QPalette.ColorRole.Highlight))
        group = QPalette.ColorGroup.Normal if entry.enabled else QPalette.ColorGroup.Disabled
        role = QPalette.ColorRole.HighlightedText if current else QPalette.ColorRole.Text
        muted = role if current else QPalette.ColorRole.PlaceholderText
        area = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        small = scaled_font(option.font, SMALL_TYPE)
        area = self._text(painter, area, entry.hint, small, palette.color(group, muted), right=True)
        area = self._text(painter, area, entry.title, option.font, palette.color(group, role))
        self._text(painter, area, entry.place, small, palette.color(group, muted))

    @staticmethod
    def _text(
        painter: QPainter, area: QRect, text: str, font: QFont, ink: QColor, *, right: bool = False
    ) -> QRect:
        """Write a text at one end of an area, and return what is left of the area."""
        painter.setFont(font)
        painter.setPen(ink)
        metrics = painter.fontMetrics()
        written = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, area.width()))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, written)
        taken = metrics.horizontalAdvance(written) + _GAP if written else 0
        return area.adjusted(0, 0, -taken, 0) if right else area.adjusted(taken, 0, 0, 0)
