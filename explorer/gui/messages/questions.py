"""Questions that wait for an answer: which file, and whether it may be replaced.

Some of Qt's own functions for them have their dialog on the stack. Where its parent is deleted meanwhile, as
the system ends the session or a guide is left, that frees the dialog as well, and the program crashes. Here a
dialog that is deleted counts as refused; what asked is gone then, so that it must do nothing more.
"""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path
from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget
from shiboken6 import isValid

_LAST_FOLDER = "last_folder"
_OF_THE_SYSTEM = Path("/proc"), Path("/sys"), Path("/dev")
"""Where no question begins: Qt reads from each file to name its type, and from some there for ever."""
_PICTURES = ("png", "svg", "gif", "webp", "jpg")
"""Ends of the names of files that belong among the pictures of a person."""


def files_to_open(parent: QWidget, title: str, kinds: str, folder: str = "") -> list[Path]:
    """Ask for files that are there, and return their paths; none where that was cancelled."""
    return _files(parent, title, kinds, folder, QFileDialog.FileMode.ExistingFiles)


def file_to_open(parent: QWidget, title: str, kinds: str, folder: str = "") -> Path | None:
    """Ask for a file that is there, and return its path; None where that was cancelled."""
    return next(iter(_files(parent, title, kinds, folder, QFileDialog.FileMode.ExistingFile)), None)


def file_to_save(parent: QWidget, title: str, path: str, kinds: str) -> Path | None:
    """Ask where to save a file, and whether it may be replaced; return its path, None where cancelled.

    Parameters
    ----------
    parent : QWidget
        Window that asks.
    title : str
        Title of the dialog.
    path : str
        Name to begin with, in the folder that was used last if it names none.
    kinds : str
        Kind of the file with its pattern, such as "PNG image (*.png)"; several are separated by ``;;``.
    """
    return next(iter(_files(parent, title, kinds, path, QFileDialog.FileMode.AnyFile)), None)


def agrees(parent: QWidget, title: str, question: str) -> bool:
    """Ask a question, and return whether the answer is Yes."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, title, question, buttons.Yes | buttons.No, parent)
    try:
        return answer(box) == buttons.Yes
    finally:
        _delete(box)


def chosen_files(dialog: QFileDialog) -> list[str]:
    """Show a dialog for files, and return those that were chosen; none where that was cancelled."""
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    return dialog.selectedFiles() if accepted and isValid(dialog) else []


def answer(box: QMessageBox) -> int:
    """Show a question, and return the button that was pressed; 0 where it was deleted."""
    return box.exec()


def _files(parent: QWidget, title: str, kinds: str, path: str, mode: QFileDialog.FileMode) -> list[Path]:
    dialog = QFileDialog(parent, title, str(Path(_folder(kinds), path)), kinds)
    dialog.setSupportedSchemes(["file"])
    dialog.setFileMode(mode)
    if mode == QFileDialog.FileMode.AnyFile:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    try:
        chosen = [Path(name) for name in chosen_files(dialog) if name]
    finally:
        _delete(dialog)
    if chosen and not any(chosen[0].is_relative_to(place) for place in _OF_THE_SYSTEM):
        _remembered().setValue(_LAST_FOLDER, str(chosen[0].parent))
    return chosen


def _folder(kinds: str) -> str:
    """Return the folder in which a file was chosen last, else that of the person's pictures or documents."""
    places = QStandardPaths.StandardLocation
    pictures = any(f"*.{ending}" in kinds for ending in _PICTURES)
    usual = places.PicturesLocation if pictures else places.DocumentsLocation
    known = (QStandardPaths.writableLocation(place) for place in (usual, places.HomeLocation))
    folders = (str(_remembered().value(_LAST_FOLDER, "")), *known)
    return next((folder for folder in folders if folder and Path(folder).is_dir()), "")


def _remembered() -> QSettings:
    """Return what is remembered of dialogs for files, by all windows of the person."""
    path = user_config_path("loss-explorer", appauthor=False) / "dialogs.ini"
    return QSettings(str(path), QSettings.Format.IniFormat)


def _delete(dialog: QDialog) -> None:
    if isValid(dialog):
        dialog.deleteLater()
