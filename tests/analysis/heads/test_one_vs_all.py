"""One-vs-all regions hold for whatever score curve a loss has, not only for the one that ships."""

from types import MappingProxyType

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.heads.classifier import scores
from explorer.analysis.heads.registry import head_of
from explorer.analysis.plane.geometry import UNDECIDED
from explorer.core.losses import catalog
from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.curve_shapes import Line
from explorer.core.losses.margin_geometry import MarginGeometry, Sample

BIAS = -2.0


def straight(theta, _sample):
    """1 − 2θ/π: falls with the angle, and crosses zero elsewhere than the curve that ships."""
    return Line(1 - 2 * theta / np.pi, np.full_like(theta, -2 / np.pi))


@pytest.fixture
def snapshot(monkeypatch):
    shipped = LOSSES["sphereface2"]
    other = replace(
        shipped, name="other", geometry=MarginGeometry(target=straight, score=straight, binary=True)
    )
    monkeypatch.setattr(catalog, "LOSSES", MappingProxyType({**LOSSES, "other": other}))
    return make_snapshot(400, loss="other", bias=np.full(10, BIAS, np.float32))


def test_scores_follow_the_curve_of_the_loss(snapshot):
    unit = snapshot.features / np.linalg.norm(snapshot.features, axis=1, keepdims=True)
    weight = snapshot.weight / np.linalg.norm(snapshot.weight, axis=1, keepdims=True)
    angles = np.arccos(np.clip(unit.astype(float) @ weight.T.astype(float), -1, 1))
    expected = 10 * (1 - 2 * angles / np.pi) + BIAS
    np.testing.assert_allclose(scores(snapshot), expected, atol=0.02)  # arccos near 0 and π of float32


def test_a_class_is_accepted_exactly_where_its_score_is_above_zero(snapshot):
    head = head_of(snapshot)
    turn = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    directions = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    values = head.scores(directions)
    expected = np.where(values.max(axis=1) > 0, values.argmax(axis=1), UNDECIDED)
    found = np.full(len(turn), UNDECIDED)
    for wedge in head.wedges():
        inside = (turn - wedge.start) % (2 * np.pi) <= wedge.end - wedge.start
        found[inside] = wedge.label
    second, best = np.sort(values, axis=1)[:, -2:].T
    clear = (np.abs(best) > 0.02) & (best - second > 0.02)
    assert clear.mean() > 0.95
    assert (found == expected)[clear].all()


@pytest.mark.parametrize("name", [name for name, spec in LOSSES.items() if spec.geometry is not None])
def test_scores_of_cosines_and_of_angles_agree(name):
    spec, theta = LOSSES[name], np.linspace(0, np.pi, 181)
    sample = Sample(spec.resolve({}))
    by_angle = spec.geometry.score(theta, sample).value
    np.testing.assert_allclose(spec.geometry.cosine_scores(np.cos(theta), sample), by_angle, atol=1e-12)
