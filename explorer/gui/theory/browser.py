"""TheoryBrowser: cards about losses and topics, their contents and a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.core.data.resources import resource
from explorer.core.settings.config import ConfigError, RunConfig
from explorer.core.settings.presets import Preset, list_presets
from explorer.core.texts import _
from explorer.gui.controls.labels import WrappedLabel, set_role
from explorer.gui.controls.note import Note
from explorer.gui.guides.guide import GUIDES, Guide, read_all_guides
from explorer.gui.theme.icon_shapes import IconName
from explorer.gui.theme.icons import icon
from explorer.gui.theory.card_page import CardPage
from explorer.gui.theory.cards import Card, read_cards
from explorer.gui.theory.contents import (
    ContentsTree,
    Entry,
    card_entries,
    guide_entries,
    lab_entries,
    linked,
    matching,
    preset_entries,
)
from explorer.gui.theory.document import FALLBACK

_MOST_VISITED = 100


class TheoryBrowser(QWidget):
    """Shows the card of the loss in the controls, or the card that a person chose.

    Attributes
    ----------
    titles : mapping of str to str
        The titles of all targets of links that can be followed.

    Signals
    -------
    lossRequested(str)
        The name of the loss to train with.
    presetRequested(object)
        The `Preset` to apply.
    labRequested(str), viewRequested(str), guideRequested(str)
        The id of the lab to open, of the view to bring to the front; the link of the tour to open.
    symbolHovered(object), settingRequested(object), numbersRequested()
        As those of `CardPage`.
    """

    lossRequested = Signal(str)
    presetRequested = Signal(object)
    labRequested = Signal(str)
    viewRequested = Signal(str)
    guideRequested = Signal(str)
    symbolHovered = Signal(object)
    settingRequested = Signal(object)
    numbersRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, Card] = {}
        self._language = FALLBACK
        self._labs: Mapping[str, str] = {}
        self._config: RunConfig | None = None
        self._entries, self._presets = list[Entry](), dict[str, Preset]()
        self._guides: dict[str, Guide] = {}
        self._passed: frozenset[str] = frozenset()
        self._visited: list[str] = []
        self._place, self.titles = -1, dict[str, str]()
        self._icons: dict[QToolButton, IconName] = {}
        self.back = self._button("left", _("Back"), self._on_back_clicked)
        self.forward = self._button("right", _("Forward"), self._on_forward_clicked)
        self.to_contents = self._button("list", _("Contents"), self.show_contents)
        self.pin = self._button("pin", _("Keep this card when the loss changes"))
        self.pin.setCheckable(True)
        self.search = QLineEdit(placeholderText=_("Search help"), clearButtonEnabled=True)
        self.search.setAccessibleName(_("Search help"))
        self.note = Note("error")
        self.page = CardPage()
        self.contents = ContentsTree()
        self._nothing = WrappedLabel(_("Nothing matches the search."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self._nothing, "role", "muted")
        self._pages = QStackedWidget()
        for page in (self.page, self.contents, self._nothing):
            self._pages.addWidget(page)
        self._arrange()
        self.search.textChanged.connect(self._on_search_text_changed)
        self.search.returnPressed.connect(self.contents.follow_first)
        self.page.linkRequested.connect(self.follow)
        self.page.lossRequested.connect(self.lossRequested)
        self.page.symbolHovered.connect(self.symbolHovered)
        self.page.settingRequested.connect(self.settingRequested)
        self.page.numbersRequested.connect(self.numbersRequested)
        self.contents.linkRequested.connect(self.follow)
        self._show_buttons()

    @property
    def card(self) -> Card | None:
        """The card that is shown, None before any and while the contents are shown."""
        return self.page.card if self._pages.currentWidget() is self.page else None

    def set_language(self, language: str) -> None:
        """Show cards in a language, named as its folder; English where it lacks one."""
        if language != self._language:
            self._language = language
            if self.cards:
                self._read()
                self._show_current()

    def set_labs(self, labs: Mapping[str, str]) -> None:
        """Take the labs that can be opened: their titles, in the language in force, by id."""
        self._labs = labs
        if self.cards:
            self._collect()
            self._show_current()

    def set_passed(self, challenges: frozenset[str]) -> None:
        """Put a check before the challenges with these ids."""
        self._passed = challenges
        if self.cards:
            self._collect()

    def set_config(self, config: RunConfig) -> None:
        """Show the card of the loss of a configuration, unless a card is pinned."""
        other = self._config is None or self._config.loss.name != config.loss.name
        self._config = config
        self.page.set_config(config)
        if other and self.cards and not self.pin.isChecked():
            self.show_loss()

    def show_card(self, card_id: str) -> None:
        """Show a card, and remember it among those to go back to."""
        self.ensure_read()
        if card_id not in self.cards:
            return
        if self._place < 0 or self._visited[self._place] != card_id:
            self._visited = [*self._visited[: self._place + 1], card_id][-_MOST_VISITED:]
            self._place = len(self._visited) - 1
        self._show_current()

    def show_loss(self) -> None:
        """Show the card of the loss in the controls, or the contents where it has none."""
        self.ensure_read()
        name = "" if self._config is None else self._config.loss.name
        if name in self.cards:
            self.show_card(name)
        else:
            self.show_contents()

    def show_contents(self) -> None:
        """Show the list of all cards."""
        self.ensure_read()
        self.search.clear()
        self.contents.show_entries(self._entries, grouped=True)
        self._pages.setCurrentWidget(self.contents)
        self._show_buttons()

    def start_search(self) -> None:
        """Give the keyboard to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def follow(self, target: str) -> None:
        """Follow a link: show a card, or request what else it leads to; open a page in the browser."""
        scheme, _colon, name = target.partition(":")
        if scheme == "card":
            self.show_card(name)
        elif scheme == "preset":
            self.presetRequested.emit(self._presets[name])
        elif scheme == "lab":
            self.labRequested.emit(name)
        elif scheme == "view":
            self.viewRequested.emit(name)
        elif scheme in GUIDES:
            self.guideRequested.emit(target)
        else:
            QDesktopServices.openUrl(QUrl(target))

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for button, name in self._icons.items():
                button.setIcon(icon(name, self.palette()))

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 8, 0)
        top.setSpacing(2)
        for widget in (self.back, self.forward, self.to_contents, self.search, self.pin):
            top.addWidget(widget)
        top.setStretchFactor(self.search, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.note)
        column.addWidget(self._pages, 1)

    def _button(self, name: IconName, text: str, calls: Callable[[], object] | None = None) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIcon(icon(name, self.palette()))
        self._icons[button] = name
        button.setToolTip(text)
        button.setAccessibleName(text)
        if calls is not None:
            button.clicked.connect(calls)
        return button

    def ensure_read(self) -> None:
        """Read cards and guides, and list what can be found, unless that has been done."""
        if not self.cards:
            self._read()

    def _read(self) -> None:
        self.cards, faults = read_cards(resource("theory"), self._language)
        self.note.show_text(" ".join(map(str, faults)))
        self._collect()

    def _collect(self) -> None:
        """List what can be found: cards, labs, guides and presets."""
        self._entries = card_entries(self.cards.values())
        self._entries += lab_entries(self._labs)
        try:
            self._presets = {preset.name: preset for preset in list_presets()}
        except ConfigError as error:
            self.note.show_text(str(error))
        self._guides, faults = read_all_guides(self._language)
        self.note.show_text(self.note.text or " ".join(map(str, faults)))
        self._entries += guide_entries(self._guides, self._passed)
        self._entries += preset_entries(self._presets.values())
        self.titles = {entry.target: entry.title for entry in self._entries}
        self.contents.show_entries(self._entries, grouped=True)

    def _show_current(self) -> None:
        if self._place >= 0:
            card = linked(self._visited[self._place], self.cards, self._guides)
            self.page.show_card(card, self.titles, self._language)
            if self.contents.hasFocus():
                self.page.setFocus()  # else the first symbol gets it, and Space with it
            self._pages.setCurrentWidget(self.page)
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.back.setEnabled(self._place > (0 if self.card is not None else -1))
        self.forward.setEnabled(self._place < len(self._visited) - 1)

    def _on_back_clicked(self) -> None:
        if self.card is not None:  # from the contents, back is the card before them
            self._place -= 1
        self._show_current()

    def _on_forward_clicked(self) -> None:
        self._place += 1
        self._show_current()

    def _on_search_text_changed(self, query: str) -> None:
        self.ensure_read()
        found = matching(self._entries, query) if query.strip() else self._entries
        self.contents.show_entries(found, grouped=not query.strip())
        self._pages.setCurrentWidget(self.contents if found else self._nothing)
        self._show_buttons()
