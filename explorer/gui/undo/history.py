"""UndoHistory: remembers what a person changed in the window, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from explorer.core.texts import _
from explorer.gui.layout.arrangement import docks_of
from explorer.gui.undo.gestures import Gestures
from explorer.gui.undo.parts import Part, parts_of

if TYPE_CHECKING:
    from explorer.gui.app import App

_MOST = 200
"""Changes that are remembered."""
_SETTLE_MS = 300
"""After a dock moves, until Qt has arranged all of them."""


class UndoHistory(QObject):
    """Undoes and redoes changes of the parts of a window.

    What changes while a mouse button is held is one change: one drag is one step. So is what changes by keys
    and wheel without a pause.

    Attributes
    ----------
    gestures : Gestures
        Which changes are one step.

    Signals
    -------
    historyChanged()
        There is something to undo or to redo now, or no longer.
    announced(str)
        A sentence that says what was undone or redone.
    """

    historyChanged = Signal()
    announced = Signal(str)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        self._parts = parts_of(app)
        self._known: dict[str, Any] = {}
        self._writing = self._stopped = False
        self._could = False, False  # be undone, be redone
        self.gestures = Gestures(self)
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(_MOST)
        self._stack.indexChanged.connect(self._on_index_changed)
        self._settle_timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle_timer.timeout.connect(partial(self.note, "layout"))
        self.historyChanged.connect(app.enable_commands)
        self.announced.connect(app.window.status.show_event)
        app.run.configChanged.connect(self._on_config_changed)
        app.pane.state.selectionChanged.connect(self._on_selection_changed)
        app.pane.state.displayChanged.connect(partial(self.note, "classes"))
        app.features.framingChanged.connect(self._on_framing_changed)
        app.window.panelsChanged.connect(self._on_docks_moved)
        for dock in docks_of(app.window):
            dock.dockLocationChanged.connect(self._on_docks_moved)
            dock.topLevelChanged.connect(self._on_docks_moved)
        self.clear()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._stack.canUndo()

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._stack.canRedo()

    def clear(self) -> None:
        """Forget all changes: what is now is where the person begins."""
        self._settle_timer.stop()
        self.gestures.end()
        self._stack.clear()
        self._known = {name: part.read() for name, part in self._parts.items()}

    def stop(self) -> None:
        """Note nothing more."""
        self._stopped = True
        self.gestures.end()
        self._settle_timer.stop()

    def note(self, name: str) -> None:
        """Remember that a part has changed, if it has."""
        if self._stopped:
            return
        part, before = self._parts[name], self._known[name]
        after = self._known[name] = part.read()
        if self._writing or after == before or not part.applies(before):
            return
        gesture, last = self.gestures.current(), self._last()
        if last is None or (last.part, last.gesture) != (part, gesture):
            self._stack.push(_Change(part, before, after, gesture))
        elif last.extend(after):
            self._stack.undo()  # nothing is left of it, so that it is deleted, and writes nothing

    def _last(self) -> _Change | None:
        """Return the newest change, unless it was undone.

        Changes are merged here and not by the stack: it deletes one that it has merged, and PySide keeps
        what belongs to it.
        """
        index = self._stack.index()
        if index == 0 or index < self._stack.count():
            return None
        change = self._stack.command(index - 1)
        assert isinstance(change, _Change), "nothing else is pushed"
        return change

    def undo(self) -> None:
        """Take back the last change that can be taken back, and say which."""
        while self.can_undo:
            change = self._stack.command(self._stack.index() - 1)
            assert isinstance(change, _Change), "nothing else is pushed"
            applies = change.applies(change.before)
            change.setObsolete(not applies)
            with self._quiet():
                self._stack.undo()
            if applies:
                self.announced.emit(_("Undone: {change}.").format(change=change.words))
                return

    def redo(self) -> None:
        """Make the change again that was undone last, and say which."""
        while self.can_redo:
            change = self._stack.command(self._stack.index())
            assert isinstance(change, _Change), "nothing else is pushed"
            applies = change.applies(change.after)
            change.setObsolete(not applies)
            with self._quiet():
                self._stack.redo()
            if applies:
                self.announced.emit(_("Redone: {change}.").format(change=change.words))
                return

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Take what changes meanwhile as known; what comes next is another gesture."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False
            self.gestures.end()
            self._known = {name: part.read() for name, part in self._parts.items()}

    def _on_index_changed(self) -> None:
        can = self.can_undo, self.can_redo
        if can != self._could:  # each change of a drag is merged with the one before
            self._could = can
            self.historyChanged.emit()

    def _on_config_changed(self) -> None:
        self.note("settings")

    def _on_selection_changed(self) -> None:
        self.note("selection")

    def _on_docks_moved(self) -> None:
        if not self._stopped:
            self._settle_timer.start()

    def _on_framing_changed(self) -> None:
        if self._app.features.options.turntable:  # it turns by itself
            self._known["framing"] = self._parts["framing"].read()
        else:
            self.note("framing")


class _Change(QUndoCommand):
    """A change of one part."""

    def __init__(self, part: Part, before: Any, after: Any, gesture: int) -> None:
        super().__init__()
        self.part, self.before, self.after, self.gesture = part, before, after, gesture
        self._made = True

    @property
    def words(self) -> str:
        """What changed."""
        return self.part.words(self.before, self.after)

    def applies(self, value: Any) -> bool:
        """Return whether the part can take a value now."""
        return self.part.applies(value)

    def extend(self, after: Any) -> bool:
        """Take over a later value in the same gesture; return whether that is the one from before."""
        self.after = after
        self.setObsolete(self.after == self.before)
        return self.isObsolete()

    def undo(self) -> None:
        """Write the value from before the change."""
        if not self.isObsolete():
            self.part.write(self.before)

    def redo(self) -> None:
        """Write the value from after the change; not when it is noted, for then it has been made."""
        made, self._made = self._made, False
        if not made and not self.isObsolete():
            self.part.write(self.after)
