from __future__ import annotations

import math

import numpy as np
import pytest
from gui.views.snapshots import make_snapshot

from explorer.core.catalog import LOSSES
from explorer.core.geometry import Rectangle
from explorer.core.regions import MARGIN_LOSSES, decision_regions, margin_regions
from explorer.core.statistics import class_means

VIEW = Rectangle(-10, -10, 10, 10)


def area(regions) -> float:
    total = 0.0
    for region in regions:
        x, y = np.array(region.polygon).T
        total += 0.5 * abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())
    return total


@pytest.mark.parametrize("name", LOSSES)
def test_the_regions_of_every_loss_fill_the_view(name):
    snapshot = make_snapshot(loss=name)
    means = class_means(snapshot.features, snapshot.probe.labels, 10)
    assert area(decision_regions(snapshot, means, VIEW)) == pytest.approx(400)


@pytest.mark.parametrize("name", LOSSES)
def test_bands_lie_inside_the_view_and_only_where_there_is_a_margin(name):
    share = area(margin_regions(make_snapshot(loss=name), VIEW)) / 400
    assert (0 < share < 1) == (name in MARGIN_LOSSES)


def test_the_band_of_arcface_is_as_wide_as_its_margin():
    tall = Rectangle(-1e-3, -10, 1e-3, 10)
    rows = np.array([[1, 1], [-1, 1]], dtype=np.float32)
    snapshot = make_snapshot(loss="arcface", params={"margin": 0.3}, classes=2, weight=rows)
    bands = margin_regions(snapshot, Rectangle(-10, 0.1, 10, 10))
    edges = {round(math.atan2(y, x), 4) for band in bands for x, y in band.polygon if abs(y - 10) < 1e-9}
    assert edges == {round(math.pi / 2 + turn, 4) for turn in (-0.15, 0.0, 0.15)}
    assert margin_regions(snapshot, tall)


def test_boundaries_that_are_no_lines_are_left_out():
    snapshot = make_snapshot(log_variance=np.zeros((10, 2), dtype=np.float32))
    assert decision_regions(snapshot, np.zeros((10, 2), dtype=np.float32), VIEW) == []
