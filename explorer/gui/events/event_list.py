"""EventList: the events of a run, each with a picture, a sentence, and what happened just before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from explorer.core.recording.header import RunEvent
from explorer.core.texts import N_, _
from explorer.gui.events.event_row import (
    EVENT,
    PICTURE,
    AnyIndex,
    EventDelegate,
    cause_text,
    spoken_text,
    title_of,
)
from explorer.gui.export.table_copy import TableCopier, lines_of

_MOST_PICTURES = 200

_LOST = ("merged", "collapsed")
"""Kinds of events after which a run may have to begin anew."""


class EventModel(QAbstractListModel):
    """The events of a list, with a picture of the features at the step of each.

    Signals
    -------
    pictureRequested(int)
        The picture of this step is needed, and there is none yet.
    """

    pictureRequested = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.events: tuple[RunEvent, ...] = ()
        self._pictures: dict[int, QPixmap] = {}

    def set_events(self, events: Sequence[RunEvent]) -> None:
        """Show these events."""
        self.beginResetModel()
        self.events = tuple(events)
        self.endResetModel()

    def set_picture(self, step: int, picture: QPixmap) -> None:
        """Show the features of a step."""
        while len(self._pictures) >= _MOST_PICTURES:
            del self._pictures[next(iter(self._pictures))]
        self._pictures[step] = picture
        for row, event in enumerate(self.events):
            if event.step == step:
                self.dataChanged.emit(self.index(row), self.index(row), [PICTURE])

    def clear_pictures(self) -> None:
        """Forget all pictures: they are of another run, or have other colours."""
        self._pictures.clear()
        if self.events:
            self.dataChanged.emit(self.index(0), self.index(len(self.events) - 1), [PICTURE])

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Return the number of events."""
        return 0 if parent is not None and parent.isValid() else len(self.events)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the event, its picture, or all that its row says."""
        event = self.events[index.row()]
        if role == EVENT:
            return event
        if role == PICTURE:
            if event.step not in self._pictures:
                self.pictureRequested.emit(event.step)
            return self._pictures.get(event.step)
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return spoken_text(event)
        return None


class EventList(QListView):
    """A list of events; a click or Enter asks to go to one, and its menu to select its images.

    Signals
    -------
    eventRequested(object)
        The `RunEvent` to go to.
    imagesRequested(object)
        The `RunEvent` whose images should be selected.
    restartRequested()
        The run should begin anew: some of its classes share a place.
    pictureRequested(int)
        As in `EventModel`.

    Attributes
    ----------
    restarts : bool
        Whether the events are those of a run that can be restarted.
    """

    eventRequested = Signal(object)
    imagesRequested = Signal(object)
    restartRequested = Signal()
    pictureRequested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.restarts = False
        self.setAccessibleName(_("Events of the run"))
        self._model = EventModel(self)
        self._model.pictureRequested.connect(self.pictureRequested)
        self.setModel(self._model)
        self.setItemDelegate(EventDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self._copier = TableCopier(self, N_("Copy list"), lambda events: events.text())
        self.clicked.connect(self._on_activated)
        self.activated.connect(self._on_activated)

    def set_events(self, events: Sequence[RunEvent]) -> None:
        """Show these events; the current one stays current, and the place stays where it is."""
        before, place = self.current, self.verticalScrollBar().value()
        at_end = place == self.verticalScrollBar().maximum()
        self._model.set_events(events)
        if before is not None and before in self._model.events:
            self.setCurrentIndex(self._model.index(self._model.events.index(before)))
        if at_end:
            self.scrollToBottom()
        else:
            self.verticalScrollBar().setValue(place)

    def mark_step(self, step: int) -> None:
        """Make an event of this step the current one, if there is one."""
        if self.current is not None and self.current.step == step:
            return
        for row, event in enumerate(self.events):
            if event.step == step:
                self.setCurrentIndex(self._model.index(row))
                return

    def set_picture(self, step: int, picture: QPixmap) -> None:
        """Show the features of a step beside its events."""
        self._model.set_picture(step, picture)

    def clear_pictures(self) -> None:
        """Forget all pictures: they are of another run, or have other colours."""
        self._model.clear_pictures()

    def menu_of(self, event: RunEvent) -> QMenu:
        """Return the menu of an event."""
        menu = QMenu(self)
        menu.addAction(_("Go to this step"), partial(self.eventRequested.emit, event))
        images = menu.addAction(_("Select these images"), partial(self.imagesRequested.emit, event))
        images.setEnabled(bool(event.rows))
        if self.restarts and event.kind in _LOST:
            menu.addAction(_("Restart"), self.restartRequested.emit)
        menu.addSeparator()
        menu.addAction(_(self._copier.words), self._copier.copy)
        return menu

    def text(self) -> str:
        """Return the events as text: step, kind, what happened and what was just before."""
        return lines_of((event.step, title_of(event), event.text, cause_text(event)) for event in self.events)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the event under the pointer, or of the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        menu = self.menu_of(self.events[index.row()])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place = self.visualRect(index).center() if by_key else event.pos()
        menu.popup(self.viewport().mapToGlobal(place))

    @property
    def events(self) -> tuple[RunEvent, ...]:
        """The events that are shown."""
        return self._model.events

    @property
    def current(self) -> RunEvent | None:
        """The event that the keyboard is at."""
        row = self.currentIndex().row()
        return self.events[row] if 0 <= row < len(self.events) else None

    def _on_activated(self, index: QModelIndex) -> None:
        self.eventRequested.emit(self.events[index.row()])
