"""Losses with a fixed margin on the angle, or on its cosine, to the true class weight."""

from __future__ import annotations

import math

import numpy as np

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.families import written
from explorer.core.losses.families.circle import CIRCLE, FAMILY
from explorer.core.losses.families.shared import (
    BEYOND_PI,
    SCALE,
    angular_margin,
    arc_geometry,
    cosface_target,
    cosine_margin,
    scale,
)
from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.losses.sample_terms import only_cross_entropy
from explorer.core.params import Param
from explorer.core.texts import N_

_ARCFACE_PAPER = Paper(
    authors="Deng, Guo, Xue, Zafeiriou",
    title="ArcFace: Additive Angular Margin Loss for Deep Face Recognition",
    venue="CVPR 2019",
    arxiv="1801.07698",
)


def _combined(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = cos(m₁θ + m₂) − m₃, continued beyond π as the parameter ``beyond_pi`` says."""
    factor = sample.number("m1")
    if sample.params.get("beyond_pi") == "piecewise":
        return shapes.lowered(shapes.multiplied(theta, factor, sample.number("m2")), sample.number("m3"))
    added = shapes.arc_margin(factor * theta, sample.number("m2"), "none")
    return shapes.lowered(Line(added.value, factor * added.slope), sample.number("m3"))


def _line(theta: Floats, margin: float) -> Line:
    """Return (π − 2(θ + m))/π."""
    return Line((np.pi - 2 * (theta + margin)) / np.pi, np.full_like(theta, -2 / np.pi))


def _linear_target(theta: Floats, sample: Sample) -> Line:
    return _line(theta, sample.number("margin"))


def _linear_score(theta: Floats, _sample: Sample) -> Line:
    return _line(theta, 0.0)


ENTRIES = (
    LossSpec(
        name="cosface",
        title=N_("CosFace (AM-Softmax)"),
        aliases=("Additive margin softmax", "Large margin cosine loss", "LMCL"),
        family=FAMILY,
        well_known=True,
        summary=N_("Subtracts a margin m from the cosine between a feature and its true class weight."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s(\cos\theta_{y_i}-m)}}"
        r"{e^{s(\cos\theta_{y_i}-m)}+\sum_{j\neq y_i} e^{s\cos\theta_j}}",
        least_accuracy={2: 0.44},
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=MarginGeometry(target=cosface_target, margins=("margin",), written=written.lowered),
        without_margin={"margin": 0.0},
        params=(scale(published=(30.0, 64.0)), cosine_margin(0.1, published=(0.35,))),
        paper=Paper(
            authors="Wang, Wang, Zhou, Ji, Gong, Zhou, Li, Liu",
            title="CosFace: Large Margin Cosine Loss for Deep Face Recognition",
            venue="CVPR 2018",
            arxiv="1801.09414",
        ),
    ),
    LossSpec(
        name="arcface",
        title=N_("ArcFace"),
        aliases=("Additive angular margin", "AAM-Softmax"),
        family=FAMILY,
        well_known=True,
        summary=N_(
            "Adds a margin m to the angle between a feature and its true class weight, so the "
            "feature must be m radians closer than is needed to be classified correctly."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\cos(\theta_{y_i}+m)}}"
        r"{e^{s\cos(\theta_{y_i}+m)}+\sum_{j\neq y_i} e^{s\cos\theta_j}}",
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=arc_geometry(),
        without_margin={"margin": 0.0},
        params=(scale(published=(64.0,)), angular_margin(0.2, published=(0.5,)), BEYOND_PI),
        paper=_ARCFACE_PAPER,
    ),
    LossSpec(
        name="combined",
        title=N_("Combined margin"),
        family=FAMILY,
        summary=N_("Combines the margins of SphereFace, ArcFace and CosFace: cos(m₁θ + m₂) − m₃."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{sf}}{e^{sf}+\sum_{j\neq y_i} e^{s\cos\theta_j}},\quad "
        r"f = \cos(m_1\theta_{y_i}+m_2)-m_3",
        least_accuracy={2: 0.8},
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=MarginGeometry(
            target=_combined,
            margins=("m2", "m3"),
            written=written.combined,
            beyond_pi=lambda sample: (math.pi - sample.number("m2")) / sample.number("m1"),
            argument="m₁θ + m₂",
        ),
        without_margin={"m1": 1.0, "m2": 0.0, "m3": 0.0},
        params=(
            scale(published=(64.0,)),
            Param(
                name="m1",
                label=N_("Factor"),
                symbol="m₁",
                default=1.0,
                min=1.0,
                max=4.0,
                step=0.05,
                published=(1.0,),
                help=N_(
                    "Multiplies the angle to the true class weight, as in SphereFace. 1 means no margin."
                ),
            ),
            Param(
                name="m2",
                label=N_("Angular margin"),
                symbol="m₂",
                default=0.15,
                min=0.0,
                max=1.5,
                step=0.01,
                unit="rad",
                published=(0.3,),
                help=N_("Added to the angle to the true class weight, as in ArcFace."),
            ),
            Param(
                name="m3",
                label=N_("Cosine margin"),
                symbol="m₃",
                default=0.05,
                min=0.0,
                max=1.0,
                step=0.01,
                published=(0.2,),
                help=N_("Subtracted from the cosine to the true class weight, as in CosFace."),
            ),
            Param(
                name="beyond_pi",
                label=N_("Beyond π"),
                kind="choice",
                default="none",
                choices=("none", "piecewise"),
                titles=(N_("None"), N_("Piecewise")),
                help=N_(
                    "What to use instead of cos(m₁θ+m₂) once m₁θ+m₂ > π, where the cosine would rise again. "
                    "None: keep it, as published. Piecewise: −cos(m₁θ+m₂) − 2 and so on, which keeps "
                    "decreasing, as in SphereFace."
                ),
            ),
        ),
        paper=_ARCFACE_PAPER,
    ),
    LossSpec(
        name="li-arcface",
        title=N_("Li-ArcFace"),
        aliases=("AirFace",),
        family=FAMILY,
        summary=N_(
            "ArcFace with a linear function of the angle instead of the cosine, so the pull is "
            "the same at every angle."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s(\pi-2(\theta_{y_i}+m))/\pi}}"
        r"{e^{s(\pi-2(\theta_{y_i}+m))/\pi}+\sum_{j\neq y_i} e^{s(\pi-2\theta_j)/\pi}}",
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=MarginGeometry(
            target=_linear_target, score=_linear_score, margins=("margin",), written=written.line
        ),
        without_margin={"margin": 0.0},
        params=(scale(6.0, published=(64.0,)), angular_margin(0.2, published=(0.45,))),
        paper=Paper(
            authors="Li, Wang, Hu, Leng",
            title="AirFace: Lightweight and Efficient Model for Face Recognition",
            venue="ICCV Workshops 2019",
            arxiv="1907.12256",
        ),
    ),
    LossSpec(
        name="subcenter-arcface",
        title=N_("Sub-centre ArcFace"),
        aliases=("Sub-center ArcFace",),
        family=FAMILY,
        summary=N_("ArcFace with K weights per class; only the closest one counts."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\cos(\theta_{y_i}+m)}}"
        r"{e^{s\cos(\theta_{y_i}+m)}+\sum_{j\neq y_i} e^{s\cos\theta_j}},\quad "
        r"\cos\theta_j = \max_{k\leq K} \hat w_{jk}\cdot\hat x_i",
        least_accuracy={2: 0.23},
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=arc_geometry(),
        without_margin={"margin": 0.0},
        params=(
            scale(4.0, published=(64.0,)),
            angular_margin(0.2, published=(0.5,)),
            Param(
                name="subcenters",
                label=N_("Sub-centres"),
                symbol="K",
                kind="int",
                default=3,
                min=1,
                max=10,
                step=1,
                effect="restart",
                published=(3,),
                help=N_("Number of weights per class."),
            ),
        ),
        paper=Paper(
            authors="Deng, Guo, Liu, Gong, Zafeiriou",
            title="Sub-center ArcFace: Boosting Face Recognition by Large-Scale Noisy Web Faces",
            venue="ECCV 2020",
        ),
    ),
    CIRCLE,
)
