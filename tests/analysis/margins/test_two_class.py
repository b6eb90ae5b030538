"""The boundaries of two classes against the equations of the papers, written out here."""

from __future__ import annotations

import numpy as np
import pytest
from core.losses.curves import other_curve, target_curve

from explorer.analysis.margins.two_class import RivalScores, boundaries, reachable_edge
from explorer.analysis.margins.winning_area import winning_area
from explorer.core.losses.catalog import LOSSES

TENTH_OF_A_DEGREE = 0.1


def rivals(name: str, plane: str = "angles", params: dict | None = None, **others) -> RivalScores:
    spec = LOSSES[name]
    return RivalScores(spec.head, spec.geometry, spec.resolve(params or {}), plane, **others)


def points(areas, which: int = 0) -> np.ndarray:
    """All points on the edges of one class' area, (θ_own, θ_other), and the middles between them."""
    edges = areas[which].edges
    assert edges
    found = np.concatenate([*edges, *((edge[1:] + edge[:-1]) / 2 for edge in edges)])
    return found if which == 0 else found[:, ::-1]


def folded(theta: np.ndarray, m: float) -> np.ndarray:
    """ψ of L-Softmax, stretch by stretch as published."""
    result = np.full_like(theta, np.nan)
    for k in range(int(np.ceil(m))):
        inside = (theta >= k * np.pi / m) & (theta <= (k + 1) * np.pi / m)
        result[inside] = (-1) ** k * np.cos(m * theta[inside]) - 2 * k
    return result


def angle_of(cosine: np.ndarray) -> np.ndarray:
    return np.arccos(np.clip(cosine, -1, 1))


OTHER_ANGLE = {
    "normface": ({}, lambda u: u),
    "cosface": ({"margin": 0.35}, lambda u: angle_of(np.cos(u) - 0.35)),
    "arcface": ({"margin": 0.5}, lambda u: u + 0.5),
    "li-arcface": ({"margin": 0.45}, lambda u: u + 0.45),
    "sphereface-r": ({"margin": 1.7}, lambda u: 1.7 * u),
    "a-softmax": ({"margin": 4, "annealing": 0.0}, lambda u: 4 * u),
    "combined": ({"m1": 1.2, "m2": 0.3, "m3": 0.1}, lambda u: angle_of(np.cos(1.2 * u + 0.3) - 0.1)),
}


@pytest.mark.parametrize("name", OTHER_ANGLE)
@pytest.mark.parametrize("which", [0, 1])
def test_a_point_on_the_boundary_satisfies_the_papers_equation(name, which):
    params, other = OTHER_ANGLE[name]
    bounds = boundaries(rivals(name, params=params))
    found = np.radians(points(bounds.test if name == "normface" else bounds.train, which))
    wanted = other(found[:, 0])
    # At the ends of the domain the boundary runs along them.
    inside = found[:, 1] < np.pi - 1e-3
    assert inside.sum() > 100
    # Across the curve, not along an axis: near 180° some of these curves stand upright.
    slope = (wanted - other(found[:, 0] - 1e-7)) / 1e-7
    distance = np.abs(wanted - found[:, 1]) / np.sqrt(1 + slope**2)
    assert np.degrees(distance[inside]).max() < TENTH_OF_A_DEGREE
    assert found[:, 1].max() > np.radians(179)


def test_l_softmax_weighs_both_sides_by_the_lengths_of_the_class_weights():
    pair = rivals("l-softmax", params={"margin": 3, "annealing": 0.0}, gains=(1.3, 0.9))
    bounds = boundaries(pair)
    for which, (mine, theirs) in enumerate(((1.3, 0.9), (0.9, 1.3))):
        own, other = np.radians(points(bounds.train, which)).T
        assert np.abs(mine * folded(own, 3) - theirs * np.cos(other)).max() < 2e-3
        own, other = np.radians(points(bounds.test, which)).T
        assert np.abs(mine * np.cos(own) - theirs * np.cos(other)).max() < 2e-3


