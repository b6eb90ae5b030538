"""RunsPanel: the library in a dock: find a run, name it, keep it, delete it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFile, QFileSystemWatcher, Qt, QTimer, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from explorer.core.recording.locks import use_of
from explorer.core.texts import N_, _, showable
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.controls.note import Note
from explorer.gui.drawing.background import Background
from explorer.gui.library.details import RunDetails, can_open
from explorer.gui.library.files import (
    LibraryOptions,
    RunNotes,
    delete_run,
    forget_run,
    notes_path,
    write_notes,
)
from explorer.gui.library.library import Library, Listing, RunItem
from explorer.gui.library.run_list import RunList
from explorer.gui.library.wording import ORDERS, arranged, facts_text, run_names, title_of
from explorer.gui.plots.view_bar import MenuButton

_LOOK_EVERY_MS = 2000
_NEVER_AT_ONCE = -1.0
_LIMITS = (
    (1.0, N_("Up to 1 GB")),
    (2.0, N_("Up to 2 GB")),
    (5.0, N_("Up to 5 GB")),
    (20.0, N_("Up to 20 GB")),
    (0.0, N_("No limit")),
)
_NOTHING = N_("No runs yet. Every run that you train is kept here.")
_NOT_RECORDED = N_("No runs: recording is off. Turn it on in the menu beside the search box.")
_NOT_FOUND = N_("No run matches the search.")


class RunsPanel(QWidget):
    """Lists the runs of a folder while it is in sight, and keeps what a person notes of them.

    Signals
    -------
    optionsRequested(object)
        Other `LibraryOptions` are wanted.
    openRequested(object), continueRequested(object), comparisonRequested(object), exportRequested(object)
        The recording of this path should be opened, continued from its last frame, compared with others, or
        exported.
    """

    openRequested = Signal(object)
    continueRequested = Signal(object)
    comparisonRequested = Signal(object)
    exportRequested = Signal(object)
    optionsRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library: Library | None = None
        self._options = LibraryOptions()
        self._all: tuple[RunItem, ...] = ()
        self._undeleted: Path | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search runs"))
        self.search.setAccessibleName(_("Search runs"))
        self.search.setClearButtonEnabled(True)
        self.order = ChoiceBox()
        self.order.setAccessibleName(_("Sort runs"))
        for order, text in ORDERS.items():
            self.order.addItem(_(text), order)
        self.menu = MenuButton(_("Recording and storage limit"))
        self._fill_menu()
        self.list = RunList()
        self._empty = WrappedLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self._empty, "role", "muted")
        self.note = Note("warning")
        self.details = RunDetails()
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self, singleShot=True, interval=_LOOK_EVERY_MS)
        self._background: Background[Listing] = Background(
            self._on_listing, self._on_failure, self, at_once=_NEVER_AT_ONCE
        )
        self._arrange()
        self._wire()
        self._show_items()

    def set_folder(self, folder: Path) -> None:
        """List the runs of this folder."""
        self._library = Library(folder)
        self._look()

    def set_options(self, options: LibraryOptions) -> None:
        """Show whether runs are recorded, and the limit; emits nothing."""
        self._options = options
        self._recording.setChecked(options.recording)
        for value, action in self._limits.items():
            action.setChecked(float(value) == options.limit)
        self._show_items()

    def stop(self) -> None:
        """Look at the folder no more."""
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        self._timer.stop()
        self._background.cancel()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the folder, now and whenever a file comes or goes."""
        super().showEvent(event)
        if self._library is not None:
            with suppress(OSError):  # who records says why the folder cannot be made
                self._library.folder.mkdir(parents=True, exist_ok=True)
                self._watcher.addPath(str(self._library.folder))
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the folder alone while nobody sees the list."""
        super().hideEvent(event)
        self.details.commit()
        self.stop()

    def _fill_menu(self) -> None:
        switches = self.menu.add_switches(
            _("Runs"), "recording", [("on", N_("Record every run, starting with the next"))]
        )
        self._recording = switches["on"]
        self._limits = self.menu.add_choices(
            _("Storage limit: the oldest runs that are not pinned are deleted"),
            "limit",
            [(str(value), text) for value, text in _LIMITS],
        )

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.search, 3)
        top.addWidget(self.order, 2)
        top.addWidget(self.menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.details)

    def _wire(self) -> None:
        self.search.textChanged.connect(self._show_items)
        self.search.returnPressed.connect(self._on_search_entered)
        self.order.currentIndexChanged.connect(self._show_items)
        self.menu.choiceRequested.connect(self._on_choice_requested)
        self.list.chosenChanged.connect(self._on_chosen_changed)
        self.details.notesRequested.connect(self._on_notes_requested)
        self.list.activated.connect(partial(self._ask, self.openRequested))
        self.details.openRequested.connect(partial(self._ask, self.openRequested))
        self.details.continueRequested.connect(partial(self._ask, self.continueRequested))
        self.details.comparisonRequested.connect(partial(self._ask, self.comparisonRequested))
        self.details.exportRequested.connect(partial(self._ask, self.exportRequested))
        self.details.folderRequested.connect(self._on_folder_requested)
        self.details.deletionRequested.connect(self._on_deletion_requested)
        self.note.remedyRequested.connect(self._on_remedy_requested)
        self._timer.timeout.connect(self._look)
        self._watcher.directoryChanged.connect(self._look)

    def _look(self) -> None:
        if self._library is not None and self.isVisible():
            self._background.request(self._library.list_runs)

    def _on_listing(self, listing: Listing) -> None:
        self._all = listing.items
        self._show_items()
        if listing.unread:
            self._look()
        elif any(item.recording for item in listing.items):
            self._timer.start()  # the end of a recording changes nothing in the folder

    def _on_failure(self, error: Exception) -> None:
        raise error  # whatever it is, it is a fault of the program, which the window reports

    def _show_items(self) -> None:
        found = arranged(self._all, self.order.currentData(), self.search.text())
        self.list.set_rows(found)
        self.list.setVisible(bool(found))
        self._empty.setVisible(not found)
        if self._all:
            self._empty.setText(_(_NOT_FOUND))
        else:
            self._empty.setText(_(_NOTHING) if self._options.recording else _(_NOT_RECORDED))

    def _on_search_entered(self) -> None:
        """Go to the first run that was found: the keys are not typed there."""
        if self.list.rows:
            self.list.setCurrentIndex(self.list.model().index(0, 0))
            self.list.setFocus()

    def _on_choice_requested(self, option: str, value: str) -> None:
        if option == "recording":
            options = LibraryOptions(self._recording.isChecked(), self._options.limit)
        else:
            options = LibraryOptions(self._options.recording, float(value))
        self.optionsRequested.emit(options)

    def _on_chosen_changed(self, item: RunItem | None) -> None:
        self.details.commit()
        self.note.show_text("")
        self.details.show_run(item, "" if item is None else facts_text(item, run_names(self._all)))

    def _on_notes_requested(self, path: Path, notes: RunNotes) -> None:
        try:
            write_notes(path, notes)
        except OSError as error:
            self.note.show_text(_("The notes could not be saved: {error}.").format(error=showable(error)))
        self._look()

    def _ask(self, request: SignalInstance, _index: object = None) -> None:
        """Emit a request with the path of the chosen run, if it can be opened."""
        item = self.list.chosen
        if item is not None and can_open(item):
            request.emit(item.path)

    def _on_folder_requested(self) -> None:
        item = self.list.chosen
        if item is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(item.path.parent)))

    def _on_deletion_requested(self) -> None:
        item = self.list.chosen
        if item is None:
            return
        try:
            used = use_of(item.path)
        except OSError:
            used = ""  # gone already: what is left of it goes as well
        if used:
            sentence = _("“{run}” is open in a window, so it was not deleted.")
            self.note.show_text(sentence.format(run=title_of(item)))
        elif item.path.exists() and not QFile(str(item.path)).moveToTrash():
            self._undeleted = item.path
            sentence = _("“{run}” could not be moved to the bin.").format(run=title_of(item))
            self.note.show_text(sentence, _("Delete permanently"))
        else:
            QFile(str(notes_path(item.path))).moveToTrash()
            forget_run(item.path)
            self._drop(item.path)

    def _on_remedy_requested(self) -> None:
        path, self._undeleted = self._undeleted, None
        if path is None:
            return
        try:
            delete_run(path)
        except OSError as error:
            self.note.show_text(_("The run could not be deleted: {error}.").format(error=showable(error)))
        else:
            self.note.show_text("")
            self._drop(path)

    def _drop(self, path: Path) -> None:
        """Take a run out of the list at once, without waiting for the next look at the folder."""
        self._all = tuple(item for item in self._all if item.path != path)
        self._show_items()
        self._look()
