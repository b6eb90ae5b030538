"""Draws: what happens to an image depends on the seed and its place, and on nothing else."""

import numpy as np
import torch

from explorer.core.stressors.draws import BITS, Purpose, below, chosen, drawn, key_of

INDEX = np.arange(60_000)


def numbers(purpose, seed=0, split=1):
    return drawn(key_of(seed, split, purpose), INDEX) / (1 << BITS)


def test_they_are_uniform_and_independent_between_purposes_splits_and_seeds():
    drawn_numbers = [numbers(purpose) for purpose in Purpose]
    drawn_numbers += [numbers(Purpose.STRENGTH, seed) for seed in (1, 2, 2**31 - 1)]
    drawn_numbers += [numbers(Purpose.STRENGTH, split=0)]
    for each in drawn_numbers:
        counts = np.histogram(each, 20, (0, 1))[0]
        assert ((counts - 3000) ** 2 / 3000).sum() < 50, "chi square with 19 degrees of freedom"
        assert abs(np.corrcoef(each[1:], each[:-1])[0, 1]) < 0.02, "neighbours"
    table = np.corrcoef(drawn_numbers) - np.eye(len(drawn_numbers))
    assert np.abs(table).max() < 0.02, "five standard deviations"


def test_a_share_is_that_share_and_a_larger_one_contains_it():
    key = key_of(3, 1, Purpose.IS_WRONG)
    small, large = below(key, INDEX, 0.1), below(key, INDEX, 0.3)
    assert abs(small.mean() - 0.1) < 0.005
    assert abs(large.mean() - 0.3) < 0.008
    assert (large | ~small).all()
    assert not below(key, INDEX, 0.0).any()
    assert below(key, INDEX, 1.0).all()


def test_a_tensor_gets_the_same_numbers_as_an_array():
    """Else the window would show another damage than the trainer's."""
    index = torch.from_numpy(INDEX)
    for purpose in Purpose:
        key = key_of(7, 0, purpose)
        assert (drawn(key, index).numpy() == drawn(key, INDEX)).all()
        assert (chosen(key, index, 9).numpy() == chosen(key, INDEX, 9)).all()
        for share in (0.1, 0.3, 0.7):
            assert (below(key, index, torch.tensor(share)).numpy() == below(key, INDEX, share)).all()


def test_the_numbers_of_a_version_stay_those_of_recordings():
    """A recorded run does not hold what happened to its images: it is drawn again."""
    places = ((0, 0), (0, 1), (5, 59_999))
    found = [int(drawn(key_of(seed, 1, Purpose.STRENGTH), index)) for seed, index in places]
    assert found == [6097218, 14010856, 4140058]
