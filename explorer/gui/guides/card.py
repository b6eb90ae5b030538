"""GuideCard: the card above the features that a guide of any kind shows its text in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.controls.labels import SmallLabel, WrappedLabel, set_role
from explorer.gui.theme.icons import icon
from explorer.gui.theory.prose import ProseView


class GuideCard(QFrame):
    """Shows a title with a remark beside it, a text, how far it is, and buttons below.

    Parameters
    ----------
    title : str
        What the card is about.
    leave : str
        Tip and accessible name of the button that leaves the guide.

    Signals
    -------
    leaveRequested()
        The person leaves the guide.
    linkRequested(str)
        The target of a link in the text.
    """

    leaveRequested = Signal()
    linkRequested = Signal(str)

    def __init__(self, title: str, leave: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self._title = WrappedLabel(title)
        set_role(self._title, "role", "title")
        self.count = SmallLabel()
        set_role(self.count, "role", "muted")
        self.prose = ProseView()
        self.prose.linkRequested.connect(self.linkRequested)
        self.progress = WrappedLabel()
        set_role(self.progress, "role", "value")
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(leave)
        self.close_button.setAccessibleName(leave)
        self._connect(self.close_button, self.leaveRequested)
        self._bottom = QHBoxLayout()
        self._arrange()
        self._update_icons()

    def add_button(self, words: str, asked: SignalInstance) -> QPushButton:
        """Add a button below the text, at the right of those before, and return it."""
        button = QPushButton(words)
        self._connect(button, asked)
        self._bottom.addWidget(button)
        return button

    def show_words(self, words: str) -> None:
        """Show how far it is."""
        if words != self.progress.text():
            self.progress.setText(words)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._update_icons()

    def _connect(self, button: QAbstractButton, asked: SignalInstance) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the run
        button.clicked.connect(asked)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addWidget(self.count)
        top.addWidget(self.close_button)
        self._bottom.setSpacing(8)
        self._bottom.addWidget(self.progress, 1)
        self._bottom.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.prose)
        column.addLayout(self._bottom)

    def _update_icons(self) -> None:
        self.close_button.setIcon(icon("close", self.palette()))
