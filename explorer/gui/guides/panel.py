"""GuidePanel: the card above the features with the text of a step, and how near the program is to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import SmallLabel, WrappedLabel, set_role
from explorer.gui.guides.guide import Guide
from explorer.gui.guides.progress import Progress
from explorer.gui.theme.icons import icon
from explorer.gui.theory.prose import ProseView


class GuidePanel(QFrame):
    """Shows one step of a guide.

    Signals
    -------
    nextRequested(), backRequested(), leaveRequested()
        The person goes on, goes back, or leaves the guide.
    linkRequested(str)
        The target of a link in the text.

    Attributes
    ----------
    last_word : str
        What the button says once the last step is done.
    """

    nextRequested = Signal()
    backRequested = Signal()
    leaveRequested = Signal()
    linkRequested = Signal(str)

    def __init__(self, guide: Guide, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self._last = False
        self.last_word = _("Finish")
        self._title = WrappedLabel(guide.title)
        set_role(self._title, "role", "title")
        self._count = SmallLabel()
        set_role(self._count, "role", "muted")
        self.prose = ProseView()
        self.prose.linkRequested.connect(self.linkRequested)
        self.progress = WrappedLabel()
        set_role(self.progress, "role", "value")
        self.back = QPushButton(_("Back"))
        self.next = QPushButton()
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(_("Leave the guide"))
        self.close_button.setAccessibleName(_("Leave the guide"))
        for button, signal in (
            (self.back, self.backRequested),
            (self.next, self.nextRequested),
            (self.close_button, self.leaveRequested),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the run
            button.clicked.connect(signal)
        self._arrange()
        self._update_icons()

    def show_step(self, step: int, count: int, markdown: str) -> None:
        """Show the text of a step, of which the first is 0, and that nothing is known of its progress."""
        self._last = step == count - 1
        self._count.setText(_("Step {step} of {count}").format(step=step + 1, count=count))
        self.prose.show_markdown(markdown)
        self.back.setEnabled(step > 0)
        self.show_progress((), done=True)

    def show_progress(self, found: Sequence[Progress], *, done: bool) -> None:
        """Show how near the program is to each condition, and whether the step is done."""
        words = "   ".join(f"{'✓' if done or part.met else '○'} {part.text}" for part in found)
        if words != self.progress.text():
            self.progress.setText(words)
        self.progress.setVisible(bool(found))
        label = (self.last_word if self._last else _("Next")) if done else _("Skip")
        if label != self.next.text():
            self.next.setText(label)
            self.next.setAccessibleName(label)
        set_role(self.next, "role", "primary" if done else "")

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._update_icons()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addWidget(self._count)
        top.addWidget(self.close_button)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.progress, 1)
        bottom.addStretch(0)
        bottom.addWidget(self.back)
        bottom.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.prose)
        column.addLayout(bottom)

    def _update_icons(self) -> None:
        self.close_button.setIcon(icon("close", self.palette()))
