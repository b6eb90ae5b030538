"""ChallengePanel: the card above the features with a task, what is missing of it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import SmallLabel, WrappedLabel, set_role
from explorer.gui.theme.icons import icon
from explorer.gui.theory.prose import ProseView

Tone = Literal["plain", "good", "bad"]
_ROLES = {"plain": "value", "good": "success", "bad": "error"}


class ChallengePanel(QFrame):
    """Shows a challenge, or the check of a result.

    Signals
    -------
    againRequested(), copyRequested(), saveRequested(), leaveRequested()
        The person begins anew, copies or saves the result, or leaves.
    linkRequested(str)
        The target of a link in the text.
    """

    againRequested = Signal()
    copyRequested = Signal()
    saveRequested = Signal()
    leaveRequested = Signal()
    linkRequested = Signal(str)

    def __init__(self, title: str, again: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self._title = WrappedLabel(title)
        set_role(self._title, "role", "title")
        self.count = SmallLabel()
        set_role(self.count, "role", "muted")
        self.prose = ProseView()
        self.prose.linkRequested.connect(self.linkRequested)
        self.progress = WrappedLabel()
        self.again = self._button(again, self.againRequested)
        self.copy = self._button(_("Copy result"), self.copyRequested)
        self.save = self._button(_("Save result…"), self.saveRequested)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.setToolTip(_("Leave the challenge"))
        self.close_button.setAccessibleName(_("Leave the challenge"))
        self.close_button.clicked.connect(self.leaveRequested)
        self._arrange()
        self._update_icons()
        self.show_result(there=False)

    def show_text(self, markdown: str, count: str) -> None:
        """Show a text, and beside the title what it is of."""
        self.prose.show_markdown(markdown)
        self.count.setText(count)

    def show_progress(self, parts: Sequence[str], tone: Tone) -> None:
        """Show how far it is, or what came of it."""
        words = "\n".join(parts)
        if words != self.progress.text():
            self.progress.setText(words)
        set_role(self.progress, "role", _ROLES[tone])
        set_role(self.again, "role", "primary" if tone == "bad" else "")

    def show_result(self, *, there: bool) -> None:
        """Show whether there is a result to copy and to save."""
        self.copy.setVisible(there)
        self.save.setVisible(there)
        set_role(self.copy, "role", "primary" if there else "")

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._update_icons()

    def _button(self, words: str, asked: SignalInstance) -> QPushButton:
        button = QPushButton(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the run
        button.clicked.connect(asked)
        return button

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addWidget(self.count)
        top.addWidget(self.close_button)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.progress, 1)
        for button in (self.copy, self.save, self.again):
            bottom.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.prose)
        column.addLayout(bottom)

    def _update_icons(self) -> None:
        self.close_button.setIcon(icon("close", self.palette()))
