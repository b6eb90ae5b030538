"""What this program is, in a box."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from explorer import __version__

_TEXT = (
    f"<h3>Loss Explorer {__version__}</h3><p>Watch a loss function shape the feature space of MNIST while "
    f"the "
    "network trains.</p><p>MIT licence. MNIST by Yann LeCun and Corinna Cortes, CC BY-SA 3.0.</p>"
)


def show_about(parent: QWidget) -> None:
    """Open a box that is gone once it is closed."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "About Loss Explorer", _TEXT, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
