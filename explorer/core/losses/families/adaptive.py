"""Losses with a margin that depends on the feature, on training progress, or is random."""

from __future__ import annotations

import math

import numpy as np

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.families import written
from explorer.core.losses.families.magface import FAMILY, MAGFACE
from explorer.core.losses.families.shared import (
    SCALE,
    angular_margin,
    arc_geometry,
    arcface_target,
    cosface_target,
    scale,
)
from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.losses.sample_terms import only_cross_entropy
from explorer.core.params import Param
from explorer.core.texts import N_


def _adaface_lengths(sample: Sample) -> tuple[float, float]:
    """Return the lengths between which z is not clipped: 1/h standard deviations from the mean."""
    reach = sample.norm_std / max(sample.number("h"), 1e-9)
    return sample.norm_mean - reach, sample.norm_mean + reach


def _adaface(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = cos(θ − m·z) − (m + m·z): ArcFace at z = −1, CosFace at z = 0.

    z = h(‖x‖ − μ)/σ, clipped to [−1, 1], is the normalised feature length; θ − m·z is clipped to [0, π].
    """
    margin = sample.number("margin")
    quality = np.clip(sample.number("h") * (sample.norm - sample.norm_mean) / sample.norm_std, -1.0, 1.0)
    return shapes.lowered(shapes.arc_margin(theta, -margin * quality, "clip"), margin * (1 + quality))


def _is_arc(sample: Sample) -> bool:
    return sample.params["kind"] == "arc"


def _elasticface(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) of ArcFace or CosFace at the mean margin."""
    return arcface_target(theta, sample) if _is_arc(sample) else cosface_target(theta, sample)


ENTRIES = (
    LossSpec(
        name="curricularface",
        title=N_("CurricularFace"),
        family=FAMILY,
        summary=N_("ArcFace that emphasises hard negatives more as training proceeds."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\cos(\theta_{y_i}+m)}}"
        r"{e^{s\cos(\theta_{y_i}+m)}+\sum_{j\neq y_i} e^{s n_j}},\quad "
        r"n_j = \cos\theta_j(t+\cos\theta_j) \quad \mathrm{where}\; \cos\theta_j > \cos(\theta_{y_i}+m)"
        r"\quad \mathrm{and}\; \cos\theta_j \;\mathrm{elsewhere}",
        least_accuracy={2: 0.84},
        head="angular",
        scale=SCALE,
        geometry=arc_geometry(note=N_("before hard classes are emphasised")),
        without_margin={"margin": 0.0},
        params=(
            scale(3.0, published=(64.0,)),
            angular_margin(0.2, published=(0.5,)),
            Param(
                name="momentum",
                label=N_("Momentum"),
                default=0.01,
                min=0.0,
                max=1.0,
                step=0.01,
                published=(0.01,),
                help=N_(
                    "Fraction by which t moves in each step towards the batch mean of the "
                    "cosine to the true class weight."
                ),
            ),
        ),
        paper=Paper(
            authors="Huang, Wang, Tai, Liu, Shen, Li, Li, Huang",
            title="CurricularFace: Adaptive Curriculum Learning Loss for Deep Face Recognition",
            venue="CVPR 2020",
            arxiv="2004.00288",
        ),
    ),
    MAGFACE,
    LossSpec(
        name="adaface",
        title=N_("AdaFace"),
        family=FAMILY,
        summary=N_(
            "Uses feature length as a proxy for image quality to decide whether hard or easy "
            "samples are emphasised."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{sf}}{e^{sf}+\sum_{j\neq y_i} e^{s\cos\theta_j}},\quad "
        r"f = \cos(\mathrm{clip}(\theta_{y_i}-m z_i, 0, \pi)) - (m + m z_i),\quad "
        r"z_i = \mathrm{clip}(h\frac{\|x_i\|-\mu}{\sigma}, -1, 1)",
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=MarginGeometry(
            target=_adaface,
            margins=("margin",),
            lengths=_adaface_lengths,
            follows_lengths=True,
            written=written.by_quality,
        ),
        without_margin={"margin": 0.0},
        params=(
            scale(published=(64.0,)),
            Param(
                name="margin",
                label=N_("Margin"),
                symbol="m",
                default=0.1,
                min=0.0,
                max=1.0,
                step=0.01,
                published=(0.4,),
                help=N_(
                    "Margin m. The cosine to the true class becomes cos(θ + m) for the shortest "
                    "features and cos(θ − m) − 2m for the longest."
                ),
            ),
            Param(
                name="h",
                label=N_("Concentration"),
                symbol="h",
                default=0.333,
                min=0.01,
                max=2.0,
                step=0.01,
                published=(0.333,),
                help=N_(
                    "How quickly the margin changes with feature length. It reaches its limits "
                    "1/h standard deviations from the mean length."
                ),
            ),
        ),
        paper=Paper(
            authors="Kim, Jain, Liu",
            title="AdaFace: Quality Adaptive Margin for Face Recognition",
            venue="CVPR 2022",
            arxiv="2204.00964",
        ),
    ),
    LossSpec(
        name="elasticface",
        title=N_("ElasticFace"),
        family=FAMILY,
        summary=N_("ArcFace or CosFace with a margin drawn at random for each sample."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\cos(\theta_{y_i}+m_i)}}"
        r"{e^{s\cos(\theta_{y_i}+m_i)}+\sum_{j\neq y_i} e^{s\cos\theta_j}},\quad "
        r"m_i \sim \mathcal{N}(m,\sigma)",
        least_accuracy={2: 0.74},
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=MarginGeometry(
            target=_elasticface,
            margins=("margin",),
            beyond_pi=lambda sample: math.pi - (sample.number("margin") if _is_arc(sample) else 0.0),
            written=written.elastic,
            note=N_("at the mean margin"),
        ),
        without_margin={"margin": 0.0},
        params=(
            scale(published=(64.0,)),
            Param(
                name="margin",
                label=N_("Mean margin"),
                symbol="m",
                default=0.2,
                min=0.0,
                max=1.5,
                step=0.01,
                published=(0.5,),
                help=N_("Mean of the margins: an angle in radians for Arc, a cosine for Cos."),
            ),
            Param(
                name="std",
                label=N_("Spread"),
                symbol="σ",
                default=0.02,
                min=0.0,
                max=0.5,
                step=0.005,
                published=(0.05,),
                help=N_("Standard deviation of the margins. With 0 every sample has the mean margin."),
            ),
            Param(
                name="kind",
                label=N_("Variant"),
                kind="choice",
                default="arc",
                choices=("arc", "cos"),
                titles=(N_("Arc"), N_("Cos")),
                help=N_(
                    "Arc: the margin is added to the angle, as in ArcFace. Cos: it is "
                    "subtracted from the cosine, as in CosFace."
                ),
            ),
        ),
        paper=Paper(
            authors="Boutros, Damer, Kirchbuchner, Kuijper",
            title="ElasticFace: Elastic Margin Loss for Deep Face Recognition",
            venue="CVPR Workshops 2022",
            arxiv="2109.09416",
        ),
    ),
)
