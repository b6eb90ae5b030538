"""Softmax losses with a term that makes classes compact."""

from __future__ import annotations

import numpy as np

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.losses.sample_terms import CROSS_ENTROPY, Numbers, TrainedSample, present
from explorer.core.params import Param, Value
from explorer.core.texts import N_

FAMILY = N_("Compact clusters")
_CENTER = N_("centre")


def _weight(default: float, help_text: str, published: tuple[Value, ...] = ()) -> Param:
    return Param(
        name="weight",
        label=N_("Weight"),
        symbol="λ",
        default=default,
        min=0.0,
        max=10.0,
        step=0.01,
        published=published,
        help=help_text,
    )


CENTER_RATE = Param(
    name="alpha",
    label=N_("Centre rate"),
    symbol="α",
    default=0.5,
    min=0.0,
    max=1.0,
    step=0.01,
    published=(0.5,),
    help=N_("Fraction of the distance to the features of its class that a centre moves in each update."),
)


def _center(sample: TrainedSample) -> dict[str, float]:
    """Return the cross-entropy and λ/2·‖x − c_y‖², of x at unit length if it is so in training."""
    x = sample.feature
    if sample.params["normalize"]:
        x = x / max(float(np.linalg.norm(x)), 1e-12)
    return {CROSS_ENTROPY: sample.cross_entropy, _CENTER: _gathered(sample, x)}


def _ring(sample: TrainedSample) -> dict[str, float]:
    """Return the cross-entropy and λ/2·(‖x‖ − R)²."""
    if sample.radius is None:
        raise LookupError
    gap = float(np.linalg.norm(sample.feature)) - sample.radius
    return {CROSS_ENTROPY: sample.cross_entropy, N_("ring"): sample.number("weight") * gap**2 / 2}


def _island(sample: TrainedSample) -> dict[str, float]:
    """Return the cross-entropy, λ/2·‖x − c_y‖², and λλ₁·Σ_{j≠k}(cos(c_j, c_k) + 1), the same for all."""
    centers = present(sample.centers)
    directions = centers / np.maximum(np.linalg.norm(centers, axis=1, keepdims=True), 1e-12)
    count = len(centers)
    apart = float((directions.sum(axis=0) ** 2).sum() - (directions**2).sum()) + count * (count - 1)
    return {
        CROSS_ENTROPY: sample.cross_entropy,
        _CENTER: _gathered(sample, sample.feature),
        N_("separation"): sample.number("weight") * sample.number("separation") * apart,
    }


def _gathered(sample: TrainedSample, x: Numbers) -> float:
    gap = x - present(sample.centers)[sample.label]
    return sample.number("weight") * float(gap @ gap) / 2


def _gaussian_logits(sample: TrainedSample) -> Numbers:
    """Return −d_j − ½ln|Λ_j| (C,), with d_y times 1 + α."""
    distances, half_log_volumes = _distances(sample)
    logits = -distances - half_log_volumes
    logits[sample.label] -= sample.number("alpha") * distances[sample.label]
    return logits


def _gaussian(sample: TrainedSample) -> dict[str, float]:
    """Return the cross-entropy and λ(d_y + ½ln|Λ_y|)."""
    distances, half_log_volumes = _distances(sample)
    likelihood = float(distances[sample.label] + half_log_volumes[sample.label])
    return {CROSS_ENTROPY: sample.cross_entropy, N_("likelihood"): sample.number("weight") * likelihood}


def _distances(sample: TrainedSample) -> tuple[Numbers, Numbers]:
    """Return d_j and ½ln|Λ_j| (C,)."""
    log_variance = present(sample.log_variance)
    gaps = sample.feature - present(sample.centers)
    return (gaps**2 * np.exp(-log_variance)).sum(axis=1) / 2, log_variance.sum(axis=1) / 2


