"""Margins are judged by how far apart class weights can be; a wrong angle would flag what works."""

import math

import numpy as np
import pytest

from explorer.analysis.margins.spread import TAMMES_DEGREES, separation, spread


def smallest_angle(points: np.ndarray) -> float:
    cosines = points @ points.T - 2 * np.eye(len(points))
    return math.degrees(math.acos(min(1.0, cosines.max())))


@pytest.mark.parametrize(("classes", "degrees"), [(2, 180), (3, 120), (8, 45), (10, 36), (100, 3.6)])
def test_plane_is_divided_evenly(classes: int, degrees: float) -> None:
    assert math.degrees(separation(classes, 2)) == pytest.approx(degrees)
    assert smallest_angle(spread(classes, 2)) == pytest.approx(degrees)


def test_known_solids_give_the_separation_in_space() -> None:
    octahedron, icosahedron = math.pi / 2, math.acos(1 / math.sqrt(5))
    tetrahedron = math.acos(-1 / 3)
    expected = {2: math.pi, 3: 2 * math.pi / 3, 4: tetrahedron, 5: octahedron, 6: octahedron, 12: icosahedron}
    for classes, angle in expected.items():
        assert separation(classes, 3) == pytest.approx(angle, abs=1e-9), classes


def test_closed_forms_of_proved_cases() -> None:
    square_antiprism = math.acos((2 * math.sqrt(2) - 1) / 7)
    # Sugimoto and Tanemura 2015, arXiv 1509.01768
    ten = math.atan(math.sqrt(4 / math.sqrt(3) * math.cos(math.atan(math.sqrt(3 * 229) / 9) / 3) + 3))
    fourteen = 0.971634742886224  # OEIS A383859
    expected = {8: square_antiprism, 9: math.acos(1 / 3), 10: ten, 11: separation(12, 3), 14: fourteen}
    for classes, angle in expected.items():
        assert separation(classes, 3) == pytest.approx(angle, abs=2e-9), classes


@pytest.mark.parametrize("classes", range(3, 25))
def test_points_come_within_a_degree_of_the_table_and_never_beat_it(classes: int) -> None:
    reached = smallest_angle(spread(classes, 3))
    bound = math.degrees(separation(classes, 3))
    assert bound - 1 < reached < bound + 1e-6


def test_more_classes_are_never_farther_apart() -> None:
    for dim in (2, 3):
        angles = [separation(classes, dim) for classes in range(2, 1001)]
        assert (np.diff(angles) <= 1e-12).all()


def test_table_stays_below_the_bound_of_fejes_toth() -> None:
    for classes, degrees in TAMMES_DEGREES.items():
        omega = math.pi * classes / (6 * (classes - 2))
        assert degrees <= math.degrees(math.acos((1 / math.tan(omega) ** 2 - 1) / 2)) + 1e-6


@pytest.mark.parametrize("classes", [25, 100, 1000])
def test_many_points_are_of_unit_length_and_reach_a_fair_share_of_the_bound(classes: int) -> None:
    points = spread(classes, 3)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)
    share = smallest_angle(points) / math.degrees(separation(classes, 3))
    assert 0.75 < share <= 1


def test_points_cannot_be_changed_by_who_asked() -> None:
    with pytest.raises(ValueError, match="read-only"):
        spread(10, 3)[0, 0] = 0


@pytest.mark.parametrize(("classes", "dim"), [(2, 3), (4, 3), (10, 16), (513, 512)])
def test_a_simplex_has_equal_angles_and_needs_no_decomposition(classes, dim, monkeypatch) -> None:
    """The window's thread waited nearly two seconds for 513 classes in 512 dimensions."""
    monkeypatch.setattr(np.linalg, "svd", None)
    points = spread.__wrapped__(classes, dim)
    expected = np.where(np.eye(classes, dtype=bool), 1.0, -1 / (classes - 1))
    np.testing.assert_allclose(points @ points.T, expected, atol=1e-12)
