"""Shortcuts: uses the keys that are remembered, and opens the editor of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.gui.commands.keymap import Keys, keymap

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.shortcuts.dialog import ShortcutDialog


class Shortcuts(QObject):
    """Uses the keys that are remembered, saves changes of them, and opens their editor.

    Parameters
    ----------
    app : App
        Its window has its commands.
    show_state : callable
        Writes the texts of the window that name keys.

    Attributes
    ----------
    dialog : ShortcutDialog or None
        The editor while it is open.
    """

    def __init__(self, app: App, show_state: Callable[[], None]) -> None:
        super().__init__(app.window)
        self._app, self._show_state = app, show_state
        self.dialog: ShortcutDialog | None = None
        keymap().use(self._remembered())
        keymap().keysChanged.connect(self._on_keys_changed)
        app.window.closeRequested.connect(self.close)

    def open(self) -> None:
        """Open the editor, or bring it to the front."""
        if self.dialog is None:
            from explorer.gui.shortcuts.dialog import ShortcutDialog
            from explorer.gui.shortcuts.entries import shortcut_entries

            self.dialog = ShortcutDialog(shortcut_entries(self._app), self._app.window)
            self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def close(self) -> None:
        """Close the editor."""
        if self.dialog is not None:
            self.dialog.close()

    def _remembered(self) -> Mapping[str, Keys]:
        """Return the keys that are remembered, each for one command: the file may be of another version."""
        own = self._app.saved.memory.keys
        if not own:
            return own
        from explorer.gui.shortcuts.entries import settled, shortcut_entries

        return settled(own, shortcut_entries(self._app))

    def _on_dialog_finished(self) -> None:
        self.dialog = None

    def _on_keys_changed(self) -> None:
        self._app.features.refresh()
        self._show_state()
        self._app.autosave.note_change()
