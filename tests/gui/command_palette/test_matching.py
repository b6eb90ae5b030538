"""What the palette finds, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.gui.command_palette.matching import PaletteEntry, ranked


def entry(title, *words, place="", enabled=True, preferred=False):
    return PaletteEntry(
        id=title,
        title=title,
        place=place,
        words=words,
        enabled=enabled,
        preferred=preferred,
        run=lambda: None,
    )


ENTRIES = [
    entry("Open", place="File"),
    entry("Class colours", place="View"),
    entry("Hide all panels", place="View"),
    entry("CosFace (AM-Softmax)", "Additive margin softmax", place="Loss"),
    entry("ArcFace", place="File › Presets"),
    entry("ArcFace", place="Loss", preferred=True),
    entry("Sub-centre ArcFace", place="Loss"),
    entry("Triplet", place="Loss"),
    entry("10. Euclidean or cosine?", place="Theory"),
    entry("决策区域", "Decision regions", place="视图"),
]


def titles(query, entries=ENTRIES, recent=()):
    return [found.title for found in ranked(entries, query, recent)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("color", "Class colours"),
        ("CLASS COLOR", "Class colours"),
        ("panels hide", "Hide all panels"),
        ("hap", "Hide all panels"),
        ("am-soft", "CosFace (AM-Softmax)"),
        ("additive margin", "CosFace (AM-Softmax)"),
        ("sub center", "Sub-centre ArcFace"),
        ("triplit", "Triplet"),
        ("euclid", "10. Euclidean or cosine?"),
        ("区域", "决策区域"),
        ("decision", "决策区域"),
        ("view hide", "Hide all panels"),
    ],
)
def test_what_is_meant_comes_first(query, first):
    assert titles(query)[0] == first


def test_a_loss_comes_before_its_preset_and_before_longer_names():
    found = ranked(ENTRIES, "arcface")
    assert [(entry.title, entry.place) for entry in found[:3]] == [
        ("ArcFace", "Loss"),
        ("ArcFace", "File › Presets"),
        ("Sub-centre ArcFace", "Loss"),
    ]


def test_an_empty_query_finds_everything_the_last_used_first():
    assert titles("  ") == [entry.title for entry in ENTRIES]
    assert titles("", recent=("Open", "Triplet"))[:3] == ["Triplet", "Open", "Class colours"]


def test_what_was_used_last_comes_before_what_matches_as_well():
    pair = [entry("Panel one"), entry("Panel two")]
    assert titles("panel", pair, recent=("Panel two",)) == ["Panel two", "Panel one"]


def test_what_cannot_be_chosen_comes_last():
    pair = [entry("Panel one", enabled=False), entry("Panel two")]
    assert titles("panel", pair) == ["Panel two", "Panel one"]


def test_nothing_is_found_for_what_is_like_nothing():
    assert titles("xqzw") == []
    assert titles("zz arcface") == []


@given(st.text(max_size=30))
def test_any_text_can_be_typed(query):
    found = ranked(ENTRIES, query)
    assert len(found) == len({id(entry) for entry in found}) <= len(ENTRIES)
