"""Heads: the kinds of classifier that a loss can choose, by name, read without what computes them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from types import MappingProxyType

HEADS_GROUP = "explorer.heads"
"""The group of entry points through which a package adds a head (see `explorer.analysis.heads.registry`)."""

HEAD_SUMMARIES: Mapping[str, str] = MappingProxyType(
    {
        "linear": "the largest w·x + b, without b where the loss has none",
        "angular": "the largest cos θ to a class weight; of several weights of a class, the nearest counts",
        "unit-linear": "the largest α·w·x/‖x‖ + b",
        "one-vs-all": "the largest score; none where no score is above zero",
        "gaussian": "the largest likelihood",
        "nearest-mean": "the nearest class mean",
    }
)
"""What the answer is at test time, for each of our heads."""


def head_names() -> frozenset[str]:
    """Return the names of our heads and of those that installed packages offer."""
    return frozenset(HEAD_SUMMARIES) | entry_points(group=HEADS_GROUP).names
