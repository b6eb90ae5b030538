"""CommandPalette: opens the palette over the window, and runs what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from explorer.gui.app import App
    from explorer.gui.command_palette.matching import PaletteEntry
    from explorer.gui.command_palette.popup import PalettePopup

_MOST_RECENT = 20


class CommandPalette(QObject):
    """The command palette of a window; built when it is first opened.

    Attributes
    ----------
    popup : PalettePopup or None
        What is shown.
    recent : list of str
        Ids of the entries that were chosen last, the oldest first.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        self.popup: PalettePopup | None = None
        self.recent: list[str] = []
        self._entries: list[PaletteEntry] = []

    def toggle(self) -> None:
        """Open the palette, or close it."""
        if self.popup is not None and self.popup.isVisible():
            self.popup.close_palette()
            return
        from explorer.gui.command_palette.entries import palette_entries
        from explorer.gui.command_palette.matching import ranked
        from explorer.gui.command_palette.popup import PalettePopup

        if self.popup is None:
            self.popup = PalettePopup(self._app.window)
            self.popup.queryChanged.connect(self._on_query_changed)
            self.popup.entryRequested.connect(self._on_entry_requested)
        self._entries = palette_entries(self._app)
        self._app.window.activateWindow()  # the keyboard may be in a floating panel
        self.popup.open(ranked(self._entries, "", self.recent))

    def _on_query_changed(self, query: str) -> None:
        from explorer.gui.command_palette.entries import value_entries
        from explorer.gui.command_palette.matching import ranked

        assert self.popup is not None, "it sent the signal"
        values = value_entries(self._app, query) if query.strip() else []
        self.popup.show_entries([*values, *ranked(self._entries, query, self.recent)])

    def _on_entry_requested(self, entry: PaletteEntry) -> None:
        self.recent = [*(used for used in self.recent if used != entry.id), entry.id][-_MOST_RECENT:]
        entry.run()
