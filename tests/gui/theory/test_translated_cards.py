"""A translated card says what the English one says: the same formulas, links and references."""

from __future__ import annotations

import pytest

from explorer.core.data.resources import resource
from explorer.gui.theory.cards import read_card

FOLDER = resource("theory")
TRANSLATED = sorted(path for path in FOLDER.glob("*/*.md") if path.parent.name != "en")
ENGLISH = {path.name for path in (FOLDER / "en").iterdir()}


@pytest.mark.parametrize("language", sorted({path.parent.name for path in TRANSLATED}))
def test_every_card_is_translated(language):
    assert {path.name for path in (FOLDER / language).iterdir()} == ENGLISH


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_translated_card_has_the_formulas_and_links_of_the_english_one(path):
    translated, english = read_card(path), read_card(FOLDER / "en" / path.name)
    for name in ("kind", "loss", "number", "related", "presets", "labs"):
        assert getattr(translated, name) == getattr(english, name), name
    assert sorted(translated.formulas()) == sorted(english.formulas())
    assert sorted(translated.links()) == sorted(english.links())
    assert (translated.title == english.title) == (english.kind == "loss")
