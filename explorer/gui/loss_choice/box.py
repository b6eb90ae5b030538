"""LossBox: the closed box with the name of the loss, which opens the list of losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from explorer.core.losses.loss_spec import LossSpec
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.loss_choice.rows import NAME, loss_rows, row_of
from explorer.gui.loss_choice.tooltip import show_loss_tooltip
from explorer.gui.theme.theme import LIGHT, Theme

if TYPE_CHECKING:
    from explorer.gui.loss_choice.popover import LossPopover


class LossBox(ChoiceBox):
    """A choice box whose list is a `LossPopover`, built when it is first opened.

    Attributes
    ----------
    popover : LossPopover or None
        The list.
    """

    def __init__(self, losses: Mapping[str, LossSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._losses, self._theme = losses, LIGHT
        self.popover: LossPopover | None = None
        self._rows = loss_rows(losses)
        self.setModel(self._rows)

    @property
    def loss(self) -> str:
        """The name of the loss that is shown."""
        name: str = self.currentData(NAME)
        return name

    def set_loss(self, name: str) -> None:
        """Show a loss; emits nothing."""
        with QSignalBlocker(self):
            self.setCurrentIndex(row_of(self._rows, name))

    def set_theme(self, theme: Theme) -> None:
        """Draw the pictures of the list in the colours of a theme when it opens."""
        self._theme = theme

    def event(self, event: QEvent) -> bool:
        """Show the formula and the summary of the loss as its tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            show_loss_tooltip(self._losses[self.loss], event, self)
            return True
        return super().event(event)

    def showPopup(self) -> None:
        """Open the list of losses."""
        self.search("")

    def hidePopup(self) -> None:
        """Close the list of losses; Qt asks for it while the window goes, too, when the list may be gone."""
        if self.popover is not None and isValid(self.popover):
            self.popover.hide()

    def search(self, typed: str) -> None:
        """Open the list with what is typed in its field."""
        from explorer.gui.loss_choice.popover import LossPopover

        if self.popover is None:
            self.popover = LossPopover(self._losses, self)
            self.popover.lossRequested.connect(self._on_loss_requested)
        self._listed = True
        self.popover.open(self.loss, self._theme, typed)

    def _on_loss_requested(self, name: str) -> None:
        index = row_of(self._rows, name)
        self.setCurrentIndex(index)
        self.activated.emit(index)
