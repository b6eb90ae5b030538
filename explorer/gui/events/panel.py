"""EventsPanel: what happened in the run that is shown, in a dock."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.core.recording.header import RunEvent
from explorer.core.texts import N_, _, ngettext
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.events.event_list import EventList
from explorer.gui.events.event_row import TITLES
from explorer.gui.plots.view_bar import MenuButton

_NOTHING = N_(
    "No events yet. This list shows when a class is learned or collapses, when classes merge or part, when "
    "images flip, and when the loss is stuck or diverges."
)
_EMPTY_WIDTH = 160
"""Least width of the sentence: from its least width Qt computes the least height of the window."""


class EventsPanel(QWidget):
    """Lists the events of a run, of those kinds that are ticked.

    Signals
    -------
    eventRequested(object)
        The `RunEvent` whose step should be shown.
    imagesRequested(object)
        The `RunEvent` whose images should be selected.
    restartRequested()
        The run should begin anew.
    pictureRequested(int)
        A picture of the features at this step is needed.
    picturesDropped()
        No picture is needed any more: the panel is out of sight.
    hiddenChanged(object)
        Other kinds of events are hidden: a frozenset of their names.
    """

    eventRequested = Signal(object)
    imagesRequested = Signal(object)
    restartRequested = Signal()
    pictureRequested = Signal(int)
    picturesDropped = Signal()
    hiddenChanged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events: tuple[RunEvent, ...] = ()
        self._hidden: frozenset[str] = frozenset()
        self._outdated = False
        self.count = WrappedLabel()
        set_role(self.count, "role", "muted")
        self.filter = MenuButton(_("Types of events"))
        self._kinds = self.filter.add_switches(_("Show"), "kind", TITLES.items())
        for action in self._kinds.values():
            action.setChecked(True)
        self.list = EventList()
        self.empty = WrappedLabel()
        self.empty.setMinimumWidth(_EMPTY_WIDTH)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self.empty, "role", "muted")
        top = QHBoxLayout()
        top.addWidget(self.count, 1)
        top.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.list, 1)
        self.filter.choiceRequested.connect(self._on_choice_requested)
        self.list.eventRequested.connect(self.eventRequested)
        self.list.imagesRequested.connect(self.imagesRequested)
        self.list.restartRequested.connect(self.restartRequested)
        self.list.pictureRequested.connect(self.pictureRequested)
        self._show_events()

    def set_events(self, events: Sequence[RunEvent]) -> None:
        """Show these events, once the panel is in sight."""
        self._events = tuple(events)
        if self.isVisible():
            self._show_events()
        else:
            self._outdated = True

    def set_hidden(self, kinds: frozenset[str]) -> None:
        """Hide these kinds of events only; emits nothing."""
        self._hidden = kinds
        for kind, action in self._kinds.items():
            action.setChecked(kind not in kinds)
        self._show_events()

    def offer_restart(self, offered: bool) -> None:
        """Offer to restart the run after an event that it may not recover from, or do not."""
        self.list.restarts = offered

    def mark_step(self, step: int) -> None:
        """Make an event of this step the current one, if there is one."""
        self.list.mark_step(step)

    def set_picture(self, step: int, picture: QPixmap) -> None:
        """Show the features of a step beside its events."""
        self.list.set_picture(step, picture)

    def clear_pictures(self) -> None:
        """Forget all pictures: they are of another run, or have other colours."""
        self.list.clear_pictures()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has happened meanwhile."""
        super().showEvent(event)
        if self._outdated:
            self._show_events()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for no more pictures."""
        super().hideEvent(event)
        self.picturesDropped.emit()

    def _show_events(self) -> None:
        self._outdated = False
        shown = [event for event in self._events if event.kind not in self._hidden]
        self.list.set_events(shown)
        self.list.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        self.empty.setText(_("All events are hidden by the filter.") if self._events else _(_NOTHING))
        self.count.setText(_count_text(len(shown), len(self._events)))

    def _on_choice_requested(self, _option: str, kind: str) -> None:
        self._hidden = self._hidden - {kind} if self._kinds[kind].isChecked() else self._hidden | {kind}
        self._show_events()
        self.hiddenChanged.emit(self._hidden)


def _count_text(shown: int, total: int) -> str:
    if not total:
        return ""
    if shown < total:
        return _("{shown:,} of {total:,} events").format(shown=shown, total=total)
    return ngettext("{count:,} event", "{count:,} events", total).format(count=total)
