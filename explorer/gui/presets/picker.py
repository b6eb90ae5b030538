"""PresetPicker: all presets with their pictures, to search and to begin a run with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.settings.config import ConfigError
from explorer.core.settings.presets import Preset, list_presets
from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.layout.arrangement import frame_size
from explorer.gui.presets.menu import group_title
from explorer.gui.presets.picture import settings_picture
from explorer.gui.theme.theme import Theme

if TYPE_CHECKING:
    from explorer.gui.app import App

_PICTURE = QSize(124, 60)
_SIZE = QSize(640, 620)
_TEXT_WIDTH = 440
_PRESET = Qt.ItemDataRole.UserRole


class PresetPicker(QDialog):
    """A list of presets, each with a picture of what it sets; below it, what the current one is for.

    Parameters
    ----------
    presets : iterable of Preset
        The presets, in the order of the list.
    time_of : callable
        Returns a sentence about how long a preset takes here, empty where that is not known.

    Signals
    -------
    presetRequested(object)
        A run with this `Preset` should begin.
    """

    presetRequested = Signal(object)

    def __init__(
        self, presets: Iterable[Preset], theme: Theme, time_of: Callable[[Preset], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Presets"))
        self._time_of = time_of
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search presets"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Presets"))
        self.list.setIconSize(_PICTURE)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(2)
        for preset in presets:
            item = QListWidgetItem(f"{_(preset.title)}\n{_(group_title(preset.name))}")
            item.setData(_PRESET, preset)
            self.list.addItem(item)
        self.about, self.time = WrappedLabel(), WrappedLabel()
        for label in (self.about, self.time):
            label.setMinimumWidth(_TEXT_WIDTH)  # else the window is as high as they are in a narrow one
        set_role(self.time, "role", "muted")
        self.begin = QPushButton(_("Begin a run"))
        set_role(self.begin, "role", "primary")
        self._arrange()
        self.set_theme(theme)
        self.search.textChanged.connect(self._on_search_changed)
        self.list.currentItemChanged.connect(self._show_current)
        self.list.itemActivated.connect(self._on_begin_requested)
        self.begin.clicked.connect(self._on_begin_requested)
        self.list.setCurrentRow(0)

    @property
    def current(self) -> Preset | None:
        """The preset that is chosen in the list, and found by the search."""
        item = self.list.currentItem()
        return None if item is None or item.isHidden() else item.data(_PRESET)

    def set_theme(self, theme: Theme) -> None:
        """Draw the pictures in the colours of a theme."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            image = settings_picture(item.data(_PRESET).config, theme, _PICTURE, self.devicePixelRatioF())
            picture = QPixmap.fromImage(image)
            drawn = QIcon(picture)
            drawn.addPixmap(picture, QIcon.Mode.Selected)  # else Qt tints it
            item.setIcon(drawn)

    def _arrange(self) -> None:
        close = QPushButton(_("Close"))
        close.clicked.connect(self.close)
        close.setAutoDefault(False)
        self.begin.setAutoDefault(False)
        ends = QHBoxLayout()
        ends.addWidget(self.begin)
        ends.addStretch(1)
        ends.addWidget(close)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.about)
        column.addWidget(self.time)
        column.addLayout(ends)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() - frame_size(self)))

    def _on_search_changed(self, words: str) -> None:
        """Show the presets whose name, group or description has all of the words."""
        wanted = words.casefold().split()
        first: QListWidgetItem | None = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            preset = item.data(_PRESET)
            text = f"{item.text()} {_(preset.description)} {preset.name}".casefold()
            item.setHidden(not all(word in text for word in wanted))
            first = item if first is None and not item.isHidden() else first
        if self.current is None and first is not None:
            self.list.setCurrentItem(first)
        self._show_current()

    def _show_current(self) -> None:
        preset = self.current
        self.begin.setEnabled(preset is not None)
        self.about.setText("" if preset is None else _(preset.description))
        time = "" if preset is None else self._time_of(preset)
        self.time.setText(time)
        self.time.setVisible(bool(time))

    def _on_begin_requested(self) -> None:
        if self.current is not None:
            self.presetRequested.emit(self.current)
            self.close()


def open_picker(app: App) -> PresetPicker | None:
    """Open the list of presets over the window of an app; say why if they cannot be read."""
    try:
        presets = sorted(list_presets(), key=lambda preset: _(group_title(preset.name)))
    except ConfigError as error:
        app.announcements.refuse(str(error))
        return None
    picker = PresetPicker(presets, app.appearance.theme, app.presets.time_text, app.window)
    picker.presetRequested.connect(app.presets.apply)
    app.appearance.themeChanged.connect(picker.set_theme)
    app.window.closeRequested.connect(picker.close)
    picker.show()
    return picker
