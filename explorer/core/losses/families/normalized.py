"""Softmax losses on normalised class weights or features, without a margin."""

from __future__ import annotations

import math

from explorer.core.losses.families import written
from explorer.core.losses.families.shared import SCALE, scale
from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.margin_geometry import LogitScale, MarginGeometry, plain_cosine
from explorer.core.losses.sample_terms import only_cross_entropy
from explorer.core.params import Param
from explorer.core.texts import N_

FAMILY = N_("Normalised")

ADACOS_SMALLEST_SCALE = 0.1


def adacos_start(num_classes: int) -> float:
    """Return √2·ln(C − 1), the initial scale of AdaCos; at least 0.1, since it is 0 for two classes."""
    return max(ADACOS_SMALLEST_SCALE, math.sqrt(2) * math.log(max(1, num_classes - 1)))


ENTRIES = (
    LossSpec(
        name="modified-softmax",
        title=N_("Modified softmax"),
        aliases=("Weight-normalised softmax",),
        family=FAMILY,
        summary=N_(
            "Softmax with unit-length class weights and no bias: only the angle decides the "
            "class; the feature's length sets the confidence."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{\|x_i\|\cos\theta_{y_i}}}"
        r"{\sum_j e^{\|x_i\|\cos\theta_j}}",
        head="angular",
        sample_terms=only_cross_entropy,
        scale=LogitScale(feature_length=True),
        geometry=MarginGeometry(target=plain_cosine, written=written.plain),
        paper=Paper(
            authors="Liu, Wen, Yu, Li, Raj, Song",
            title="SphereFace: Deep Hypersphere Embedding for Face Recognition",
            venue="CVPR 2017",
            arxiv="1704.08063",
        ),
    ),
    LossSpec(
        name="l2-softmax",
        title=N_("L2-softmax"),
        aliases=("L2-constrained softmax",),
        family=FAMILY,
        summary=N_("Softmax on features scaled to length α; class weights and bias are not normalised."),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{\alpha w_{y_i}\cdot \hat x_i + b_{y_i}}}"
        r"{\sum_j e^{\alpha w_j\cdot \hat x_i + b_j}},\quad \hat x_i = \frac{x_i}{\|x_i\|}",
        least_accuracy={2: 0.32},
        head="unit-linear",
        sample_terms=only_cross_entropy,
        scale=LogitScale("alpha", weight_length=True),
        params=(
            Param(
                name="alpha",
                label=N_("Length"),
                symbol="α",
                default=8.0,
                min=0.1,
                max=128.0,
                step=0.5,
                log=True,
                published=(12.0,),
                help=N_("Length to which every feature is scaled before the softmax."),
            ),
        ),
        paper=Paper(
            authors="Ranjan, Castillo, Chellappa",
            title="L2-constrained Softmax Loss for Discriminative Face Verification",
            venue="arXiv 2017",
            arxiv="1703.09507",
        ),
    ),
    LossSpec(
        name="normface",
        title=N_("NormFace"),
        aliases=("Cosine softmax",),
        family=FAMILY,
        summary=N_(
            "Softmax on scaled cosines: features and class weights have unit length, so only "
            "the angle counts."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{s\cos\theta_{y_i}}}{\sum_j e^{s\cos\theta_j}}",
        least_accuracy={2: 0.63},
        head="angular",
        sample_terms=only_cross_entropy,
        scale=SCALE,
        geometry=MarginGeometry(target=plain_cosine, written=written.plain),
        params=(scale(4.0, published=(20.0,)),),
        paper=Paper(
            authors="Wang, Xiang, Cheng, Yuille",
            title="NormFace: L2 Hypersphere Embedding for Face Verification",
            venue="ACM Multimedia 2017",
            arxiv="1704.06369",
        ),
    ),
    LossSpec(
        name="adacos",
        title=N_("AdaCos"),
        family=FAMILY,
        summary=N_("NormFace whose scale adapts to the features during training."),
        formula=r"s \leftarrow \frac{\ln B}{\cos\min(\frac{\pi}{4},\theta_{\mathrm{med}})},\quad "
        r"B = \frac{1}{N}\sum_i\sum_{j\neq y_i} e^{s\cos\theta_j},\quad s_0 = \sqrt{2}\ln(C-1)",
        head="angular",
        sample_terms=only_cross_entropy,
        scale=LogitScale(initial=adacos_start),
        geometry=MarginGeometry(target=plain_cosine, written=written.plain),
        params=(
            Param(
                name="dynamic",
                label=N_("Adaptive scale"),
                kind="bool",
                default=True,
                help=N_(
                    "Adapt the scale after each batch. Off: it stays at its initial value, √2·ln(C − 1)."
                ),
            ),
        ),
        paper=Paper(
            authors="Zhang, Zhao, Qiao, Wang, Li",
            title="AdaCos: Adaptively Scaling Cosine Logits for Effectively Learning Deep Face "
            "Representations",
            venue="CVPR 2019",
            arxiv="1905.00292",
        ),
    ),
)
