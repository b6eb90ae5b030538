"""The strip shows where in a run one looks, and asks for the frame that pointer or keys lead to."""

from __future__ import annotations

import numpy as np
import pytest
from gui.views.drawn import pixels
from PySide6.QtCore import QPoint, Qt

from explorer.core.texts import text
from explorer.gui.theme.theme import DARK, LIGHT, palette
from explorer.gui.timeline.state import TimelineMark, TimelineState, target
from explorer.gui.timeline.strip import TimelineStrip, spans

STEPS = (0, 10, 20, 20, 30, 100)
EVENTS = (TimelineMark(32, text("Class {label} is learnt.", label=4)), TimelineMark(33, "Classes part"))
MARKS = (TimelineMark(10, "margin 0.2 → 0.4"), TimelineMark(90, "Loss: Softmax → ArcFace"))


def state(index, **changes):
    return TimelineState(
        **{"steps": STEPS, "index": index, "marks": MARKS, "following": index == 5, **changes}
    )


@pytest.fixture
def strip(qtbot):
    strip = TimelineStrip()
    qtbot.addWidget(strip)
    strip.resize(318, 26)
    strip.set_state(state(1))
    strip.show()
    return strip


def asked(strip):
    frames = []
    strip.frameRequested.connect(frames.append)
    return frames


@pytest.mark.parametrize(
    ("command", "index", "expected"),
    [
        ("back", 1, 0),
        ("back", 0, None),
        ("back", 3, 1),  # two frames of one step count as one
        ("forward", 1, 2),
        ("first", 4, 0),
        ("last", 1, 5),
        ("next-mark", 0, 2),
        ("next-mark", 2, 5),
        ("previous-mark", 5, 2),
        ("previous-mark", 2, 0),
        ("zoom", 2, None),
    ],
)
def test_a_command_leads_to_a_frame(command, index, expected):
    assert target(f"timeline.{command}", state(index)) == expected
    assert target(f"timeline.{command}", TimelineState()) is None


def test_keys_ask_for_frames(strip, qtbot):
    frames = asked(strip)
    for name in ("Left", "Right", "Home", "End", "PageDown", "PageUp"):
        key = Qt.Key[f"Key_{name}"]
        qtbot.keyClick(strip, key)
    assert frames == [0, 2, 0, 5, 2, 0]


def test_a_click_and_a_drag_ask_for_the_nearest_frame(strip, qtbot):
    frames = asked(strip)

    def at(step):
        return QPoint(round(strip.x_of(step)), 13)

    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=at(0))
    qtbot.mouseMove(strip, at(31))
    qtbot.mouseMove(strip, at(99))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(99))
    assert frames[0] == 0
    assert frames[-1] == 5
    assert 4 in frames


def test_a_continued_run_begins_at_the_left_where_it_was_continued(strip, qtbot):
    strip.set_state(state(2, steps=(5000, 5010, 5050, 5100), marks=()))
    assert strip.x_of(5000) == pytest.approx(9.0)
    assert strip.x_of(5050) == pytest.approx(9.0 + 150.0)
    frames = asked(strip)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(9 + 30, 13))
    assert frames == [1]
    strip.set_state(state(0, steps=(5000,), marks=()))
    assert strip.x_of(5000) == pytest.approx(9.0)


def test_a_mark_says_what_changed_where_the_pointer_is(strip):
    assert strip.help_at(strip.x_of(10)) == "Step 10: margin 0.2 → 0.4"
    assert strip.help_at(strip.x_of(60)) == "Step 30"
    strip.set_state(TimelineState())
    assert "training starts" in strip.help_at(50)


def test_events_are_told_where_the_pointer_is_and_keys_go_over_them(strip, qtbot):
    strip.set_state(state(1, events=EVENTS))
    assert strip.help_at(strip.x_of(32)) == "Step 32: Class 4 is learnt.\nStep 33: Classes part"
    assert target("timeline.next-mark", strip.state) == 2, "the change of settings at 10"
    assert target("timeline.next-mark", state(2, events=EVENTS)) == 4
    assert target("timeline.previous-mark", state(5, events=EVENTS)) == 4
    many = tuple(TimelineMark(60, f"event {number}") for number in range(12))
    strip.set_state(state(1, marks=(), events=many))
    assert strip.help_at(strip.x_of(60)).splitlines()[-2:] == ["Step 60: event 7", "and 4 more"]
    qtbot.mouseMove(strip, QPoint(round(strip.x_of(60)), 13))


def test_events_close_to_each_other_share_a_mark():
    assert list(spans([], 7)) == []
    assert list(spans([5.0], 7)) == [(5.0, 5.0)]
    assert list(spans([5.0, 12.0, 18.0, 26.0, 100.0], 7)) == [(5.0, 18.0), (26.0, 26.0), (100.0, 100.0)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_is_shown_can_be_seen_in_both_themes(strip, theme):
    strip.setPalette(palette(theme))
    strip.setAutoFillBackground(True)
    shown = {}
    for name, wanted in {
        "empty": TimelineState(),
        "past": state(1),
        "newest": state(5),
        "unmarked": state(1, marks=()),
        "events": state(1, events=EVENTS),
    }.items():
        strip.set_state(wanted)
        shown[name] = pixels(strip.grab().toImage())
    for first, second in (("empty", "past"), ("past", "newest"), ("past", "unmarked"), ("past", "events")):
        assert not np.array_equal(shown[first], shown[second])


def test_it_says_plainly_what_is_shown():
    assert TimelineState().text == "No frames yet"
    assert state(5).text == "Newest frame"
    assert state(1).text == "Viewing step 10 of 100"
    assert state(5, recorded=True).text == "Step 100 of 100"
