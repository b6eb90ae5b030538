"""Descriptions of the settings of the network."""

from __future__ import annotations

from explorer.core.params import Param
from explorer.core.texts import N_

OFFERED_DIMENSIONS = (2, 3, 8, 32, 128, 512)
"""Dimensions to choose from with one click, besides typing any other."""
MOST_DIMENSIONS = 512
"""The most dimensions: those of published face recognition."""

NETWORK = (
    Param(
        name="name",
        label=N_("Network"),
        kind="choice",
        default="compact",
        choices=("compact", "lenet++", "mlp"),
        titles=(N_("Compact"), "LeNet++", "MLP"),
        effect="restart",
        help=N_(
            "Compact: three strided convolutions, fast on two cores. LeNet++: the network of the "
            "centre-loss paper (Wen et al. 2016), about forty times the work. MLP: two hidden layers."
        ),
    ),
    Param(
        name="dim",
        label=N_("Dimension"),
        aliases=("3d", "2d", "embedding size"),
        kind="int",
        default=2,
        min=2,
        max=MOST_DIMENSIONS,
        step=1,
        symbol="d",
        effect="restart",
        offered=OFFERED_DIMENSIONS,
        help=N_("Number of feature dimensions. Above 3, Features shows a projection of them."),
    ),
    Param(
        name="relu",
        label=N_("ReLU on the feature"),
        kind="bool",
        default=False,
        effect="restart",
        help=N_("Keeps every coordinate ≥ 0, so no two features are more than 90° apart."),
    ),
)
