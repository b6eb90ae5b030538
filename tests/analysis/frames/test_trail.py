"""A selection made late must still show where its points came from, and never where another run's were."""

import numpy as np
from analysis.snapshots import make_snapshot, probe_set
from msgspec.structs import replace

from explorer.analysis.frames.interpolation import between
from explorer.analysis.frames.trail import FRAMES, Trail


def frames(count, probe, dim=2):
    return [make_snapshot(dim=dim, probe=probe, seed=step, step=step) for step in range(1, count + 1)]


def test_the_trail_holds_the_last_whole_frames_in_order():
    trail, run = Trail(), frames(FRAMES + 5, probe_set(50))
    for snapshot in run:
        trail.add(snapshot)
        trail.add(snapshot)  # shown again
    trail.add(between(run[-2], run[-1], 0.5))
    rows = np.array([3, 41])
    wanted = [snapshot.features[rows] for snapshot in run[-FRAMES:]]
    np.testing.assert_array_equal(trail.positions(rows), wanted)


def test_another_run_other_dimensions_an_earlier_step_and_no_run_begin_afresh():
    probe = probe_set(50)
    first, second, third = frames(3, probe)
    solid = make_snapshot(dim=3, probe=probe, step=4)
    for follower in (frames(3, probe_set(50))[2], solid, first):
        trail = Trail()
        for snapshot in (second, third, follower):
            trail.add(snapshot)
        assert len(trail) == 1
        np.testing.assert_array_equal(trail.positions(np.array([0]))[0], follower.features[:1])
        trail.add(None)
        assert len(trail) == 0
        assert trail.positions(np.array([0])).shape[:2] == (0, 1)


def test_a_state_between_two_frames_of_another_run_ends_the_trail_and_is_not_in_it():
    trail = Trail()
    for snapshot in frames(3, probe_set(50)):
        trail.add(snapshot)
    trail.add(between(*frames(2, probe_set(20), dim=3), 0.5))
    assert len(trail) == 0


def test_large_frames_are_fewer_so_that_the_memory_stays_bounded():
    trail, first = Trail(), make_snapshot(count=10)
    features = np.zeros((10, 400_000), dtype=np.float32)
    for step in range(1, 9):
        trail.add(replace(first, features=features, step=step))
    assert len(trail) * features.nbytes <= 32 << 20
    assert len(trail) == 2
