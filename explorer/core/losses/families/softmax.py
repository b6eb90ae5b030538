"""Losses on the scores w·x + b, without a margin."""

from __future__ import annotations

import numpy as np

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.sample_terms import CROSS_ENTROPY, TrainedSample, only_cross_entropy
from explorer.core.params import Param
from explorer.core.texts import N_

FAMILY = N_("Softmax")


def _smoothed(sample: TrainedSample) -> dict[str, float]:
    """Return −Σ q_j ln p_j with the targets q: 1 − ε for the true class, and ε spread over all."""
    share = sample.number("smoothing")
    mean = float(sample.log_shares.mean())
    return {CROSS_ENTROPY: (1 - share) * sample.cross_entropy - share * mean}


def _focal(sample: TrainedSample) -> dict[str, float]:
    """Return −(1 − p)^γ ln p."""
    others = np.delete(np.exp(sample.log_shares), sample.label).sum()
    return {CROSS_ENTROPY: float(others ** sample.number("gamma")) * sample.cross_entropy}


ENTRIES = (
    LossSpec(
        name="softmax",
        title=N_("Softmax"),
        aliases=("Cross-entropy", "CE"),
        family=FAMILY,
        well_known=True,
        summary=N_(
            "Cross-entropy of the scores w·x + b. It separates classes but does not make them "
            "compact: features fan out from the origin."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{w_{y_i}\cdot x_i + b_{y_i}}}"
        r"{\sum_j e^{w_j\cdot x_i + b_j}}",
        head="linear",
        sample_terms=only_cross_entropy,
        params=(
            Param(
                name="bias",
                label=N_("Bias"),
                kind="bool",
                default=True,
                symbol="b",
                help=N_(
                    "Adds a learned constant to the score of each class. Without it every "
                    "boundary passes through the origin."
                ),
            ),
        ),
    ),
    LossSpec(
        name="label-smoothing",
        title=N_("Label smoothing"),
        family=FAMILY,
        summary=N_(
            "Cross-entropy with softened targets: a fraction ε is spread evenly over all "
            "classes, which keeps features from growing without bound."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \sum_j \left((1-\varepsilon)\,[j=y_i]+\frac{\varepsilon}{C}\right)"
        r"\ln p_{ij}",
        head="linear",
        sample_terms=_smoothed,
        params=(
            Param(
                name="smoothing",
                label=N_("Smoothing"),
                symbol="ε",
                default=0.1,
                min=0.0,
                max=0.9,
                step=0.01,
                published=(0.1,),
                help=N_(
                    "Fraction of the target that is spread evenly over all classes. 0 is plain softmax loss."
                ),
            ),
        ),
        paper=Paper(
            authors="Szegedy, Vanhoucke, Ioffe, Shlens, Wojna",
            title="Rethinking the Inception Architecture for Computer Vision",
            venue="CVPR 2016",
            arxiv="1512.00567",
        ),
    ),
    LossSpec(
        name="focal",
        title=N_("Focal loss"),
        family=FAMILY,
        summary=N_("Cross-entropy that down-weights confidently classified samples, so hard ones dominate."),
        formula=r"L = -\frac{1}{N}\sum_i (1-p_{i y_i})^{\gamma} \ln p_{i y_i}",
        head="linear",
        sample_terms=_focal,
        params=(
            Param(
                name="gamma",
                label=N_("Focus"),
                symbol="γ",
                default=2.0,
                min=0.0,
                max=5.0,
                step=0.1,
                published=(2.0,),
                help=N_(
                    "How quickly the weight of a sample falls as its probability rises. 0 is "
                    "plain softmax loss."
                ),
            ),
        ),
        paper=Paper(
            authors="Lin, Goyal, Girshick, He, Dollár",
            title="Focal Loss for Dense Object Detection",
            venue="ICCV 2017",
            arxiv="1708.02002",
        ),
    ),
)
