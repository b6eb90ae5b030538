"""An error where Qt calls the program: on Python 3.11 the window would be gone, with all that it shows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from explorer.gui.starting.override_errors import make_errors_whole


class Faulty(QWidget):
    """Fails as C code does: with an error that is not whole before a handler sees it."""

    def resizeEvent(self, _event):
        np.zeros(3)[7]

    def mousePressEvent(self, _event):
        divmod(1, 0)


def test_an_error_in_what_qt_calls_reaches_its_caller(qtbot):
    make_errors_whole()
    widget = Faulty()
    qtbot.addWidget(widget)
    with pytest.raises(IndexError, match="index 7 is out of bounds"):
        widget.grab()
    with pytest.raises(ZeroDivisionError, match="by zero"):
        QTest.mousePress(widget, Qt.MouseButton.LeftButton)
