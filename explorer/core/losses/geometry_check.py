"""Checks that the geometry of a loss can be drawn: a description from another package may have errors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.loss_spec import LossSpec
from explorer.core.losses.margin_geometry import MarginGeometry, Sample, Shape
from explorer.core.params import Value
from explorer.core.texts import Text, TextError, kind_and_error, text

_THETA = np.linspace(0.0, np.pi, 181)
_STEP = 1e-5
_ROUNDING = 1e-12
_SMOOTH = 0.9
"""Fraction of the angles at which the slope must match the values; the rest may be corners and jumps."""
_CLASSES = 10


class GeometryError(TextError):
    """A geometry cannot be used; the message says why, to follow a colon."""


def geometry_fault(spec: LossSpec) -> Text | None:
    """Return why the geometry or the scale of a loss cannot be used, None where they can.

    Curves are checked with the default parameters, and with each numeric parameter at either end of its
    range.
    """
    try:
        _check_names(spec)
        with np.errstate(all="ignore"):
            for params in _settings(spec):
                _check_scale(spec, params)
                if spec.geometry is not None:
                    _check_curves(spec.geometry, params)
    except GeometryError as error:
        return error.text
    except Exception as error:  # the functions of another package may fail in any way
        return text("its geometry fails with {kind}: {error}", **kind_and_error(error))
    return None


def _settings(spec: LossSpec) -> Iterator[dict[str, Value]]:
    defaults = spec.resolve({})
    yield defaults
    for param in spec.params:
        if param.kind in ("int", "float"):
            yield from ({**defaults, param.name: end} for end in (param.min, param.max) if end is not None)


def _check_names(spec: LossSpec) -> None:
    """Check that the parameters named by scale, terms and geometry are numeric parameters of the loss."""
    named = [("scale.param", spec.scale.param), ("term_weight", spec.term_weight)]
    if spec.geometry is not None:
        named += [("geometry.margins", name) for name in spec.geometry.margins]
        named += [("geometry.true_class_weight", spec.geometry.true_class_weight)]
        if spec.geometry.follows_lengths and spec.geometry.lengths is None:
            raise GeometryError("its geometry depends on lengths, but geometry.lengths is None")
    numbers = {param.name for param in spec.params if param.kind in ("int", "float")}
    for where, name in named:
        if name and name not in numbers:
            raise GeometryError(
                "{where} names {name!r}, which is not a numeric parameter of the loss", where=where, name=name
            )


def _check_scale(spec: LossSpec, params: dict[str, Value]) -> None:
    factor = spec.scale.factor(params, _CLASSES)
    if not (np.isfinite(factor) and factor > 0):
        raise GeometryError(
            "its scale for {classes} classes is {factor:g}; it must be positive",
            classes=_CLASSES,
            factor=factor,
        )


def _check_curves(geometry: MarginGeometry, params: dict[str, Value]) -> None:
    sample = Sample(params)
    samples = [sample]
    if geometry.lengths is not None:
        shortest, longest = geometry.lengths(sample)
        if not (np.isfinite([shortest, longest]).all() and shortest < longest):
            raise GeometryError(
                "geometry.lengths returns ({shortest:g}, {longest:g}), which is not an interval",
                shortest=shortest,
                longest=longest,
            )
        samples = [Sample(params, norm) for norm in (max(0.0, shortest), longest)]
        # Margin bands evaluate many lengths at once.
        _check_shape("target", geometry.target, Sample(params, np.array([[0.0], [1.0], [longest]])), (3, 181))
    for one in samples:
        _check_curve("target", geometry.target, one)
    _check_curve("score", geometry.score, sample)
    _check_curve("other", geometry.rival, sample)
    score = geometry.score(_THETA, sample).value
    if score[0] <= score[-1] or (np.diff(score) > _ROUNDING).any():
        raise GeometryError("geometry.score does not decrease with the angle")
    _check_array("gradient", geometry.training_slope(_THETA, sample), _THETA.shape)
    if geometry.beyond_pi is not None and not np.isfinite(geometry.beyond_pi(sample)):
        raise GeometryError("geometry.beyond_pi does not return a finite number")


def _check_curve(name: str, shape: Shape, sample: Sample) -> None:
    """Check that values and slopes of a curve agree, except at corners and jumps."""
    _check_shape(name, shape, sample, _THETA.shape)
    inner = _THETA[1:-1]
    ahead, behind = shape(inner + _STEP, sample).value, shape(inner - _STEP, sample).value
    measured, declared = (ahead - behind) / (2 * _STEP), shape(inner, sample).slope
    if np.isclose(declared, measured, rtol=1e-3, atol=1e-3).mean() < _SMOOTH:
        raise GeometryError("the slope returned by geometry.{name} does not match its values", name=name)


def _check_shape(name: str, shape: Shape, sample: Sample, wanted: tuple[int, ...]) -> None:
    line = shape(_THETA, sample)
    if not isinstance(line, Line):
        raise GeometryError(
            "geometry.{name} returns a {kind} instead of a Line", name=name, kind=type(line).__name__
        )
    _check_array(name, line.value, wanted)
    _check_array(name, line.slope, wanted)


def _check_array(name: str, values: Floats, wanted: tuple[int, ...]) -> None:
    if np.shape(values) != wanted:
        raise GeometryError(
            "geometry.{name} returns an array of shape {shape} instead of {wanted}",
            name=name,
            shape=str(np.shape(values)),
            wanted=str(wanted),
        )
    if not np.isfinite(values).all():
        raise GeometryError("geometry.{name} returns values that are not finite", name=name)
