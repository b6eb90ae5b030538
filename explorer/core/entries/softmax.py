"""Losses on the scores w·x + b, without a margin."""

from __future__ import annotations

from explorer.core.loss_spec import LossSpec
from explorer.core.params import Param

FAMILY = "Softmax"

ENTRIES = (
    LossSpec(
        name="softmax",
        title="Softmax",
        family=FAMILY,
        summary="Cross-entropy of the scores w·x + b. It separates classes but does not gather them: "
        "features fan "
        "out from the origin.",
        formula=r"L = -\frac{1}{N}\sum_i \ln\frac{e^{w_{y_i}\cdot x_i + b_{y_i}}}{\sum_j e^{w_j\cdot x_i + "
        r"b_j}}",
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
)
