from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from explorer.analysis.raster.splatter import EMPTY, RING_RADIUS, Splatter

RED, BLUE = 0xFFFF0000, 0xFF0000FF


def splatter(width: int = 40, height: int = 30, reach: float = 6) -> Splatter:
    result = Splatter()
    result.resize(width, height, reach)
    return result


def points(*rows: tuple[float, float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def colors(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.uint32)


def coverage(image: np.ndarray) -> np.ndarray:
    return (image >> 24) / 255


@pytest.mark.parametrize("radius", [0.5, 1, 2, 2.5, 3.7, 6])
@pytest.mark.parametrize(
    "where", [(20.5, 14.5), (20.1, 14.9), (0.5, 0.5), (39.5, 29.5), (-2.5, 10.5), (41.2, 31.0)]
)
def test_a_disc_covers_the_pixels_within_its_radius_and_no_others(radius, where):
    drawing = splatter()
    drawing.draw(points(where), colors(RED), radius)
    row, column = np.mgrid[:30, :40]
    distance = np.hypot(column - np.floor(where[0]), row - np.floor(where[1]))
    expected = np.clip(radius + 0.5 - distance, 0, 1)
    expected[distance == 0] = 1
    assert np.abs(coverage(drawing.image()) - expected).max() < 0.14  # four levels of alpha


def test_the_rim_is_premultiplied():
    drawing = splatter()
    drawing.draw(points((20, 15)), colors(0xFFFF8000), 2.5)
    alpha, red, green = ((drawing.image() >> shift) & 0xFF for shift in (24, 16, 8))
    rim = (alpha > 0) & (alpha < 255)
    assert rim.any()
    assert np.all(np.abs(red[rim].astype(int) - alpha[rim]) <= 1)
    assert np.all(np.abs(green[rim].astype(int) - alpha[rim] * 128 // 255) <= 1)


@pytest.mark.parametrize(
    "where",
    [
        (np.nan, 10),
        (10, np.nan),
        (np.inf, 10),
        (-np.inf, 10),
        (1e30, 1e30),
        (-9, 10),
        (49, 10),
        (10, -9),
        (10, 39),
    ],
)
def test_points_outside_and_points_that_are_not_numbers_leave_no_mark(where):
    drawing = splatter()
    drawing.draw(points(where), colors(RED), 6)
    assert not drawing.image().any()


def test_later_points_lie_above_where_an_order_is_given():
    drawing = splatter()
    both = points((20.5, 15.5), (22.5, 15.5))
    many = np.repeat(both, [1, 512], axis=0)  # red in a slab of its own
    drawing.draw(many, np.repeat(colors(RED, BLUE), [1, 512]), 4, order=np.roll(np.arange(513), -1))
    assert drawing.image()[15, 20] == drawing.image()[15, 23] == RED
    assert drawing.image()[15, 25] == BLUE


def test_without_an_order_a_pixel_belongs_to_the_nearest_point():
    drawing = splatter()
    centres = np.random.default_rng(0).uniform(0, 30, (60, 2)).astype(np.float32)
    found = drawing.index(centres, 5)
    row, column = np.mgrid[:30, :40]
    distance = np.hypot(column[..., None] - np.floor(centres[:, 0]), row[..., None] - np.floor(centres[:, 1]))
    near = distance.min(axis=-1)
    inside = near <= 5
    np.testing.assert_array_equal(found[near > 5.5], EMPTY)
    chosen = np.take_along_axis(distance, np.maximum(found, 0)[..., None].astype(int), axis=-1)[..., 0]
    np.testing.assert_allclose(chosen[inside], near[inside])


def test_the_image_starts_where_the_flat_pixels_start():
    drawing = splatter()
    drawing.draw(points((7.5, 3.5)), colors(BLUE), 0.5)
    assert drawing.pixels()[3 * drawing.stride + 7] == BLUE
    assert drawing.image()[3, 7] == BLUE


def test_a_larger_reach_makes_room_and_the_same_size_keeps_the_buffer():
    drawing = splatter()
    assert not drawing.resize(40, 30, 6)
    assert not drawing.resize(40, 30, 2)
    assert drawing.resize(40, 30, 9)
    assert drawing.image().shape == (30, 40)


def test_nothing_is_drawn_of_nothing():
    drawing = splatter()
    drawing.draw(np.zeros((0, 2), dtype=np.float32), colors(), 3)
    assert not drawing.image().any()


@pytest.mark.parametrize("ordered", [False, True])
def test_further_frames_allocate_nothing(ordered):
    drawing = splatter(300, 200)
    rng = np.random.default_rng(1)
    where = rng.uniform(0, 200, (20_000, 2)).astype(np.float32)
    what = rng.integers(0, 2**32, 20_000, dtype=np.uint32)
    order = rng.permutation(20_000) if ordered else None
    drawing.draw(where, what, 2.5, order)
    tracemalloc.start()
    try:
        for _ in range(3):
            drawing.clear()
            drawing.draw(where, what, 2.5, order)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000  # one temporary of a byte per point would be more


def test_a_window_of_many_widths_keeps_the_discs_of_one():
    splatter, points = Splatter(), np.array([[20, 20]], dtype=np.float32)
    colors = np.array([0xFF0000FF], dtype=np.uint32)

    def draw(widths):
        for width in widths:
            splatter.resize(width, 40, 12.0)
            splatter.draw(points, colors, 12.0)

    draw([390])
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    draw([*range(90, 390), 390])
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 200_000


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("radius", [1, 2, 3.7])
def test_a_hollow_point_is_a_ring_around_what_is_behind_it(radius, ordered):
    drawing = splatter(reach=8)
    at = (20.5, 14.5)
    order = np.array([0, 1]) if ordered else None
    drawing.draw(points(at, at), colors(BLUE, RED), radius, order, np.array([False, True]))
    row, column = np.mgrid[:30, :40]
    distance = np.hypot(column - 20, row - 14)
    outer = RING_RADIUS * radius
    assert (drawing.image()[distance < outer / 2] == BLUE).all(), "the disc below shows through the hole"
    assert (drawing.image()[(distance >= outer / 2) & (distance <= outer - 0.5)] == RED).all()
    assert not drawing.image()[distance > outer + 0.5].any()


def test_rings_far_behind_discs_are_covered_by_them():
    """Depth holds between slabs of 512 points; within one, rings are above discs."""
    count = 600
    places = np.repeat(points((20.5, 14.5), (21.5, 14.5)), count, axis=0)
    tints, hollow = np.repeat(colors(RED, BLUE), count), np.repeat([True, False], count)
    drawing, alone = splatter(reach=8), splatter(reach=8)
    drawing.draw(places, tints, 4, np.arange(2 * count), hollow)
    alone.draw(points((21.5, 14.5)), colors(BLUE), 4)
    opaque = alone.image() == BLUE
    assert (drawing.image()[opaque] == BLUE).mean() > 0.9  # those of the slab that has both kinds


def test_points_none_of_which_is_hollow_are_drawn_as_before():
    random = np.random.default_rng(0)
    places = (40 * random.random((200, 2))).astype(np.float32)
    tints = random.choice(colors(RED, BLUE), 200)
    plain, other = splatter(), splatter()
    plain.draw(places, tints, 2)
    other.draw(places, tints, 2, None, np.zeros(200, np.bool_))
    assert (plain.image() == other.image()).all()


def test_points_of_a_stack_are_drawn_on_their_own_image_only():
    stack, alone = Splatter(), splatter()
    stack.resize(40, 30, 6, layers=3)
    random = np.random.default_rng(2)
    places = random.uniform((-3, -3), (43, 33), (200, 2)).astype(np.float32)
    tints = random.integers(0xFF000000, 0xFFFFFFFF, 200, dtype=np.uint32)
    layer = random.integers(0, 3, 200).astype(np.uint8)
    order = random.permutation(200)
    stack.draw(places, tints, 2.5, order, layer=layer)
    for number in range(3):
        alone.clear()
        rows = order[layer[order] == number]
        alone.draw(places[rows], tints[rows], 2.5, np.arange(len(rows)))
        assert (stack.image(number) == alone.image()).all()
        assert alone.image().any()
    stack.clear()
    assert not any(stack.image(number).any() for number in range(3))
