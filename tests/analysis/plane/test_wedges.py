from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from analysis.plane.test_geometry import VIEW, assert_partition, owners, scattered, weights

from explorer.analysis.plane.geometry import FULL_TURN, UNDECIDED, Rectangle
from explorer.analysis.plane.wedges import (
    Wedge,
    accepted_wedges,
    angular_wedges,
    direction_wedges,
    wedge_regions,
)


@pytest.mark.parametrize("classes", [2, 3, 10, 100])
def test_every_point_lies_in_the_wedge_of_its_largest_cosine(classes):
    weight, points = weights(classes), scattered()
    unit = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    cosines = points @ unit.T / np.linalg.norm(points, axis=1, keepdims=True)
    assert_partition(wedge_regions(angular_wedges(weight), VIEW), points, cosines)


@pytest.mark.parametrize("view", [VIEW, Rectangle(1, 1, 2, 3), Rectangle(1e-7, 1e-7, 3e-7, 2e-7)])
def test_wedges_are_cut_to_the_view_wherever_it_is(view):
    wedges = angular_wedges(weights(10))
    total = 0.0
    for region in wedge_regions(wedges, view):
        x, y = np.array(region.polygon).T
        assert view.left - 1e-9 <= x.min()
        assert x.max() <= view.right + 1e-9
        total += 0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum()
    assert total == pytest.approx((view.right - view.left) * (view.top - view.bottom))


def test_sub_centres_of_a_class_share_its_wedges():
    weight, points = weights(12), scattered()
    labels = [row // 3 for row in range(12)]
    unit = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    cosines = points @ unit.T / np.linalg.norm(points, axis=1, keepdims=True)
    best = cosines.reshape(-1, 4, 3).max(axis=2)
    wedges = angular_wedges(weight, labels)
    assert_partition(wedge_regions(wedges, VIEW), points, best)
    assert all(left.label != right.label for left, right in pairwise(wedges))


def test_a_lone_class_has_the_whole_plane_and_absent_ones_nothing():
    rows = np.array([[np.nan, 1], [np.inf, 0], [1, 1]], dtype=np.float32)
    (wedge,) = angular_wedges(rows)
    assert (wedge.label, wedge.end - wedge.start) == (2, pytest.approx(FULL_TURN))
    regions = wedge_regions([wedge], VIEW)
    assert owners(regions, scattered(), 3)[:, 2].all()
    assert not any(region.borders for region in regions)
    assert angular_wedges(np.full((3, 2), np.nan)) == []


def test_a_row_of_length_zero_wins_where_all_others_point_away():
    (zero, one) = sorted(angular_wedges(np.array([[0, 0], [0, 1]])), key=lambda wedge: wedge.label)
    assert zero.end - zero.start == pytest.approx(math.pi)
    assert math.sin((zero.start + zero.end) / 2) == pytest.approx(-1)
    assert one.end - one.start == pytest.approx(math.pi)


@pytest.mark.parametrize("classes", [2, 3, 10, 100])
@pytest.mark.parametrize("spread", [0.0, 0.3, 3.0])
def test_every_direction_lies_in_the_wedge_of_its_largest_score(classes, spread):
    rng = np.random.default_rng(classes)
    lines = np.column_stack([weights(classes), spread * rng.normal(size=classes)])
    angles = rng.uniform(-math.pi, math.pi, 10_000)
    scores = np.column_stack([np.cos(angles), np.sin(angles), np.ones(10_000)]) @ lines.T
    wedges = direction_wedges(lines)
    assert sum(wedge.end - wedge.start for wedge in wedges) == pytest.approx(FULL_TURN)
    for left, right in pairwise(wedges):
        assert left.label != right.label
        assert left.end == right.start
    claimed = np.zeros((10_000, classes), dtype=bool)
    for wedge in wedges:
        claimed[:, wedge.label] |= (angles - wedge.start) % FULL_TURN <= wedge.end - wedge.start
    ranked = np.sort(scores, axis=1)
    clear = ranked[:, -1] - ranked[:, -2] > 1e-9
    np.testing.assert_array_equal(
        claimed[clear], (scores.argmax(axis=1)[:, None] == np.arange(classes))[clear]
    )


def test_the_border_of_two_scores_is_where_the_formula_says():
    # cos φ > 0.5: class 0 within 60° of its weight
    wedges = direction_wedges(np.array([[1, 0, 0], [0, 0, 0.5]]))
    (own,) = [wedge for wedge in wedges if wedge.label == 0]
    assert (own.start, own.end) == (
        pytest.approx(-math.pi / 3, abs=1e-14),
        pytest.approx(math.pi / 3, abs=1e-14),
    )


def test_beyond_the_widest_angle_nothing_is_accepted():
    rows = np.array([[1.0, 0.0], [0.0, 2.0]])
    wedges = accepted_wedges(angular_wedges(rows), rows, 0.4)
    found = {wedge.label: (wedge.start, wedge.end) for wedge in wedges}
    assert found[0] == pytest.approx((-0.4, 0.4))
    assert [edge % FULL_TURN for edge in found[1]] == pytest.approx([math.pi / 2 - 0.4, math.pi / 2 + 0.4])
    left_open = [wedge.end - wedge.start for wedge in wedges if wedge.label == UNDECIDED]
    assert sorted(left_open) == pytest.approx([math.pi / 2 - 0.8, 3 * math.pi / 2 - 0.8])
    everything = [Wedge(0, -math.pi, math.pi)]
    assert accepted_wedges(everything, rows, math.inf) == everything
    (nothing,) = accepted_wedges(angular_wedges(rows), rows, 0.0)
    assert (nothing.label, nothing.end - nothing.start) == (UNDECIDED, pytest.approx(FULL_TURN))


def test_a_row_of_length_zero_accepts_all_or_none_as_at_a_right_angle():
    rows = np.array([[0.0, 0.0], [0.0, 1.0]])
    for widest, label in ((1.5, UNDECIDED), (1.6, 0)):
        assert label in {
            wedge.label
            for wedge in accepted_wedges(angular_wedges(rows), rows, widest)
            if wedge.start <= -math.pi / 2 <= wedge.end or wedge.start <= 3 * math.pi / 2 <= wedge.end
        }
