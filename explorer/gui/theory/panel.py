"""TheoryPanel: the dock with the cards about losses and topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.core.languages import ENGLISH
from explorer.core.settings.config import RunConfig

if TYPE_CHECKING:
    from explorer.gui.theory.browser import TheoryBrowser


class TheoryPanel(QWidget):
    """Holds a `TheoryBrowser`, which is built when it is first seen: the window's start does not wait for it.

    While it is hidden it only remembers what to show.

    Signals
    -------
    lossRequested(str)
        The name of the loss to train with.
    presetRequested(object)
        The `Preset` to apply.
    labRequested(str), viewRequested(str), guideRequested(str)
        The id of the lab to open, of the view to bring to the front; the link of the tour to open.
    symbolHovered(object), settingRequested(object)
        The `Symbol` of a formula that is pointed at, None for none; the one of which the setting is wanted.
    numbersRequested()
        The numbers of the sample are out of date, and on screen.
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
        self._browser: TheoryBrowser | None = None
        self._language = ENGLISH
        self._labs: Mapping[str, str] = {}
        self._passed: frozenset[str] = frozenset()
        self._config: RunConfig | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def is_built(self) -> bool:
        """Whether the panel has been seen."""
        return self._browser is not None

    @property
    def browser(self) -> TheoryBrowser:
        """What the panel shows; built now if it has not been seen."""
        if self._browser is None:
            self._browser = self._build()
        return self._browser

    def set_language(self, language: str) -> None:
        """Show cards in a language, named as its folder; English where it lacks one."""
        self._language = language
        if self._browser is not None:
            self._browser.set_language(language)

    def set_labs(self, labs: Mapping[str, str]) -> None:
        """Take the labs that can be opened: their titles, in the language in force, by id."""
        self._labs = labs
        if self._browser is not None:
            self._browser.set_labs(labs)

    def set_passed(self, challenges: frozenset[str]) -> None:
        """Put a check before the challenges with these ids."""
        self._passed = challenges
        if self._browser is not None:
            self._browser.set_passed(challenges)

    def set_config(self, config: RunConfig) -> None:
        """Show the card of the loss of a configuration, unless a card is pinned."""
        self._config = config
        if self.isVisible():
            self._hand_over()

    def show_card(self, card_id: str) -> None:
        """Show a card."""
        self.browser.show_card(card_id)

    def show_loss(self) -> None:
        """Show the card of the loss in the controls, or the contents where it has none."""
        self._hand_over()
        self.browser.show_loss()

    def show_contents(self) -> None:
        """Show the list of all cards."""
        self.browser.show_contents()

    def start_search(self) -> None:
        """Give the keyboard to the search field."""
        self.browser.start_search()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the first card, or what has changed while the panel was hidden."""
        super().showEvent(event)
        self._hand_over()
        if not self.browser.cards:
            self.browser.show_loss()

    def _hand_over(self) -> None:
        if self._config is not None:
            self.browser.set_config(self._config)

    def _build(self) -> TheoryBrowser:
        from explorer.gui.theory.browser import TheoryBrowser

        browser = TheoryBrowser()
        browser.set_language(self._language)
        browser.set_labs(self._labs)
        browser.set_passed(self._passed)
        browser.lossRequested.connect(self.lossRequested)
        browser.presetRequested.connect(self.presetRequested)
        browser.labRequested.connect(self.labRequested)
        browser.viewRequested.connect(self.viewRequested)
        browser.guideRequested.connect(self.guideRequested)
        browser.symbolHovered.connect(self.symbolHovered)
        browser.settingRequested.connect(self.settingRequested)
        browser.numbersRequested.connect(self.numbersRequested)
        self._column.addWidget(browser)
        return browser
