"""Softmax losses that also gather each class."""

from __future__ import annotations

from explorer.core.losses.loss_spec import LossSpec, Paper
from explorer.core.params import Param, Value

FAMILY = "Gathering"


def _weight(default: float, help_text: str, published: tuple[Value, ...] = ()) -> Param:
    return Param(
        name="weight",
        label="Weight",
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
    label="Centre rate",
    symbol="α",
    default=0.5,
    min=0.0,
    max=1.0,
    step=0.01,
    published=(0.5,),
    help="Share of the way that a class centre moves towards the features of its class in each update.",
)

ENTRIES = (
    LossSpec(
        name="center",
        title="Centre loss",
        family=FAMILY,
        summary="Softmax loss plus λ times half the squared distance of each feature to the centre of its "
        "class; the centres follow the features.",
        formula=r"L = L_{\mathrm{softmax}} + \frac{\lambda}{2N}\sum_i \|x_i - c_{y_i}\|^2",
        head="linear",
        params=(
            _weight(
                0.1,
                "Weight of the centre term beside softmax loss: the larger, the tighter the clusters.",
                published=(0.003,),
            ),
            CENTER_RATE,
            Param(
                name="normalize",
                label="Unit features",
                kind="bool",
                default=False,
                help="Measures the distance to the centres on features scaled to unit length, instead of raw "
                "ones as in the paper.",
            ),
            Param(
                name="update",
                label="Centres follow",
                kind="choice",
                default="batch",
                choices=("batch", "epoch"),
                help="batch: the centres move after every batch, at the centre rate, as in the paper; epoch: "
                "they become the class means at the end of each epoch.",
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
        title="Ring loss",
        family=FAMILY,
        summary="Softmax loss plus λ times half the squared difference between each feature's length and one "
        "learned radius: the features settle on a ring.",
        formula=r"L = L_{\mathrm{softmax}} + \frac{\lambda}{2N}\sum_i \left(\|x_i\| - R\right)^2",
        head="linear",
        params=(
            _weight(0.01, "Weight of the ring term beside softmax loss: the larger, the thinner the ring."),
        ),
        paper=Paper(
            authors="Zheng, Pal, Savvides",
            title="Ring loss: Convex Feature Normalization for Face Recognition",
            venue="CVPR 2018",
            arxiv="1803.00130",
        ),
    ),
    LossSpec(
        name="island",
        title="Island loss",
        family=FAMILY,
        summary="Centre loss whose centres also turn away from each other, so that the clusters part.",
        formula=r"L = L_{\mathrm{softmax}} + \frac{\lambda}{2N}\sum_i \|x_i - c_{y_i}\|^2 \quad + "
        r"\lambda\lambda_1 \sum_j \sum_{k\neq j} \left(\cos(c_j, c_k) + 1\right)",
        head="linear",
        params=(
            _weight(0.01, "Weight of the centre and the separation term beside softmax loss."),
            CENTER_RATE,
            Param(
                name="separation",
                label="Separation",
                symbol="λ₁",
                default=10.0,
                min=0.0,
                max=100.0,
                step=0.5,
                help="Weight, beside the centre term, of what turns the centres apart; 0 is centre loss. No "
                "step "
                "turns a centre by more than 45°.",
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
        title="L-GM (Gaussian mixture)",
        family=FAMILY,
        summary="Takes each class for a Gaussian with a learned mean and variance along each axis; the "
        "distance to the own mean is enlarged while training.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{|\Lambda_{y_i}|^{-1/2} e^{-(1+\alpha) d_{y_i}}}"
        r"{\sum_j |\Lambda_j|^{-1/2} e^{-(1+\alpha [j=y_i]) d_j}} \quad + \frac{\lambda}{N}\sum_i "
        r"\left(d_{y_i} + "
        r"\frac{1}{2}\ln|\Lambda_{y_i}|\right),\quad "
        r"d_j = \frac{1}{2}(x_i-\mu_j)^{T} \Lambda_j^{-1} (x_i-\mu_j)",
        head="gaussian",
        params=(
            Param(
                name="alpha",
                label="Margin",
                symbol="α",
                default=1.0,
                min=0.0,
                max=5.0,
                step=0.05,
                help="By how much of itself the distance to the own mean is enlarged while training.",
            ),
            _weight(
                0.1,
                "Weight of the likelihood, which gathers each class around its mean: the larger, the tighter "
                "the clusters.",
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
