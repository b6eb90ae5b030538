"""ContentsTree: all cards, presets, labs, tours and challenges, by kind; a search leaves what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.presets import Preset
from explorer.core.texts import N_, _
from explorer.gui.guides.guide import Guide
from explorer.gui.labs.titles import about_lab
from explorer.gui.theory.cards import Card

GROUPS = {
    "topic": N_("Topics"),
    "loss": N_("Losses"),
    "mistake": N_("Common mistakes"),
    "number": N_("Worked numbers"),
    "lab": N_("Labs"),
    "tour": N_("Tours"),
    "challenge": N_("Challenges"),
    "preset": N_("Presets"),
}
"""Titles of the groups by kind, in the order of the contents."""

_TARGET = Qt.ItemDataRole.UserRole
_IN_TEXT, _MISSES = 2, 3
"""Rank of an entry with all words in its text, and of one that a search does not find."""
_QUESTION, _ANSWERS = 4, 6
"""Words that make a search a question, and the most entries that answer it."""
_PUNCTUATION = "?!.,;:？！。，；："


class Entry(Struct, frozen=True):
    """A line of the contents.

    Parameters
    ----------
    target : str
        Where it leads, as a link in a card.
    kind : str
        A key of `GROUPS`.
    title, family : str
        Its text, and the title of the group within the group; in the language in force.
    content : str
        What a search looks through besides the title.
    """

    target: str
    kind: str
    title: str
    family: str = ""
    content: str = ""


def card_entries(cards: Iterable[Card]) -> list[Entry]:
    """Return the lines of cards: topics with their numbers, losses in their families."""
    found = []
    for card in cards:
        title = f"{card.number}. {card.title}" if card.number else card.title
        spec = LOSSES.get(card.loss)
        content = [card.text]
        if spec is not None:
            content += [spec.name, _(spec.family), _(spec.summary)]
            content += [_(param.label) for param in spec.params]
            if spec.paper is not None:
                content += [spec.paper.authors, spec.paper.title, spec.paper.venue, spec.paper.arxiv]
        family = "" if spec is None else _(spec.family)
        found.append(Entry(f"card:{card.id}", card.kind, title, family, "\n".join(content)))
    return found


def lab_entries(labs: Mapping[str, str]) -> list[Entry]:
    """Return the lines of labs: their titles by id."""
    return [Entry(f"lab:{name}", "lab", title, content=about_lab(name)) for name, title in labs.items()]


def preset_entries(presets: Iterable[Preset]) -> list[Entry]:
    """Return the lines of presets."""
    return [
        Entry(
            f"preset:{preset.name}",
            "preset",
            _(preset.title),
            content=f"{preset.name}\n{_(preset.description)}\n{_(preset.config.loss.spec.title)}",
        )
        for preset in presets
    ]


def guide_entries(guides: Mapping[str, Guide], passed: frozenset[str]) -> list[Entry]:
    """Return the lines of guides by their links; the challenges with the ``passed`` ids have a check."""
    return [
        Entry(
            link,
            link.partition(":")[0],
            f"✓ {guide.title}" if guide.challenge is not None and guide.id in passed else guide.title,
            content="\n".join((guide.about, *(step.text for step in guide.steps))),
        )
        for link, guide in guides.items()
    ]


def linked(card_id: str, cards: Mapping[str, Card], guides: Mapping[str, Guide]) -> Card:
    """Return a card with the guides that name it; its related cards are also those that name it."""
    card = cards[card_id]
    back = [other.id for other in cards.values() if card.id in other.related]
    found = tuple(link for link, guide in guides.items() if card.id in guide.cards)
    return replace(card, related=tuple(dict.fromkeys((*card.related, *back))), guides=found)


def matching(entries: Sequence[Entry], query: str) -> list[Entry]:
    """Return the entries with all words of a search, those with all of them in the title first.

    A question has words that no title needs: where no title has all of its words, those with the most of
    them in the title come first. Where there is none, those whose title has words that are written much like
    them.
    """
    phrase = " ".join(query.casefold().split()).rstrip("?？")
    ranks = [(_rank(entry, phrase), entry) for entry in entries]
    found = [entry for rank in range(_MISSES) for found, entry in ranks if found == rank]
    words = phrase.split()
    if len(words) >= _QUESTION and not any(rank < _IN_TEXT for rank, _entry in ranks):
        answers = _answering(entries, [word.strip(_PUNCTUATION) for word in words])
        found = answers + [entry for entry in found if entry not in answers]
    return found or _similar(entries, words)


def _rank(entry: Entry, phrase: str) -> int:
    """Return 0 for a title with the phrase, 1 for one with all its words, 2 for a text with them, or 3."""
    title = entry.title.casefold()
    if phrase in title:
        return 0
    words = phrase.split()
    if all(word in title for word in words):
        return 1
    content = f"{_(GROUPS[entry.kind])}\n{entry.content}".casefold()
    return _IN_TEXT if all(word in title or word in content for word in words) else _MISSES


def _answering(entries: Sequence[Entry], words: Sequence[str]) -> list[Entry]:
    """Return the few entries whose titles have the most letters of the words, a quarter of them at least."""
    least = sum(map(len, words)) / 4
    letters = [sum(len(word) for word in words if word in entry.title.casefold()) for entry in entries]
    most = sorted(zip(letters, entries, strict=True), key=lambda pair: -pair[0])[:_ANSWERS]
    return [entry for found, entry in most if found >= least]


def _similar(entries: Sequence[Entry], words: Sequence[str]) -> list[Entry]:
    import difflib

    close = partial(difflib.get_close_matches, n=1, cutoff=0.75)
    return [entry for entry in entries if all(close(word, entry.title.casefold().split()) for word in words)]


class ContentsTree(QTreeWidget):
    """Lists entries in their groups; a click or Enter follows one.

    Signals
    -------
    linkRequested(str)
        The target of the entry that a person chose.
    """

    linkRequested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Contents"))
        self.setHeaderHidden(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setIndentation(14)
        self.viewport().setAutoFillBackground(False)
        self.setUniformRowHeights(True)
        self.itemClicked.connect(self._on_item_chosen)
        self.itemActivated.connect(self._on_item_chosen)

    def show_entries(self, entries: Iterable[Entry], *, grouped: bool) -> None:
        """Show entries in their groups, or in this order with all groups open."""
        self.clear()
        groups: dict[tuple[str, str], QTreeWidgetItem] = {}
        for entry in entries:
            parent = self._group(groups, entry.kind, "")
            if grouped and entry.family:
                parent = self._group(groups, entry.kind, entry.family)
            item = QTreeWidgetItem(parent, [entry.title])
            item.setData(0, _TARGET, entry.target)
            item.setToolTip(0, entry.title)
        for (kind, family), group in groups.items():
            group.setExpanded(not grouped or bool(family) or kind == "topic")

    def targets(self) -> list[str]:
        """Return the targets of all entries, from top to bottom."""
        found = self.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        return [target for item in found if (target := item.data(0, _TARGET))]

    def follow_first(self) -> None:
        """Give the tree the keyboard and follow the first entry, or do nothing where there is none."""
        group = self.topLevelItem(0)
        first = None if group is None else group.child(0)
        if first is not None:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.setCurrentItem(first)
            self._on_item_chosen(first)

    def _group(
        self, groups: dict[tuple[str, str], QTreeWidgetItem], kind: str, family: str
    ) -> QTreeWidgetItem:
        """Return the group of a kind, or of a family in it; made where there is none yet."""
        if (kind, family) not in groups:
            title = family or _(GROUPS[kind])
            group = (
                QTreeWidgetItem(self._group(groups, kind, ""), [title])
                if family
                else QTreeWidgetItem(self, [title])
            )
            font = QFont()  # bold, and in size as the list
            font.setBold(not family)
            group.setFont(0, font)
            groups[kind, family] = group
        return groups[kind, family]

    def _on_item_chosen(self, item: QTreeWidgetItem) -> None:
        target = item.data(0, _TARGET)
        if target:
            self.linkRequested.emit(target)
        else:
            item.setExpanded(not item.isExpanded())
