"""ProjectionBar: which projection of features of more than three dimensions is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.margins.class_pairs import chosen_pair
from explorer.analysis.projection.projection import ProjectionKind
from explorer.core.texts import N_, _
from explorer.gui.controls.inputs import ChoiceBox
from explorer.gui.controls.labels import set_role
from explorer.gui.plots.class_box import ClassBox
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.icons import icon
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.features.content import FeatureOptions

KINDS: Mapping[ProjectionKind, tuple[str, str]] = MappingProxyType(
    {
        "tour": (
            N_("Grand tour"),
            N_(
                "A slow path from one projection to the next, along the class weights, or the class means "
                "where there are none."
            ),
        ),
        "pca": (N_("Principal components"), N_("The directions along which the points shown vary most.")),
        "pair": (
            N_("Two classes"),
            N_(
                "The first axis is the normal of the decision boundary between two classes; perpendicular to "
                "it, the direction along which they vary most."
            ),
        ),
    }
)
"""Name and tip of each projection."""
_DRAGGED = N_(
    "A slow path from one projection to the next, along the class weights. Drag the end of an arrow, and the "
    "projection follows."
)
"""Tip of a tour whose arrows can be dragged."""

_AROUND = 50
"""Pixels around and between the parts of the bar."""


class ProjectionBar(QWidget):
    """Shows the options of a projection, and requests changed ones.

    Signals
    -------
    optionsRequested(object)
        The requested `FeatureOptions`.
    """

    optionsRequested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._options = FeatureOptions()
        self._pair = self._options.first, self._options.second
        self._told: tuple[ProjectionKind, bool] | None = None
        self.kinds = ChoiceBox()
        self.kinds.setAccessibleName(_("Projection"))
        for name, _tip in KINDS.values():
            self.kinds.addItem(_(name))
        self.kinds.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.kinds.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.pause = QToolButton()
        self.pause.setAutoRaise(True)
        self.first, self.second = ClassBox(_("First class")), ClassBox(_("Second class"))
        self.against = QLabel(_("against"))
        self.flat, self.space = QToolButton(), QToolButton()
        for button, count, place in ((self.flat, 2, "first"), (self.space, 3, "last")):
            button.setText(_("to {dim}-D").format(dim=count))
            button.setAccessibleName(_("Project to {dim}-D").format(dim=count))
            button.setToolTip(button.accessibleName())
            button.setCheckable(True)
            set_role(button, "segment", place)
            RelativeFont(button, SMALL_TYPE)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 8, 2)
        row.setSpacing(6)
        for widget in (self.kinds, self.first, self.against, self.second, self.pause):
            RelativeFont(widget, SMALL_TYPE)
            row.addWidget(widget)
        row.addStretch(1)
        switch = QHBoxLayout()
        switch.setSpacing(0)
        switch.addWidget(self.flat)
        switch.addWidget(self.space)
        row.addLayout(switch)
        self.setAutoFillBackground(True)
        self.kinds.activated.connect(self._on_kind_activated)
        self.pause.clicked.connect(self._on_pause_clicked)
        self.first.activated.connect(self._on_first_activated)
        self.second.activated.connect(self._on_second_activated)
        self.flat.clicked.connect(self._on_flat_clicked)
        self.space.clicked.connect(self._on_space_clicked)
        self.hide()

    def show_options(
        self, options: FeatureOptions, theme: Theme, probe: ProbeSet, *, draggable: bool = False
    ) -> None:
        """Show these options, in the colours of a theme; ``draggable`` arrows lead a tour."""
        self._options = options
        if theme is not self._theme:
            self._theme = theme
            colors = palette(theme)
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)
        kind = options.projection
        self.kinds.setCurrentIndex(list(KINDS).index(kind))
        self._show_tips(draggable=draggable)
        self._pair = chosen_pair(options.first, options.second, probe)
        for box, label in zip((self.first, self.second), self._pair, strict=True):
            box.show_class(theme, probe, label, probe.unseen)
            box.setVisible(kind == "pair")
        self._fit()
        self.pause.setVisible(kind == "tour")
        words = _("Pause the grand tour") if options.touring else _("Resume the grand tour")
        self.pause.setIcon(icon("pause" if options.touring else "play", palette(theme)))
        self.pause.setAccessibleName(words)
        self.pause.setToolTip(wrapped(words))
        self.flat.setChecked(not options.to_space)
        self.space.setChecked(options.to_space)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out a word where there is no room for it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.kinds, self.first, self.against, self.second, self.flat, self.space
        needed = sum(widget.sizeHint().width() for widget in shown) + _AROUND
        self.against.setVisible(self._options.projection == "pair" and needed <= self.width())

    def _show_tips(self, *, draggable: bool) -> None:
        told = self._options.projection, draggable
        if told == self._told:
            return
        self._told = told
        tips = {kind: tip for kind, (_name, tip) in KINDS.items()}
        if draggable:
            tips["tour"] = _DRAGGED
        for index, tip in enumerate(tips.values()):
            self.kinds.setItemData(index, wrapped(_(tip)), Qt.ItemDataRole.ToolTipRole)
        self.kinds.setToolTip(wrapped(_(tips[self._options.projection])))

    def _on_kind_activated(self, index: int) -> None:
        self._choose(replace(self._options, projection=list(KINDS)[index]))

    def _on_pause_clicked(self) -> None:
        self._choose(replace(self._options, touring=not self._options.touring))

    def _on_first_activated(self, index: int) -> None:
        first, second = self._pair
        self._choose(replace(self._options, first=index, second=first if index == second else second))

    def _on_second_activated(self, index: int) -> None:
        first, second = self._pair
        self._choose(replace(self._options, first=second if index == first else first, second=index))

    def _on_flat_clicked(self) -> None:
        self._choose(replace(self._options, to_space=False))

    def _on_space_clicked(self) -> None:
        self._choose(replace(self._options, to_space=True))

    def _choose(self, options: FeatureOptions) -> None:
        before, self._options = self._options, options
        if options != before:
            self.optionsRequested.emit(options)
        self.flat.setChecked(not options.to_space)
        self.space.setChecked(options.to_space)
