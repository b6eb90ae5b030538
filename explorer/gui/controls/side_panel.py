"""SidePanel: the panels of loss and settings in one area that scrolls vertically."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from explorer.core.settings.config import RunConfig
from explorer.core.texts import _
from explorer.gui.controls.loss_panel import LossPanel
from explorer.gui.controls.note import Note
from explorer.gui.controls.param_row import ParamRow
from explorer.gui.controls.settings_panel import SettingsPanel


class SidePanel(QScrollArea):
    """All settings of a run, about 300 pixels wide; signals as in `LossPanel`.

    Signals
    -------
    settingsRequested()
        The live run should have the settings that are shown, which cannot be changed here.
    """

    lossRequested = Signal(str)
    comparisonRequested = Signal(str)
    spreadRequested = Signal(str, object)
    paramRequested = Signal(str, object)
    settingsRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Loss and settings"))
        self.lock = Note("info")
        self.lock.remedyRequested.connect(self.settingsRequested)
        self.loss = LossPanel()
        self.settings = SettingsPanel()
        self.loss.lossRequested.connect(self.lossRequested)
        self.loss.comparisonRequested.connect(self.comparisonRequested)
        self.loss.spreadRequested.connect(self.spreadRequested)
        for panel in (self.loss, self.settings):
            panel.paramRequested.connect(self.paramRequested)
        self._content = QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.lock)
        layout.addWidget(self.loss)
        layout.addWidget(self.settings)
        layout.addStretch(1)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_config(self, config: RunConfig) -> None:
        """Show a configuration; emits nothing."""
        self.loss.set_config(config)
        self.settings.set_config(config)

    def set_lock(self, sentence: str) -> None:
        """Let nothing be changed, and say why; an empty sentence lets everything be changed."""
        self.lock.show_text(sentence, _("Use these settings") if sentence else "")
        for panel in (self.loss, self.settings):
            panel.setEnabled(not sentence)

    def set_pending(self, names: Collection[str]) -> None:
        """Mark the settings whose change applies after a restart, and no others."""
        self.loss.set_pending(names)
        self.settings.set_pending(names)

    def row(self, name: str) -> ParamRow | None:
        """Return the row of a dotted name, or None."""
        return self.loss.row(name) or self.settings.row(name)

    def sizeHint(self) -> QSize:
        """Return at least 300 pixels of width, more for a large font."""
        return QSize(max(300, self.minimumSizeHint().width()), 600)

    def minimumSizeHint(self) -> QSize:
        """Return a width at which nothing is cut off beside the scroll bar."""
        content = self._content.minimumSizeHint().width()
        return QSize(content + self.verticalScrollBar().sizeHint().width(), 200)
