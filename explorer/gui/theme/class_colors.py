"""ClassColorEditor: asks for the colour of a single class."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from explorer.core.texts import _
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.palettes import ClassColors


class ClassColorEditor(QObject):
    """Changes the colour of one class, through a dialog, or gives it that of the palette again.

    Signals
    -------
    colorsRequested(object)
        The `ClassColors` that a person wants.
    """

    colorsRequested = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance, self._window = appearance, parent
        self._dialog: QColorDialog | None = None

    def edit(self, label: int) -> None:
        """Ask for another colour of a class, without waiting for the answer."""
        if self._dialog is not None:
            self._dialog.reject()
        dialog = QColorDialog(QColor(*self._appearance.theme.class_color(label)), self._window)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setWindowTitle(_("Colour of class {label}").format(label=label))
        dialog.colorSelected.connect(lambda color, label=label: self._choose(label, color))
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    def restore(self, label: int) -> None:
        """Give a class the colour of the palette again."""
        self.colorsRequested.emit(self._colors.with_color(label, None))

    @property
    def _colors(self) -> ClassColors:
        return self._appearance.colors

    def _choose(self, label: int, color: QColor) -> None:
        rgb = (color.red(), color.green(), color.blue())
        self.colorsRequested.emit(self._colors.with_color(label, rgb))

    def _on_dialog_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
