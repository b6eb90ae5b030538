"""Regions found from scores alone must be those of the classifier: a new kind of head has no others."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.plane.plane_checks import VIEWS, assert_regions, covered, pixel_of, scattered
from analysis.plane.test_regions import ONE_OF_EACH, answer_of, random_arrays, snapshot_of
from analysis.snapshots import make_snapshot

from explorer.analysis.heads.registry import head_of
from explorer.analysis.plane.geometry import UNDECIDED, Rectangle
from explorer.analysis.plane.score_cells import score_cells

HOME = VIEWS["around the origin"]


def cells(snapshot, view: Rectangle):
    head = head_of(snapshot)
    return score_cells(head.scores, view, pixel_of(view), thresholded=head.thresholded)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("head", ONE_OF_EACH)
def test_every_point_lies_in_the_region_of_the_class_that_the_scores_give(head, view):
    snapshot = snapshot_of(ONE_OF_EACH[head])
    assert_regions(cells(snapshot, VIEWS[view]), answer_of(snapshot), VIEWS[view], 10)


@pytest.mark.parametrize("head", ["linear", "gaussian", "one-vs-all"])
def test_borders_are_where_two_classes_tie(head):
    snapshot = make_snapshot(
        loss=ONE_OF_EACH[head], count=10, classes=4, **random_arrays(ONE_OF_EACH[head], 4, 3)
    )
    borders = [border for region in cells(snapshot, HOME) for border in region.borders]
    points = np.concatenate([(line[1:] + line[:-1]) / 2 for line in borders])
    assert len(points) > 100
    ring = np.array([(np.cos(turn), np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 16)])
    near = points[:, None] + 1.5 * pixel_of(HOME) * ring
    answers = answer_of(snapshot)(near.reshape(-1, 2)).reshape(len(points), -1)
    assert (answers != answers[:, :1]).any(axis=1).mean() > 0.99


def test_where_no_score_is_above_zero_the_answer_is_left_open():
    def distance_from_ten(points):
        return 10 - np.hypot(*points.T)[:, None]

    regions = score_cells(distance_from_ten, HOME, pixel_of(HOME), thresholded=True)
    points = scattered(HOME)
    away = np.hypot(*points.T)
    clear = np.abs(away - 10) > 2 * pixel_of(HOME)
    inside = covered(regions, points, 1)
    assert (inside[:, 0] == (away < 10))[clear].all()
    assert (inside[:, UNDECIDED] == (away > 10))[clear].all()


def test_a_disc_is_closed_by_borders_at_its_top_and_bottom():
    def in_a_disc(points):
        return np.stack([10 - np.hypot(*points.T), np.zeros(len(points))], axis=1)

    pixel = pixel_of(HOME)
    borders = [border for region in score_cells(in_a_disc, HOME, pixel) for border in region.borders]
    lengths = sum(np.hypot(*(line[1:] - line[:-1]).T).sum() for line in borders)
    assert lengths == pytest.approx(2 * np.pi * 10, rel=0.01)
    for point in np.concatenate(borders):
        assert abs(np.hypot(*point) - 10) < 2 * pixel
