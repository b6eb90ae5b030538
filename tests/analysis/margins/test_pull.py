"""The pull of a loss against the gradient that the worker's loss really has, and what else a curve needs."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.margins.pull import no_curve_reason, pull
from explorer.analysis.margins.target_curve import THETA, Lengths, TargetCurve, angle_data
from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.core.settings.config import LossConfig
from explorer.worker.losses import build

CURVED = [name for name, spec in LOSSES.items() if spec.curve]


def curve_of(name: str, params: dict | None = None, classes: int = 10, snapshot=None) -> TargetCurve:
    """Return the curve at the parameters that are set, once annealing has ended."""
    curve = TargetCurve.of(LossConfig(name, params or {}), snapshot, classes)
    return curve.annealed or curve


@pytest.mark.parametrize("name", [name for name in CURVED if name != "sphereface2"])
def test_the_pull_is_the_gradient_of_the_workers_loss(name):
    """Two perpendicular class weights, and a feature that turns from one, square to the other."""
    params = LOSSES[name].resolve({"std": 0.0} if name == "elasticface" else {})
    restart = {p.name: 1 for p in LOSSES[name].params if p.effect == "restart"}
    loss = build(name, num_classes=2, embedding_dim=3, **restart).double().eval()
    loss.weight.data.copy_(torch.tensor([[1.0, 0, 0], [0, 0, 1.0]]))
    if name == "adaface":
        loss.length_mean.fill_(1.0)
    places = [60, 200, 333, 451]
    theta = torch.tensor(THETA[places], requires_grad=True)
    curve = curve_of(name, params, 2)
    length = curve.assumed_lengths.mean
    features = length * torch.stack([theta.cos(), theta.sin(), torch.zeros_like(theta)], dim=1)
    live = {key: value for key, value in params.items() if key not in restart}
    total = loss(features, torch.zeros(len(places), dtype=torch.long), **live) * len(places)
    (gradient,) = torch.autograd.grad(total, theta)
    found = pull(curve, None)
    assert found[places] == pytest.approx(gradient.abs().numpy(), rel=1e-5, abs=1e-9)


def test_the_pull_of_sphereface2_is_that_of_its_own_question():
    curve = curve_of("sphereface2")
    assert pull(curve, None) is None
    snapshot = make_snapshot(loss="sphereface2", bias=np.full(10, -4.0, dtype=np.float32))
    found = pull(curve, angle_data(snapshot, TEST))

    def value(theta):
        logit = 10 * (2 * ((np.cos(theta) + 1) / 2) ** 3 - 1 - 0.2) - 4
        return 0.7 / 10 * np.log1p(np.exp(-logit))

    inner = THETA[10:-10]
    numeric = (value(inner + 1e-6) - value(inner - 1e-6)) / 2e-6
    assert found[10:-10] == pytest.approx(np.abs(numeric), rel=1e-4, abs=1e-7)


def test_the_others_count_by_the_mean_of_their_logits():
    snapshot = make_snapshot(count=500, loss="cosface", params={"scale": 7.0})
    data = angle_data(snapshot, TEST)
    features = snapshot.features.astype(np.float64)
    cosines = features @ snapshot.weight.T.astype(np.float64) / np.linalg.norm(features, axis=1)[:, None]
    cosines /= np.linalg.norm(snapshot.weight, axis=1)
    sums = [
        np.log(np.exp(7 * np.delete(row, y)).sum())
        for row, y in zip(cosines, snapshot.probe.labels, strict=True)
    ]
    logit = 7 * (np.cos(THETA) - 0.1)
    wanted = 7 * np.sin(THETA) / (1 + np.exp(logit - np.mean(sums)))
    assert pull(curve_of("cosface", {"scale": 7.0}), data) == pytest.approx(wanted, rel=1e-4)


def test_the_data_are_those_of_one_split():
    snapshot = make_snapshot(count=400, train=600, dim=3, loss="arcface")
    test, train = angle_data(snapshot, TEST), angle_data(snapshot, TRAIN)
    assert (test.count, train.count) == (400, 600)
    assert test.shares.sum() == pytest.approx(1)
    lengths = np.linalg.norm(snapshot.features[:400].astype(np.float64), axis=1)
    assert (test.lengths.mean, test.lengths.deviation) == pytest.approx(
        (lengths.mean(), lengths.std()), rel=1e-5
    )
    own = np.degrees(np.arccos(test.cosines[np.arange(400), test.labels]))
    assert np.histogram(own, 180, (0, 180))[0] / 400 == pytest.approx(test.shares, abs=0.0051)


def test_features_and_classes_that_are_not_there_are_left_out():
    snapshot = make_snapshot(count=300, loss="triplet", present=4, weight=None)
    features = snapshot.features.copy()
    features[:30] = np.nan
    data = angle_data(replace(snapshot, features=features), TEST)
    assert data.count == 270
    assert data.kind == "means"
    assert np.isfinite(data.cosines).all()


@pytest.mark.parametrize(
    ("name", "params", "degrees"),
    [
        ("arcface", {"margin": 0.5}, 180 - math.degrees(0.5)),
        ("arcface", {"margin": 0.0}, None),
        ("curricularface", {"margin": 0.3}, 180 - math.degrees(0.3)),
        ("combined", {"m1": 1.5, "m2": 0.3}, (180 - math.degrees(0.3)) / 1.5),
        ("elasticface", {"margin": 0.2, "kind": "arc"}, 180 - math.degrees(0.2)),
        ("elasticface", {"margin": 0.2, "kind": "cos"}, None),
        ("cosface", {"margin": 0.5}, None),
        ("li-arcface", {"margin": 0.5}, None),
    ],
)
def test_where_the_angle_and_the_margin_pass_pi(name, params, degrees):
    start = curve_of(name, params).beyond_pi(Lengths())
    assert (start if start is None else math.degrees(start)) == pytest.approx(degrees)


def test_magface_passes_pi_at_the_margin_of_the_mean_length():
    curve = curve_of("magface")
    start = curve.beyond_pi(Lengths(3.25, 1.0))
    assert start == pytest.approx(math.pi - 0.2)
    longer = curve.values(Lengths(3.25, 1.0), 1.0)
    assert longer[0] == pytest.approx(math.cos(0.1 + 0.2 * 3.75 / 5.5))


def test_the_scale_is_the_one_in_force():
    data = angle_data(make_snapshot(loss="l-softmax"), TEST)
    product = data.lengths.mean * data.weight_length
    for name, given, wanted in (
        ("cosface", data, 10.0),
        ("circle", data, 1.0),
        ("adacos", data, math.sqrt(2) * math.log(9)),
        ("l-softmax", data, product),
        ("a-softmax", data, data.lengths.mean),
        ("modified-softmax", None, 1.0),
    ):
        assert curve_of(name).factor(given) == pytest.approx(wanted)


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in CURVED])
def test_a_loss_without_a_curve_says_why(name):
    reason = no_curve_reason(name)
    assert reason.startswith(("The logits of " + LOSSES[name].title, LOSSES[name].title))
    assert reason.endswith(", so there is no margin curve.")


def test_the_scale_that_adacos_has_come_to_is_read_from_the_frame():
    snapshot = replace(make_snapshot(loss="adacos"), scalars={"scale": 5.5})
    data = angle_data(snapshot, TEST)
    told, untold = curve_of("adacos", snapshot=snapshot), curve_of("adacos")
    assert (told.factor(data), told.adapted) == (5.5, True)
    assert (untold.factor(data), untold.adapted) == (pytest.approx(math.sqrt(2) * math.log(9)), False)
    assert not np.allclose(pull(told, data), pull(untold, data))
