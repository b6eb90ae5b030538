"""Cards of the theory panel: the reader of ``resources/theory``.

A card is a document; its name without ``.md`` is the id. It has the sections that its kind needs. Formulas
are LaTeX between ``$`` (in a line) or ``$$`` (on their own line); a dollar sign has a backslash before it. A
link leads to another card (``card:id``), a preset (``preset:name``), a lab (``lab:id``), a view
(``view:id``), a tour (``tour:id``), a challenge
(``challenge:id``) or a page (``https://…``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from explorer.core.losses.catalog import LOSSES
from explorer.core.texts import Text, TextError, _, text
from explorer.gui.theory.document import (
    FALLBACK,
    DocumentError,
    as_struct,
    read_content,
    read_head,
    read_sections,
)
from explorer.gui.theory.markup import formulas_in, links_in

Kind = Literal["topic", "loss", "mistake", "number"]
"""The kinds of cards, in the order of the contents."""

SECTIONS: Mapping[Kind, tuple[str, ...]] = {
    "topic": ("facts", "see"),
    "loss": ("idea", "boundary", "look", "strengths", "weaknesses"),
    "mistake": ("claim", "truth", "see"),
    "number": ("notes", "right", "why"),
}
"""The sections that a card of each kind must have, in this order."""

TOPICS = 18
"""Number of topics, which are numbered from 1."""

_MOST_TITLE, _MOST_LINKS = 80, 24


class CardError(TextError):
    """A card cannot be read; the message names the file and the line."""


class Card(Struct, frozen=True, kw_only=True):
    """One card.

    Parameters
    ----------
    id, kind : str
        Its name in links, and what it is about.
    title : str
        Name on screen, in the language of the card.
    language : str
        Name of the folder that it was read from, such as "en".
    loss : str
        Name of the loss, for a card about one.
    number : int
        Position among the topics, from 1; 0 for other kinds.
    sections : mapping of str to str
        Markdown by key, in the order of `SECTIONS`.
    related, presets, labs : tuple of str
        Ids of other cards, names of presets and ids of labs to go on with.
    guides : tuple of str
        Links of the tours and challenges that name it; they are known where these are read.
    """

    id: str
    kind: Kind
    title: str
    language: str
    loss: str = ""
    number: int = 0
    sections: dict[str, str]
    related: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All sections in one."""
        return "\n\n".join(self.sections.values())

    def formulas(self) -> Iterator[str]:
        """Yield the LaTeX of every formula."""
        for section in self.sections.values():
            yield from (latex for _display, latex in formulas_in(section))

    def links(self) -> Iterator[str]:
        """Yield the target of every link, with its scheme."""
        yield from (f"card:{name}" for name in self.related)
        yield from (f"preset:{name}" for name in self.presets)
        yield from (f"lab:{name}" for name in self.labs)
        yield from links_in(self.text)


class _Table(Struct, forbid_unknown_fields=True):
    """The table at the head of a file."""

    kind: Kind
    title: str = ""
    loss: str = ""
    number: int = 0
    related: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()
    labs: tuple[str, ...] = ()


def read_cards(folder: Path, language: str = FALLBACK) -> tuple[dict[str, Card], list[CardError]]:
    """Return the cards of a language by id, and what is wrong with files that cannot be read.

    A card that the language lacks, or whose file cannot be read, is that of `FALLBACK`.

    Parameters
    ----------
    folder : Path
        ``resources/theory``, with one folder per language.
    """
    cards: dict[str, Card] = {}
    faults: list[CardError] = []
    for name in dict.fromkeys((FALLBACK, language)):
        for path in sorted((folder / name).glob("*.md")):
            try:
                cards[path.stem] = read_card(path)
            except CardError as error:
                faults.append(error)
    return dict(sorted(cards.items(), key=lambda item: _order(item[1]))), faults


def read_card(path: Path) -> Card:
    """Return the card in a file.

    Raises
    ------
    CardError
        If it cannot be read or is not valid.
    """
    try:
        return parse_card(read_content(path), path)
    except (OSError, UnicodeDecodeError) as error:
        raise CardError("Cannot read the card {file}: {error}.", file=path, error=error) from None
    except DocumentError as error:
        raise _fault(path, error) from None


def parse_card(content: str, path: Path) -> Card:
    """Return the card in the text of a file; ``path`` gives its id and its language.

    Raises
    ------
    CardError
        If it is not valid.
    """
    try:
        head = read_head(content)
        table: _Table = as_struct(head.table, _Table)
        for problem in _problems(table, path):
            raise DocumentError(1, problem)
        sections = read_sections(head, SECTIONS[table.kind])
    except DocumentError as error:
        raise _fault(path, error) from None
    return Card(
        id=path.stem,
        kind=table.kind,
        title=_(LOSSES[table.loss].title) if table.loss else table.title,
        language=path.parent.name,
        loss=table.loss,
        number=table.number,
        sections=sections,
        related=table.related,
        presets=table.presets,
        labs=table.labs,
    )


def _problems(table: _Table, path: Path) -> Iterator[Text]:
    """Yield what is wrong with the values of a table."""
    about_loss, topic = table.kind == "loss", table.kind == "topic"
    if about_loss and table.loss not in LOSSES:
        yield text("there is no loss {name!r}", name=table.loss)
    if about_loss and path.stem != table.loss:
        yield text("the card of the loss {name!r} must be named {name}.md", name=table.loss)
    if not about_loss and table.loss:
        yield text("only a card of the kind loss names a loss")
    if about_loss == bool(table.title):
        yield text("every card but that of a loss has a title")
    if len(table.title) > _MOST_TITLE:
        yield text("a title has at most {count} letters", count=_MOST_TITLE)
    if topic != (1 <= table.number <= TOPICS) or (not topic and table.number):
        yield text("a topic, and nothing else, has a number from 1 to {count}", count=TOPICS)
    if max(map(len, (table.related, table.presets, table.labs))) > _MOST_LINKS:
        yield text("a card has at most {count} links of a kind", count=_MOST_LINKS)


def _fault(path: Path, error: DocumentError) -> CardError:
    place = "/".join(path.parts[-2:])
    return CardError("{file}, line {line}: {problem}.", file=place, line=error.line, problem=error.problem)


def _order(card: Card) -> tuple[int, int, int, str]:
    """Return the position in the contents: by kind, topics by number, losses as in the catalogue."""
    place = list(LOSSES).index(card.loss) if card.loss else 0
    return list(SECTIONS).index(card.kind), card.number, place, card.title
