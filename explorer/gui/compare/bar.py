"""CompareBar: what acts on all runs of a comparison at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from msgspec.structs import asdict, replace
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget
from superqt import QElidingLabel

from explorer.core.texts import N_, _
from explorer.gui.compare.pairs import list_pairs
from explorer.gui.compare.panes.pane import second_views
from explorer.gui.compare.state import Link, Links, LinkUnit
from explorer.gui.controls.labels import set_role
from explorer.gui.controls.loss_panel import LossMenu
from explorer.gui.plots.view_bar import MenuButton
from explorer.gui.theme.icons import icon
from explorer.gui.theme.tooltips import wrapped

_LINKS: Mapping[Link, str] = MappingProxyType(
    {
        "timeline": N_("Timeline"),
        "axes": N_("Axes and camera"),
        "selection": N_("Selection"),
        "classes": N_("Hidden classes and colours"),
        "views": N_("Display options"),
    }
)
_UNITS: Mapping[LinkUnit, str] = MappingProxyType(
    {"step": N_("By step"), "epoch": N_("By epoch"), "images": N_("By images seen")}
)


class CompareBar(QFrame):
    """Buttons and menus of the comparison window.

    Signals
    -------
    lossRequested(str)
        A run like the first, but with this loss, should be added.
    recordingRequested(), windowRunRequested(), windowSettingsRequested()
        A recording should be added; the run of the main window; a run with the settings of that window.
    linksRequested(object), unitRequested(str)
        Other `Links` are wanted; the timelines should be linked by another `LinkUnit`.
    secondRequested(str)
        The view of this id is wanted below the features, none for an empty id.
    presetRequested(object)
        This `Pair` should be compared.

    Attributes
    ----------
    toggle, restart, table, repeat : QPushButton
        Start or pause all runs; restart them; show the table of figures; train from more seeds.
    """

    lossRequested = Signal(str)
    recordingRequested = Signal()
    windowRunRequested = Signal()
    windowSettingsRequested = Signal()
    linksRequested = Signal(object)
    unitRequested = Signal(str)
    secondRequested = Signal(str)
    presetRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links = Links()
        self._training = False
        self.toggle, self.restart = QPushButton(), QPushButton(_("Restart all"))
        set_role(self.toggle, "role", "primary")
        self.table = QPushButton(_("Table"))
        self.table.setCheckable(True)
        self.add = QPushButton(_("Add run"))
        self.add.setMenu(self.add_menu())
        self.presets = QPushButton(_("Presets"))
        self.presets.setMenu(self._preset_menu())
        self.repeat = QPushButton(_("Repeat…"))
        self.repeat.setToolTip(
            wrapped(
                _("Train the same settings with more seeds, for mean differences with confidence intervals")
            )
        )
        self.link = _menu_button(_("Links"))
        self._ticks = self.link.add_switches(_("Link between runs"), "link", list(_LINKS.items()))
        self._units = self.link.add_choices(_("Link the timelines"), "unit", list(_UNITS.items()))
        self.second = _menu_button(_("View below"))
        views = [(spec.id, spec.title) for spec in second_views().values()]
        self._seconds = self.second.add_choices(
            _("View below the features"), "view", [("", N_("None")), *views]
        )
        self.about = QElidingLabel()
        set_role(self.about, "role", "muted")
        self.about.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(8)
        buttons = (
            self.toggle,
            self.restart,
            self.add,
            self.presets,
            self.link,
            self.second,
            self.table,
            self.repeat,
        )
        for button in buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(button.accessibleName() or button.text())
            layout.addWidget(button)
        layout.addWidget(self.about, 1)
        self.link.choiceRequested.connect(self._on_link_choice_requested)
        self.second.choiceRequested.connect(self._on_second_choice_requested)
        self.set_training(False)
        self.set_choices(self._links, "step", "")

    def add_menu(self) -> QMenu:
        """Return a menu of all that can be added; its choices are the signals of this bar."""
        menu = QMenu(self)
        losses = LossMenu(_("Same settings with another loss"), parent=menu)
        losses.lossRequested.connect(self.lossRequested)
        menu.addMenu(losses)
        for text, signal in (
            (_("Settings of the main window"), self.windowSettingsRequested),
            (_("Run in the main window"), self.windowRunRequested),
            (_("Recording…"), self.recordingRequested),
        ):
            menu.addAction(text).triggered.connect(signal)
        return menu

    def _preset_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for pair in list_pairs():
            action = menu.addAction(_(pair.title))
            action.setToolTip(wrapped(_(pair.description)))
            action.triggered.connect(partial(self.presetRequested.emit, pair))
        return menu

    def set_training(self, training: bool) -> None:
        """Show whether a run trains."""
        self._training = training
        words = _("Pause all") if training else _("Start all")
        self.toggle.setText(words)
        self.toggle.setAccessibleName(words)
        self._dress()

    def set_choices(self, links: Links, unit: LinkUnit, second: str) -> None:
        """Show what is linked, and which view is below the features; emits nothing."""
        self._links = links
        for name, linked in asdict(links).items():
            self._ticks[name].setChecked(linked)
        self._units[unit].setChecked(True)
        self._seconds[second].setChecked(True)

    def set_about(self, text: str) -> None:
        """Show a sentence about the runs."""
        self.about.setText(text)
        self.about.setToolTip(wrapped(text))

    def minimumSizeHint(self) -> QSize:
        """Return room for the buttons; the sentence is cut where there is too little."""
        size = super().minimumSizeHint()
        return QSize(size.width() - self.about.minimumSizeHint().width(), size.height())

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        palette, line = self.palette(), self.fontMetrics().height()
        self.toggle.setIcon(
            icon("pause" if self._training else "play", palette, palette.ColorRole.HighlightedText)
        )
        self.restart.setIcon(icon("restart", palette))
        for button in (self.toggle, self.restart, self.link, self.second):
            button.setIconSize(QSize(line, line))
        widest = max(
            self.toggle.fontMetrics().horizontalAdvance(_(text))
            for text in (N_("Pause all"), N_("Start all"))
        )
        self.toggle.setFixedWidth(widest + line + 40)

    def _on_link_choice_requested(self, option: str, value: str) -> None:
        if option == "unit":
            self.unitRequested.emit(value)
        else:
            self.linksRequested.emit(replace(self._links, **{value: self._ticks[value].isChecked()}))

    def _on_second_choice_requested(self, _option: str, value: str) -> None:
        self.secondRequested.emit(value)


def _menu_button(text: str) -> MenuButton:
    button = MenuButton(text)
    button.setText(text)
    button.setAutoRaise(False)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the word
    button.content.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    set_role(button, "role", "menu")
    return button
