"""Losses on the angle between feature and class weight."""

from __future__ import annotations

from explorer.core.entries.shared import BEYOND_PI, angular_margin, cosine_margin, scale
from explorer.core.loss_spec import LossSpec, Paper

FAMILY = "Angular"

ENTRIES = (
    LossSpec(
        name="normface",
        title="NormFace",
        family=FAMILY,
        summary="Softmax on scaled cosines: features and class weights have unit length, only the angle "
        "counts.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\cos\theta_{y_i}}}{\sum_j e^{s\cos\theta_j}}",
        head="angular",
        params=(scale(published=(20.0,)),),
        paper=Paper(
            authors="Wang, Xiang, Cheng, Yuille",
            title="NormFace: L2 Hypersphere Embedding for Face Verification",
            venue="ACM Multimedia 2017",
            arxiv="1704.06369",
        ),
    ),
    LossSpec(
        name="cosface",
        title="CosFace (AM-Softmax)",
        family=FAMILY,
        summary="Subtracts the margin from the cosine to the own class weight.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s(\cos\theta_{y_i}-m)}}"
        r"{e^{s(\cos\theta_{y_i}-m)}+\sum_{j\neq y_i} e^{s\cos\theta_j}}",
        head="angular",
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
        title="ArcFace",
        family=FAMILY,
        summary="Adds the margin to the angle between a feature and its own class weight.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\cos(\theta_{y_i}+m)}}"
        r"{e^{s\cos(\theta_{y_i}+m)}+\sum_{j\neq y_i} e^{s\cos\theta_j}}",
        head="angular",
        params=(scale(published=(64.0,)), angular_margin(0.2, published=(0.5,)), BEYOND_PI),
        paper=Paper(
            authors="Deng, Guo, Xue, Zafeiriou",
            title="ArcFace: Additive Angular Margin Loss for Deep Face Recognition",
            venue="CVPR 2019",
            arxiv="1801.07698",
        ),
    ),
)
