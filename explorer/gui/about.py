"""The About box."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from explorer import __version__
from explorer.core.texts import _


def show_about(parent: QWidget) -> None:
    """Open the box; closing deletes it."""
    lines = (
        _("Watch a loss function shape the feature space while the network trains."),
        _("MIT licence. MNIST by Yann LeCun and Corinna Cortes, CC BY-SA 3.0."),
    )
    name = f"<h3>Loss Explorer {__version__}</h3>"  # not shown in another language: a name
    content = name + "".join(f"<p>{line}</p>" for line in lines)
    box = QMessageBox(QMessageBox.Icon.NoIcon, _("About Loss Explorer"), content, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
