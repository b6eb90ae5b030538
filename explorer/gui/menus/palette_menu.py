"""PaletteMenu: which colours the classes have."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QColor
from PySide6.QtWidgets import QColorDialog, QMenu, QWidget

from explorer.gui.theme.palettes import PALETTES, ClassColors
from explorer.gui.theme.theme import Theme


class PaletteMenu(QMenu):
    """The palettes, of which one is ticked, and a way back from single colours that were changed.

    Signals
    -------
    colorsChosen(object)
        The `ClassColors` that a person wants.
    """

    colorsChosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("&Colours of the classes", parent)
        self._colors = ClassColors()
        self._theme: Theme | None = None
        self._dialog: QColorDialog | None = None
        self.choices: dict[str, QAction] = {}
        group = QActionGroup(self)
        for name, palette in PALETTES.items():
            action = QAction(palette.title, self, checkable=True)
            action.setData(name)
            group.addAction(action)
            self.addAction(action)
            self.choices[name] = action
        self.addSeparator()
        self.reset = self.addAction("&Reset changed colours")
        group.triggered.connect(self._on_choice_triggered)
        self.reset.triggered.connect(self._on_reset_triggered)

    def show_colors(self, colors: ClassColors, theme: Theme) -> None:
        """Tick what is chosen; ``theme`` has these colours."""
        self._colors, self._theme = colors, theme
        for name, action in self.choices.items():
            action.setChecked(name == colors.palette)
        self.reset.setEnabled(bool(colors.changed))

    def edit(self, label: int) -> None:
        """Ask for another colour of a class, without waiting for the answer."""
        if self._theme is None:
            return
        if self._dialog is not None:
            self._dialog.reject()
        dialog = QColorDialog(QColor(*self._theme.class_color(label)), self.parentWidget())
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setWindowTitle(f"Colour of class {label}")
        dialog.colorSelected.connect(lambda color, label=label: self._choose(label, color))
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.open()

    def restore(self, label: int) -> None:
        """Give a class the colour of the palette again."""
        self.colorsChosen.emit(self._colors.with_color(label, None))

    def _choose(self, label: int, color: QColor) -> None:
        self.colorsChosen.emit(self._colors.with_color(label, (color.red(), color.green(), color.blue())))

    def _on_dialog_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _on_choice_triggered(self, action: QAction) -> None:
        self.colorsChosen.emit(replace(self._colors, palette=str(action.data())))

    def _on_reset_triggered(self) -> None:
        self.colorsChosen.emit(replace(self._colors, changed=()))
