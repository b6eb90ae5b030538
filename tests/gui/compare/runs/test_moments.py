"""Which frame of each run belongs to a moment of the common timeline."""

from __future__ import annotations

import pytest

from explorer.gui.compare.runs.moments import Axis, Track, axis_of, newest_moment, scale_of


def track(*steps, scale=1.0, training=False):
    return Track(steps, [0.01 * step for step in steps], scale, training)


def test_a_step_is_as_long_as_the_trainer_has_it():
    assert scale_of("step", 128, 60_000) == 1.0
    assert scale_of("images", 128, 60_000) == 128.0
    assert scale_of("epoch", 128, 60_000) == 1 / 468
    assert scale_of("images", 128, 100) == 100.0
    assert scale_of("epoch", 128, 100) == 1.0


def test_the_nearest_frame_is_shown_and_of_two_the_earlier():
    run = track(0, 10, 20, 40)
    assert [run.nearest(position) for position in (-1, 0, 4, 5, 6, 29, 30, 31, 99)] == [
        0,
        0,
        0,
        0,
        1,
        2,
        2,
        3,
        3,
    ]
    assert track().nearest(5) == -1


def test_runs_of_other_batch_sizes_meet_at_the_images_seen():
    small, large = track(0, 100, 200, scale=32.0), track(0, 50, 100, scale=64.0)
    assert small.steps[small.nearest(large.scale * 50)] == 100
    assert axis_of([small, large]).positions == (0.0, 3200.0, 6400.0)


def test_a_shorter_run_is_over_but_one_that_trains_is_not():
    assert track(0, 100).is_over(101)
    assert not track(0, 100).is_over(100)
    assert not track(0, 100, training=True).is_over(500)
    assert not track().is_over(5)
    third = track(0, 468 * 3, scale=1 / 468)
    assert not third.is_over(3.0)


def test_while_runs_train_the_slowest_says_how_far_they_can_be_compared():
    assert newest_moment([track(0, 300, training=True), track(0, 120, training=True), track(0, 90)]) == 120
    assert newest_moment([track(0, 300), track(0, 120)]) == 300
    assert newest_moment([track(), track(0, 50, training=True)]) == 50
    assert newest_moment([track()]) == 0


def test_the_axis_has_every_frame_once_and_the_seconds_of_the_longest_run():
    axis = axis_of([track(0, 10, 30), Track((0, 20), (0.0, 5.0))])
    assert axis.positions == (0.0, 10.0, 20.0, 30.0)
    assert axis.seconds == pytest.approx((0.0, 0.1, 0.2, 0.3))
    assert axis_of([track()]) == Axis()


def test_the_same_moment_of_two_runs_is_one_place_whatever_its_quotient():
    """Otherwise a key would have to be pressed twice where both runs end an epoch."""
    few, many = track(0, 3, 6), track(0, 3 * 49, scale=1 / 49)
    assert few.steps[1] * few.scale != many.end
    axis = axis_of([few, many])
    assert axis.positions == pytest.approx((0.0, 3.0, 6.0))
    assert [axis.index(position) for position in (0.0, 3.0, many.end, 6.0, 7.0)] == [0, 1, 1, 2, 2]
    assert Axis().index(0.0) == -1
