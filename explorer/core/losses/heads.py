"""Heads: the names of the kinds of classifier that a loss can use at test time."""

from __future__ import annotations

from explorer.core.plugins import plugins

HEADS_GROUP = "explorer.heads"
"""The group of entry points through which a package adds a head (see `explorer.analysis.heads.registry`)."""

OUR_HEADS = ("linear", "angular", "unit-linear", "one-vs-all", "gaussian", "nearest-mean")
"""The built-in heads, by their decision at test time.

``linear``: the largest w·x + b, without b where the loss has none; ``angular``: the largest cos θ to a class
weight, the nearest of several weights of a class; ``unit-linear``: the largest α·w·x/‖x‖ + b; ``one-vs-all``:
the largest score, none where no score is above zero; ``gaussian``: the largest likelihood; ``nearest-mean``:
the nearest class mean.
"""


def head_names() -> frozenset[str]:
    """Return the names of the built-in heads and of those of installed packages."""
    return frozenset(OUR_HEADS) | {point.name for point in plugins(HEADS_GROUP)}
