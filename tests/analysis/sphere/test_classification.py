"""Decisions and margins on a sphere: what is painted is what the classifier says there."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.heads.classifier import scores
from explorer.analysis.plane.geometry import UNDECIDED
from explorer.analysis.sphere.classification import (
    classify_at,
    decision_lines,
    margin_lines,
    mesh,
    typical_length,
)
from explorer.analysis.sphere.picture import CELL, Coding, Disc, PictureGrid

LENGTH = 20.0
CODING = Coding(10)


def random_directions(count: int, seed: int = 0) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(count, 3))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def snapshot_of(loss, params=None, classes=10, **arrays):
    snapshot = make_snapshot(count=500, dim=3, loss=loss, params=params, classes=classes, **arrays)
    rng = np.random.default_rng(5)
    if loss == "softmax":
        snapshot = replace(snapshot, bias=rng.normal(0, 4, classes).astype(np.float32))
    if loss == "sphereface2":
        snapshot = replace(snapshot, bias=np.full(classes, -8.0, dtype=np.float32))
    if snapshot.config.loss.spec.head == "gaussian":
        centers = (15 * random_directions(classes, 8)).astype(np.float32)
        spread = rng.normal(0, 1, (classes, 3)).astype(np.float32)
        snapshot = replace(snapshot, weight=None, centers=centers, log_variance=spread)
    return snapshot


HEADS = ["softmax", "normface", "l2-softmax", "sphereface2", "l-gm", "triplet", "supcon", "arcface"]


@pytest.mark.parametrize("loss", HEADS)
def test_the_answer_is_that_of_the_classifier_at_the_length_of_the_sphere(loss):
    snapshot, directions = snapshot_of(loss), random_directions(800)
    found = classify_at(snapshot, LENGTH)(directions)
    expected = scores(snapshot, directions * np.float32(LENGTH))
    wanted = expected.argmax(axis=1)
    if loss == "sphereface2":
        wanted = np.where(expected.max(axis=1) > 0, wanted, UNDECIDED)
        assert 0.05 < (wanted == UNDECIDED).mean() < 0.95
    assert found.classes[found.answers].tolist() == wanted.tolist()
    assert len(set(wanted.tolist())) > 3


def test_classes_without_a_mean_are_never_the_answer():
    snapshot = snapshot_of("triplet", present=4)
    found = classify_at(snapshot, LENGTH)(random_directions(300))
    assert set(found.classes.tolist()) == {0, 1, 2, 3}
    assert (
        classify_at(replace(snapshot, features=snapshot.features * np.nan), 1.0)(mesh(1)[0]).classes.size == 0
    )


MARGINS = {
    "arcface": ({"margin": 0.3}, lambda t: np.cos(t + 0.3)),
    "cosface": ({"margin": 0.25}, lambda t: np.cos(t) - 0.25),
    "combined": ({"m1": 1.0, "m2": 0.2, "m3": 0.1}, lambda t: np.cos(t + 0.2) - 0.1),
    "subcenter-arcface": ({"margin": 0.2, "subcenters": 3}, lambda t: np.cos(t + 0.2)),
    # Lengths from 10 to 30 have margins from .1 to .5: a length of 20 has .3.
    "magface": (
        {"l_a": 10.0, "u_a": 30.0, "l_margin": 0.1, "u_margin": 0.5},
        lambda t: np.cos(t + 0.3),
    ),
}


@pytest.mark.parametrize("loss", MARGINS)
def test_bands_are_where_the_own_class_fails_against_the_nearest_other(loss):
    params, target = MARGINS[loss]
    snapshot = snapshot_of(loss, params)
    if loss == "subcenter-arcface":
        snapshot = replace(snapshot, weight=random_directions(30, 3))
    directions = random_directions(2_000)
    weight = snapshot.weight.astype(np.float64)
    weight /= np.linalg.norm(weight, axis=1, keepdims=True)
    angles = np.arccos(np.clip(directions.astype(np.float64) @ weight.T, -1, 1))
    angles = np.sort(angles.reshape(len(directions), 10, -1).min(axis=2), axis=1)
    away = target(angles[:, 0]) - np.cos(angles[:, 1])
    clear = (np.abs(away) > 1e-3) & (angles[:, 0] < 2)
    found = classify_at(snapshot, LENGTH)(directions)
    assert found.violates_margin is not None
    assert (found.violates_margin == (away < 0))[clear].all()
    assert 0.05 < found.violates_margin.mean() < 0.95
    assert classify_at(snapshot, LENGTH, bands=False)(directions).violates_margin is None


def test_bands_of_gaussians_are_where_the_likeliest_class_fails_with_its_distance_enlarged():
    snapshot = snapshot_of("l-gm", {"alpha": 0.4})
    directions = random_directions(600)
    found = classify_at(snapshot, LENGTH)(directions)
    failing = []
    for point in (LENGTH * directions).astype(np.float64):
        halves = [
            (((point - center) ** 2 / np.exp(spread)).sum() / 2, spread.sum() / 2)
            for center, spread in zip(
                snapshot.centers.astype(float), snapshot.log_variance.astype(float), strict=True
            )
        ]
        order = sorted(range(10), key=lambda k: sum(halves[k]))
        mine, volume = halves[order[0]]
        failing.append(mine * 1.4 + volume - sum(halves[order[1]]))
    clear = np.abs(failing) > 1e-3
    assert (found.violates_margin == (np.array(failing) > 0))[clear].all()
    assert 0.05 < found.violates_margin.mean() < 0.95


def test_a_loss_without_a_margin_has_no_bands_and_one_of_zero_has_empty_ones():
    assert classify_at(snapshot_of("softmax"), LENGTH)(random_directions(9)).margin is None
    found = classify_at(snapshot_of("arcface", {"margin": 0.0}), LENGTH)(mesh(4)[0])
    assert found.violates_margin is None
    assert not len(margin_lines(found, 4))


@pytest.mark.parametrize("fineness", [0, 3])
def test_the_mesh_is_a_sphere_of_even_triangles(fineness):
    points, faces = mesh(fineness)
    assert len(faces) == 20 * 4**fineness == 2 * len(points) - 4
    assert np.linalg.norm(points, axis=1) == pytest.approx(np.ones(len(points)), abs=1e-6)
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    _, shared = np.unique(edges, axis=0, return_counts=True)
    assert (shared == 2).all()
    lengths = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    assert lengths.max() < 1.4 * lengths.min()


@pytest.mark.parametrize("loss", ["softmax", "arcface", "l-gm", "sphereface2"])
def test_borders_are_where_the_two_best_scores_tie_and_every_change_of_class_is_one(loss):
    snapshot = snapshot_of(loss)
    classify = classify_at(snapshot, LENGTH)
    lines = decision_lines(classify(mesh(5)[0]), 5)
    # Half a degree to either side of a line's middle the answers differ.
    middle = lines.mean(axis=1)
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    along = lines[:, 1] - lines[:, 0]
    lengths = np.linalg.norm(along, axis=1, keepdims=True)
    clear = lengths[:, 0] > 1e-3
    across = np.cross(middle, along / np.maximum(lengths, 1e-9))
    step = np.float32(math.radians(0.5))
    sides = [classify((middle + sign * step * across)[clear]) for sign in (-1, 1)]
    assert (sides[0].answers != sides[1].answers).mean() > 0.97
    # Along a great circle, each change of class comes within half a degree of a line.
    turn = np.linspace(0, 2 * np.pi, 4000, dtype=np.float32)
    first, second, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0].astype(np.float32)
    circle = np.cos(turn)[:, None] * first + np.sin(turn)[:, None] * second
    answers = classify(circle).answers
    changes = circle[1:][answers[1:] != answers[:-1]]
    assert len(changes) > 2
    nearest = np.linalg.norm(changes[:, None] - lines.reshape(-1, 3), axis=2).min(axis=1)
    assert nearest.max() < math.radians(1.3)


def test_edges_of_bands_are_where_the_margin_is_just_met():
    snapshot = snapshot_of("arcface", {"margin": 0.3})
    classify = classify_at(snapshot, LENGTH)
    ends = margin_lines(classify(mesh(5)[0]), 5).reshape(-1, 3)
    assert len(ends) > 500
    angles = np.sort(np.arccos(ends.astype(np.float64) @ snapshot.weight.astype(np.float64).T), axis=1)
    off = np.abs(angles[:, 0] + 0.3 - angles[:, 1])
    assert np.percentile(off, 95) < math.radians(0.1)


def orthographic(disc: Disc, rotation: np.ndarray):
    """Return directions of pixels of a sphere seen from far away along an axis of ``rotation``."""

    def towards(pixels):
        flat = (pixels.astype(np.float64) - (disc.x, disc.y)) / disc.radius
        depth = np.sqrt(np.maximum(0, 1 - (flat**2).sum(axis=1)))
        places = np.column_stack([flat, depth])
        places /= np.linalg.norm(places, axis=1, keepdims=True)
        return (places @ rotation).astype(np.float32)

    return towards


def sphere_codes(disc, towards, classify, coding):
    """Return the codes of one picture, None without an answer."""
    grid = PictureGrid.of(disc, block=2)
    codes = grid.codes(classify(towards(grid.pixels)), coding)
    return None if codes is None else codes[0]


@pytest.mark.parametrize("loss", ["softmax", "arcface", "l-gm", "sphereface2"])
@pytest.mark.parametrize("radius", [9.0, 150.0])
def test_every_pixel_has_the_answer_of_its_ray_but_for_borders_within_a_pixel(loss, radius):
    snapshot = snapshot_of(loss, {"alpha": 1.0} if loss == "l-gm" else None)  # bands as wide as a cell
    classify = classify_at(snapshot, LENGTH)
    cells = int(2 * radius // CELL) + 2
    disc = Disc(cells, cells, radius + 3.3, radius + 5.1, radius)
    towards = orthographic(disc, np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0])
    codes = sphere_codes(disc, towards, classify, CODING)
    assert codes.shape == (cells * CELL, cells * CELL)
    y, x = np.mgrid[: codes.shape[0], : codes.shape[1]] + 0.5
    inside = np.hypot(x - disc.x, y - disc.y) < radius - 1
    found = classify(towards(np.column_stack([x[inside], y[inside]])))
    exact = np.zeros_like(codes)
    exact[inside] = CODING.of(found.classes[found.answers], found.violates_margin)
    same = codes == exact
    beside = same.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            beside |= np.roll(exact, (down, right), axis=(0, 1)) == codes
    # The few others are in blocks at the very rim, and where a border has a corner inside a cell.
    assert beside[inside].mean() > (0.999 if radius > 100 else 0.97)
    if radius > 100:
        assert same[np.hypot(x - disc.x, y - disc.y) < 0.9 * radius].mean() > 0.99
    assert len(np.unique(exact[inside])) >= 4


def test_a_classifier_without_an_answer_has_no_picture():
    snapshot = snapshot_of("triplet")
    nowhere = classify_at(replace(snapshot, features=np.full_like(snapshot.features, np.nan)), 1.0)
    disc = Disc(4, 4, 16.0, 16.0, 14.0)
    assert sphere_codes(disc, orthographic(disc, np.eye(3)), nowhere, CODING) is None


def test_several_pictures_classified_at_once_are_each_as_if_alone():
    classify = classify_at(snapshot_of("arcface", {"margin": 0.3}), LENGTH)
    disc = Disc(12, 11, 45.3, 44.1, 40.0)
    grid = PictureGrid.of(disc, block=4)
    views = [orthographic(disc, np.linalg.qr(random_directions(3, seed))[0]) for seed in (1, 2)]
    found = classify(np.concatenate([towards(grid.pixels) for towards in views]))
    both = grid.codes(found, CODING, pictures=2)
    for codes, towards in zip(both, views, strict=True):
        assert (codes == grid.codes(classify(towards(grid.pixels)), CODING)[0]).all()
    assert (both[0] != both[1]).any()
    assert found.part(5, 9).answers.tolist() == found.answers[5:9].tolist()


def test_codes_tell_classes_no_class_and_bands_apart():
    classes = np.array([0, 9, 13, UNDECIDED, 2])
    violating = np.array([False, False, False, False, True])
    codes = CODING.of(classes, violating).tolist()
    assert codes[:4] == [0, 9, 3, CODING.undecided]
    assert codes[4] == CODING.first_band + 2 * CODING.step
    assert CODING.of(np.array([UNDECIDED]), np.array([True])).tolist() == [CODING.undecided]


def test_codes_are_apart_with_a_colour_for_each_of_256_classes():
    # as soon as a person changes one colour, a palette has an entry for every class that there can be
    coding = Coding(256)
    classes = np.tile(np.arange(256), 2)
    codes = coding.of(np.append(classes, UNDECIDED), np.arange(513) >= 256)
    assert len(np.unique(codes)) == 513
    snapshot = snapshot_of("arcface", {"margin": 0.3})
    disc = Disc(6, 6, 24.0, 24.0, 22.0)
    arguments = disc, orthographic(disc, np.eye(3)), classify_at(snapshot, LENGTH)
    few, many = sphere_codes(*arguments, CODING), sphere_codes(*arguments, coding)
    assert ((few >= CODING.first_band) == (many >= coding.first_band)).all()
    assert (few >= CODING.first_band).any()


def test_the_typical_length_is_the_median():
    points = np.array([[3, 0, 0], [0, 0, 100], [0, 1, 0]], dtype=np.float32)
    assert typical_length(points) == pytest.approx(3)
    assert typical_length(points[:0]) == 0
