"""Heads: the kinds of classifier that a loss can choose, by name, read without what computes them."""

from __future__ import annotations

from importlib.metadata import entry_points

HEADS_GROUP = "explorer.heads"
"""The group of entry points through which a package adds a head (see `explorer.analysis.heads.registry`)."""

OUR_HEADS = ("linear", "angular", "unit-linear", "one-vs-all", "gaussian", "nearest-mean")
"""What the answer is at test time with each of our heads.

``linear``: the largest w·x + b, without b where the loss has none; ``angular``: the largest cos θ to a class
weight, of several weights of a class the nearest; ``unit-linear``: the largest α·w·x/‖x‖ + b; ``one-vs-all``:
the largest score, none where no score is above zero; ``gaussian``: the largest likelihood; ``nearest-mean``:
the nearest class mean.
"""


def head_names() -> frozenset[str]:
    """Return the names of our heads and of those that installed packages offer."""
    return frozenset(OUR_HEADS) | entry_points(group=HEADS_GROUP).names
