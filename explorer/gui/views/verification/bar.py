"""VerificationBar: controls above the plots, for the page, the measure and the classes."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from explorer.core.texts import N_, _
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.plots.style import color
from explorer.gui.plots.view_bar import MenuButton, PageTabs
from explorer.gui.theme.theme import Theme
from explorer.gui.views.verification.content import MEASURES, Group, Page, VerificationOptions

_PAGES: tuple[tuple[Page, str, str], ...] = (
    ("distances", N_("Distances"), N_("Distances of same and of different pairs, and a threshold between")),
    ("roc", N_("ROC"), N_("Receiver operating characteristic, error rates and identification")),
)
_GROUPS: tuple[tuple[Group, str], ...] = (("seen", N_("Trained on")), ("unseen", N_("Left out")))
_SWITCHES = (("logarithmic", N_("Logarithmic axis of false accepts")),)


class VerificationBar(QWidget):
    """Shows `VerificationOptions` and requests changed ones.

    Signals
    -------
    optionsRequested(object)
        The requested `VerificationOptions`.
    """

    optionsRequested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._options = VerificationOptions()
        self._styled = ""
        self.tabs = PageTabs(_("Verification"), [(_(text), _(tip)) for _page, text, tip in _PAGES])
        self.groups = _box(_("Classes compared"), [_(text) for _group, text in _GROUPS])
        self.measures = _box(_("Distance"), [_(name) for name, _axis in MEASURES.values()])
        self.menu = MenuButton(_("Axes"))
        self._ticks = self.menu.add_switches(_("ROC"), "logarithmic", _SWITCHES)
        self.setAutoFillBackground(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 6, 0)
        row.setSpacing(4)
        row.addWidget(self.tabs)
        row.addStretch(1)
        for widget in (self.groups, self.measures, self.menu):
            row.addWidget(widget)
        self.groups.hide()  # until there are unseen classes: the panel would be wider than its neighbours
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.groups.activated.connect(self._on_group_activated)
        self.measures.activated.connect(self._on_measure_activated)
        self.menu.choiceRequested.connect(self._on_choice_requested)

    def show_options(self, options: VerificationOptions, theme: Theme, *, unseen: bool) -> None:
        """Show these options; ``unseen`` tells whether classes were left out of training."""
        self._options = options
        if self._styled != theme.look:
            self._styled = theme.look
            colors = QPalette(self.palette())
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)
            self.tabs.apply_theme(theme)
        self.tabs.setCurrentIndex([page for page, *_texts in _PAGES].index(options.page))
        self.groups.setCurrentIndex([group for group, _text in _GROUPS].index(options.group))
        self.groups.setVisible(unseen)
        self.measures.setCurrentIndex(list(MEASURES).index(options.measure))
        self._ticks["logarithmic"].setChecked(options.logarithmic)
        self.menu.setVisible(options.page == "roc")

    def _on_tab_changed(self, index: int) -> None:
        self._choose(replace(self._options, page=_PAGES[index][0]))

    def _on_group_activated(self, index: int) -> None:
        self._choose(replace(self._options, group=_GROUPS[index][0]))

    def _on_measure_activated(self, index: int) -> None:
        """Choose a measure; a threshold of another one means nothing."""
        measure = list(MEASURES)[index]
        if measure != self._options.measure:
            self._choose(replace(self._options, measure=measure, threshold=None))

    def _on_choice_requested(self, _option: str, _value: str) -> None:
        self._choose(replace(self._options, logarithmic=not self._options.logarithmic))

    def _choose(self, options: VerificationOptions) -> None:
        if options != self._options:
            self._options = options
            self.optionsRequested.emit(options)


def _box(name: str, texts: list[str]) -> ChoiceBox:
    box = ChoiceBox()
    box.addItems(texts)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
