"""Collapsible: a titled group that folds away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from explorer.core.texts import _
from explorer.gui.controls.labels import SmallLabel, set_role
from explorer.gui.theme.icons import icon


class Collapsible(QFrame):
    """Header that shows or hides ``content``, with room for a remark beside the title."""

    def __init__(self, title: str, content: QWidget, expanded: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.setAccessibleName(title)
        self.header = QToolButton()
        set_role(self.header, "role", "header")
        self.header.setText(title)
        self.header.setAccessibleName(title)
        self.header.setCheckable(True)
        self.header.setChecked(expanded)
        self.header.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.toggled.connect(self._on_header_toggled)
        self._remark = SmallLabel()
        set_role(self._remark, "role", "muted")
        self._content = content
        row = QHBoxLayout()
        row.setContentsMargins(6, 0, 0, 0)
        row.addWidget(self.header, 1)
        row.addWidget(self._remark)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 6, 12, 6)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(content)
        self._on_header_toggled(expanded)

    def set_remark(self, text: str) -> None:
        """Show a few words at the end of the header."""
        self._remark.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._on_header_toggled(self.header.isChecked())

    def _on_header_toggled(self, expanded: bool) -> None:
        self.header.setIcon(icon("down" if expanded else "right", self.palette()))
        self.header.setAccessibleDescription(_("expanded") if expanded else _("collapsed"))
        self._content.setVisible(expanded)
