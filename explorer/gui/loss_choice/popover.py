"""LossPopover: search, the list of losses, and the formula of the one that is pointed at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from explorer.core.losses.loss_spec import LossSpec
from explorer.core.texts import _
from explorer.gui.command_palette.matching import PaletteEntry, ranked
from explorer.gui.commands.keys import pressed
from explorer.gui.controls.formula import FormulaLabel
from explorer.gui.controls.labels import SmallLabel, WrappedLabel, set_role
from explorer.gui.loss_choice.pictures import LossPictures
from explorer.gui.loss_choice.rows import NAME, LossDelegate, loss_rows, row_of, show_pictures
from explorer.gui.loss_choice.tooltip import show_loss_tooltip
from explorer.gui.theme.theme import Theme

_SIZE = QSize(360, 480)
_PICTURE = 28
_FORMULA = 88
_PADDING, _PAGE = 8, 8
_MOVES = {"palette.previous": -1, "palette.next": 1, "palette.page-up": -_PAGE, "palette.page-down": _PAGE}
"""Losses by which a key moves in the list."""


class LossPopover(QFrame):
    """A list of losses below a box; a click elsewhere closes it.

    Parameters
    ----------
    losses : mapping of str to LossSpec
        The losses to choose from, by name.
    box : QWidget
        Below which it opens.

    Signals
    -------
    lossRequested(str)
        The name of the loss that was chosen.
    """

    lossRequested = Signal(str)

    def __init__(self, losses: Mapping[str, LossSpec], box: QWidget) -> None:
        super().__init__(box.window(), Qt.WindowType.Popup)  # in a combo box it would get no edge
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # a click on the box closes, and no more
        set_role(self, "card", "true")
        self.setAccessibleName(_("Loss function"))
        self._losses, self._box = losses, box
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search losses"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.model, self._delegate = loss_rows(losses), LossDelegate(_PICTURE)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setIconSize(QSize(_PICTURE, _PICTURE))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Losses"))
        self.nothing = WrappedLabel()
        set_role(self.nothing, "role", "muted")
        self.formula, self.summary = FormulaLabel(), SmallLabel()
        self.summary.setWordWrap(True)
        set_role(self.summary, "role", "muted")
        self.pictures = LossPictures(losses, _PICTURE, self)
        self.pictures.drawn.connect(partial(show_pictures, self.model))
        self._arrange()
        self.search.installEventFilter(self)
        self.list.viewport().installEventFilter(self)
        self.search.textChanged.connect(self._on_search_changed)
        self.list.clicked.connect(self._choose)
        self.list.entered.connect(self._describe)
        self.list.selectionModel().currentChanged.connect(self._describe)

    @property
    def current(self) -> str | None:
        """The name of the loss that Enter chooses."""
        name: str | None = self.list.currentIndex().data(NAME)
        return name

    def open(self, name: str, theme: Theme, typed: str = "") -> None:
        """Open with a loss as the current one, and what is typed already in the field."""
        self.pictures.request(theme, self.devicePixelRatioF())
        self.search.clear()
        self.search.setText(typed)
        if not typed:
            self._make_current(row_of(self.model, name))
        self.setGeometry(self._place(theme.scale))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.scrollTo(self.list.currentIndex(), QListView.ScrollHint.PositionAtCenter)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list by keys while typing; without the pointer, the current loss is described."""
        if watched is self.search and isinstance(event, QKeyEvent):
            command = pressed(event, "palette")
            if command and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if command and event.type() == QEvent.Type.KeyPress:
                self._press(command)
                return True
        elif watched is self.list.viewport():
            if event.type() == QEvent.Type.Leave:
                self._describe(self.list.currentIndex())
            elif isinstance(event, QHelpEvent):
                self._show_tooltip(event)
                return True
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        self.formula.setFixedHeight(_FORMULA)
        self.summary.setMinimumHeight(3 * self.summary.fontMetrics().lineSpacing())
        self.summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        column.addWidget(self.formula)
        column.addWidget(self.summary)
        self.nothing.hide()

    def _place(self, scale: float) -> QRect:
        """Return the area below the box, moved as far as the screen demands."""
        room = self._box.screen().availableGeometry()
        size = (_SIZE * scale).boundedTo(room.size())
        corner = self._box.mapToGlobal(QPoint(0, self._box.height()))
        left = max(room.left(), min(corner.x(), room.right() + 1 - size.width()))
        top = max(room.top(), min(corner.y(), room.bottom() + 1 - size.height()))
        return QRect(QPoint(left, top), size)

    def _on_search_changed(self, query: str) -> None:
        """Show the losses that match, under the names of their families; the best one is the current one."""
        found = [entry.id for entry in ranked(map(self._entry, self._losses.values()), query)]
        kept = set(found)
        heading = -1
        for row in range(self.model.rowCount()):
            name = self.model.item(row).data(NAME)
            if name is None:
                heading = row
            elif name in kept:
                self.list.setRowHidden(heading, False)
            self.list.setRowHidden(row, name not in kept)
        self.nothing.setVisible(not found)
        self.nothing.setText(_("Nothing matches “{query}”.").format(query=query.strip()))
        self._make_current(row_of(self.model, found[0]) if found else -1)

    def _entry(self, spec: LossSpec) -> PaletteEntry:
        return PaletteEntry(
            id=spec.name,
            title=_(spec.title),
            place=_(spec.family),
            words=(spec.title, spec.name, *spec.aliases),
            preferred=spec.well_known,
            run=partial(self.lossRequested.emit, spec.name),
        )

    def _press(self, command: str) -> None:
        match command:
            case "palette.close":
                self.hide()
            case "palette.choose":
                self._choose(self.list.currentIndex())
            case _:
                self._move(_MOVES[command])

    def _move(self, steps: int) -> None:
        """Make another loss the current one; a single step beyond an end leads to the other end."""
        rows = [
            row
            for row in range(self.model.rowCount())
            if self.model.item(row).data(NAME) is not None and not self.list.isRowHidden(row)
        ]
        if rows:
            now = self.list.currentIndex().row()
            place = (rows.index(now) if now in rows else 0) + steps
            place = place % len(rows) if abs(steps) == 1 else min(max(place, 0), len(rows) - 1)
            self._make_current(rows[place])

    def _make_current(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row, 0))
        self._describe(self.list.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        name = index.data(NAME)
        if name is not None:
            self.hide()
            self.lossRequested.emit(name)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        index = self.list.indexAt(event.pos())
        spec = self._losses.get(index.data(NAME) or "")
        if spec is not None:
            show_loss_tooltip(spec, event, self.list.viewport(), self.list.visualRect(index))

    def _describe(self, index: QModelIndex) -> None:
        """Show formula and summary of the loss of a row, those of the current one for a heading."""
        name = index.data(NAME) or self.current
        spec = self._losses.get(name) if name else None
        self.formula.set_formula(spec.formula if spec else "")
        self.summary.setText(_(spec.summary) if spec else "")
