"""Pictures: copies and saves what the window shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from explorer.core.texts import _
from explorer.gui.export.images import picture_of
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.figures.choices import FigureChoices
from explorer.gui.figures.figure import Figure
from explorer.gui.main_window import MainWindow
from explorer.gui.reproduction.settings_text import shown_settings
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.theme import THEMES
from explorer.gui.views.view import View

if TYPE_CHECKING:
    from explorer.gui.figures.stage import FigureStage

_CLIPBOARD_SCALE = 2


class Pictures(QObject):
    """Copies and saves the views of a window as images, and as figures.

    Signals
    -------
    choicesChanged()
        ``choices`` are others: a figure was written.

    Attributes
    ----------
    choices : FigureChoices
        How figures were written last.
    """

    choicesChanged = Signal()

    def __init__(self, window: MainWindow, appearance: Appearance, choices: FigureChoices) -> None:
        super().__init__(window)
        self.choices = choices
        self._window, self._appearance = window, appearance

    def copy_view(self, view: View[Any] | None = None) -> None:
        """Copy a view to the clipboard; the one that has the keyboard where none is given."""
        view = view or self._window.active_view
        QGuiApplication.clipboard().setImage(picture_of(view, _CLIPBOARD_SCALE))
        self._window.status.show_event(_("Copied “{view}” to the clipboard.").format(view=_(view.title)))

    def copy_window(self) -> None:
        """Copy the whole window to the clipboard."""
        QGuiApplication.clipboard().setImage(picture_of(self._window, _CLIPBOARD_SCALE))
        self._window.status.show_event(_("Copied the window to the clipboard."))

    def save(self, view: View[Any] | None = None) -> None:
        """Ask which view to save, and where; ``view``, or the one that has the keyboard, is offered first."""
        window = self._window
        parts = [*window.pane.views.values(), window]
        settings = partial(shown_settings, window.pane.run)
        dialog = SavePictureDialog(window, parts, view or window.active_view, settings)
        dialog.saved.connect(self._on_picture_saved)
        dialog.open()

    def save_figure(self, view: View[Any] | None = None) -> None:
        """Ask which views a figure should show, and how; first ``view``, or the one that has the keyboard."""
        from explorer.gui.figures.dialog import FigureDialog  # not before it is needed

        window, pane = self._window, self._window.pane

        chosen = view or window.active_view
        ids = [view_id for view_id, known in pane.views.items() if known is chosen]
        dialog = FigureDialog(window, self._build, pane.specs, ids, self.choices, self._appearance.theme.name)
        dialog.choicesChanged.connect(self._on_choices_changed)
        dialog.saved.connect(self._on_picture_saved)
        dialog.open()

    def _build(self, figure: Figure) -> FigureStage:
        """Return the stage of a figure of what the window shows now."""
        from explorer.gui.figures.look import FigureLook
        from explorer.gui.figures.stage import FigureStage

        pane, theme = self._window.pane, THEMES[figure.theme]
        colored = self._appearance.colors.on(theme)
        return FigureStage(pane.run, figure, colored, FigureLook.of(pane), pane.specs)

    def _on_choices_changed(self, choices: FigureChoices) -> None:
        self.choices = choices
        self.choicesChanged.emit()

    def _on_picture_saved(self, path: Path) -> None:
        self._window.status.show_event(_("Saved as {path}.").format(path=path))
