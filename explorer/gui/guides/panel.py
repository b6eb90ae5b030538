"""GuidePanel: the card above the features with the text of a step, and how near the program is to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import set_role
from explorer.gui.guides.card import GuideCard
from explorer.gui.guides.guide import Guide
from explorer.gui.guides.progress import Progress


class GuidePanel(GuideCard):
    """Shows one step of a guide.

    Signals
    -------
    nextRequested(), backRequested()
        The person goes on, or goes back.

    Attributes
    ----------
    last_word : str
        What the button says once the last step is done.
    """

    nextRequested = Signal()
    backRequested = Signal()

    def __init__(self, guide: Guide, parent: QWidget | None = None) -> None:
        super().__init__(guide.title, _("Leave the guide"), parent)
        self._last = False
        self.last_word = _("Finish")
        self.back = self.add_button(_("Back"), self.backRequested)
        self.next = self.add_button("", self.nextRequested)

    def show_step(self, step: int, count: int, markdown: str) -> None:
        """Show the text of a step, of which the first is 0, and that nothing is known of its progress."""
        self._last = step == count - 1
        self.count.setText(_("Step {step} of {count}").format(step=step + 1, count=count))
        self.prose.show_markdown(markdown)
        self.back.setEnabled(step > 0)
        self.show_progress((), done=True)

    def show_progress(self, found: Sequence[Progress], *, done: bool) -> None:
        """Show how near the program is to each condition, and whether the step is done."""
        self.show_words("   ".join(f"{'✓' if done or part.met else '○'} {part.text}" for part in found))
        self.progress.setVisible(bool(found))
        label = (self.last_word if self._last else _("Next")) if done else _("Skip")
        if label != self.next.text():
            self.next.setText(label)
            self.next.setAccessibleName(label)
        set_role(self.next, "role", "primary" if done else "")
