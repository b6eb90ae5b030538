"""The catalogues of translations are complete, and what they say can be shown."""

from __future__ import annotations

import io
import re
import string
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "resources" / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/loss-explorer.po"))
HAN = r"[\u4e00-\u9fff]"
PERCENT = re.compile(r"%(?:\(\w+\))?[rs]")
"""A field as the parser of the command line fills it in."""


def language_of(path: Path) -> str:
    return path.parents[1].name


@pytest.fixture(scope="module", params=CATALOGUES, ids=language_of)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language_of(path))


@pytest.fixture(scope="module")
def chinese() -> list[tuple[str, str]]:
    """Return all pairs of message id and translation into Simplified Chinese."""
    with (LOCALE / "zh_CN" / "LC_MESSAGES" / "loss-explorer.po").open("rb") as file:
        return [pair for message in read_po(file) if message.id for pair in pairs(message)]


def pairs(message: Message) -> list[tuple[str, str]]:
    """Return every translated form of a message with a message id that it stands for."""
    ids = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else message.string
    return [(ids[-1], translated) for translated in strings if translated]


def fields(text: str) -> set[str]:
    named = {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}
    return named | set(PERCENT.findall(text))


def test_there_are_catalogues():
    assert [language_of(path) for path in CATALOGUES] == ["zh_CN"]


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, ...]]:
    """Return the message ids of the program, with their plurals, as the documented command finds them."""
    path = tmp_path_factory.mktemp("texts") / "loss-explorer.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-o", str(path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    with path.open("rb") as file:
        return {forms(message.id) for message in read_po(file) if message.id}


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_sentence_is_translated(catalogue, sentences):
    translated = {forms(message.id) for message in catalogue if message.id and all(forms(message.string))}
    assert sorted(sentences - translated) == [], "run pybabel extract && pybabel update -N, and translate"


def test_every_translation_is_of_a_sentence_in_use(catalogue, sentences):
    known = {forms(message.id) for message in catalogue if message.id}
    assert sorted(known - sentences) == [], "run pybabel extract && pybabel update -N"


def test_no_translation_is_a_guess(catalogue):
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_every_translation_has_the_fields_of_its_message(catalogue):
    wrong = [
        (message_id, translated)
        for message in catalogue
        if message.id
        for message_id, translated in pairs(message)
        if fields(message_id) != fields(translated)
    ]
    assert wrong == []


def test_compiling_finds_no_fault(catalogue):
    """It takes "10% of" for a format of C: such a sentence is worded in another way."""
    assert [(message.id, str(e)) for message in catalogue for e in message.check(catalogue)] == []


def test_a_translation_begins_and_ends_with_the_white_space_of_its_message(catalogue):
    for message in catalogue:
        for message_id, translated in pairs(message) if message.id else ():
            assert translated[:1].isspace() == message_id[:1].isspace() or message_id in (", ", "; ")
            assert "\n" not in translated


def test_a_menu_entry_keeps_its_mnemonic_and_its_ellipsis(catalogue):
    mnemonic = re.compile(r"&(\w)")
    for message in catalogue:
        for message_id, translated in pairs(message) if message.id else ():
            assert len(mnemonic.findall(message_id)) == len(mnemonic.findall(translated)), message_id
            if mnemonic.search(message_id):
                assert message_id.endswith("…") == translated.endswith("…"), message_id


def test_the_compiled_catalogue_is_that_of_the_source(path, catalogue):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run: pybabel compile"


def test_the_readme_says_how_to_translate():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"pybabel {command}" in readme for command in ("extract", "update", "compile"))


def test_chinese_has_full_width_punctuation(chinese):
    half_width = re.compile(rf"{HAN}[,;:?!]|[,;:?!]{HAN}|{HAN}\.(?!\w)")
    assert [translated for _id, translated in chinese if half_width.search(translated)] == []


def test_chinese_has_a_space_beside_latin_words_and_numbers(chinese):
    """As is usual on screen: 第 12 步, 类权重 w; no space beside full-width punctuation."""
    joined = re.compile(rf"{HAN}[A-Za-z0-9{{]|[A-Za-z0-9}}]{HAN}")
    spaced = re.compile(r" [，。：；（）、“”]|[，。：；（）、“”] (?! )")
    assert [text for id_, text in chinese if joined.search(joins_removed(text, "label!l" in id_))] == []
    assert [translated for _id, translated in chinese if spaced.search(translated)] == []


CHINESE_FIELDS = re.compile(r"\{(?:condition|what|jump|sentence|reason|problem|setting|name|settings)\}")
"""Fields whose values are Chinese themselves, so that no space stands beside them."""


def joins_removed(text: str, of_a_setting: bool = False) -> str:
    """Without the fields that are Chinese; a label is, if it is that of a setting and not of a class."""
    return CHINESE_FIELDS.sub("，", text.replace("{label}", "，") if of_a_setting else text)
