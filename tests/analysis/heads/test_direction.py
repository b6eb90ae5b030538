"""Regions are drawn at unit length only where they hold there: for every loss, or they would lie."""

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from core.losses.curves import target_curve

from explorer.analysis.heads.classifier import scores
from explorer.analysis.heads.direction import decides_by_direction, margin_by_direction
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import LossConfig


def snapshot_of(loss, **arrays):
    rng = np.random.default_rng(5)
    if LOSSES[loss].head in ("linear", "unit-linear", "one-vs-all"):
        arrays.setdefault("bias", rng.normal(0, 3, 10).astype(np.float32))
    if LOSSES[loss].head == "gaussian":
        arrays["centers"] = rng.normal(0, 5, (10, 2)).astype(np.float32)
        arrays["log_variance"] = rng.normal(0, 0.5, (10, 2)).astype(np.float32)
    return make_snapshot(loss=loss, count=500, **arrays)


def answers(snapshot, points):
    return scores(snapshot, points.astype(np.float32)).argmax(axis=1)


@pytest.mark.parametrize("loss", LOSSES)
def test_it_says_whether_the_answer_is_the_same_at_every_length(loss):
    snapshot = snapshot_of(loss)
    points = np.random.default_rng(6).normal(0, 20, (4_000, 2))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    same = (answers(snapshot, points) == answers(snapshot, unit)).mean()
    assert decides_by_direction(snapshot) == (same > 0.999)


def test_linear_scores_without_biases_decide_by_direction():
    assert not decides_by_direction(snapshot_of("softmax"))
    assert decides_by_direction(snapshot_of("softmax", bias=None))
    assert decides_by_direction(snapshot_of("softmax", bias=np.zeros(10, dtype=np.float32)))


@pytest.mark.parametrize("loss", [name for name, spec in LOSSES.items() if spec.curve])
def test_the_margin_depends_on_the_length_where_the_curve_in_training_does(loss):
    params = LOSSES[loss].resolve({})
    theta = np.linspace(0.1, 3.0, 30)
    curves = [target_curve(loss, theta, params, norm, 30.0, 10.0) for norm in (2.0, 35.0)]
    assert margin_by_direction(LossConfig(loss, params)) == np.allclose(*curves)
