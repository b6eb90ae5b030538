"""What scrolls is fitted once, whatever size it asks for."""

from __future__ import annotations

import subprocess
import sys

WAVERING = """
from itertools import cycle

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from explorer.gui.views.draw.scrolled import Scrolled


class Wavering(QWidget):
    sizes = cycle([QSize(300, 400 + more) for more in range(7)])

    def minimumSizeHint(self):
        return next(self.sizes)


application = QApplication([])
area = Scrolled(Wavering(), "Drawing")
area.resize(200, 200)
area.show()
application.processEvents()
print(400 <= area.widget().height() <= 406)
"""


def test_a_content_that_cannot_decide_on_its_size_does_not_end_the_program():
    """Qt would fit it again within each change of its size, until the stack overflows."""
    found = subprocess.run(
        [sys.executable, "-c", WAVERING], capture_output=True, text=True, timeout=60, check=False
    )
    assert (found.returncode, found.stdout.strip()) == (0, "True"), found.stderr
