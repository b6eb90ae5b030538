"""Without the annealing, L-Softmax and A-Softmax hardly leave their random start in a short run."""

import pytest

from explorer.core.losses.annealing import annealing

STEPS_PER_EPOCH = 235


def test_starts_at_a_thousand_and_follows_the_published_form():
    assert annealing(0, 5.0) == 1000.0
    assert annealing(80, 0.0) == pytest.approx(1000 / 32, rel=1e-12)  # (1 + 80/80)^-5


@pytest.mark.parametrize("floor", [0.1, 1.0, 5.0])
def test_reaches_its_floor_within_two_epochs(floor):
    assert annealing(2 * STEPS_PER_EPOCH, floor) == floor


@pytest.mark.parametrize("floor", [0.0, 5.0, 2000.0])
def test_never_rises_and_never_falls_below_the_floor(floor):
    values = [annealing(step, floor) for step in range(3000)]
    assert values == sorted(values, reverse=True)
    assert min(values) >= floor


def test_with_floor_zero_the_plain_cosine_has_no_say_in_the_end():
    assert annealing(5 * STEPS_PER_EPOCH, 0.0) < 0.002
