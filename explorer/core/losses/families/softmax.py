"""Losses on the scores w·x + b, without a margin."""

from __future__ import annotations

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.params import Param

FAMILY = "Softmax"

ENTRIES = (
    LossSpec(
        name="softmax",
        title="Softmax",
        family=FAMILY,
        summary="Cross-entropy of the scores w·x + b. It separates classes but does not gather them: "
        "features fan out from the origin.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{w_{y_i}\cdot x_i + b_{y_i}}}"
        r"{\sum_j e^{w_j\cdot x_i + b_j}}",
        head="linear",
        params=(
            Param(
                name="bias",
                label="Bias",
                kind="bool",
                default=True,
                symbol="b",
                help="Adds a learned constant to each class' score; without it every boundary passes through "
                "the origin.",
            ),
        ),
    ),
    LossSpec(
        name="label-smoothing",
        title="Label smoothing",
        family=FAMILY,
        summary="Softmax loss that asks for less than certainty: a share of the target is spread evenly over "
        "all classes, so features stop growing.",
        formula=r"L = -\frac{1}{N}\sum_i \sum_j \left((1-\varepsilon)\,[j=y_i]+\frac{\varepsilon}{C}\right)"
        r"\ln p_{ij}",
        head="linear",
        params=(
            Param(
                name="smoothing",
                label="Smoothing",
                symbol="ε",
                default=0.1,
                min=0.0,
                max=0.9,
                step=0.01,
                published=(0.1,),
                help="Share of the target that is spread evenly over all classes; 0 is softmax loss.",
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
        title="Focal loss",
        family=FAMILY,
        summary="Softmax loss that fades for samples already classified with confidence, so that hard ones "
        "count for more.",
        formula=r"L = -\frac{1}{N}\sum_i (1-p_{i y_i})^{\gamma} \ln p_{i y_i}",
        head="linear",
        params=(
            Param(
                name="gamma",
                label="Focus",
                symbol="γ",
                default=2.0,
                min=0.0,
                max=5.0,
                step=0.1,
                published=(2.0,),
                help="How fast a sample fades as its probability rises; 0 is softmax loss.",
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
