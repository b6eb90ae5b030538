"""Which parameters of a loss change its curve T(θ)."""

import pytest

from explorer.analysis.margins.target_curve import changes_curve
from explorer.core.settings.config import LossConfig


@pytest.mark.parametrize(
    ("loss", "name", "changes"),
    [
        ("arcface", "margin", True),
        ("arcface", "scale", False),
        ("l-softmax", "margin", True),
        ("l-softmax", "annealing", True),
        ("magface", "l_a", True),
        ("magface", "weight", False),
        ("adaface", "h", True),
        ("sphereface2", "t", True),
        ("sphereface2", "weight", False),
        ("circle", "gamma", False),
        ("elasticface", "std", False),
        ("softmax", "bias", False),
        ("arcface", "", False),
    ],
)
def test_a_parameter_changes_the_curve_or_not(loss, name, changes):
    assert changes_curve(LossConfig(loss), name) is changes
