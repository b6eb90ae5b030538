"""Softmax losses that also gather each class."""

from __future__ import annotations

from explorer.core.loss_spec import LossSpec, Paper
from explorer.core.params import Param

FAMILY = "Gathering"

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
        "class; "
        "the centres follow the features.",
        formula=r"L = L_{\mathrm{softmax}} + \frac{\lambda}{2N}\sum_i \|x_i - c_{y_i}\|^2",
        head="linear",
        params=(
            Param(
                name="weight",
                label="Weight",
                symbol="λ",
                default=0.1,
                min=0.0,
                max=10.0,
                step=0.01,
                published=(0.003,),
                help="Weight of the centre term beside softmax loss: the larger, the tighter the clusters.",
            ),
            CENTER_RATE,
            Param(
                name="normalize",
                label="Unit features",
                kind="bool",
                default=False,
                help="Measures the distance to the centres on features scaled to unit length, instead of raw "
                "ones as in "
                "the paper.",
            ),
            Param(
                name="update",
                label="Centres follow",
                kind="choice",
                default="batch",
                choices=("batch", "epoch"),
                help="batch: the centres move after every batch, at the centre rate, as in the paper; epoch: "
                "they become "
                "the class means at the end of each epoch.",
            ),
        ),
        paper=Paper(
            authors="Wen, Zhang, Li, Qiao",
            title="A Discriminative Feature Learning Approach for Deep Face Recognition",
            venue="ECCV 2016",
        ),
    ),
)
