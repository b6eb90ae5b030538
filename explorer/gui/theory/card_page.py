"""CardPage: one card of the theory panel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.settings.config import RunConfig
from explorer.core.texts import N_, _
from explorer.gui.controls.descriptions import citation_html, value_text
from explorer.gui.controls.labels import LinkLabel, SmallLabel, WrappedLabel, set_role
from explorer.gui.guides.guide import GUIDES
from explorer.gui.theory.cards import Card
from explorer.gui.theory.contents import GROUPS
from explorer.gui.theory.prose import ProseView
from explorer.gui.theory.sample_box import SampleBox
from explorer.gui.theory.symbol_formula import SymbolFormula
from explorer.gui.theory.symbol_table import SymbolTable
from explorer.gui.theory.symbols import Symbol

_HEADINGS = {
    "boundary": N_("Binary boundary"),
    "look": N_("What to look for"),
    "strengths": N_("Strengths"),
    "weaknesses": N_("Weaknesses"),
    "see": N_("In this program"),
    "claim": N_("The claim"),
    "truth": N_("What is true"),
    "notes": N_("The course notes have"),
    "right": N_("Correct"),
    "why": N_("Why"),
}
"""Headings of the sections that have one, as message ids."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>$|#])")


class CardPage(QScrollArea):
    """Shows a card; for a loss also its formula and its paper, from the catalogue.

    Signals
    -------
    linkRequested(str)
        The target of a link that a person followed.
    lossRequested(str)
        The name of the loss to train with.
    symbolHovered(object)
        The `Symbol` of the formula that is pointed at, None for none.
    settingRequested(object)
        The `Symbol` of which a person wants the setting.
    numbersRequested()
        As that of `SampleBox`.

    Symbols are reported only on the card of the loss that the controls show: those of another one have no
    setting, and nothing in the plots.
    """

    linkRequested = Signal(str)
    lossRequested = Signal(str)
    symbolHovered = Signal(object)
    settingRequested = Signal(object)
    numbersRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: Card | None = None
        self._config: RunConfig | None = None
        self._group = SmallLabel()
        set_role(self._group, "role", "muted")
        self._title = WrappedLabel()
        set_role(self._title, "role", "title")
        self.language_note = WrappedLabel()
        set_role(self.language_note, "role", "muted")
        self.use = QPushButton()
        self.use.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to the run
        self.use.clicked.connect(self._on_use_clicked)
        self.lead, self.prose, self.links = ProseView(), ProseView(), ProseView()
        self.lead.setAccessibleName(_("Theory"))
        self.links.setAccessibleName(_("See also"))
        self.formula, self.symbols = SymbolFormula(), SymbolTable()
        self.sample = SampleBox()
        self.paper = LinkLabel()
        set_role(self.paper, "role", "muted")
        content = _Content()
        column = self._column = QVBoxLayout(content)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        parts: tuple[QWidget, ...] = (self._group, self._title, self.language_note, self.lead)
        parts += (self.formula, self.symbols, self.sample, self.prose, self.paper, self.links)
        for widget in parts:
            column.addWidget(widget)
        column.insertWidget(column.indexOf(self.formula), self.use, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        for view in (self.lead, self.prose, self.links):
            view.linkRequested.connect(self.linkRequested)
        for part in (self.formula, self.symbols):
            part.symbolHovered.connect(self._on_symbol_hovered)
        self.symbols.settingRequested.connect(self._on_setting_requested)
        self.sample.numbersRequested.connect(self.numbersRequested)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def is_trained(self) -> bool:
        """Whether the card is that of the loss in the controls."""
        card, config = self.card, self._config
        return card is not None and config is not None and card.loss == config.loss.name

    def show_card(self, card: Card, link_titles: Mapping[str, str], language: str) -> None:
        """Show a card.

        Parameters
        ----------
        link_titles : mapping of str to str
            The titles of the targets that can be followed.
        language : str
            The language of the window; a note says where the card is in another one.
        """
        self.card = card
        self._on_symbol_hovered(None)
        self._group.setText(_(GROUPS[card.kind]))
        self._title.setText(card.title)
        self.setAccessibleName(card.title)
        missing = card.language != language
        self.language_note.setText(_("This card is not translated yet.") if missing else "")
        self.language_note.setVisible(missing)
        first, *others = card.sections
        self.lead.show_markdown(_section(first, card.sections[first]))
        self.prose.show_markdown("\n\n".join(_section(key, card.sections[key]) for key in others))
        self.links.show_markdown(_links_markdown(card, link_titles))
        self.links.setVisible(bool(self.links.markdown))
        self._show_loss(LOSSES.get(card.loss))
        self.verticalScrollBar().setValue(0)

    def set_config(self, config: RunConfig) -> None:
        """Take the configuration that the controls show."""
        was_trained, self._config = self.is_trained, config
        if was_trained and not self.is_trained:
            self._on_symbol_hovered(None)
        self._show_use()
        self._show_values()

    def _show_loss(self, spec: LossSpec | None) -> None:
        for part in (self.formula, self.symbols):
            part.setVisible(spec is not None)
        if spec is not None:
            self.formula.show_loss(spec)
            self.symbols.show_symbols(self.formula.symbols)
            self._show_values()
        cited = spec is not None and spec.paper is not None
        self.paper.setText(citation_html(spec.paper) if spec is not None and spec.paper else "")
        self.paper.setVisible(cited)
        self._show_use()

    def _show_use(self) -> None:
        """Offer to train with the loss of the card where another is trained, else show a sample of it."""
        spec = None if self.card is None else LOSSES.get(self.card.loss)
        other = spec is not None and self._config is not None and not self.is_trained
        if spec is not None:
            self.use.setText(_("Use {loss}").format(loss=_(spec.title)))
            self.use.setToolTip(_("Train with this loss."))
        self.use.setVisible(other)
        self.sample.setVisible(spec is not None and not other)

    def _show_values(self) -> None:
        """Show the values of the parameters, none where the card is not that of the loss in the controls."""
        values = {}
        if self._config is not None and self.is_trained:
            loss = self._config.loss
            for symbol in self.formula.symbols:
                param = loss.spec.param(symbol.param)
                if param is not None:
                    values[symbol.latex] = value_text(param, loss.params[param.name])
        self.symbols.show_values(values)

    def _on_symbol_hovered(self, symbol: Symbol | None) -> None:
        self.formula.mark(symbol)
        self.symbols.mark(symbol)
        self.symbolHovered.emit(symbol if self.is_trained else None)

    def _on_setting_requested(self, symbol: Symbol) -> None:
        if self.is_trained:
            self.settingRequested.emit(symbol)

    def _on_use_clicked(self) -> None:
        if self.card is not None:
            self.lossRequested.emit(self.card.loss)


class _Content(QWidget):
    """What scrolls: as high as its lines are at the width there is, and no higher.

    Without this the scroll area would leave room below for the height of each part at its least width.
    """

    def minimumSizeHint(self) -> QSize:
        """Return the least width; the height follows from the width."""
        return QSize(super().minimumSizeHint().width(), 0)


def _section(key: str, markdown: str) -> str:
    """Return a section with its heading, in Markdown."""
    return f"**{_(_HEADINGS[key])}**\n\n{markdown}" if key in _HEADINGS else markdown


def _links_markdown(card: Card, titles: Mapping[str, str]) -> str:
    """Return the links to related cards, labs, guides and presets that can be followed, in Markdown."""
    groups = (
        (_("See also"), [f"card:{name}" for name in card.related]),
        (_(GROUPS["lab"]), [f"lab:{name}" for name in card.labs]),
        *(
            (_(GROUPS[kind]), [link for link in card.guides if link.startswith(f"{kind}:")])
            for kind in GUIDES
        ),
        (_(GROUPS["preset"]), [f"preset:{name}" for name in card.presets]),
    )
    return "\n\n".join(
        f"**{heading}**\n\n{_list(found, titles)}"
        for heading, targets in groups
        if (found := [target for target in targets if target in titles])
    )


def _list(targets: Iterable[str], titles: Mapping[str, str]) -> str:
    return "\n".join(f"- [{_escaped(titles[target])}]({target})" for target in targets)


def _escaped(title: str) -> str:
    """Return a title without letters that mean something in Markdown."""
    return _SPECIAL.sub(r"\\\1", title)
