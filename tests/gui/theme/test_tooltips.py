"""Tooltips wrap: a sentence of Qt's in one line is as wide as the window."""

from __future__ import annotations

import pytest

from explorer.gui.theme.tooltips import wrapped


def test_a_long_sentence_is_broken_between_words_and_nothing_is_lost():
    sentence = "Shows where the selected images were in the last frames, one line for each. " * 4
    lines = wrapped(sentence).split("\n")
    assert len(lines) > 3
    assert max(map(len, lines)) <= 72
    assert " ".join(lines).split() == sentence.split()


def test_chinese_is_broken_where_its_wide_letters_fill_the_line():
    assert max(map(len, wrapped("特征到其类中心的均方根距离" * 8).split("\n"))) <= 36


@pytest.mark.parametrize(
    "tip", ["", "Train one step (.)", "<p>" + "rich text, which Qt wraps " * 9, "two\nlines"]
)
def test_what_needs_no_breaks_gets_none(tip):
    assert wrapped(tip) == tip
