"""The reader of cards: what it accepts, what it refuses and how, and which language a card is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.gui.theory.cards import CardError, parse_card, read_card, read_cards
from explorer.gui.theory.markup import formulas_in

PLACE = Path("theory/en/vectors.md")
GOOD = """+++
kind = "topic"
title = "Vectors"
number = 3
related = ["arcface"]
+++

## facts

The length of $x$ is $\\|x\\|$, and a book costs \\$5. See [ArcFace](card:arcface).

$$
\\|x\\|^2 = x\\cdot x
$$

## see

In the [distance lab](lab:distance).
"""


def test_a_card_is_read():
    card = parse_card(GOOD, PLACE)
    assert (card.id, card.kind, card.title, card.number, card.language) == (
        "vectors",
        "topic",
        "Vectors",
        3,
        "en",
    )
    assert list(card.sections) == ["facts", "see"]
    assert list(card.formulas()) == ["x", r"\|x\|", r"\|x\|^2 = x\cdot x"]
    assert list(card.links()) == ["card:arcface", "card:arcface", "lab:distance"]
    assert [display for display, _ in formulas_in(card.sections["facts"])] == [False, False, True]


def test_a_card_of_a_loss_has_its_title_from_the_catalogue():
    sections = "".join(
        f"## {key}\n\nText.\n\n" for key in ("idea", "boundary", "look", "strengths", "weaknesses")
    )
    card = parse_card(f'+++\nkind = "loss"\nloss = "arcface"\n+++\n{sections}', Path("en/arcface.md"))
    assert card.title == "ArcFace"


@pytest.mark.parametrize(
    ("change", "line", "problem"),
    [
        (("+++\nkind", "kind"), 1, "begins with a table"),
        (("number = 3", "number = three"), 4, "not valid TOML"),
        (("number = 3", "number = 19"), 1, "number from 1 to 18"),
        (("number = 3", "year = 3"), 1, "year"),
        (('kind = "topic"', 'kind = "story"'), 1, "story"),
        (('title = "Vectors"\n', ""), 1, "has a title"),
        (('title = "Vectors"', f'title = "{"V" * 81}"'), 1, "at most 80 letters"),
        (('title = "Vectors"', 'title = "Vectors"\nloss = "arcface"'), 1, "names a loss"),
        (("## facts\n", "Before.\n\n## facts\n"), 8, "before the first section"),
        (("## see", "## facts"), 16, "'facts' is there twice"),
        (("## see", "## look"), 16, "no section 'look'"),
        (("## see\n\nIn the [distance lab](lab:distance).\n", ""), 16, "needs the sections facts, see"),
        (("In the [distance lab](lab:distance).", ""), 16, "section is empty"),
        (("$x$", "$x"), 10, "formula"),
        (("$x$", "$ $"), 10, "formula"),
        (("costs \\$5", "costs $5"), 10, "formula"),
        (("$x$", f"${'x' * 601}$"), 10, "1 to 600 letters"),
        (("card:arcface", "file:///etc"), 10, "file:///etc"),
        (("lab:distance", "http://example.org"), 18, "http://example.org"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(change, line, problem):
    assert change[0] in GOOD
    with pytest.raises(CardError, match=rf"^en/vectors\.md, line {line}: .*") as caught:
        parse_card(GOOD.replace(*change, 1), PLACE)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("change", "problem"),
    [(("arcface", "arcfase"), "no loss 'arcfase'"), (("arcface", "cosface"), "must be named cosface.md")],
)
def test_a_card_of_a_loss_is_named_as_it(change, problem):
    head = '+++\nkind = "loss"\nloss = "arcface"\n+++\n'.replace(*change)
    with pytest.raises(CardError, match=problem):
        parse_card(head, Path("en/arcface.md"))


def test_a_file_that_is_too_large_or_no_text_is_refused(tmp_path):
    path = tmp_path / "vectors.md"
    path.write_text(GOOD + "x" * 40_000, "utf-8")
    with pytest.raises(CardError, match="at most 32768 bytes"):
        read_card(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CardError, match="Cannot read the card"):
        read_card(path)
    with pytest.raises(CardError, match="Cannot read the card"):
        read_card(tmp_path / "none.md")


def test_lines_may_end_as_on_windows(tmp_path):
    path = tmp_path / "vectors.md"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert read_card(path).sections == parse_card(GOOD, PLACE).sections


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(content):
    read_or_refused(content)


@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text('+$[]()#\\="\n ax:', max_size=6))
def test_a_card_with_any_part_replaced_is_read_or_refused(start, length, put):
    read_or_refused(GOOD[:start] + put + GOOD[start + length :])


def read_or_refused(content: str) -> None:
    try:
        card = parse_card(content, PLACE)
    except CardError as error:
        assert str(error)
    else:
        assert all(card.sections.values())


def write(folder: Path, language: str, name: str, content: str) -> None:
    (folder / language).mkdir(exist_ok=True)
    (folder / language / f"{name}.md").write_text(content, "utf-8")


def test_a_card_that_a_language_lacks_is_in_english(tmp_path):
    write(tmp_path, "en", "vectors", GOOD)
    write(tmp_path, "en", "lengths", GOOD.replace("Vectors", "Lengths").replace("3", "4", 1))
    write(tmp_path, "zh_CN", "vectors", GOOD.replace("Vectors", "向量"))
    cards, faults = read_cards(tmp_path, "zh_CN")
    assert [(card.title, card.language) for card in cards.values()] == [("向量", "zh_CN"), ("Lengths", "en")]
    assert faults == []


def test_a_bad_card_of_a_language_is_in_english_and_reported(tmp_path):
    write(tmp_path, "en", "vectors", GOOD)
    write(tmp_path, "zh_CN", "vectors", "向量")
    cards, faults = read_cards(tmp_path, "zh_CN")
    assert cards["vectors"].language == "en"
    assert [str(fault).partition(":")[0] for fault in faults] == ["zh_CN/vectors.md, line 1"]


def test_a_language_without_a_folder_is_in_english(tmp_path):
    write(tmp_path, "en", "vectors", GOOD)
    cards, faults = read_cards(tmp_path, "fr")
    assert (list(cards), faults) == (["vectors"], [])