def test_the_training_boundary_of_circle_loss_is_a_circle():
    margin = 0.25
    area = boundaries(rivals("circle", "cosines", {"margin": margin})).train[0]
    own, other = points((area, area)).T
    round_part = other > -margin + 0.01
    assert round_part.sum() > 50
    radius = np.hypot(1 - own, other)[round_part]
    assert np.abs(radius - np.sqrt(2) * margin).max() < 2e-3
    # Below −m the other class no longer counts: the own cosine alone has to pass 1 − m.
    assert np.abs(own[other < -margin - 0.01] - (1 - margin)).max() < 2e-3


def test_sphereface2_asks_each_class_by_itself():
    scale, offset, margin, power = 10.0, -5.0, 0.2, 3.0
    pair = rivals("sphereface2", gains=(scale, scale), offsets=(offset, offset))

    def angle(level: float) -> float:
        """Where r·(2((cos θ + 1)/2)^t − 1) + b is r·level."""
        return np.degrees(np.arccos(2 * ((level - offset / scale + 1) / 2) ** (1 / power) - 1))

    area = boundaries(pair).train[0]
    own, other = np.concatenate(area.edges).T
    on_own, on_other = np.abs(own - angle(margin)) < 0.01, np.abs(other - angle(-margin)) < 0.01
    assert (on_own | on_other)[(own > 0.01)].all()
    assert on_own.sum() > 10
    assert on_other.any()
    # At test time nothing is accepted beyond the angle at which the score is zero.
    assert np.concatenate(boundaries(pair).test[0].polygons)[:, 0].max() == pytest.approx(angle(0), abs=0.01)


def test_biases_and_lengths_of_l2_softmax_bend_its_boundary():
    pair = rivals("l2-softmax", gains=(8.0, 6.0), offsets=(0.5, -0.2))
    own, other = np.radians(points(boundaries(pair).test)).T
    assert np.abs(8 * np.cos(own) + 0.5 - 6 * np.cos(other) + 0.2).max() < 0.01


def test_an_area_holds_what_is_right_and_nothing_else():
    """Sampled against the definition, for curves that turn and jump as well."""
    cases = [("arcface", {"beyond_pi": way, "margin": 0.5}) for way in ("fallback", "none", "easy", "clip")]
    cases += [("circle", {}), ("combined", {"m1": 1.5, "m2": 0.4}), ("l-softmax", {"margin": 4})]
    grid = np.radians(np.arange(1.3, 180, 3.7))
    for name, params in cases:
        pair = rivals(name, params=params)
        area = boundaries(pair).train[0]
        gap = target_curve(name, grid, pair.params)[:, None] - other_curve(name, grid, pair.params)
        for i, u in enumerate(np.degrees(grid)):
            for j, v in enumerate(np.degrees(grid)):
                if abs(gap[i, j]) > 0.01:
                    assert holds(area, u, v) == (gap[i, j] > 0), (name, params, u, v)


def holds(area, u: float, v: float) -> bool:
    """Whether any polygon of an area contains a point, by counting crossings to the right of it."""
    inside = False
    for polygon in area.polygons:
        (x, y), (x2, y2) = polygon.T, np.roll(polygon, -1, axis=0).T
        spans = (y > v) != (y2 > v)
        crossing = x[spans] + (v - y[spans]) * (x2 - x)[spans] / (y2 - y)[spans]
        inside |= bool(np.count_nonzero(crossing > u) % 2)
    return inside


def test_what_angles_cannot_show_is_said_instead_of_drawn():
    for name in ("triplet", "l-gm"):
        assert boundaries(rivals(name)).test is None
        assert "Scores" in boundaries(rivals(name)).note
        assert boundaries(rivals(name, "logits")).test is not None
    biased = rivals("softmax", offsets=(0.1, 0.0))
    assert boundaries(biased).test is None
    assert "biases differ" in boundaries(biased).note
    equal = boundaries(rivals("softmax", gains=(1.5, 1.0)))
    own, other = np.radians(points(equal.test)).T
    assert np.abs(1.5 * np.cos(own) - np.cos(other)).max() < 2e-3
    assert equal.train is None


