"""What a view says of a prediction must be what the trainer counts."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.heads.classifier import log_softmax, logits, scores
from explorer.analysis.heads.registry import HEADS, head_of
from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses import build

CHOICES = [
    *((name, {}) for name in LOSSES),
    ("softmax", {"bias": False}),
    ("triplet", {"normalize": True}),
    ("triplet", {"mining": "semi-hard"}),
    ("l2-softmax", {"alpha": 3.0}),
    ("sphereface2", {"scale": 20.0, "t": 1.5}),
    ("cosface", {"scale": 31.0}),
]


BIASED = ("label-smoothing", "focal", "center", "ring", "island")


def numpy_of(value):
    return value.detach().numpy().astype(np.float32)


def run_of(name, params, dim):
    """Return a loss with random state, and a snapshot that shows it."""
    torch.manual_seed(3)
    spec = LOSSES[name]
    restart = {p.name: params.get(p.name, p.default) for p in spec.params if p.effect == "restart"}
    loss = build(name, 10, dim, **restart).eval()
    with torch.no_grad():
        for parameter in loss.parameters():
            parameter.add_(0.5 * torch.randn_like(parameter))
    snapshot = make_snapshot(count=200, train=300, dim=dim, loss=name, params=params, weight=None)
    seen = snapshot.probe.split == 1
    live = {p.name: snapshot.config.loss.params[p.name] for p in spec.params if p.effect == "live"}
    loss.set_means(
        torch.from_numpy(snapshot.features[seen]), torch.from_numpy(snapshot.probe.labels[seen]), **live
    )
    shown = replace(
        snapshot,
        **{name: numpy_of(value) for name, value in loss.shown(**live).items() if name != "radius"},
    )
    return loss, live, shown


@pytest.mark.parametrize(("name", "params"), CHOICES)
def test_a_frame_carries_what_the_head_of_its_loss_needs(name, params):
    _, live, snapshot = run_of(name, params, 2)
    assert type(head_of(snapshot)) is HEADS[LOSSES[name].head]
    with_bias = LOSSES[name].head in ("unit-linear", "one-vs-all") or live.get("bias", name in BIASED)
    assert (snapshot.bias is not None) == with_bias


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize(("name", "params"), CHOICES)
def test_scores_are_those_of_the_loss_in_torch(name, params, dim):
    loss, live, snapshot = run_of(name, params, dim)
    with torch.no_grad():
        wanted = loss.scores(torch.from_numpy(snapshot.features), **live).numpy()
    found = scores(snapshot)
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=2e-5 * np.abs(wanted).max())
    assert (found.argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.99


WITHOUT_MARGIN = {
    "normface": {},
    "modified-softmax": {},
    "adacos": {"dynamic": False},
    "cosface": {"margin": 0.0, "scale": 17.0},
    "arcface": {"margin": 0.0},
    "subcenter-arcface": {"margin": 0.0},
    "sphereface-r": {"margin": 1.0},
    "li-arcface": {"margin": 0.0},
}


@pytest.mark.parametrize("name", WITHOUT_MARGIN)
def test_logits_are_what_the_loss_compares_where_it_has_no_margin(name):
    loss, live, snapshot = run_of(name, WITHOUT_MARGIN[name], 2)
    labels = torch.from_numpy(snapshot.probe.labels).long()
    with torch.no_grad():
        wanted = loss.logits(torch.from_numpy(snapshot.features), labels, **live).numpy()
    np.testing.assert_allclose(logits(snapshot), wanted, rtol=1e-3, atol=1e-3)


def test_a_softmax_of_large_logits_neither_overflows_nor_loses_the_small_ones():
    found = log_softmax(np.array([[1000.0, 0.0], [-np.inf, 2.0], [0.0, 0.0]]))
    np.testing.assert_allclose(found, [[0, -1000], [-np.inf, 0], [-np.log(2)] * 2])


def test_a_class_without_an_image_is_never_the_nearest():
    snapshot = make_snapshot(count=60, loss="contrastive", present=4)
    assert set(scores(snapshot).argmax(axis=1).tolist()) <= {0, 1, 2, 3}


def test_no_points_have_no_scores():
    snapshot = make_snapshot(count=20, loss="arcface")
    assert scores(snapshot, snapshot.features[:0]).shape == (0, 10)


@pytest.mark.parametrize("name", [n for n, s in LOSSES.items() if s.head not in ("nearest-mean", "gaussian")])
def test_arrows_have_equal_lengths_only_where_the_lengths_of_class_weights_mean_nothing(name):
    _, _, snapshot = run_of(name, {}, 2)
    stretches = np.linspace(0.2, 5, len(snapshot.weight), dtype=np.float32)[:, None]
    stretched = replace(snapshot, weight=snapshot.weight * stretches)
    same = (scores(stretched).argmax(axis=1) == scores(snapshot).argmax(axis=1)).mean()
    assert head_of(snapshot).weight_lengths_count == (same < 0.95)


def test_logits_have_the_scale_that_adacos_has_come_to():
    snapshot = make_snapshot(count=20, loss="adacos")
    told = replace(snapshot, scalars={"scale": 7.5})
    np.testing.assert_allclose(logits(told), 7.5 * scores(snapshot))
    np.testing.assert_allclose(logits(snapshot), np.sqrt(2) * np.log(9) * scores(snapshot))


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize(("name", "params"), CHOICES)
def test_the_polynomials_that_a_page_draws_regions_with_decide_as_the_scores_do(name, params, dim):
    _, _, snapshot = run_of(name, params, dim)
    head = head_of(snapshot)
    points = np.random.default_rng(7).normal(0, 20, (3_000, dim)).astype(np.float32)
    values = head.scores(points)
    expected = values.argmax(axis=1)
    ordered = np.sort(values, axis=1)
    gap = ordered[:, -1] - ordered[:, -2]
    if head.kind.thresholded:
        expected = np.where(ordered[:, -1] > 0, expected, -1)
        gap = np.minimum(gap, abs(ordered[:, -1]))
    wrong = head.form().predictions(points) != expected
    assert (gap[wrong] < 1e-5 * np.ptp(values)).all()  # unit vectors are rounded to float32
    assert wrong.mean() < 0.01


def test_classes_left_out_are_never_predicted_by_the_polynomials():
    snapshot = make_snapshot(count=50)
    weight = snapshot.weight.copy()
    weight[[2, 5]] = np.nan
    probe = replace(snapshot.probe, unseen=frozenset({2, 5}))
    snapshot = replace(snapshot, weight=weight, probe=probe)
    points = snapshot.features
    answers = head_of(snapshot).form().predictions(points)
    assert not {2, 5} & set(answers.tolist())
    assert (answers == head_of(snapshot).scores(points).argmax(axis=1)).all()
