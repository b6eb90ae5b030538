"""The order in which Tab goes through widgets."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QWidget


def tab_through(*widgets: QWidget) -> None:
    """Make Tab go from each of these to the next: Qt appends a widget that is created later to the order."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)
