"""SourceMenu: the data sets that are known by name, and dialogs for files and folders of others."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from explorer.core.data.known import MADE_UP, offered, place_of
from explorer.core.texts import _

FILE_PATTERNS = ("*.npz", "*.csv", "*ubyte", "*ubyte.gz")


class SourceMenu(QMenu):
    """Offers data sets.

    Signals
    -------
    sourceRequested(str)
        A name, or the path of a file or folder.
    """

    sourceRequested = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.current = ""
        for name, title in offered().items():
            installed = name in MADE_UP or place_of(name).exists()
            action = self.addAction(
                _(title) if installed else _("{title} (not installed)").format(title=title)
            )
            action.setEnabled(installed)
            action.triggered.connect(partial(self.sourceRequested.emit, name))
        self.addSeparator()
        self.addAction(_("Choose folder…")).triggered.connect(partial(self._ask, folder=True))
        self.addAction(_("Choose file…")).triggered.connect(partial(self._ask, folder=False))

    def _ask(self, *, folder: bool) -> None:
        title = _("Choose the folder of a data set") if folder else _("Choose the file of a data set")
        dialog = QFileDialog(self.parentWidget(), title, self.current)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, folder)
        if not folder:
            patterns = " ".join(FILE_PATTERNS)
            dialog.setNameFilter(_("Data sets ({patterns})").format(patterns=patterns))
        dialog.fileSelected.connect(self.sourceRequested)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
