"""ChallengePanel: the card above the features with a task, what is missing of it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import set_role
from explorer.gui.guides.card import GuideCard

Tone = Literal["plain", "good", "bad"]
_ROLES = {"plain": "value", "good": "success", "bad": "error"}


class ChallengePanel(GuideCard):
    """Shows a challenge, or the check of a result.

    Signals
    -------
    againRequested(), copyRequested(), saveRequested()
        The person begins anew, copies or saves the result.
    """

    againRequested = Signal()
    copyRequested = Signal()
    saveRequested = Signal()

    def __init__(self, title: str, again: str, parent: QWidget | None = None) -> None:
        super().__init__(title, _("Leave the challenge"), parent)
        self.copy = self.add_button(_("Copy result"), self.copyRequested)
        self.save = self.add_button(_("Save result…"), self.saveRequested)
        self.again = self.add_button(again, self.againRequested)
        self.show_result(there=False)

    def show_text(self, markdown: str, count: str) -> None:
        """Show a text, and beside the title what it is of."""
        self.prose.show_markdown(markdown)
        self.count.setText(count)

    def show_progress(self, parts: Sequence[str], tone: Tone) -> None:
        """Show how far it is, or what came of it."""
        self.show_words("\n".join(parts))
        set_role(self.progress, "role", _ROLES[tone])
        set_role(self.again, "role", "primary" if tone == "bad" else "")

    def show_result(self, *, there: bool) -> None:
        """Show whether there is a result to copy and to save."""
        self.copy.setVisible(there)
        self.save.setVisible(there)
        set_role(self.copy, "role", "primary" if there else "")