ENTRIES = (
    LossSpec(
        name="center",
        title=N_("Centre loss"),
        aliases=("Center loss",),
        family=FAMILY,
        well_known=True,
        summary=N_(
            "Cross-entropy plus a penalty λ on the squared distance from each feature to its "
            "class centre; centres are updated as features move."
        ),
        formula=r"L = L_{\mathrm{softmax}} + \frac{\lambda}{2N}\sum_i \|x_i - c_{y_i}\|^2",
        head="linear",
        sample_terms=_center,
        term_weight="weight",
        params=(
            _weight(
                0.1,
                N_("Weight of the centre term. Larger values give tighter clusters."),
                published=(0.003,),
            ),
            CENTER_RATE,
            Param(
                name="normalize",
                label=N_("Unit features"),
                kind="bool",
                default=False,
                help=N_(
                    "Measure the distance to the centres on unit-length features. The paper "
                    "uses raw features."
                ),
            ),
            Param(
                name="update",
                label=N_("Update centres"),
                kind="choice",
                default="batch",
                choices=("batch", "epoch"),
                titles=(N_("After each batch"), N_("After each epoch")),
                help=N_(
                    "After each batch: centres move at the centre rate, as in the paper. "
                    "After each epoch: centres become the class means."
                ),
            ),
        ),
        paper=Paper(
            authors="Wen, Zhang, Li, Qiao",
            title="A Discriminative Feature Learning Approach for Deep Face Recognition",
            venue="ECCV 2016",
        ),
    ),
    LossSpec(
        name="ring",
        title=N_("Ring loss"),
        family=FAMILY,
        summary=N_(
            "Cross-entropy plus a penalty λ on the squared difference between feature length "
            "and a learned radius, so features settle on a ring."
        ),
        formula=r"L = L_{\mathrm{softmax}} + \frac{\lambda}{2N}\sum_i \left(\|x_i\| - R\right)^2",
        head="linear",
        sample_terms=_ring,
        term_weight="weight",
        params=(_weight(0.01, N_("Weight of the ring term. Larger values give a thinner ring.")),),
        paper=Paper(
            authors="Zheng, Pal, Savvides",
            title="Ring loss: Convex Feature Normalization for Face Recognition",
            venue="CVPR 2018",
            arxiv="1803.00130",
        ),
    ),
    LossSpec(
        name="island",
        title=N_("Island loss"),
        family=FAMILY,
        summary=N_("Centre loss with an extra term that pushes class centres apart in angle."),
        formula=r"L = L_{\mathrm{softmax}} + \frac{\lambda}{2N}\sum_i \|x_i - c_{y_i}\|^2 \quad + "
        r"\lambda\lambda_1 \sum_j \sum_{k\neq j} \left(\cos(c_j, c_k) + 1\right)",
        head="linear",
        sample_terms=_island,
        term_weight="weight",
        params=(
            _weight(0.01, N_("Weight of the centre and separation terms together.")),
            CENTER_RATE,
            Param(
                name="separation",
                label=N_("Separation"),
                symbol="λ₁",
                default=10.0,
                min=0.0,
                max=100.0,
                step=0.5,
                help=N_(
                    "Weight of the separation term (0 = plain centre loss). A centre never "
                    "turns by more than 45° per step."
                ),
            ),
        ),
        paper=Paper(
            authors="Cai, Meng, Khan, Li, O'Reilly, Tong",
            title="Island Loss for Learning Discriminative Features in Facial Expression Recognition",
            venue="FG 2018",
            arxiv="1710.03144",
        ),
    ),
    LossSpec(
        name="l-gm",
        title=N_("L-GM (Gaussian mixture)"),
        aliases=("Large-margin Gaussian mixture",),
        family=FAMILY,
        summary=N_(
            "Models each class as a Gaussian with a learned mean and a variance per axis; "
            "during training the distance to the true class mean is inflated by a margin."
        ),
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{|\Lambda_{y_i}|^{-1/2} e^{-(1+\alpha) d_{y_i}}}"
        r"{\sum_j |\Lambda_j|^{-1/2} e^{-(1+\alpha [j=y_i]) d_j}} \quad + \frac{\lambda}{N}\sum_i "
        r"\left(d_{y_i} + "
        r"\frac{1}{2}\ln|\Lambda_{y_i}|\right),\quad "
        r"d_j = \frac{1}{2}(x_i-\mu_j)^{T} \Lambda_j^{-1} (x_i-\mu_j)",
        head="gaussian",
        sample_terms=_gaussian,
        term_weight="weight",
        sample_logits=_gaussian_logits,
        without_margin={"alpha": 0.0},
        params=(
            Param(
                name="alpha",
                label=N_("Margin"),
                symbol="α",
                default=0.3,
                min=0.0,
                max=5.0,
                step=0.05,
                help=N_("Relative increase of the distance to the true class mean during training."),
            ),
            _weight(
                0.1,
                N_("Weight of the likelihood term. Larger values give tighter clusters."),
            ),
        ),
        paper=Paper(
            authors="Wan, Zhong, Li, Chen",
            title="Rethinking Feature Distribution for Loss Functions in Image Classification",
            venue="CVPR 2018",
            arxiv="1803.02988",
        ),
    ),
)
