"""MagFace: a margin that grows with feature length."""

from __future__ import annotations

import math

import numpy as np

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.families import written
from explorer.core.losses.families.shared import SCALE, scale
from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.losses.sample_terms import CROSS_ENTROPY, TrainedSample
from explorer.core.params import Param, Value
from explorer.core.texts import N_

FAMILY = N_("Adaptive margin")
"""Family of losses with a margin that depends on the feature, on training progress, or is random."""

MAGFACE_NARROWEST = 1e-3
"""Minimum distance between the two lengths; if closer or out of order, the margin is a step."""


def _margin_at(end: str, symbol: str, label: str, default: float, published: tuple[Value, ...]) -> Param:
    """Return MagFace's margin at one end of the range of lengths."""
    return Param(
        name=f"{end}_margin",
        label=label,
        symbol=symbol,
        default=default,
        min=0.0,
        max=1.5,
        step=0.01,
        unit="rad",
        published=published,
        help=N_("Angle added for features of the smallest length or shorter.")
        if end == "l"
        else N_("Angle added for features of the largest length or longer."),
    )


def _length(end: str, symbol: str, label: str, default: float, published: tuple[Value, ...]) -> Param:
    """Return one end of MagFace's range of lengths."""
    return Param(
        name=f"{end}_a",
        label=label,
        symbol=symbol,
        default=default,
        min=0.01,
        max=200.0,
        step=0.1,
        log=True,
        published=published,
        help=N_("Shorter features are treated as having this length.")
        if end == "l"
        else N_("Longer features are treated as having this length."),
    )


def _magface_lengths(sample: Sample) -> tuple[float, float]:
    shortest = sample.number("l_a")
    return shortest, max(sample.number("u_a"), shortest + MAGFACE_NARROWEST)


def _magface_margin(sample: Sample) -> Floats:
    """Return m(a), linear in a = ‖x‖ clipped to the range of lengths; of the shape of ``sample.norm``."""
    shortest, longest = _magface_lengths(sample)
    share = np.clip((np.asarray(sample.norm) - shortest) / (longest - shortest), 0.0, 1.0)
    low, high = sample.number("l_margin"), sample.number("u_margin")
    margin: Floats = low + share * (high - low)
    return margin


def _magface(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = cos(θ + m(a))."""
    return shapes.arc_margin(theta, _magface_margin(sample))


def _terms(sample: TrainedSample) -> dict[str, float]:
    """Return the cross-entropy and λ_g(a/u_a² + 1/a)."""
    norm = float(np.linalg.norm(sample.feature))
    shortest, longest = _magface_lengths(Sample(sample.params))
    upper = sample.number("u_a")
    share = min(max((norm - shortest) / (longest - shortest), 0.0), 1.0)
    a = shortest + share * (upper - shortest)
    reward = sample.number("weight") * (a / upper**2 + 1 / a)
    return {CROSS_ENTROPY: sample.cross_entropy, N_("length"): reward}


MAGFACE = LossSpec(
    name="magface",
    title=N_("MagFace"),
    family=FAMILY,
    summary=N_(
        "ArcFace with a margin that grows with feature length, plus a term that rewards "
        "length: easy samples become long."
    ),
    formula=r"L = -\frac{1}{N}\sum_i \bigg( \ln\frac{e^{s\cos(\theta_{y_i}+m(a_i))}}"
    r"{e^{s\cos(\theta_{y_i}+m(a_i))}+\sum_{j\neq y_i} e^{s\cos\theta_j}} \quad - "
    r"\lambda_g\left(\frac{a_i}{u_a^2}+\frac{1}{a_i}\right) \bigg),\quad "
    r"m(a) = l_m + \frac{u_m-l_m}{u_a-l_a}(a-l_a)",
    head="angular",
    sample_terms=_terms,
    term_weight="weight",
    scale=SCALE,
    geometry=MarginGeometry(
        target=_magface,
        margins=("u_margin", "l_margin"),
        lengths=_magface_lengths,
        beyond_pi=lambda sample: math.pi - float(np.max(_magface_margin(sample))),
        written=lambda theta, sample: written.added(theta, float(_magface_margin(sample))),
    ),
    without_margin={"l_margin": 0.0, "u_margin": 0.0},
    params=(
        scale(published=(64.0,)),
        _margin_at("l", "l_m", N_("Smallest margin"), 0.1, (0.45,)),
        _margin_at("u", "u_m", N_("Largest margin"), 0.3, (0.8,)),
        _length("l", "l_a", N_("Smallest length"), 0.5, (10.0,)),
        _length("u", "u_a", N_("Largest length"), 6.0, (110.0,)),
        Param(
            name="weight",
            label=N_("Weight"),
            symbol="λ_g",
            default=1.0,
            min=0.0,
            max=100.0,
            step=0.1,
            published=(35.0,),
            help=N_("Weight of the term that rewards long features."),
        ),
    ),
    paper=Paper(
        authors="Meng, Zhao, Huang, Zhou",
        title="MagFace: A Universal Representation for Face Recognition and Quality Assessment",
        venue="CVPR 2021",
        arxiv="2103.06627",
    ),
)
