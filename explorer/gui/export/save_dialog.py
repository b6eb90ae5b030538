"""SavePictureDialog: which picture, how large, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from explorer.core.texts import _
from explorer.export.files import ExportError
from explorer.gui.drawing.background import Background
from explorer.gui.export.images import MOST_PIXELS, image_for, too_many_pixels, write_png
from explorer.gui.export.target import ask_for_file, with_ending

_MOST_SCALE = 8
_ENDING = ".png"
_NEVER_AT_ONCE = -1.0
_LEAST_WIDTH = 340
"""In which the bar of the system has room for the title."""


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
    settings : callable
        Returns the settings that the picture carries, as a text; empty for none.

    Signals
    -------
    saved(object)
        The picture is written: its `Path`.
    """

    saved = Signal(object)

    def __init__(
        self, parent: QWidget, widgets: Sequence[QWidget], chosen: QWidget, settings: Callable[[], str] = str
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Save as image"))
        self.setMinimumWidth(_LEAST_WIDTH)
        self._widgets, self._settings = list(widgets), settings
        self._busy, self._cancelled = False, Event()
        self._writing: Background[Path] = Background(
            self._on_written, self._on_failed, self, at_once=_NEVER_AT_ONCE
        )
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
        self.buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QFormLayout(self)
        layout.addRow(_("Image of"), self.what)
        layout.addRow(_("Scale"), self.scale)
        layout.addRow(_("Size"), self._size)
        layout.addRow(self._fault)
        layout.addRow(self.buttons)
        self.what.currentIndexChanged.connect(self._show_size)
        self.scale.valueChanged.connect(self._show_size)
        self._show_size()

    @property
    def fault(self) -> str:
        """Why the picture cannot be saved; empty where nothing is known."""
        return self._fault.text()

    def accept(self) -> None:
        """Ask for the file and write it; stay open where that fails or is cancelled."""
        name, kind = f"loss-explorer{_ENDING}", _("PNG image (*.png)")
        path = ask_for_file(self, _("Save as image"), name, kind, _ENDING)
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Write the picture in the background and close; show why where it cannot be written."""
        widget = self._widgets[self.what.currentIndex()]
        try:
            image = image_for(widget, self.scale.value(), self._settings())
        except ExportError as error:
            self._show_fault(str(error))
            return
        self._cancelled = Event()
        self._writing.request(partial(write_png, image, with_ending(path, _ENDING), self._cancelled))
        self._show_fault("")
        self._size.setText(_("Writing…"))
        self._set_busy(busy=True)

    def reject(self) -> None:
        """Close; what is being written is cancelled, and the dialog stays."""
        if self._busy:
            self._cancelled.set()
        else:
            super().reject()

    def _on_written(self, path: Path) -> None:
        self._set_busy(busy=False)
        self.saved.emit(path)
        super().accept()

    def _on_failed(self, error: Exception) -> None:
        self._set_busy(busy=False)
        self._show_size()
        if not isinstance(error, ExportError):
            raise error  # a fault of the program, which the window reports
        self._show_fault(str(error))

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        for control in (self.what, self.scale, self.buttons.button(QDialogButtonBox.StandardButton.Save)):
            control.setEnabled(not busy)

    def _show_size(self) -> None:
        size = self._widgets[self.what.currentIndex()].size() * self.scale.value()
        words = _("{width:,} × {height:,} pixels")
        self._size.setText(words.format(width=size.width(), height=size.height()))
        too_large = size.width() * size.height() > MOST_PIXELS
        self._show_fault(str(too_many_pixels(size.width(), size.height())) if too_large else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not too_large)

    def _show_fault(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
