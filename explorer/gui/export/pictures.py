"""Pictures: copies and saves what the window shows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from explorer.core.texts import _
from explorer.gui.export.images import copy_picture
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.figures.choices import FigureChoices, PictureChoices
from explorer.gui.figures.figure import Figure
from explorer.gui.films.choices import FilmChoices
from explorer.gui.main_window import MainWindow
from explorer.gui.memory.window_memory import Memory
from explorer.gui.reproduction.settings_text import shown_settings
from explorer.gui.session.run_source import RunSource
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.theme import THEMES
from explorer.gui.views.view import View

if TYPE_CHECKING:
    from explorer.gui.figures.stage import FigureStage


class Pictures(QObject):
    """Copies and saves the views of a window as images, and as figures.

    Signals
    -------
    choicesChanged()
        One of the following is another: something was saved.

    Attributes
    ----------
    choices : FigureChoices
        How figures were written last.
    film_choices : FilmChoices
        How films were.
    picture_choices : PictureChoices
        How pictures of views and of the window were.
    """

    choicesChanged = Signal()

    def __init__(self, window: MainWindow, appearance: Appearance, memory: Memory) -> None:
        super().__init__(window)
        self.choices, self.film_choices = memory.figure, memory.film
        self.picture_choices = memory.picture
        self._window, self._appearance = window, appearance

    def copy_view(self, view: View[Any] | None = None) -> None:
        """Copy a view to the clipboard; the one that has the keyboard where none is given."""
        view = view or self._window.active_view
        copy_picture(view)
        self._window.status.show_event(_("Copied “{view}” to the clipboard.").format(view=_(view.title)))

    def copy_window(self) -> None:
        """Copy the whole window to the clipboard."""
        copy_picture(self._window)
        self._window.status.show_event(_("Copied the window to the clipboard."))

    def save(self, view: View[Any] | None = None) -> None:
        """Ask which view to save, and where; ``view``, or the one that has the keyboard, is offered first."""
        window = self._window
        parts = [*window.pane.views.values(), window]
        settings = partial(shown_settings, window.pane.run)
        chosen = view or window.active_view
        dialog = SavePictureDialog(window, parts, chosen, settings, self.picture_choices)
        dialog.choicesChanged.connect(self._on_picture_choices_changed)
        dialog.saved.connect(self._on_picture_saved)
        dialog.open()

    def save_figure(self, view: View[Any] | None = None) -> None:
        """Ask which views a figure should show, and how; first ``view``, or the one that has the keyboard."""
        from explorer.gui.figures.dialog import FigureDialog  # not before it is needed

        window, build = self._window, partial(self._build, self._window.pane.run)
        ids, theme = self._ids_of(view), self._appearance.theme.name
        dialog = FigureDialog(window, build, window.pane.specs, ids, self.choices, theme)
        dialog.choicesChanged.connect(self._on_choices_changed)
        dialog.saved.connect(self._on_picture_saved)
        dialog.open()

    def save_film(self) -> None:
        """Ask which stretch of the run a film should show, and how; first the view that has the keyboard."""
        from explorer.gui.films.dialog import FilmDialog  # not before it is needed

        window, source = self._window, self._window.pane.run
        if not len(source.steps):
            window.status.show_event(_("There is no frame yet for a film: start a run, or open one."))
            return
        ids, theme = self._ids_of(None), self._appearance.theme.name
        dialog = FilmDialog(window, self._build, source, window.pane.specs, ids, self.film_choices, theme)
        dialog.choicesChanged.connect(self._on_film_choices_changed)
        dialog.saved.connect(self._on_picture_saved)
        dialog.open()

    def _ids_of(self, view: View[Any] | None) -> list[str]:
        """Return the id of a view, or of the one that has the keyboard."""
        chosen = view or self._window.active_view
        return [view_id for view_id, known in self._window.pane.views.items() if known is chosen]

    def _build(self, run: RunSource, figure: Figure) -> FigureStage:
        """Return the stage of a figure of a run, as the window shows it now."""
        from explorer.gui.figures.look import FigureLook
        from explorer.gui.figures.stage import FigureStage

        pane, theme = self._window.pane, THEMES[figure.theme]
        colored = self._appearance.colors.on(theme)
        return FigureStage(run, figure, colored, FigureLook.of(pane), pane.specs)

    def _on_film_choices_changed(self, choices: FilmChoices) -> None:
        self.film_choices = choices
        self.choicesChanged.emit()

    def _on_picture_choices_changed(self, choices: PictureChoices) -> None:
        self.picture_choices = choices
        self.choicesChanged.emit()

    def _on_choices_changed(self, choices: FigureChoices) -> None:
        self.choices = choices
        self.choicesChanged.emit()

    def _on_picture_saved(self, path: Path) -> None:
        self._window.status.show_event(_("Saved as {path}.").format(path=path))
