"""A small picture of features, for lists of runs and of events."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from explorer.analysis.frames.snapshot import Floats, Labels
from explorer.analysis.projection.principal import pca
from explorer.analysis.raster.splatter import Splatter
from explorer.core.dimensions import FEW_DIMENSIONS
from explorer.gui.theme.theme import Rgb

_RADIUS = 1.3
_MARGIN = 0.05
_AZIMUTH, _ELEVATION = -0.9, 0.4
"""From where features in three dimensions are seen, in radians; the view of features begins there too."""


def features_thumbnail(features: Floats, labels: Labels, colors: Sequence[Rgb], side: int) -> QImage:
    """Return features (n, d) of classes ``labels`` (n,) as an image, ``side`` pixels wide and high.

    Both axes have the same scale. ``colors`` are those of the classes; they repeat after the last. In more
    than three dimensions, the first two principal components are shown.
    """
    if features.shape[1] > FEW_DIMENSIONS:
        features = pca(features, 2).apply(features)
    if features.shape[1] > 2:
        right, up, near = _axes()
        order = np.argsort(features @ near)
        features, labels = features[order], labels[order]
        features = np.stack([features @ right, features @ up], axis=1)
    argb = np.array([0xFF000000 | r << 16 | g << 8 | b for r, g, b in colors], dtype=np.uint32)
    splatter = Splatter()
    splatter.resize(side, side, _RADIUS)
    known = np.isfinite(features).all(axis=1)
    features, labels = features[known], labels[known]
    if len(features):
        # Without the outermost hundredth, a single outlier would shrink all else to a dot.
        ends = np.rint(np.array([0.01, 0.99]) * (len(features) - 1)).astype(np.intp)
        low, high = np.sort(features, axis=0)[ends]
        scale = side * (1 - 2 * _MARGIN) / max(float((high - low).max()), 1e-9)
        places = (features - (low + high) / 2) * (scale, -scale) + side / 2
        splatter.draw(places.astype(np.float32), argb[labels % len(argb)], _RADIUS)
    pixels = np.ascontiguousarray(splatter.image())
    return QImage(pixels.tobytes(), side, side, 4 * side, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _axes() -> NDArray[np.float32]:
    """Return (3, 3): the directions to the right, up, and towards the eye, in rows."""
    ca, sa, ce, se = (f(v) for v in (_AZIMUTH, _ELEVATION) for f in (math.cos, math.sin))
    return np.array([[-sa, ca, 0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]], dtype=np.float32)
