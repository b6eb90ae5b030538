"""What a change of loss does to a class at the origin is said, and nothing is said where all is well."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.statistics.near_origin import classes_near_origin


def with_class_at_origin(loss: str, size: float = 0.05, at: float = 3.0, count: int = 1_000) -> Snapshot:
    """Return classes on rays, but for class 3, which softmax has left around the origin."""
    snapshot = make_snapshot(count=count, loss=loss)
    features, mine = snapshot.features.copy(), snapshot.probe.labels == 3
    features[mine] = np.random.default_rng(0).normal((at * size, 0), size, (mine.sum(), 2))
    return replace(snapshot, features=features)


@pytest.mark.parametrize("loss", ["arcface", "normface", "sphereface2"])
@pytest.mark.parametrize("count", [1_000, 20_000])
def test_a_class_at_the_origin_has_no_direction(loss: str, count: int) -> None:
    assert classes_near_origin(make_snapshot(count=count, loss=loss)) == ()
    assert classes_near_origin(with_class_at_origin(loss, count=count)) == (3,)


def test_where_the_length_counts_the_origin_is_a_place_like_any() -> None:
    biased = replace(with_class_at_origin("softmax"), bias=np.eye(10, dtype=np.float32)[3])
    assert classes_near_origin(biased) == ()


def test_a_class_that_is_short_but_right_is_well() -> None:
    snapshot = make_snapshot(count=1_000, loss="arcface")
    features, mine = snapshot.features.copy(), snapshot.probe.labels == 3
    features[mine] *= 0.1
    assert classes_near_origin(replace(snapshot, features=features)) == ()


def test_features_that_are_no_numbers_say_nothing() -> None:
    snapshot = make_snapshot(count=50, loss="arcface")
    assert classes_near_origin(replace(snapshot, features=np.full_like(snapshot.features, np.nan))) == ()
