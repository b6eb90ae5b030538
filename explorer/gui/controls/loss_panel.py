"""LossPanel: the box that chooses a loss, its formula and its parameters; and the losses as a menu."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.settings.config import RunConfig, flatten
from explorer.core.texts import _
from explorer.gui.controls.descriptions import citation_html
from explorer.gui.controls.formula import FormulaLabel
from explorer.gui.controls.labels import LinkLabel, NameLabel, WrappedLabel, set_role
from explorer.gui.controls.note import Note
from explorer.gui.controls.param_form import ParamForm
from explorer.gui.controls.param_row import ParamRow
from explorer.gui.controls.stops import format_number, spread
from explorer.gui.focus import tab_through
from explorer.gui.loss_choice.box import LossBox
from explorer.gui.loss_choice.tooltip import tip_with_formula
from explorer.gui.theme.tooltips import wrapped


class LossPanel(QFrame):
    """Shows the loss of a configuration, and requests another one or other parameters.

    Parameters
    ----------
    losses : mapping of str to LossSpec
        The losses to choose from, by name.

    Attributes
    ----------
    lossRequested : Signal(str)
        Name of the loss that a person picked.
    comparisonRequested : Signal(str)
        Name of a loss that the settings should be compared with.
    spreadRequested : Signal(str, object)
        Dotted name of a parameter, and the values that should be compared, a tuple.
    paramRequested : Signal(str, object)
        Dotted name and checked value of a parameter that a person changed.
    """

    lossRequested = Signal(str)
    comparisonRequested = Signal(str)
    spreadRequested = Signal(str, object)
    paramRequested = Signal(str, object)

    def __init__(self, losses: Mapping[str, LossSpec] = LOSSES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card", "true")
        self.setAccessibleName(_("Loss function"))
        self.spec: LossSpec | None = None
        self.form = ParamForm("loss", ())
        self.choice = LossBox(losses)
        self.choice.setAccessibleName(_("Loss function"))
        self.choice.activated.connect(self._on_choice_activated)
        self._formula = FormulaLabel()
        self._summary = WrappedLabel()
        self._paper = LinkLabel()
        set_role(self._paper, "role", "muted")
        self._notice = Note("info")
        self.compare = QPushButton(_("Compare with…"))
        self.compare.setToolTip(
            wrapped(_("Train these settings with other values, or with another loss, side by side"))
        )
        self.compare.setAccessibleName(_("Compare with…"))
        self.compare.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = LossMenu(_("Compare with"), losses, self)
        menu.aboutToShow.connect(self._offer_spreads)
        menu.lossRequested.connect(self.comparisonRequested)
        self.compare.setMenu(menu)
        self._spreads: list[QAction] = []
        above, below = QVBoxLayout(), QVBoxLayout()
        for part in (above, below):
            part.setContentsMargins(ParamRow.INDENT, 0, 0, 0)
            part.setSpacing(8)
        above.addLayout(self._title_row())
        for widget in (self.choice, self._formula, self._summary, self._notice):
            above.addWidget(widget)
        below.addWidget(self._paper)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(2, 10, 12, 12)
        self._layout.setSpacing(8)
        self._layout.addLayout(above)
        self._layout.addWidget(self.form)
        self._layout.addLayout(below)

    def set_config(self, config: RunConfig) -> None:
        """Show the loss and the values of a configuration; emits nothing."""
        spec = config.loss.spec
        if spec != self.spec:
            self._show_loss(spec)
        self.form.set_values(flatten(config))

    def set_pending(self, names: Collection[str]) -> None:
        """Mark the parameters whose change applies after a restart."""
        self.form.set_pending(names)

    def set_notice(self, text: str) -> None:
        """Show a note about the loss as it is used here; hide it for no text."""
        self._notice.show_text(text)

    def row(self, name: str) -> ParamRow | None:
        """Return the row of a dotted name, or None; another loss has other rows."""
        return self.form.rows.get(name)

    def _title_row(self) -> QHBoxLayout:
        title = NameLabel(_("Loss function"))  # so that the button does not widen the panel
        set_role(title, "role", "title")
        row = QHBoxLayout()
        row.addWidget(title, 1)
        row.addWidget(self.compare)
        return row

    def _show_loss(self, spec: LossSpec) -> None:
        self.spec = spec
        self.choice.set_loss(spec.name)
        self._formula.set_formula(spec.formula)
        self._summary.setText(_(spec.summary))
        self._paper.setText(citation_html(spec.paper) if spec.paper else "")
        self._paper.setVisible(spec.paper is not None)
        form = ParamForm("loss", spec.params)
        form.paramRequested.connect(self.paramRequested)
        old, self.form = self.form, form
        old.hide()  # or its rows stay in sight until they are deleted
        self._layout.replaceWidget(old, form)
        old.deleteLater()
        form.setVisible(bool(spec.params))
        tab_through(self.compare, self.choice, *form.stops(), self._paper)

    def _offer_spreads(self) -> None:
        """Put three values of each number of the loss above the other losses."""
        menu = self.compare.menu()
        for action in self._spreads:
            menu.removeAction(action)
            action.deleteLater()
        self._spreads, losses = [], menu.actions()
        for name, row in self.form.rows.items():
            values = () if isinstance(row.value, str | bool) else spread(row.param, row.value)
            if len(values) > 1:
                label = f"{_(row.param.label)} {row.param.symbol}".strip()
                words = f"{label}: {' | '.join(map(format_number, values))}".replace("&", "&&")
                action = QAction(words, menu)
                action.triggered.connect(partial(self.spreadRequested.emit, name, values))
                self._spreads.append(action)
        menu.insertActions(losses[0], self._spreads)
        if self._spreads:
            self._spreads.append(menu.insertSeparator(losses[0]))

    def _on_choice_activated(self) -> None:
        if self.spec is None or self.choice.loss != self.spec.name:
            self.lossRequested.emit(self.choice.loss)


class LossMenu(QMenu):
    """A submenu for each family, and an entry for each loss in it.

    Parameters
    ----------
    title : str
        What it is for, in the language in force.
    losses : mapping of str to LossSpec
        The losses to choose from, by name.

    Signals
    -------
    lossRequested(str)
        The name of the loss that was chosen.
    """

    lossRequested = Signal(str)

    def __init__(
        self, title: str, losses: Mapping[str, LossSpec] = LOSSES, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self._losses = losses
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Add the losses, once the menu opens: starting does not wait for them."""
        if not self.isEmpty():
            return
        families: dict[str, QMenu] = {}
        for spec in self._losses.values():
            if spec.family not in families:
                families[spec.family] = self.addMenu(_(spec.family).replace("&", "&&"))
                families[spec.family].setToolTipsVisible(True)
            action = families[spec.family].addAction(_(spec.title).replace("&", "&&"))
            action.hovered.connect(partial(self._describe, action, spec))
            action.triggered.connect(partial(self.lossRequested.emit, spec.name))

    def _describe(self, action: QAction, spec: LossSpec) -> None:
        """Give an entry its tooltip once it is pointed at, just before that is shown."""
        action.setToolTip(tip_with_formula(spec, self))
