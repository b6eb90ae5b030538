"""What a person finds in a view: its caption, the sentences in sight, and the points that are drawn."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from explorer.gui.plots.caption import Caption
from explorer.gui.views.features.content import Content
from explorer.gui.views.features.view import FeaturesView


def caption(view: QWidget) -> str:
    """Return the caption above the plot, in the words of those who hear it."""
    (found,) = view.findChildren(Caption)
    return found.accessibleName()


def sentences(view: QWidget) -> str:
    """Return all texts in sight that are not drawn into a plot, one in a line."""
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def shown_content(view: FeaturesView) -> Content:
    """Return what the plot in sight shows."""
    shown = view.space.content if view.space.isVisible() else view.plane.content
    assert shown is not None
    return shown


def action(menu: QMenu, text: str) -> QAction:
    """Return the entry of a menu with this text."""
    (found,) = (entry for entry in menu.actions() if entry.text() == text)
    return found
