"""Whoever draws for a data set of clothes is not asked for a digit."""

import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.draw.pad import DrawingPad
from explorer.gui.views.draw.words import DIGITS, IMAGES, words_for


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("", DIGITS),
        ("MNIST", DIGITS),
        ("EMNIST digits", DIGITS),
        ("Fashion-MNIST", IMAGES),
        ("photos", IMAGES),
    ],
)
def test_the_pad_speaks_of_digits_only_where_there_are_digits(qtbot, title, words):
    """Not where classes only have numbers: these may be photographs. Runs of old releases have no title."""
    probe = replace(make_snapshot(count=30, classes=3).probe, class_names=("0", "1", "2"), title=title)
    assert words_for(probe) is words
    pad = DrawingPad(LIGHT)
    qtbot.addWidget(pad)
    pad.set_words(words_for(probe))
    assert ("digit" in pad.accessibleName()) == ("digit" in pad.toolTip()) == (words is DIGITS)
    pad.grab()
