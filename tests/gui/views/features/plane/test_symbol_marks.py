"""Where in the plane the symbol of a formula is marked."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.gui.views.features.plane.symbol_marks import place_in
from explorer.gui.views.view import NO_MARK, SymbolMark


class Shown:
    """Content of which only the rows matter, and how often they are looked at."""

    def __init__(self, rows):
        self.looks, self._rows = 0, np.array(rows)

    @property
    def rows(self):
        self.looks += 1
        return self._rows


@pytest.mark.parametrize(
    ("mark", "place"),
    [(SymbolMark(place="feature", row=7), 2), (SymbolMark(place="feature", row=6), -1), (NO_MARK, -1)],
    ids=["shown", "not shown", "no mark"],
)
def test_a_mark_is_at_its_sample_if_that_is_shown(mark, place):
    assert place_in(Shown([1, 3, 7]), mark) == place


def test_without_a_mark_no_point_is_looked_at():
    """The plane is painted at every move of the pointer, over ten thousand points."""
    content = Shown([1, 3, -1])
    assert place_in(content, NO_MARK) == -1
    assert content.looks == 0
