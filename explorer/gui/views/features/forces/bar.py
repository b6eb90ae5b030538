"""ForceBar: what can be chosen about forces, and what their arrows mean, above the features."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSizePolicy, QWidget

from explorer.core.texts import _
from explorer.gui.plots.class_box import ClassBox
from explorer.gui.plots.style import SMALL_TYPE, color
from explorer.gui.state.forces import DETACHED_TIP
from explorer.gui.theme.application_font import RelativeFont
from explorer.gui.theme.theme import Theme, palette
from explorer.gui.theme.tooltips import wrapped
from explorer.gui.views.features.content import Content, FeatureOptions

_NOTE_LETTERS = 28
"""Width of the sentence, in letters, below which it has a line of its own."""


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
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(10, 0, 8, 2)
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(2)
        self._rows.setColumnStretch(0, 1)
        self._rows.setSizeConstraint(QGridLayout.SizeConstraint.SetNoConstraint)
        self._stacked: bool | None = None
        self._place()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the sentence a line of its own where the bar is narrow."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        choices = [widget.sizeHint().width() for widget in (self.classes, self.detached)]
        least = _NOTE_LETTERS * self.note.fontMetrics().averageCharWidth()
        stacked = self.width() < sum(choices) + least
        if stacked == self._stacked:
            return
        self._stacked = stacked
        self._rows.addWidget(self.note, 0, 0, 1, 3 if stacked else 1)
        for column, widget in enumerate((self.classes, self.detached), 1):
            self._rows.addWidget(widget, int(stacked), column)

    def _on_class_activated(self, index: int) -> None:
        self.optionsRequested.emit(replace(self._options, force_class=self.classes.label_at(index)))

    def _on_detached_clicked(self, checked: bool) -> None:
        self.optionsRequested.emit(replace(self._options, force_detached=checked))
