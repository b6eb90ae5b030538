"""SavePictureDialog: which picture, how large, and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from explorer.core.texts import _
from explorer.export.files import ExportError
from explorer.gui.export.images import save_png

_MOST_SCALE = 8


class SavePictureDialog(QDialog):
    """Asks for view and scale, then for the file, and writes a PNG.

    Parameters
    ----------
    parent : QWidget
        Window that it belongs to.
    widgets : sequence of QWidget
        What can be saved; their accessible names, or window titles, are shown.
    chosen : QWidget
        The one to begin with.

    Signals
    -------
    saved(object)
        The picture is written: its `Path`.
    """

    saved = Signal(object)

    def __init__(self, parent: QWidget, widgets: Sequence[QWidget], chosen: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Save as image"))
        self._widgets = list(widgets)
        self.what = QComboBox()
        self.what.setAccessibleName(_("Image of"))
        self.what.addItems([widget.accessibleName() or _("Whole window") for widget in widgets])
        self.what.setCurrentIndex(self._widgets.index(chosen))
        self.scale = QSpinBox(minimum=1, maximum=_MOST_SCALE, value=2, suffix="×")
        self.scale.setAccessibleName(_("Scale"))
        self._size = QLabel()
        self._fault = QLabel(wordWrap=True)
        self._fault.hide()
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.addRow(_("Image of"), self.what)
        layout.addRow(_("Scale"), self.scale)
        layout.addRow(_("Size"), self._size)
        layout.addRow(self._fault)
        layout.addRow(buttons)
        self.what.currentIndexChanged.connect(self._show_size)
        self.scale.valueChanged.connect(self._show_size)
        self._show_size()

    def accept(self) -> None:
        """Ask for the file and write it; stay open where that fails or is cancelled."""
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save as image"), "loss-explorer.png", _("PNG image (*.png)")
        )
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write the picture and close; show why where it cannot be written."""
        target = path if path.suffix.lower() == ".png" else path.with_name(path.name + ".png")
        try:
            save_png(self._widgets[self.what.currentIndex()], target, self.scale.value())
        except ExportError as error:
            self._fault.setText(str(error))
            self._fault.show()
            return
        self.saved.emit(target)
        super().accept()

    def _show_size(self) -> None:
        size = self._widgets[self.what.currentIndex()].size() * self.scale.value()
        words = _("{width:,} × {height:,} pixels")
        self._size.setText(words.format(width=size.width(), height=size.height()))
