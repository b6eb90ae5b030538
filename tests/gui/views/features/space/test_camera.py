"""Camera: where points of space come to lie, and which ray belongs to a pixel."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from explorer.gui.views.features.space.camera import EYE, Camera

WIDTH, HEIGHT = 640, 480
AXES = np.eye(3, dtype=np.float32)
ANYWHERE = Camera(azimuth=0.7, elevation=-0.5, zoom=1.7, pan=(0.2, -0.1))


def project(camera, points):
    pixels, depth = camera.project(np.asarray(points, dtype=np.float32), 1.0, WIDTH, HEIGHT)
    return pixels - (WIDTH / 2, HEIGHT / 2), depth


@pytest.mark.parametrize(
    ("look", "right", "up", "towards"),
    [("front", 0, 2, (0, -1, 0)), ("top", 0, 1, (0, 0, 1)), ("side", 1, 2, (1, 0, 0))],
)
def test_a_look_along_an_axis_has_the_other_two_in_its_plane(look, right, up, towards):
    camera = Camera(azimuth=2.0, elevation=0.3).looking(look)
    pixels, depth = project(camera, AXES)
    assert pixels[right, 0] > 100
    assert pixels[right, 1] == pytest.approx(0, abs=1e-3)
    assert pixels[up, 1] < -100
    assert pixels[up, 0] == pytest.approx(0, abs=1e-3)
    assert depth == pytest.approx(np.array(towards), abs=1e-6)


def test_turning_stops_exactly_at_the_poles():
    camera = Camera().turned(0.3, 10.0)
    assert camera.elevation == math.pi / 2
    assert project(camera, AXES)[1][2] == pytest.approx(1)
    assert camera.turned(0.0, -0.5).elevation == pytest.approx(math.pi / 2 - 0.5)


def test_a_point_keeps_its_size_at_any_depth_without_perspective():
    camera = replace(Camera().looking("front"), perspective=False)
    near, far = project(camera, [[0.5, -0.9, 0], [0.5, 0.9, 0]])[0]
    assert near == pytest.approx(far)
    assert near[0] == pytest.approx(0.5 * 0.44 * HEIGHT)
    near, far = project(camera.looking("front").zoomed(1), [[0.5, -0.9, 0], [0.5, 0.9, 0]])[0]
    seen = project(Camera().looking("front"), [[0.5, -0.9, 0], [0.5, 0.9, 0]])[0]
    assert seen[0, 0] / seen[1, 0] == pytest.approx((EYE + 0.9) / (EYE - 0.9))


@pytest.mark.parametrize("factor", [1.15, 0.5, 1e6, 1e-6])
def test_zooming_leaves_what_is_under_the_pointer_where_it_is(factor):
    point = [[0.3, -0.4, 0.2]]
    (x, y), _ = project(ANYWHERE, point)[0][0], None
    zoomed = ANYWHERE.zoomed(factor, float(x) / HEIGHT, float(y) / HEIGHT)
    assert zoomed.zoom != ANYWHERE.zoom
    assert project(zoomed, point)[0][0] == pytest.approx((x, y), abs=0.05)


def test_panning_shifts_the_picture_and_nothing_else():
    points = np.random.default_rng(0).normal(size=(50, 3))
    before, depth = project(ANYWHERE, points)
    after, same = project(ANYWHERE.panned(0.25, -0.5), points)
    assert after - before == pytest.approx(np.tile([0.25 * HEIGHT, -0.5 * HEIGHT], (50, 1)), abs=0.01)
    assert (depth == same).all()
    assert ANYWHERE.panned(1e9, 0).pan[0] < 1e3


@pytest.mark.parametrize("perspective", [True, False])
@pytest.mark.parametrize("radius", [0.05, 0.7, 2.5])
def test_a_ray_meets_the_sphere_where_points_of_the_sphere_are_seen(perspective, radius):
    camera = replace(ANYWHERE, perspective=perspective)
    directions = np.random.default_rng(1).normal(size=(4000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    points = (radius * directions).astype(np.float32)
    pixels, depth = camera.project(points, 1.0, WIDTH, HEIGHT)
    # A point of the sphere faces the eye where the way to the eye leads away from the origin.
    eye = EYE * camera.rotation()[2].astype(np.float64)
    way = eye - points if perspective else eye
    facing = (points * way).sum(axis=1)
    clear = np.abs(facing) > 0.1 * radius * EYE
    for front in (True, False):
        which = clear & ((facing > 0) == front)
        assert which.sum() > 300
        found = camera.hits(pixels[which], radius, WIDTH, HEIGHT, front=front)
        assert found == pytest.approx(directions[which], abs=0.01)
    assert (camera.ahead(points, depth, radius) == (facing > 0))[clear].all()
    disc = camera.silhouette(radius, WIDTH, HEIGHT)
    reach = np.hypot(pixels[:, 0] - disc.x, pixels[:, 1] - disc.y)
    assert reach.max() <= disc.radius * 1.0001
    assert reach.max() > 0.995 * disc.radius


def test_room_below_leaves_the_same_picture_above_it():
    points = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    for room in (0, 90):
        above = ANYWHERE.above(room, WIDTH, HEIGHT).project(points, 1.0, WIDTH, HEIGHT)[0]
        assert above == pytest.approx(ANYWHERE.project(points, 1.0, WIDTH, HEIGHT - room)[0], abs=1e-2)