def test_the_larger_score_wins_whatever_it_is_made_of():
    for name in ("softmax", "center", "triplet", "a-softmax"):
        pair = rivals(name, "logits", offsets=(0.3, -0.4), by_length=name != "triplet", reach=50.0)
        found = boundaries(pair)
        assert np.ptp(points(found.test), axis=1).max() < 1e-3
        assert found.train is None
    assert "Angles" in boundaries(rivals("a-softmax", "logits", by_length=True)).note


def test_the_margin_of_a_gaussian_stretches_the_own_distance():
    alpha, volumes = 0.5, (0.7, -0.3)
    pair = rivals("l-gm", "logits", {"alpha": alpha}, offsets=volumes, reach=30.0)
    for which in (0, 1):
        own, other = points(boundaries(pair).train, which).T
        distance = -own - volumes[which]
        assert np.abs(-(1 + alpha) * distance - volumes[which] - other).max() < 1e-3


def test_cosines_and_scores_are_the_same_boundary_on_other_axes():
    angles = points(boundaries(rivals("cosface")).train)
    cosines = points(boundaries(rivals("cosface", "cosines")).train)
    scores = points(boundaries(rivals("cosface", "logits", gains=(10.0, 10.0))).train)
    assert np.abs(cosines[:, 0] - 0.1 - cosines[:, 1]).max() < 1e-5
    assert np.abs(scores[:, 0] - 1 - scores[:, 1]).max() < 1e-4
    assert len(angles) == len(cosines) == len(scores)


@pytest.mark.parametrize("name", [name for name, spec in LOSSES.items() if spec.curve])
def test_every_loss_with_a_curve_has_areas_in_angles_and_cosines(name):
    for plane in ("angles", "cosines", "logits"):
        pair = rivals(name, plane, by_length=name in ("l-softmax", "a-softmax", "modified-softmax"))
        found = boundaries(pair)
        assert found.test is not None
        for area in (*found.test, *(found.train or ())):
            assert area.polygons
            assert all(np.isfinite(line).all() for line in (*area.polygons, *area.edges))


def test_samples_in_the_plane_lie_on_the_edge_of_the_possible():
    apart = np.radians(40)
    turn = np.linspace(0, 2 * np.pi, 400)
    features = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    weights = np.array([[1, 0], [np.cos(apart), np.sin(apart)]])
    angles = np.degrees(np.arccos(np.clip(features @ weights.T, -1, 1)))
    edge = reachable_edge(apart, rivals("arcface"))
    nearest = np.hypot(*(angles[:, None] - edge).transpose(2, 0, 1)).min(axis=1)
    assert nearest.max() < 3


def test_a_score_that_never_wins_has_no_area_and_one_that_always_does_has_all():
    def low(values):
        return np.full_like(values, -1.0)

    def high(values):
        return np.full_like(values, 1.0)

    assert winning_area(low, high, (0, 1)).polygons == ()
    everything = winning_area(high, low, (0, 1))
    assert everything.edges == ()
    assert np.ptp(everything.polygons[0], axis=0) == pytest.approx([1, 1])


def test_an_annealed_margin_is_drawn_as_it_is_now_and_as_it_will_be() -> None:
    now = rivals("a-softmax", params={"margin": 2, "annealing": 20.0}, final_annealing=0.0)
    found = boundaries(now)
    own, other = np.radians(points(found.train)).T
    assert np.abs((20 * np.cos(own) + folded(own, 2)) / 21 - np.cos(other)).max() < 2e-3
    own, other = np.radians(points(found.final)).T
    assert np.abs(2 * own - other)[other < np.pi - 1e-3].max() < 2e-3
    assert "at the current λ = 20; dashed: at λ = 0" in found.note
    ended = boundaries(rivals("a-softmax", params={"annealing": 5.0}, final_annealing=5.0))
    assert ended.final is None
    assert ended.note.endswith("at λ = 5, where annealing has ended.")


def test_a_margin_of_zero_is_no_margin() -> None:
    found = boundaries(rivals("arcface", params={"margin": 0.0}))
    assert found.train is None
    assert found.note == "No margin here, so the training and test boundaries coincide."
