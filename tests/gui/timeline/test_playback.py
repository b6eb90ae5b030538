"""Playing shows each frame at its time, holds at the end, and begins again where that is wanted."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot
from gui.session.sources import ListSource
from msgspec.structs import replace

from explorer.gui.session.run_cursor import RunCursor
from explorer.gui.timeline.playback import Playback

FRAMES = [replace(make_snapshot(50), step=10 * number, elapsed=number / 5) for number in range(6)]


@pytest.fixture
def cursor():
    return RunCursor(ListSource(FRAMES))


@pytest.fixture
def playback(cursor):
    playback = Playback(cursor)
    yield playback
    playback.stop()


def shown_by(cursor):
    indices = []
    cursor.positionChanged.connect(lambda: indices.append(cursor.index))
    return indices


def test_from_the_end_it_plays_from_the_start_to_the_end_and_holds(playback, cursor, qtbot):
    indices = shown_by(cursor)
    playback.set_speed(2.0)
    playback.toggle()
    assert playback.playing
    qtbot.waitUntil(lambda: not playback.playing)
    assert indices[0] == 0
    assert indices == sorted(indices)
    assert indices[-1] == 5


def test_speed_leaves_frames_out_rather_than_come_late(playback, cursor, qtbot):
    playback.set_speed(16.0)
    playback.toggle()
    qtbot.waitUntil(lambda: not playback.playing, timeout=1_000)
    assert cursor.index == 5


def test_in_a_loop_it_begins_again(playback, cursor, qtbot):
    indices = shown_by(cursor)
    playback.set_speed(16.0)
    playback.set_loop(True)
    playback.toggle()
    qtbot.waitUntil(lambda: indices.count(0) >= 3)
    assert playback.playing


def test_it_goes_on_from_where_the_person_moves_it(playback, cursor, qtbot):
    cursor.go_to(1)
    playback.toggle()
    cursor.go_to(4)
    qtbot.waitUntil(lambda: not playback.playing, timeout=1_000)
    assert cursor.index == 5


def test_it_is_held_by_the_same_act_and_does_not_play_a_single_frame(playback, cursor):
    cursor.go_to(0)
    playback.toggle()
    playback.toggle()
    assert (playback.playing, cursor.index) == (False, 0)
    alone = Playback(RunCursor(ListSource(FRAMES[:1])))
    alone.toggle()
    assert not alone.playing
