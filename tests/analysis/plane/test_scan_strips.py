from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.plane.scan_strips import NO_KEY, Lines, refined, runs, strips

SEEN = 4.0


def disc(v: np.ndarray) -> Lines:
    """A disc of radius 1 (key 1) within a band (key 0) from -4 to 4."""
    half = np.sqrt(np.maximum(0, 1 - v**2))
    cut = half > 0
    low, high = np.full_like(v, -SEEN), np.full_like(v, SEEN)
    keys = np.where(cut[:, None], [0, 1, 0], [0, NO_KEY, NO_KEY])
    start = np.stack([low, np.where(cut, -half, 0), np.where(cut, half, 0)], axis=1)
    end = np.stack([np.where(cut, -half, high), np.where(cut, half, 0), np.where(cut, high, 0)], axis=1)
    return Lines(v, keys, start, end)


def area(ring: np.ndarray) -> float:
    x, y = ring.T
    return 0.5 * abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()))


def test_lines_are_laid_closer_only_where_the_keys_change():
    even = np.linspace(-2, 2, 101)
    lines = refined(disc, disc(even), 1e-4)
    added = np.setdiff1d(lines.v, even)
    assert (np.diff(lines.v) > 0).all()
    assert 10 < len(added) < 20
    assert (np.abs(np.abs(added) - 1) < 0.04).all()
    for first, last in runs(lines):
        if first:
            assert lines.v[first] - lines.v[first - 1] <= 1e-4
        assert (lines.keys[first : last + 1] == lines.keys[first]).all()


def test_strips_fill_what_the_lines_see_without_overlap():
    lines = refined(disc, disc(np.linspace(-2, 2, 401)), 1e-4)
    parts = strips(lines)
    assert len(parts) == 3  # the disc, what lies around it on the left, and on the right
    by_key = {key: sum(area(part.ring) for part in parts if part.name == key) for key in (0, 1)}
    assert by_key[1] == pytest.approx(np.pi, abs=1e-3)
    assert sum(by_key.values()) == pytest.approx(2 * SEEN * 4, abs=1e-9)
    (round_one,) = [part for part in parts if part.name == 1]
    (border,) = round_one.borders
    assert (border[:, 0] <= 0).all()
    assert np.hypot(*border.T) == pytest.approx(1)


def test_a_single_line_or_one_kind_of_line_is_one_run():
    lines = disc(np.array([1.5, 1.6, 1.7]))
    assert runs(lines) == [(0, 2)]
    assert refined(disc, lines, 0.01) is lines
    (part,) = strips(lines)
    assert area(part.ring) == pytest.approx(2 * SEEN * 0.2)


def test_spans_of_one_name_are_a_part_whatever_their_keys():
    """What lies on top of one another goes on; what does not, even of one name, begins anew."""
    lines = Lines(
        np.array([0.0, 1.0, 2.0]),
        keys=np.array([[3], [13], [13]]),
        start=np.array([[0.0], [1.0], [5.0]]),
        end=np.array([[2.0], [4.0], [7.0]]),
    )
    (part,) = strips(lines, lines.keys % 10)
    up = [(0, 0), (0, 0), (0, 0.5), (1, 0.5), (1, 1), (5, 2), (5, 2)]
    down = [(7, 2), (7, 2), (4, 1), (4, 0.5), (2, 0.5), (2, 0), (2, 0)]
    assert part.name == 3
    assert part.ring.tolist() == [list(map(float, point)) for point in up + down]
    apart = Lines(lines.v, np.array([[3], [13], [3]]), lines.start, lines.end)
    assert [part.name for part in strips(apart, apart.keys % 10)] == [3, 3]
    assert [part.name for part in strips(apart)] == [3, 13, 3]
