"""The bar around the timeline: what is said beside it must not move it."""

from __future__ import annotations

import pytest
from superqt import QElidingLabel

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


def test_no_text_of_a_button_is_cut_at_any_width(qtbot):
    bar = TimelineBar()
    qtbot.addWidget(bar)
    bar.show()
    bar.set_state(TimelineState(steps=range(0, 20_001, 10), index=3, following=False, recorded=True))
    least, texts = bar.minimumSizeHint().width(), []
    for width in range(least, least + 500, 20):
        bar.resize(width, bar.sizeHint().height())
        bar.layout().activate()
        assert bar.minimumSizeHint().width() == least
        assert bar.live.width() >= bar.live.sizeHint().width()
        assert bar.live.geometry().right() < width
        texts.append(bar.live.text())
    assert sorted(texts, key=len) == texts
    assert (texts[0], texts[-1]) == ("Live", "Back to the live run")
    assert bar.live.accessibleName() == "Back to the live run"


def test_narrow_bars_leave_buttons_out_and_cut_none(qtbot):
    bar = TimelineBar()
    qtbot.addWidget(bar)
    bar.show()
    kept = []
    for width in (640, 300, 260):
        bar.resize(width, bar.sizeHint().height())
        bar.layout().activate()
        buttons = [one for one in (bar.play, bar.loop, bar.continue_, bar.live) if one.isVisible()]
        assert all(one.width() >= one.sizeHint().width() for one in buttons)
        kept.append(len(buttons))
    assert kept == [4, 2, 2]


def test_the_sentence_gets_more_room_once_its_number_is_longer(qtbot):
    bar = TimelineBar()
    qtbot.addWidget(bar)
    bar.resize(900, bar.sizeHint().height())
    bar.show()
    for last in (9.99, 10.25):
        bar.set_state(TimelineState(steps=(0.0, last), index=0, following=False, unit="epoch"))
        bar.layout().activate()
    assert bar.text == "Viewing epoch 0.00 of 10.25"
    (label,) = bar.findChildren(QElidingLabel)
    longest = label.fontMetrics().horizontalAdvance("Viewing epoch 10.25 of 10.25")
    assert label.width() >= longest
