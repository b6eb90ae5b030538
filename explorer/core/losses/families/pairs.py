"""Losses on pairs of features, without class weights."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.params import Param, Value
from explorer.core.texts import N_

FAMILY = N_("Pairs")


def _always(_params: Mapping[str, Value]) -> bool:
    return True


def _triplet_on_unit_features(params: Mapping[str, Value]) -> bool:
    """Return whether distances are on unit features, which semi-hard mining, as in FaceNet, always uses."""
    return bool(params["normalize"]) or params["mining"] == "semi-hard"


ENTRIES = (
    LossSpec(
        name="contrastive",
        title=N_("Contrastive"),
        aliases=("Siamese", "Pair loss"),
        family=FAMILY,
        summary=N_(
            "Pulls same-class pairs together and pushes different-class pairs apart until they "
            "are a margin away."
        ),
        formula=r"L = \frac{2}{N(N-1)}\bigg(\sum_{i<j,\;y_i=y_j} \frac{1}{2} D_{ij}^2 \quad + "
        r"\sum_{i<j,\;y_i\neq y_j} \frac{1}{2}\left[m - D_{ij}\right]_+^2\bigg)",
        head="nearest-mean",
        params=(
            Param(
                name="margin",
                label=N_("Margin"),
                symbol="m",
                default=1.0,
                min=0.0,
                max=20.0,
                step=0.1,
                help=N_("Distance beyond which features of different classes no longer repel each other."),
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
        title=N_("Triplet"),
        aliases=("FaceNet",),
        family=FAMILY,
        well_known=True,
        summary=N_(
            "Requires each anchor to be closer to a same-class feature than to any other by at least m."
        ),
        formula=r"L = \mathrm{mean}_{(a,p,n)} \left[D_{ap} - D_{an} + m\right]_+",
        head="nearest-mean",
        unit_features=_triplet_on_unit_features,
        params=(
            Param(
                name="margin",
                label=N_("Margin"),
                symbol="m",
                default=1.0,
                min=0.0,
                max=20.0,
                step=0.1,
                published=(0.2,),
                help=N_("Minimum gap between the distance to another class and to the same class."),
            ),
            Param(
                name="mining",
                label=N_("Triplets"),
                kind="choice",
                default="all",
                choices=("batch-hard", "semi-hard", "all"),
                titles=(N_("Batch-hard"), N_("Semi-hard"), N_("All")),
                help=N_(
                    "Batch-hard: for each anchor, the farthest positive and the nearest "
                    "negative. Semi-hard: negatives that are farther than the positive but "
                    "within the margin, on unit-length features with squared distances. All: "
                    "every triplet of the batch."
                ),
            ),
            Param(
                name="normalize",
                label=N_("Unit features"),
                kind="bool",
                default=False,
                help=N_("Measure distances on unit-length features. Semi-hard mining always does."),
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
        title=N_("N-pair"),
        aliases=("N-pair-mc",),
        family=FAMILY,
        summary=N_(
            "Cross-entropy of dot products: each anchor must be most similar to the positive of its class."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{x_i\cdot x_i^+}}{\sum_j e^{x_i\cdot x_j^+}} + "
        r"\frac{\lambda}{M}\sum_{k=1}^{M} \|x_k\|^2",
        head="nearest-mean",
        term_weight="weight",
        params=(
            Param(
                name="weight",
                label=N_("Length penalty"),
                symbol="λ",
                default=0.002,
                min=0.0,
                max=1.0,
                step=0.001,
                help=N_(
                    "Weight of the mean squared feature length, which keeps features from "
                    "growing without bound."
                ),
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
        title=N_("SupCon"),
        aliases=("Supervised contrastive",),
        family=FAMILY,
        summary=N_(
            "Softmax over all other features of the batch: those of the same class must have "
            "the highest cosine similarity."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \frac{1}{|P(i)|}\sum_{p\in P(i)} "
        r"\ln\frac{e^{\cos\theta_{ip}/\tau}}{\sum_{a\neq i} e^{\cos\theta_{ia}/\tau}}",
        least_accuracy={2: 0.76},
        head="nearest-mean",
        unit_features=_always,
        params=(
            Param(
                name="temperature",
                label=N_("Temperature"),
                symbol="τ",
                default=0.5,
                min=0.01,
                max=2.0,
                step=0.01,
                log=True,
                published=(0.1,),
                help=N_("Divides the cosines before softmax. Smaller values emphasise the hardest pairs."),
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
        title=N_("Multi-similarity"),
        aliases=("MS loss",),
        family=FAMILY,
        summary=N_(
            "Weights each pair by its cosine similarity and by how it compares with the anchor's other pairs."
        ),
        formula=r"L = \frac{1}{N}\sum_i \Bigg(\frac{1}{\alpha}\ln\bigg(1+\sum_{p\in P(i)} "
        r"e^{-\alpha(\cos\theta_{ip}-\lambda)}\bigg) \quad + \frac{1}{\beta}\ln\bigg(1+\sum_{n\in N(i)} "
        r"e^{\beta(\cos\theta_{in}-\lambda)}\bigg)\Bigg)",
        least_accuracy={2: 0.62},
        head="nearest-mean",
        unit_features=_always,
        params=(
            Param(
                name="alpha",
                label=N_("Positive sharpness"),
                symbol="α",
                default=1.0,
                min=0.1,
                max=100.0,
                step=0.1,
                log=True,
                published=(2.0,),
                help=N_("How strongly the least similar same-class pairs are emphasised."),
            ),
            Param(
                name="beta",
                label=N_("Negative sharpness"),
                symbol="β",
                default=25.0,
                min=0.1,
                max=200.0,
                step=1.0,
                log=True,
                published=(50.0,),
                help=N_("How strongly the most similar different-class pairs are emphasised."),
            ),
            Param(
                name="threshold",
                label=N_("Threshold"),
                symbol="λ",
                default=1.0,
                min=-1.0,
                max=1.0,
                step=0.01,
                published=(1.0,),
                help=N_("Different-class pairs count above this cosine, same-class pairs below it."),
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
