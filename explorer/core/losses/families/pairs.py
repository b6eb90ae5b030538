"""Losses on pairs of features, without class weights."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.params import Param, Value

FAMILY = "Pairs"


def _always(_params: Mapping[str, Value]) -> bool:
    return True


def _triplet_on_unit_features(params: Mapping[str, Value]) -> bool:
    """Return whether unit features are chosen; semi-hard mining, as in FaceNet, measures on them anyway."""
    return bool(params["normalize"]) or params["mining"] == "semi-hard"


ENTRIES = (
    LossSpec(
        name="contrastive",
        title="Contrastive",
        family=FAMILY,
        summary="Draws the features of a pair of one class together, and pushes those of different classes "
        "apart up to the margin.",
        formula=r"L = \frac{2}{N(N-1)}\bigg(\sum_{i<j,\;y_i=y_j} \frac{1}{2} D_{ij}^2 \quad + "
        r"\sum_{i<j,\;y_i\neq y_j} \frac{1}{2}\left[m - D_{ij}\right]_+^2\bigg)",
        head="nearest-mean",
        params=(
            Param(
                name="margin",
                label="Margin",
                symbol="m",
                default=1.0,
                min=0.0,
                max=20.0,
                step=0.1,
                help="Distance beyond which features of different classes no longer push each other.",
            ),
        ),
        paper=Paper(
            authors="Hadsell, Chopra, LeCun",
            title="Dimensionality Reduction by Learning an Invariant Mapping",
            venue="CVPR 2006",
        ),
        balanced=True,
    ),
    LossSpec(
        name="triplet",
        title="Triplet",
        family=FAMILY,
        summary="Asks that an anchor be closer to a feature of its class than to one of another, by a "
        "margin.",
        formula=r"L = \mathrm{mean}_{(a,p,n)} \left[D_{ap} - D_{an} + m\right]_+",
        head="nearest-mean",
        unit_features=_triplet_on_unit_features,
        params=(
            Param(
                name="margin",
                label="Margin",
                symbol="m",
                default=1.0,
                min=0.0,
                max=20.0,
                step=0.1,
                published=(0.2,),
                help="By how much the other class must be farther away than the own.",
            ),
            Param(
                name="mining",
                label="Triplets",
                kind="choice",
                default="all",
                choices=("batch-hard", "semi-hard", "all"),
                help="batch-hard: for each anchor the farthest of its class and the nearest of the others; "
                "semi-hard: those whose other is farther than the own, but within the margin, on unit "
                "features and with squared distances; all: every triplet of the batch.",
            ),
            Param(
                name="normalize",
                label="Unit features",
                kind="bool",
                default=False,
                help="Measures on features scaled to unit length; semi-hard does in any case.",
            ),
        ),
        paper=Paper(
            authors="Schroff, Kalenichenko, Philbin",
            title="FaceNet: A Unified Embedding for Face Recognition and Clustering",
            venue="CVPR 2015",
            arxiv="1503.03832",
        ),
        balanced=True,
    ),
    LossSpec(
        name="n-pair",
        title="N-pair",
        family=FAMILY,
        summary="Cross-entropy of dot products: an anchor of each class must be most similar to the positive "
        "of its own class among those of all.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{x_i\cdot x_i^+}}{\sum_j e^{x_i\cdot x_j^+}} + "
        r"\frac{\lambda}{M}\sum_{k=1}^{M} \|x_k\|^2",
        head="nearest-mean",
        params=(
            Param(
                name="weight",
                label="Length weight",
                symbol="λ",
                default=0.002,
                min=0.0,
                max=1.0,
                step=0.001,
                help="Weight of the mean squared length, which keeps the features from growing without end.",
            ),
        ),
        paper=Paper(
            authors="Sohn",
            title="Improved Deep Metric Learning with Multi-class N-pair Loss Objective",
            venue="NIPS 2016",
        ),
        balanced=True,
    ),
    LossSpec(
        name="supcon",
        title="SupCon",
        family=FAMILY,
        summary="Softmax over all other features of the batch: those of the own class must be the most "
        "similar, by angle.",
        formula=r"L = -\frac{1}{N}\sum_i \frac{1}{|P(i)|}\sum_{p\in P(i)} "
        r"\ln\frac{e^{\cos\theta_{ip}/\tau}}{\sum_{a\neq i} e^{\cos\theta_{ia}/\tau}}",
        head="nearest-mean",
        unit_features=_always,
        params=(
            Param(
                name="temperature",
                label="Temperature",
                symbol="τ",
                default=0.1,
                min=0.01,
                max=2.0,
                step=0.01,
                log=True,
                published=(0.1,),
                help="Divides the cosines before the softmax: the smaller, the more the hardest pairs count.",
            ),
        ),
        paper=Paper(
            authors="Khosla, Teterwak, Wang, Sarna, Tian, Isola, Maschinot, Liu, Krishnan",
            title="Supervised Contrastive Learning",
            venue="NeurIPS 2020",
            arxiv="2004.11362",
        ),
        balanced=True,
    ),
    LossSpec(
        name="multi-similarity",
        title="Multi-similarity",
        family=FAMILY,
        summary="Weighs each pair by its cosine and by how it compares with the anchor's other pairs.",
        formula=r"L = \frac{1}{N}\sum_i \Bigg(\frac{1}{\alpha}\ln\bigg(1+\sum_{p\in P(i)} "
        r"e^{-\alpha(\cos\theta_{ip}-\lambda)}\bigg) \quad + \frac{1}{\beta}\ln\bigg(1+\sum_{n\in N(i)} "
        r"e^{\beta(\cos\theta_{in}-\lambda)}\bigg)\Bigg)",
        head="nearest-mean",
        unit_features=_always,
        params=(
            Param(
                name="alpha",
                label="Sharpness within",
                symbol="α",
                default=2.0,
                min=0.1,
                max=100.0,
                step=0.1,
                log=True,
                published=(2.0,),
                help="How much more the least similar pairs of one class count than its other ones.",
            ),
            Param(
                name="beta",
                label="Sharpness between",
                symbol="β",
                default=50.0,
                min=0.1,
                max=200.0,
                step=1.0,
                log=True,
                published=(50.0,),
                help="How much more the most similar pairs of different classes count than the others.",
            ),
            Param(
                name="threshold",
                label="Threshold",
                symbol="λ",
                default=1.0,
                min=-1.0,
                max=1.0,
                step=0.01,
                published=(1.0,),
                help="Cosine above which pairs of different classes, and below which those of one, count.",
            ),
        ),
        paper=Paper(
            authors="Wang, Han, Huang, Dong, Scott",
            title="Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning",
            venue="CVPR 2019",
            arxiv="1904.06627",
        ),
        balanced=True,
    ),
)
