"""Circle loss: cosines weighted by their distance from their optimum."""

from __future__ import annotations

import numpy as np

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.families import written
from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import LogitScale, MarginGeometry, Sample
from explorer.core.losses.sample_terms import only_cross_entropy
from explorer.core.params import Param
from explorer.core.texts import N_

FAMILY = N_("Additive margin")
"""Family of losses with a fixed margin on the angle, or on its cosine, to the true class weight."""


def _circle_target(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = m² − (1 − cos θ)² = α_p·(cos θ − (1 − m)), with its weight α_p = 1 + m − cos θ."""
    plain = shapes.cosine(theta)
    gap = 1 - plain.value
    return Line(sample.number("margin") ** 2 - gap**2, 2 * gap * plain.slope)


def _circle_other(theta: Floats, sample: Sample) -> Line:
    """Return [cos θ + m]₊·(cos θ − m), which is cos²θ − m² where cos θ > −m."""
    margin, plain = sample.number("margin"), shapes.cosine(theta)
    counts = plain.value > -margin
    return Line(
        np.where(counts, plain.value**2 - margin**2, 0.0),
        np.where(counts, 2 * plain.value * plain.slope, 0.0),
    )


def _circle_gradient(theta: Floats, sample: Sample) -> Floats:
    """Return −α_p·sin θ: training treats the weight α_p as constant."""
    return -(1 + sample.number("margin") - np.cos(theta)) * np.sin(theta)


CIRCLE = LossSpec(
    name="circle",
    title=N_("Circle loss"),
    family=FAMILY,
    summary=N_(
        "Weights each cosine by its distance from its optimum (1 + m for the true class, −m for the "
        "others). Ten classes cannot reach these optima in few dimensions; in 2-D a scale γ of about 1 "
        "separates them, a larger one merges some."
    ),
    formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{\gamma\alpha_p(c_{y_i}-1+m)}}"
    r"{e^{\gamma\alpha_p(c_{y_i}-1+m)}+\sum_{j\neq y_i} e^{\gamma\alpha_j(c_j-m)}},\quad "
    r"c_j = \cos\theta_j,\quad \alpha_p = [1+m-c_{y_i}]_+,\quad \alpha_j = [c_j+m]_+",
    head="angular",
    sample_terms=only_cross_entropy,
    scale=LogitScale("gamma"),
    geometry=MarginGeometry(
        target=_circle_target, other=_circle_other, gradient=_circle_gradient, written=written.circle
    ),
    params=(
        Param(
            name="margin",
            label=N_("Margin"),
            symbol="m",
            default=0.5,
            min=0.0,
            max=1.0,
            step=0.01,
            published=(0.25,),
            help=N_(
                "In the plane of the two cosines, the decision boundary is a circle of radius "
                "√2·m around (1, 0). Smaller values give tighter clusters."
            ),
        ),
        Param(
            name="gamma",
            label=N_("Scale"),
            symbol="γ",
            default=1.0,
            min=0.1,
            max=512.0,
            step=0.5,
            log=True,
            published=(256.0,),
            help=N_("Multiplies the weighted cosines before softmax."),
        ),
    ),
    paper=Paper(
        authors="Sun, Cheng, Zhang, Zhang, Zheng, Wang, Wei",
        title="Circle Loss: A Unified Perspective of Pair Similarity Optimization",
        venue="CVPR 2020",
        arxiv="2002.10857",
    ),
)
