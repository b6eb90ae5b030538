"""The cursor shows the newest frame as it comes, or holds where one looks; the live run is never lost."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot
from gui.session.sources import ListSource

from explorer.core.settings.config import RunConfig
from explorer.gui.session.run_cursor import RunCursor

FIRST = make_snapshot(100, step=100)
SECOND = make_snapshot(100, step=200, probe=FIRST.probe)
THIRD = make_snapshot(100, step=300, probe=FIRST.probe, loss="arcface")
OTHER = [make_snapshot(50, step=step, loss="cosface") for step in (5, 6)]


@pytest.fixture
def source():
    return ListSource([FIRST, SECOND])


@pytest.fixture
def cursor(source):
    return RunCursor(source)


def told(signal):
    calls = []
    signal.connect(lambda *_: calls.append(True))
    return calls


def test_it_follows_the_newest_frame(cursor, source):
    assert cursor.snapshot is SECOND
    frames = told(cursor.snapshotChanged)
    source.append(THIRD)
    assert (cursor.snapshot, cursor.index, cursor.live) == (THIRD, 2, True)
    assert len(frames) == 1


def test_it_holds_at_an_earlier_frame_while_others_come(cursor, source):
    cursor.go_to(0)
    assert (cursor.snapshot, cursor.index, cursor.live) == (FIRST, 0, False)
    frames, places = told(cursor.snapshotChanged), told(cursor.positionChanged)
    source.append(THIRD)
    assert cursor.snapshot is FIRST
    assert (len(frames), len(places)) == (0, 1), "the timeline grows, the views stay"
    cursor.follow()
    assert cursor.snapshot is THIRD


def test_the_last_frame_is_followed_and_ends_are_held(cursor, source):
    cursor.go_to(-5)
    assert cursor.index == 0
    cursor.go_to(99)
    assert cursor.following
    source.append(THIRD)
    assert cursor.snapshot is THIRD


def test_its_settings_are_those_of_the_frame_that_is_looked_at(cursor, source):
    source.append(THIRD)
    source.config = THIRD.config
    cursor.follow()
    changes = []
    cursor.configChanged.connect(lambda old, new: changes.append((old.loss.name, new.loss.name)))
    cursor.go_to(0)
    cursor.follow()
    assert changes == [("arcface", "softmax"), ("softmax", "arcface")]


def test_of_settings_that_are_wanted_only_the_newest_frame_speaks(cursor, source):
    wanted = RunConfig().replace({"loss.name": "triplet"})
    cursor.go_to(0)
    source.config = wanted
    source.configChanged.emit(FIRST.config, wanted)
    assert cursor.config == FIRST.config
    cursor.follow()
    assert cursor.config == wanted


def test_nothing_can_be_changed_while_it_looks_back(cursor, source):
    source.can_train = source.can_configure = True
    cursor.follow()
    assert cursor.can_train
    assert cursor.can_configure
    states = told(cursor.stateChanged)
    cursor.go_to(0)
    allowed = cursor.can_train, cursor.can_configure, cursor.can_embed, cursor.training
    assert not any(allowed)
    assert len(states) == 1


class Training(ListSource):
    """A run that trains on three threads."""

    training, threads = True, 3


def test_the_threads_of_the_live_run_count_whatever_is_looked_at():
    live = Training(OTHER)
    cursor = RunCursor(live)
    states = told(cursor.stateChanged)
    cursor.show_run(ListSource(OTHER))
    assert (cursor.training, cursor.threads) == (False, 3)
    live.training = False
    before = len(states)
    live.stateChanged.emit()
    assert (len(states) - before, cursor.threads) == (1, 0)


def test_another_run_takes_its_place_and_gives_it_back(cursor, source):
    recorded = ListSource(OTHER)
    cursor.show_run(recorded)
    assert cursor.snapshot is OTHER[1]
    assert cursor.history is recorded.history
    assert cursor.probe is recorded.probe
    assert not cursor.live
    source.append(THIRD)
    assert cursor.snapshot is OTHER[1], "the live run goes on unseen"
    cursor.show_run(source)
    assert (cursor.snapshot, cursor.live) == (THIRD, True)
    recorded.append(OTHER[0])
    assert cursor.snapshot is THIRD, "what was shown before is not heard any more"


def test_a_run_that_begins_again_is_followed(cursor, source):
    cursor.go_to(0)
    source.snapshot = None
    source.snapshotChanged.emit()
    assert cursor.snapshot is None
    assert cursor.following


class Damaged(ListSource):
    """Has a frame that cannot be read."""

    def frame(self, index):
        if index == 1:
            raise LookupError(index)
        return super().frame(index)


def test_a_damaged_frame_is_passed_over_in_the_direction_of_travel():
    frames = [make_snapshot(50, step=step) for step in (0, 1, 2, 3)]
    cursor = RunCursor(Damaged(frames))
    cursor.go_to(2)
    cursor.go_to(1)
    assert cursor.index == 0
    cursor.go_to(1)
    assert cursor.index == 2
