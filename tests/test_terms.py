"""One term for one thing: what resources/locale/TERMS.md rules out is in no text on screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

RESOURCES = Path(__file__).parent.parent / "resources"
CATALOGUE = RESOURCES / "locale" / "zh_CN" / "LC_MESSAGES" / "loss-explorer.po"
ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<means>[^|]*)\| (?P<out>[^|]+) \|$", re.MULTILINE)


def words_out() -> list[str]:
    rows = ROW.findall((RESOURCES / "locale" / "TERMS.md").read_text(encoding="utf-8"))
    phrases = [out.strip() for _term, _means, column in rows for out in column.split(",")]
    return [phrase for phrase in phrases if phrase not in ("not", "Start …", "---")]


def texts() -> dict[str, str]:
    """All sentences for the screen, and the prose that ships with the program, by where they are."""
    with CATALOGUE.open("rb") as file:
        messages = [message.id for message in read_po(file) if message.id]
    found = {}
    for message in messages:
        for text in message if isinstance(message, tuple) else (message,):
            found[text[:60]] = text
    for folder in RESOURCES.rglob("en"):
        for path in folder.rglob("*.*"):
            found[str(path.relative_to(RESOURCES))] = path.read_text(encoding="utf-8")
    return found


def test_the_list_of_terms_is_read():
    assert {"feature vector", "let go of", "% sure"} <= set(words_out())
    assert len(texts()) > 1000


@pytest.mark.parametrize("phrase", words_out())
def test_words_that_are_out_are_on_no_screen(phrase):
    pattern = re.compile(r"(?<!\w)" + re.escape(phrase) + r"(?!\w)", re.IGNORECASE)
    assert {where: text[:200] for where, text in texts().items() if pattern.search(text)} == {}


def test_there_is_no_space_before_an_ellipsis():
    labels = [text for text in texts().values() if text.endswith(" …")]
    assert labels == []
