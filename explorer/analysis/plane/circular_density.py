"""Density of the directions of each class around the circle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.analysis.frames.snapshot import Floats, Labels
from explorer.analysis.plane.density import FEWEST
from explorer.analysis.plane.geometry import FULL_TURN

BINS = 720
"""Of half a degree, around the circle."""
_SHARPNESS = 0.5
_NARROWEST, _WIDEST = 3.0, 24.0
"""Limits of the smoothing kernel's standard deviation in bins."""


def circular_density(points: Floats, labels: Labels, num_classes: int) -> NDArray[np.float64]:
    """Return the density (C, `BINS`) of directions per radian, each class adding up to 1 over the circle.

    The middle of the first bin is at 0. ``points`` (n, 2) of length zero have no direction; a class of fewer
    than `FEWEST` directions has zeros. Smoothed by a wrapped normal kernel, its width by Silverman's rule
    from the spread of the class, by the discrete Fourier transform.
    """
    kept = points.any(axis=1)
    points, classes = points[kept], labels[kept].astype(np.intp)
    turn = np.arctan2(points[:, 1], points[:, 0]).astype(np.float64)
    bins = np.round(turn * (BINS / FULL_TURN)).astype(np.intp) % BINS
    counts = np.bincount(classes * BINS + bins, minlength=num_classes * BINS).reshape(num_classes, BINS)
    sizes = counts.sum(axis=1)
    sizes[sizes < FEWEST] = 0
    spectrum = np.fft.rfft(counts, axis=1)
    shares = np.divide(np.abs(spectrum[:, 1]), sizes, out=np.ones(num_classes), where=sizes > 0)
    spread = np.sqrt(-2 * np.log(np.clip(shares, 1e-9, 1))) * (BINS / FULL_TURN)
    width = np.clip(1.06 * _SHARPNESS * spread * np.maximum(sizes, 1) ** -0.2, _NARROWEST, _WIDEST)
    waves = np.arange(spectrum.shape[1]) * (FULL_TURN / BINS)
    smooth = np.fft.irfft(spectrum * np.exp(-0.5 * (waves * width[:, None]) ** 2), BINS, axis=1)
    scale = np.divide(BINS / FULL_TURN, sizes, out=np.zeros(num_classes), where=sizes > 0)
    result: NDArray[np.float64] = np.maximum(smooth, 0) * scale[:, None]
    return result
