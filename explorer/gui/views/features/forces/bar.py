"""ForceBar: what can be chosen about forces, and what their arrows mean, above the features."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from explorer.core.texts import _
from explorer.gui.plots.class_box import ClassBox
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.state.forces import DETACHED_TIP
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.features.content import Content, FeatureOptions


class ForceBar(QWidget):
    """Shows the options about forces, and requests others.

    Signals
    -------
    optionsRequested(object)
        Other `FeatureOptions`.
    """

    optionsRequested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._options = FeatureOptions()
        self._styled: Theme | None = None
        self.classes = ClassBox(_("Draw the force field on a feature of this class"), _("No field"))
        self.classes.setMinimumContentsLength(len(_("No field")))
        self.detached = QCheckBox(_("Detach the margin's gradient"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        RelativeFont(self.note, SMALL_TYPE)
        RelativeFont(self.detached, SMALL_TYPE)
        self.detached.setToolTip(wrapped(_(DETACHED_TIP)))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 8, 2)
        row.setSpacing(10)
        row.addWidget(self.note, 1)
        row.addWidget(self.classes)
        row.addWidget(self.detached)
        self.setAutoFillBackground(True)
        self.classes.activated.connect(self._on_class_activated)
        self.detached.clicked.connect(self._on_detached_clicked)
        self.hide()

    def show_state(self, content: Content, options: FeatureOptions, theme: Theme, note: str) -> None:
        """Show options, and a sentence about the arrows as rich text."""
        self._options = options
        if theme is not self._styled:
            self._styled = theme
            colors = palette(theme)
            colors.setColor(QPalette.ColorRole.Window, color(theme.plot))
            self.setPalette(colors)
        probe, spec = content.snapshot.probe, content.snapshot.config.loss.spec
        label = options.force_class
        self.classes.show_class(
            theme, probe, label if label is not None and label < probe.num_classes else None, probe.unseen
        )
        self.classes.setVisible(content.points.shape[1] == 2)
        self.classes.setEnabled(not content.normalized)
        self.detached.setChecked(options.force_detached)
        self.detached.setEnabled(bool(spec.without_margin))
        if self.note.text() != note:
            self.note.setText(note)
        self.setVisible(options.forces)

    def _on_class_activated(self, index: int) -> None:
        self.optionsRequested.emit(replace(self._options, force_class=self.classes.label_at(index)))

    def _on_detached_clicked(self, checked: bool) -> None:
        self.optionsRequested.emit(replace(self._options, force_detached=checked))
