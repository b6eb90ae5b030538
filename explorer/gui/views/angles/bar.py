"""AngleBar: controls above the angles, for the page and the images shown."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QWidget

from explorer.analysis.frames.references import ReferenceKind
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.core.texts import N_, _
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.controls.labels import set_role
from explorer.gui.plots.class_box import ClassBox
from explorer.gui.plots.style import color
from explorer.gui.plots.view_bar import MenuButton, PageTabs
from explorer.gui.theme.theme import Theme
from explorer.gui.views.angles.content import AngleOptions, Page

_PAGES: tuple[tuple[Page, str, str], ...] = (
    ("histogram", N_("Histogram"), N_("Angles to the true class and to the nearest other class")),
    ("rose", N_("Directions"), N_("Directions of the features of each class around the circle")),
    ("classes", N_("Table"), N_("Angles between the weights or the means of each pair of classes")),
    ("forces", N_("Forces"), N_("Length of the force of the loss on each feature, against its angle")),
)
_IMAGES = (
    ("both", N_("Test and training images")),
    ("test", N_("Test images")),
    ("train", N_("Training images")),
)
_BETWEEN: tuple[tuple[ReferenceKind, str], ...] = (
    ("weights", N_("Weights")),
    ("means", N_("Means")),
)


class AngleBar(QWidget):
    """Shows `AngleOptions` and requests changed ones.

    Signals
    -------
    optionsRequested(object)
        The requested `AngleOptions`.
    """

    optionsRequested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tabs = PageTabs(_("Angles to show"), [(_(text), _(tip)) for _page, text, tip in _PAGES])
        self.classes = ClassBox(_("Show images of this class"), _("All"))
        self.between = ChoiceBox()
        self.menu = MenuButton(_("Choose images"))
        self._ticks = self.menu.add_choices(_("Images"), "images", _IMAGES)
        self._options = AngleOptions()
        self._styled = ""
        self.between.addItems([_(text) for _kind, text in _BETWEEN])
        self.between.setAccessibleName(_("Angles between class weights or between class means"))
        self.between.setToolTip(self.between.accessibleName())
        self.between.setMinimumContentsLength(5)
        self.between.setIconSize(QSize(0, 0))
        for box in (self.classes, self.between):
            set_role(box, "role", "compact")  # for four tabs beside it where the theory is open
        self.setAutoFillBackground(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 6, 0)
        row.setSpacing(4)
        row.addWidget(self.tabs)
        row.addStretch(1)
        for widget in (self.classes, self.between, self.menu):
            row.addWidget(widget)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.classes.activated.connect(self._on_class_activated)
        self.between.activated.connect(self._on_between_activated)
        self.menu.choiceRequested.connect(self._on_choice_requested)

    def show_options(self, options: AngleOptions, theme: Theme, probe: ProbeSet) -> None:
        """Show these options, for the classes of a probe set."""
        self._options = options
        if self._styled != theme.look:
            self._styled = theme.look
            colors = QPalette(self.palette())
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)
            self.tabs.apply_theme(theme)
        self.tabs.setCurrentIndex([page for page, *_texts in _PAGES].index(options.page))
        self.classes.show_class(theme, probe, options.label)
        self.classes.setVisible(options.page != "classes")
        self.between.setCurrentIndex([kind for kind, _text in _BETWEEN].index(options.between))
        self.between.setVisible(options.page == "classes")
        self._ticks[options.images].setChecked(True)

    def _on_tab_changed(self, index: int) -> None:
        self._choose(replace(self._options, page=_PAGES[index][0]))

    def _on_class_activated(self, index: int) -> None:
        self._choose(replace(self._options, label=self.classes.label_at(index)))

    def _on_between_activated(self, index: int) -> None:
        self._choose(replace(self._options, between=_BETWEEN[index][0]))

    def _on_choice_requested(self, option: str, value: str) -> None:
        self._choose(msgspec.convert({**msgspec.structs.asdict(self._options), option: value}, AngleOptions))

    def _choose(self, options: AngleOptions) -> None:
        if options != self._options:
            self._options = options
            self.optionsRequested.emit(options)
