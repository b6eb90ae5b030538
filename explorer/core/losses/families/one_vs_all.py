"""Losses with one binary classifier per class."""

from __future__ import annotations

import numpy as np

from explorer.core.losses import curve_shapes as shapes
from explorer.core.losses.curve_shapes import Floats, Line
from explorer.core.losses.families import written
from explorer.core.losses.families.shared import SCALE, cosine_margin, scale
from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import MarginGeometry, Sample
from explorer.core.losses.sample_terms import TrainedSample
from explorer.core.params import Param
from explorer.core.texts import N_

FAMILY = N_("One-vs-all")


def _score(theta: Floats, sample: Sample) -> Line:
    """Return g(θ) = 2((cos θ + 1)/2)^t − 1: a cosine flattened far from the class weight."""
    power, cosines = sample.number("t"), np.cos(theta)
    slope = -np.sin(theta) * power * ((cosines + 1) / 2) ** (power - 1)
    return Line(_score_of_cosine(cosines, sample), slope)


def _score_of_cosine(cosines: Floats, sample: Sample) -> Floats:
    """Return 2((cos θ + 1)/2)^t − 1, as a new array.

    Computed in place: allocating another array of all images by all classes costs more than the arithmetic.
    """
    result: Floats = (cosines + 1) / 2
    np.maximum(result, 0, out=result)  # rounding can make a cosine less than −1
    result **= sample.number("t")
    result *= 2
    result -= 1
    return result


def _target(theta: Floats, sample: Sample) -> Line:
    """Return T(θ) = g(θ) − m."""
    return shapes.lowered(_score(theta, sample), sample.number("margin"))


def _other(theta: Floats, sample: Sample) -> Line:
    """Return g(θ) + m: the same margin for the other classes."""
    return shapes.lowered(_score(theta, sample), -sample.number("margin"))


def _terms(sample: TrainedSample) -> dict[str, float]:
    """Return λ/r·ln(1 + e^−z_y) and (1 − λ)/r·Σ_{j≠y} ln(1 + e^z_j), of the logits z."""
    share, scale = sample.number("weight"), sample.number("scale")
    others = np.delete(sample.logits, sample.label)
    return {
        N_("true class"): share / scale * float(np.logaddexp(0, -sample.logits[sample.label])),
        N_("other classes"): (1 - share) / scale * float(np.logaddexp(0, others).sum()),
    }


ENTRIES = (
    LossSpec(
        name="sphereface2",
        title=N_("SphereFace2"),
        family=FAMILY,
        summary=N_("One binary classifier per class instead of a softmax; a feature may belong to no class."),
        formula=r"L = \frac{1}{N}\sum_i \bigg( \frac{\lambda}{r}\ln(1+e^{-r(g(\cos\theta_{y_i})-m)-b}) \quad "
        r"+ "
        r"\frac{1-\lambda}{r}\sum_{j\neq y_i}\ln(1+e^{r(g(\cos\theta_j)+m)+b}) \bigg),\quad "
        r"g(z) = 2\left(\frac{z+1}{2}\right)^t - 1",
        head="one-vs-all",
        sample_terms=_terms,
        scale=SCALE,
        geometry=MarginGeometry(
            target=_target,
            score=_score,
            score_of_cosine=_score_of_cosine,
            other=_other,
            binary=True,
            true_class_weight="weight",
            written=written.one_vs_all,
        ),
        without_margin={"margin": 0.0},
        params=(
            Param(
                name="weight",
                label=N_("True class weight"),
                symbol="λ",
                default=0.7,
                min=0.0,
                max=1.0,
                step=0.01,
                published=(0.7,),
                help=N_("Weight of the true class's term in the loss; the other classes share the rest."),
            ),
            scale(symbol="r", published=(40.0,)),
            cosine_margin(0.2, published=(0.4,)),
            Param(
                name="t",
                label=N_("Exponent"),
                symbol="t",
                default=3.0,
                min=1.0,
                max=10.0,
                step=0.5,
                published=(3.0,),
                help=N_(
                    "Spreads out cosines near 1, where those to the true class concentrate. 1 "
                    "leaves them unchanged."
                ),
            ),
        ),
        paper=Paper(
            authors="Wen, Liu, Weller, Raj, Singh",
            title="SphereFace2: Binary Classification is All You Need for Deep Face Recognition",
            venue="ICLR 2022",
            arxiv="2108.01513",
        ),
    ),
)
