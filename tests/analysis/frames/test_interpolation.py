"""States between frames: on the straight way, never beyond, and never between frames of strangers."""

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.interpolation import between, joined
from explorer.core.settings.config import LossConfig


def frames(**arrays):
    start = make_snapshot(50, loss="center", step=1_180, radius=2.0, **arrays)
    end = make_snapshot(50, loss="center", step=1_200, radius=4.0, seed=1, probe=start.probe, **arrays)
    return start, end


def test_a_quarter_of_the_way_everything_that_is_drawn_is_a_quarter_of_the_way():
    start, end = frames(bias=np.arange(10, dtype=np.float32))
    state = between(start, end, 0.25)
    for name in ("features", "weight", "bias", "centers"):
        expected = 0.75 * getattr(start, name) + 0.25 * getattr(end, name)
        np.testing.assert_allclose(getattr(state, name), expected, rtol=1e-5, atol=1e-5)
    assert state.features.dtype == np.float32
    assert state.radius == 2.5
    assert (state.since, state.step) == (1_180, 1_200)
    assert state.probe is start.probe


@pytest.mark.parametrize("share", [-0.5, 0.0])
def test_before_the_way_it_is_the_first_frame(share):
    start, end = frames()
    assert between(start, end, share) is start


@pytest.mark.parametrize("share", [1.0, 7.0])
def test_after_the_way_it_is_the_last_frame_and_nothing_beyond(share):
    start, end = frames()
    assert between(start, end, share) is end


def test_arrays_that_one_frame_lacks_are_those_of_the_last_frame():
    start, end = frames()
    state = between(replace(start, weight=None, centers=None), end, 0.5)
    assert state.weight is end.weight
    assert state.centers is end.centers


def test_only_frames_of_the_same_images_and_settings_in_order_are_joined():
    start, end = frames()
    assert joined(start, end)
    assert not joined(None, end)
    assert not joined(start, None)
    assert not joined(end, start)
    assert not joined(start, start)
    assert not joined(start, make_snapshot(50, loss="center", step=1_200))
    assert not joined(start, replace(end, features=np.zeros((50, 3), np.float32)))
    arcface = replace(end.config, loss=LossConfig("arcface", {}))
    assert not joined(start, replace(end, config=arcface))
    assert not joined(start, replace(end, config=end.config.replace({"loss.weight": 0.5})))
