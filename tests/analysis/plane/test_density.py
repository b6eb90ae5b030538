"""What a contour says it holds, it must hold."""

import numpy as np
import pytest

from explorer.analysis.plane.circular_density import BINS, circular_density
from explorer.analysis.plane.density import FEWEST, SHARES, density_contours


def holds(line, points):
    """Which points lie inside a closed line, by the angle it turns around each."""
    ahead = np.roll(line, -1, axis=0)
    a, b = line[None] - points[:, None], ahead[None] - points[:, None]
    turn = np.arctan2(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0], (a * b).sum(axis=2)).sum(axis=1)
    return np.abs(turn) > np.pi


def share_inside(contours, label, share, points):
    inside = np.zeros(len(points), dtype=bool)
    for contour in contours:
        if (contour.label, contour.share) == (label, share):
            inside ^= holds(contour.line, points)
    return inside.mean()


def clusters(rng):
    """A long cluster aslant, two lumps of one class, a bent one, and one with far outliers."""
    aslant = rng.normal(size=(900, 2)) * (8, 0.3) @ np.array([[0.6, 0.8], [-0.8, 0.6]]) + (20, 30)
    lumps = rng.normal(size=(600, 2)) + np.where(np.arange(600)[:, None] % 2, (5, 0), (-5, 0))
    turn = rng.normal(0, 0.7, 800)
    bent = 10 * np.stack([np.cos(turn), np.sin(turn)], axis=1) + rng.normal(0, 0.4, (800, 2))
    stray = np.concatenate([rng.normal(size=(485, 2)), rng.normal(0, 400, (15, 2))])
    return [aslant, lumps, bent, stray]


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e5])
def test_a_contour_holds_its_share_of_a_class(scale):
    groups = clusters(np.random.default_rng(1))
    points = (scale * np.concatenate(groups)).astype(np.float32)
    labels = np.repeat([0, 2, 3, 7], [len(group) for group in groups]).astype(np.uint8)
    contours = density_contours(points, labels, 10)
    assert {contour.label for contour in contours} == {0, 2, 3, 7}
    for label in (0, 2, 3, 7):
        for share in SHARES:
            found = share_inside(contours, label, share, points[labels == label])
            assert found == pytest.approx(share, abs=0.02), (label, share)


def test_two_lumps_have_two_hearts():
    points = clusters(np.random.default_rng(2))[1].astype(np.float32)
    contours = density_contours(points, np.zeros(len(points), np.uint8), 1)
    hearts = [contour.line.mean(axis=0) for contour in contours if contour.share == 0.5]
    assert sorted(np.sign(x) for x, _ in hearts) == [-1, 1]


def test_classes_of_few_images_or_of_one_spot_do_not_disturb_the_others():
    rng = np.random.default_rng(3)
    few, spot, many = rng.normal(size=(FEWEST - 1, 2)), np.full((50, 2), 3.0), rng.normal(size=(300, 2))
    line = np.stack([np.linspace(0, 1, 200), np.linspace(0, 2, 200)], axis=1)
    points = np.concatenate([few, spot, many, line]).astype(np.float32)
    labels = np.repeat([0, 1, 2, 3], [FEWEST - 1, 50, 300, 200]).astype(np.uint8)
    contours = density_contours(points, labels, 5)
    assert 0 not in {contour.label for contour in contours}
    assert share_inside(contours, 2, 0.9, points[labels == 2]) == pytest.approx(0.9, abs=0.02)
    assert all(np.isfinite(contour.line).all() for contour in contours)
    assert density_contours(points[:0], labels[:0], 5) == []


def test_the_density_around_the_circle_is_that_of_its_directions():
    rng = np.random.default_rng(4)
    turn = np.concatenate([rng.vonmises(3.0, 20.0, 4_000), rng.vonmises(-1.0, 3.0, 4_000)])
    labels = np.repeat([1, 2], 4_000).astype(np.uint8)
    lengths = rng.uniform(0.1, 30, len(turn))[:, None]
    points = (lengths * np.stack([np.cos(turn), np.sin(turn)], axis=1)).astype(np.float32)
    points[:100] = 0  # no direction, no part in it
    density = circular_density(points, labels, 4)
    angles = 2 * np.pi * np.arange(BINS) / BINS
    assert density[[1, 2]].sum(axis=1) * (2 * np.pi / BINS) == pytest.approx(1, rel=0.01)
    for label, (mean, kappa) in ((1, (3.0, 20.0)), (2, (-1.0, 3.0))):
        wanted = np.exp(kappa * np.cos(angles - mean)) / (2 * np.pi * np.i0(kappa))
        assert density[label] == pytest.approx(wanted, abs=0.12 * wanted.max())
    assert not density[[0, 3]].any()
    assert not circular_density(points[:0], labels[:0], 4).any()
