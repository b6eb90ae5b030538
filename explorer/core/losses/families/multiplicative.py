"""Losses that multiply the angle to the true class weight."""

from __future__ import annotations

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.families import written
from explorer.core.losses.families.shared import SCALE, angular_factor, annealing, scale
from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import LogitScale, MarginGeometry, Sample
from explorer.core.losses.sample_terms import only_cross_entropy
from explorer.core.texts import N_

FAMILY = N_("Multiplicative margin")

_UNFOLDED = r"\psi(\theta) = (-1)^k\cos m\theta - 2k,\quad \theta\in[\frac{k\pi}{m},\frac{(k+1)\pi}{m}]"
_ANNEALED = r"f = \frac{\lambda\cos\theta_{y_i} + \psi(\theta_{y_i})}{1+\lambda},\quad " + _UNFOLDED


def _multiplied(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = ψ(θ), a decreasing version of cos(mθ)."""
    return shapes.multiplied(theta, sample.number("margin"))


def _annealed(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = (λ cos θ + ψ(θ))/(1 + λ), which is ψ for λ = 0 and tends to cos θ for large λ."""
    plain, psi = shapes.cosine(theta), _multiplied(theta, sample)
    weight = sample.number("annealing")
    total = 1 + weight
    return Line((weight * plain.value + psi.value) / total, (weight * plain.slope + psi.slope) / total)


ENTRIES = (
    LossSpec(
        name="l-softmax",
        title=N_("L-Softmax"),
        aliases=("Large-margin softmax",),
        family=FAMILY,
        summary=N_(
            "Multiplies the angle between a feature and its true class weight; lengths are not normalised."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{\|w_{y_i}\|\|x_i\|f}}"
        r"{e^{\|w_{y_i}\|\|x_i\|f}+\sum_{j\neq y_i} e^{\|w_j\|\|x_i\|\cos\theta_j}},\quad " + _ANNEALED,
        head="linear",
        sample_terms=only_cross_entropy,
        scale=LogitScale(feature_length=True, weight_length=True),
        geometry=MarginGeometry(target=_annealed, written=written.annealed),
        without_margin={"margin": 1},
        params=(angular_factor(2, (2, 3, 4), whole=True), annealing((0.0,))),
        paper=Paper(
            authors="Liu, Wen, Yu, Yang",
            title="Large-Margin Softmax Loss for Convolutional Neural Networks",
            venue="ICML 2016",
            arxiv="1612.02295",
        ),
    ),
    LossSpec(
        name="a-softmax",
        title=N_("A-Softmax (SphereFace)"),
        aliases=("Angular softmax",),
        family=FAMILY,
        well_known=True,
        summary=N_("L-Softmax with unit-length class weights: the margin is purely angular."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{\|x_i\|f}}"
        r"{e^{\|x_i\|f}+\sum_{j\neq y_i} e^{\|x_i\|\cos\theta_j}},\quad " + _ANNEALED,
        head="angular",
        sample_terms=only_cross_entropy,
        scale=LogitScale(feature_length=True),
        geometry=MarginGeometry(target=_annealed, written=written.annealed),
        without_margin={"margin": 1},
        params=(angular_factor(2, (4,), whole=True), annealing((5.0,))),
        paper=Paper(
            authors="Liu, Wen, Yu, Li, Raj, Song",
            title="SphereFace: Deep Hypersphere Embedding for Face Recognition",
            venue="CVPR 2017",
            arxiv="1704.08063",
        ),
    ),
    LossSpec(
        name="sphereface-r",
        title=N_("SphereFace-R"),
        family=FAMILY,
        summary=N_("Multiplies the angle by a factor (not necessarily an integer), on scaled cosines."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\psi(\theta_{y_i})}}"
        r"{e^{s\psi(\theta_{y_i})}+\sum_{j\neq y_i} e^{s\cos\theta_j}},\quad " + _UNFOLDED,
        least_accuracy={2: 0.82},
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=MarginGeometry(target=_multiplied, written=written.multiplied),
        without_margin={"margin": 1.0},
        params=(scale(published=(30.0,)), angular_factor(1.2, (1.7,), whole=False)),
        paper=Paper(
            authors="Liu, Wen, Raj, Singh, Weller",
            title="SphereFace Revived: Unifying Hyperspherical Face Recognition",
            venue="IEEE TPAMI 2022",
            arxiv="2109.05565",
        ),
    ),
)
