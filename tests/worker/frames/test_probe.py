"""What is shown must be a fair sample, and showing must not cost more than its share."""

import numpy as np
import pytest

from explorer.worker.frames.pace import CUDA_SHARE, MAX_SHARE, MIN_INTERVAL, Pace
from explorer.worker.frames.probe import _limited, stratified
from explorer.worker.frames.stopwatch import Stopwatch


@pytest.mark.parametrize("count", [1, 7, 100, 999, 5000])
def test_a_sample_has_every_class_in_proportion(count):
    labels = np.repeat(np.arange(10), [1000, 900, 800, 700, 600, 500, 400, 300, 200, 100])
    np.random.default_rng(1).shuffle(labels)
    rows = stratified(labels, count, seed=3)
    assert len(rows) == len(set(rows)) == count
    assert (np.diff(rows) > 0).all()
    share = np.bincount(labels[rows], minlength=10) - count * np.bincount(labels) / len(labels)
    assert np.abs(share).max() <= 1


def test_more_than_there_is_gives_all_and_the_seed_decides_which():
    labels = np.arange(50) % 5
    np.testing.assert_array_equal(stratified(labels, 80, 0), np.arange(50))
    np.testing.assert_array_equal(stratified(labels, 10, 1), stratified(labels, 10, 1))
    assert (stratified(labels, 10, 1) != stratified(labels, 10, 2)).any()


@pytest.mark.parametrize("share", [MAX_SHARE, CUDA_SHARE])
def test_frames_never_take_more_than_their_share_of_the_time(share):
    pace, now, spent = Pace(share), 0.0, 0.0
    for _ in range(2000):
        now += 0.005
        if pace.due(now):
            pace.taken(now, now + 0.02)
            now += 0.02
            spent += 0.02
    assert spent / now <= share * 1.05
    assert spent > 0


def test_cheap_frames_come_no_faster_than_a_screen_shows_them():
    pace = Pace()
    pace.taken(0.0, 0.0001)
    assert not pace.due(0.0001 + MIN_INTERVAL * 0.9)
    assert pace.due(0.0001 + MIN_INTERVAL * 1.1)


def test_pauses_do_not_count():
    now = 0.0
    watch = Stopwatch(clock=lambda: now)
    watch.start()
    now = 2.0
    watch.stop()
    now = 50.0
    watch.start()
    now = 51.0
    assert watch.elapsed == 3.0


def test_the_rate_is_that_of_late():
    now = 0.0
    watch = Stopwatch(clock=lambda: now)
    watch.start()
    assert watch.rate(0) == 0.0
    for step in range(1, 500):
        now += 0.1 if step < 100 else 0.01
        rate = watch.rate(step)
    assert rate == pytest.approx(100)


@pytest.mark.parametrize(
    ("wanted", "most", "expected"),
    [
        ((10_000, 5_000), 100_000, (10_000, 5_000)),
        ((1_000_000, 5_000), 100_000, (1_000_000, 5_000)),
        ((1_000_000, 1_000_000), 15_625, (2_232, 13_392)),
        ((10, 10), 1, (1, 1)),
    ],
)
def test_no_frame_has_more_images_than_a_message_holds(wanted, most, expected):
    """Of 10,000 test and 60,000 training images; a data set has fewer than are asked for."""
    assert _limited(wanted, (10_000, 60_000), most) == expected
