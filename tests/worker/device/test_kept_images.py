"""Few images and long tails: as many of each class as the setting says, and always one."""

import numpy as np

from explorer.core.settings.stressors import StressorConfig
from explorer.worker.device.data import kept_counts, kept_images

LABELS = np.arange(6000) % 10
ALL = tuple(range(10))


def kept(config, classes=ALL, seed=0):
    return kept_images(LABELS, classes, config, seed)


def test_a_long_tail_falls_exponentially_from_the_first_class_to_the_last():
    counts = kept_counts(np.full(10, 5000), StressorConfig(imbalance=100.0))
    assert counts.tolist() == [round(5000 * 100 ** (-place / 9)) for place in range(10)]
    assert (counts[0], counts[-1]) == (5000, 50)
    few = kept_counts(np.array([600, 8, 600]), StressorConfig(imbalance=100.0, per_class=20))
    assert few.tolist() == [20, 1, 1], "never none of a class"


def test_as_many_images_of_each_class_are_kept_and_fewer_are_among_them():
    few, more = kept(StressorConfig(per_class=7)), kept(StressorConfig(per_class=30))
    assert np.bincount(LABELS[few]).tolist() == [7] * 10
    assert set(few) < set(more)
    assert set(few) != set(kept(StressorConfig(per_class=7), seed=1))
    assert set(LABELS[kept(StressorConfig(per_class=7), (2, 5))]) == {2, 5}
