"""Workspaces: the commands that arrange the window for a purpose, and those of the person's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog

from explorer.core.texts import N_, _, showable
from explorer.gui.commands.command import Command, Menu
from explorer.gui.layout.arrangement import show_only
from explorer.gui.layout.workspace import (
    BUILT_IN,
    SUFFIX,
    SavedWorkspace,
    Workspace,
    WorkspaceError,
    read_workspace,
    save_workspace,
)

if TYPE_CHECKING:
    from explorer.gui.app import App

_OWN = "workspace.own."


class Workspaces(QObject):
    """Arranges the panels of a window, and keeps arrangements with a name in a folder."""

    def __init__(self, app: App, folder: Path) -> None:
        super().__init__(app)
        self._app, self._folder = app, folder
        self._enlarged = False
        app.opener.workspaceRequested.connect(self.open)

    def load(self) -> None:
        """Add a command for each saved workspace, and drop those of workspaces that are gone."""
        actions, found = self._app.actions, self._read()
        known = {command.id for command in actions.commands if command.id.startswith(_OWN)}
        wanted = {f"{_OWN}{path.stem}": saved for path, saved in found.items()}
        actions.remove(known - set(wanted))
        actions.add(_own(id_, saved) for id_, saved in wanted.items() if id_ not in known)

    def apply(self, workspace: Workspace) -> None:
        """Arrange the panels as a built-in workspace has them; one for a projector makes the type large.

        Another one takes that back, unless the person has chosen large type.
        """
        appearance = self._app.appearance
        if workspace.large_type and not appearance.large:
            appearance.choose_large(True)
            self._enlarged = True
        elif self._enlarged and not workspace.large_type:
            appearance.choose_large(False)
            self._enlarged = False
        self._app.window.reset_layout()
        show_only(self._app.window, workspace.panels)

    def restore(self, saved: SavedWorkspace) -> None:
        """Arrange the panels as in a saved workspace."""
        self._app.announcements.withdraw_refusal()
        if not self._app.window.restore_docks(saved.state):
            sentence = _(
                "The workspace “{title}” is damaged, or was saved by another version of Loss Explorer."
            )
            self._app.announcements.refuse(sentence.format(title=saved.title))

    def open(self, saved: SavedWorkspace) -> None:
        """Arrange the panels as in the workspace of a file, and keep it among the saved ones."""
        self.restore(saved)
        self._keep(saved.title, bytes(saved.state.data()))

    def save(self) -> None:
        """Ask for a name, and save the arrangement under it."""
        label = _("Name (a workspace of the same name is replaced):")
        dialog = self._dialog(_("Save workspace"), label)
        dialog.textValueSelected.connect(self._on_title_selected)
        dialog.open()

    def delete(self) -> None:
        """Ask which saved workspace to delete, and delete it."""
        titles = [saved.title for saved in self._read().values()]
        if not titles:
            self._app.window.status.show_event(_("There are no saved workspaces."))
            return
        dialog = self._dialog(_("Delete workspace"), _("Workspace to delete:"))
        dialog.setComboBoxItems(titles)
        dialog.textValueSelected.connect(self._on_deleted_selected)
        dialog.open()

    def _dialog(self, title: str, label: str) -> QInputDialog:
        dialog = QInputDialog(self._app.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        return dialog

    def _on_title_selected(self, title: str) -> None:
        self._app.announcements.withdraw_refusal()
        self._keep(title, bytes(self._app.window.saveState().data()))

    def _on_deleted_selected(self, title: str) -> None:
        self._app.announcements.withdraw_refusal()
        for path in [path for path, saved in self._read().items() if saved.title == title]:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                sentence = _("Cannot delete {file}: {error}.")
                self._app.announcements.refuse(sentence.format(file=path, error=showable(error)))
        self.load()

    def _keep(self, title: str, docks: bytes) -> None:
        try:
            path = save_workspace(self._folder, title, docks)
        except WorkspaceError as error:
            self._app.announcements.refuse(str(error))
            return
        self._app.actions.remove({f"{_OWN}{path.stem}"})  # its command has the arrangement from before
        self.load()
        self._app.window.status.show_event(_("Saved the workspace as {file}.").format(file=path))

    def _read(self) -> dict[Path, SavedWorkspace]:
        """Return the saved workspaces by their files, and warn of those that cannot be read."""
        found, faults = dict[Path, SavedWorkspace](), list[str]()
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            try:
                found[path] = read_workspace(path)
            except WorkspaceError as error:
                faults.append(str(error))
        self._app.announcements.warn_of("workspaces", " ".join(faults))
        return found


def workspace_entries() -> Iterator[Menu | Command[App]]:
    """Yield the menu of workspaces, and its commands but for those of saved workspaces."""
    yield Menu("workspaces", N_("&Workspace"), parent="view", group="panels")
    for workspace in BUILT_IN:
        yield _built_in(workspace)
    yield Command(
        id="workspace.save",
        text=N_("&Save workspace…"),
        tip=N_("Save the layout of the panels under a name. The file can be opened on another machine."),
        menu="workspaces",
        group="own",
        calls=lambda app: app.workspaces.save(),
    )
    yield Command(
        id="workspace.delete",
        text=N_("&Delete workspace…"),
        tip=N_("Delete one of your saved workspaces."),
        menu="workspaces",
        group="own",
        calls=lambda app: app.workspaces.delete(),
    )
    yield Command(
        id="workspace.reset",
        text=N_("Reset layout"),
        tip=N_("Arrange the panels as in a new window."),
        menu="view",
        group="panels",
        calls=lambda app: app.window.reset_layout(),
    )


def _built_in(workspace: Workspace) -> Command[App]:
    return Command(
        id=f"workspace.{workspace.id}",
        text=workspace.title,
        tip=workspace.tip,
        menu="workspaces",
        group="built-in",
        calls=lambda app: app.workspaces.apply(workspace),
    )


def _own(id_: str, saved: SavedWorkspace) -> Command[App]:
    return Command(
        id=id_,
        text=saved.title.replace("&", "&&"),
        tip=N_("Arrange the panels as saved in this workspace."),
        menu="workspaces",
        group="saved",
        calls=lambda app: app.workspaces.restore(saved),
    )
