"""Views as they are in a picture: without what a person operates, and as large as the picture says."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QWidget,
)

from explorer.gui.controls.inputs import UNSAID
from explorer.gui.controls.labels import set_role
from explorer.gui.export.images import BUTTONS
from explorer.gui.plots.style import SMALL_TYPE
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.views.view import View

_AWAY = -10_000


class Cell(QWidget):
    """A part of the figure as large as the others, whatever is in it."""

    def sizeHint(self) -> QSize:
        """Return no size."""
        return QSize(0, 0)

    minimumSizeHint = sizeHint

    def hasHeightForWidth(self) -> bool:
        """Return that the height depends on nothing."""
        return False


class Words(QLabel):
    """The words that are chosen in a list, in its place."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__()
        self._box = box
        set_role(self, "role", "muted")
        RelativeFont(self, SMALL_TYPE)

    def renew(self) -> None:
        """Show what is chosen now."""
        needless = self._box.property(UNSAID) == self._box.currentIndex()
        # The view decides whether there is a choice.
        self.setVisible(not self._box.isHidden() and not needless)
        self._box.move(_AWAY, _AWAY)
        self.setText(self._box.currentText())


def without_lists(view: View[Any]) -> list[Words]:
    """Take out what a person operates, and return what stands in the place of lists, whose words matter."""
    for area in view.findChildren(QAbstractScrollArea):
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    found = []
    for box in view.findChildren(QComboBox):
        parent = box.parentWidget()
        around = None if parent is None else parent.layout()
        if around is not None:
            words = Words(box)
            around.replaceWidget(box, words)
            found.append(words)
    return found


def hide_controls(view: View[Any]) -> None:
    """Hide what only a person needs; views show some of it again as they are drawn."""
    for control in view.findChildren(QWidget):
        if isinstance(control, BUTTONS):
            room = control.sizePolicy()
            room.setRetainSizeWhenHidden(False)
            control.setSizePolicy(room)
            control.hide()
