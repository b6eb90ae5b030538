"""Small pictures of features: whatever a frame holds."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.gui.export.thumbnail import features_thumbnail

pytestmark = pytest.mark.usefixtures("qapp")
RED, BLUE = (255, 0, 0), (0, 0, 255)


def test_classes_are_where_their_features_are_in_their_colours():
    features = np.array([[-1, 0], [1, 0]] * 50, np.float32)
    image = features_thumbnail(features, np.array([0, 1] * 50, np.uint8), [RED, BLUE], 64)
    assert (image.width(), image.height()) == (64, 64)
    left, right = image.pixelColor(3, 32), image.pixelColor(60, 32)
    assert (left.red(), left.blue(), right.red(), right.blue()) == (255, 0, 0, 255)
    assert image.pixelColor(32, 5).alpha() == 0


@pytest.mark.parametrize("dim", [2, 3])
def test_features_that_are_not_finite_are_left_out(dim):
    features = np.random.default_rng(0).normal(0, 1, (40, dim)).astype(np.float32)
    features[::2] = np.nan
    labels = np.tile([0, 1], 20).astype(np.uint8)
    image = features_thumbnail(features, labels, [RED, BLUE], 64)
    colors = {image.pixelColor(x, y).name() for x in range(64) for y in range(64)}
    assert "#0000ff" in colors
    assert "#ff0000" not in colors
    empty = features_thumbnail(np.full_like(features, np.nan), labels, [RED, BLUE], 64)
    assert all(empty.pixelColor(x, 32).alpha() == 0 for x in range(64))
