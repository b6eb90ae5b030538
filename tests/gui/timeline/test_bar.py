"""The bar around the timeline: what is said beside it must not move it."""

from __future__ import annotations

import pytest

from explorer.gui.timeline.bar import TimelineBar
from explorer.gui.timeline.state import TimelineState


@pytest.mark.parametrize("width", [360, 640, 1200])
@pytest.mark.parametrize("recorded", [False, True])
def test_the_strip_stays_where_it_is_whatever_frame_is_shown(qtbot, width, recorded):
    bar = TimelineBar()
    qtbot.addWidget(bar)
    bar.resize(width, bar.sizeHint().height())
    bar.show()
    places = set()
    steps = tuple(range(0, 20_001, 10))
    for index in (0, 1, 20, 500, 2_000):
        state = TimelineState(steps=steps, index=index, following=index == 2_000, recorded=recorded)
        bar.set_state(state)
        bar.layout().activate()
        assert bar.text == state.text
        places.add((bar.strip.x(), bar.strip.width()))
    assert len(places) == 1
    assert bar.width() == width
    ((_, shown),) = places
    assert shown >= 70, "wide enough to aim at"
