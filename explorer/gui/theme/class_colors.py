"""ClassColorEditor: changes the colours of the classes, all of them or one through a dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QLabel, QWidget

from explorer.core.texts import _
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.palettes import ClassColors


class ClassColorEditor(QObject):
    """Changes the colours of all classes, or of one through a dialog.

    Signals
    -------
    colorsChanged()
        A person has chosen other colours.
    """

    colorsChanged = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance, self._window = appearance, parent
        self._dialog: QColorDialog | None = None
        self._names: Sequence[str] = ()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Name the classes so in the dialog; those beyond are numbers."""
        self._names = names

    def edit(self, label: int) -> None:
        """Ask for another colour of a class, without waiting for the answer."""
        if self._dialog is not None:
            self._dialog.reject()
        dialog = QColorDialog(QColor(*self._appearance.theme.class_color(label)), self._window)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        name = self._names[label] if label < len(self._names) else label
        dialog.setWindowTitle(_("Colour of class {label}").format(label=name))
        _spell(dialog)
        dialog.colorSelected.connect(lambda color, label=label: self._choose_one(label, color))
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    def restore(self, label: int) -> None:
        """Give a class the colour of the palette again."""
        self.choose(self._colors.with_color(label, None))

    def choose(self, colors: ClassColors) -> None:
        """Give the classes these colours."""
        self._appearance.choose_colors(colors)
        self.colorsChanged.emit()

    @property
    def _colors(self) -> ClassColors:
        return self._appearance.colors

    def _choose_one(self, label: int, color: QColor) -> None:
        rgb = (color.red(), color.green(), color.blue())
        self.choose(self._colors.with_color(label, rgb))

    def _on_dialog_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None


def _spell(dialog: QColorDialog) -> None:
    """Write colour in Qt's own English words as everywhere else; words of other languages have no such."""
    parts: list[QLabel | QAbstractButton] = [*dialog.findChildren(QLabel)]
    for part in (*parts, *dialog.findChildren(QAbstractButton)):
        part.setText(part.text().replace("color", "colour").replace("Color", "Colour"))
