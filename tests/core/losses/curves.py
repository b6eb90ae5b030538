"""Curves of the losses of the catalogue by name, for tests."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.params import Value

CURVED = [name for name, spec in LOSSES.items() if spec.geometry is not None]


def geometry_of(name: str) -> MarginGeometry:
    geometry = LOSSES[name].geometry
    assert geometry is not None
    return geometry


def target_curve(
    name: str,
    theta: ArrayLike,
    params: Mapping[str, Value],
    norm: float = 1.0,
    norm_mean: float = 1.0,
    norm_std: float = 1.0,
) -> NDArray[np.float64]:
    sample = Sample(params, norm, norm_mean, norm_std)
    return geometry_of(name).target(np.asarray(theta, dtype=np.float64), sample).value


def target_slope(
    name: str, theta: ArrayLike, params: Mapping[str, Value], norm: float = 1.0
) -> NDArray[np.float64]:
    return geometry_of(name).target(np.asarray(theta, dtype=np.float64), Sample(params, norm)).slope


def other_curve(name: str, theta: ArrayLike, params: Mapping[str, Value]) -> NDArray[np.float64]:
    return geometry_of(name).rival(np.asarray(theta, dtype=np.float64), Sample(params)).value
