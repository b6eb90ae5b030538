"""Wrong labels: as many as asked for, of the classes trained on, and the most alike is that."""

import numpy as np
import pytest

from explorer.core.data.dataset import Images
from explorer.core.stressors.labels import given_labels, most_alike

INDEX = np.arange(50_000)
LABELS = INDEX % 10
ALL = tuple(range(10))


def test_any_other_class_is_as_probable_as_each_and_never_the_true_one():
    given = given_labels(0, INDEX, LABELS, ALL, 0.4, None)
    table = np.zeros((10, 10))
    np.add.at(table, (LABELS, given), 1 / 5000)
    assert np.diag(table) == pytest.approx(0.6, abs=0.035)
    assert table[~np.eye(10, dtype=bool)] == pytest.approx(0.4 / 9, abs=0.015)
    assert (given_labels(0, INDEX, LABELS, ALL, 0.0, None) == LABELS).all()
    assert (given_labels(1, INDEX, LABELS, ALL, 0.4, None) != given).any()


def test_classes_left_out_keep_their_labels_and_are_nobodys_wrong_one():
    trained = (0, 2, 3, 7)
    for alike in (None, (2, 3, 0, 1)):
        given = given_labels(0, INDEX, LABELS, trained, 0.5, alike)
        unseen = ~np.isin(LABELS, trained)
        assert (given[unseen] == LABELS[unseen]).all()
        assert set(given[~unseen]) == set(trained)
        assert (given != LABELS)[~unseen].mean() == pytest.approx(0.5, abs=0.02)
    assert set(given[(LABELS == 7) & (given != 7)]) == {2}, "the place 1 of those trained on"


def test_the_most_alike_class_has_the_nearest_mean_image():
    means = np.array([0, 100, 110, 255, 180])
    pixels = (
        np.repeat(means, 3)[:, None, None] + np.array([-5, 0, 5] * 5)[:, None, None] + np.zeros((1, 4, 4))
    )
    images = Images(pixels.clip(0, 255).astype(np.uint8), np.repeat(np.arange(5), 3).astype(np.uint8))
    assert most_alike(images, (0, 1, 2, 3, 4)) == (1, 2, 1, 4, 2)
    assert most_alike(images, (0, 3, 4)) == (2, 2, 1), "among those trained on"


def test_large_images_are_compared_by_thumbnails_which_are_alike_where_the_images_are():
    """Reading all of them took seconds at each start of a run."""
    shades = np.array([0, 100, 110, 255, 180])
    classes = np.arange(15) % 5
    pixels = np.zeros((15, 100, 40, 3), np.uint8)
    pixels[:, ::7] = shades[classes][:, None, None, None]
    pixels[:, 1:7] = 200 - shades[classes][:, None, None, None] // 2
    assert most_alike(Images(pixels, classes.astype(np.int32)), (0, 1, 2, 3, 4)) == (1, 2, 1, 4, 2)
    seen = np.zeros_like(pixels)
    seen[:, ::7, ::7] = pixels[:, ::7, ::7]
    assert most_alike(Images(seen, classes.astype(np.uint8)), (0, 3, 4)) == (2, 2, 1)
