"""The numbers of the softmax lab against decimal arithmetic."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.analysis.labs.softmax import (
    cross_entropy,
    linear_logits,
    losses_by_factor,
    lowest_loss,
    probabilities,
    regions,
)

getcontext().prec = 50
LOGITS = st.lists(st.floats(-50, 50), min_size=2, max_size=6)
WEIGHTS = [(0.0, 1.0), (-0.75, -0.43), (0.75, -0.43)]


def exact(logits):
    """Return the probabilities to fifty digits."""
    parts = [Decimal(logit).exp() for logit in logits]
    return [part / sum(parts) for part in parts]


@given(LOGITS)
def test_probabilities_and_losses_are_exact(logits):
    wanted = exact(logits)
    assert probabilities(logits) == pytest.approx([float(p) for p in wanted], rel=1e-12, abs=1e-300)
    for label, p in enumerate(wanted):
        assert cross_entropy(logits, label) == pytest.approx(float(-p.ln()), rel=1e-12, abs=1e-30)


def test_known_values():
    assert probabilities([2, 1, -1]) == pytest.approx([0.705385, 0.259496, 0.035119], abs=5e-7)
    assert cross_entropy([0, 0, 0], 1) == pytest.approx(math.log(3), abs=1e-15)
    assert cross_entropy([100, 0], 0) == pytest.approx(math.exp(-100), rel=1e-12)


@pytest.mark.parametrize("shift", [1000.0, -1000.0])
def test_scores_of_any_size_become_probabilities(shift):
    found = probabilities([2 + shift, 1 + shift, -1 + shift])
    assert sum(found) == pytest.approx(1, abs=1e-15)
    assert found == pytest.approx(probabilities([2, 1, -1]), abs=1e-12)


def test_a_longer_feature_lowers_the_loss_at_the_same_angle_and_raises_it_where_it_is_wrong():
    right, wrong = (linear_logits(WEIGHTS, feature) for feature in ((0.5, 0.9), (0.9, -0.1)))
    factors = np.linspace(0, 20, 50)
    assert (np.diff(losses_by_factor(right, 0, factors)) < 0).all()
    assert losses_by_factor(wrong, 0, factors)[-1] > losses_by_factor(wrong, 0, factors)[0]
    assert losses_by_factor(right, 0, factors)[0] == pytest.approx(math.log(3))


def largest(weights, feature):
    return int(np.argmax(linear_logits(weights, feature)))


def test_the_length_of_the_feature_never_changes_the_decision_and_that_of_a_weight_does():
    rng = np.random.default_rng(3)
    changed = 0
    for _ in range(200):
        weights, feature = rng.normal(size=(3, 2)), rng.normal(size=2)
        before = largest(weights, feature)
        assert {largest(weights, factor * feature) for factor in (0.01, 3, 500)} == {before}
        longer = weights * [[1], [1], [5]]
        changed += largest(longer, feature) != before
    assert changed > 20


def test_the_regions_hold_the_directions_in_which_a_class_wins():
    weights = [WEIGHTS[0], WEIGHTS[1], (2.25, -1.29)]
    for wedge in regions(weights):
        for share in (0.01, 0.5, 0.99):
            turn = wedge.start + share * (wedge.end - wedge.start)
            assert largest(weights, (math.cos(turn), math.sin(turn))) == wedge.label


def test_at_unit_length_the_loss_has_a_floor_that_falls_with_the_scale():
    upright = [(0.0, 2.0), (-math.sqrt(3) / 2, -0.5), (math.sqrt(3) / 2, -0.5)]
    assert lowest_loss(upright, 0, 1.0) == pytest.approx(math.log(1 + 2 * math.exp(-1.5)), abs=1e-12)
    assert lowest_loss(upright, 0, 16.0) == pytest.approx(2 * math.exp(-24), rel=1e-6)
