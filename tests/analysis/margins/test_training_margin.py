"""What counts as right in training is what the loss in torch compares, in any number of dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from analysis.plane.test_bands_of_losses import MARGINS, right_in_training
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.margins.training_margin import TrainingMargin
from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses import build

CASES = [name for name in MARGINS if name not in ("l-gm", "curricularface")]


def in_space(name: str, dim: int) -> tuple[Any, dict[str, Any], TrainingMargin]:
    torch.manual_seed(dim)
    params, spec = MARGINS[name], LOSSES[name]
    restart = {p.name: p.default for p in spec.params if p.effect == "restart"}
    loss = build(name, 10, dim, **restart).eval()
    with torch.no_grad():  # not evenly spread, as they may begin: then no class has room for its margin
        rows = torch.randn(10, dim).repeat_interleave(len(loss.weight) // 10, dim=0)
        loss.weight.copy_(rows + 0.1 * torch.randn_like(rows))
    arrays = {"weight": loss.weight.detach().numpy()}
    if name == "sphereface2":
        arrays["bias"] = loss.bias.detach().numpy()
    snapshot = make_snapshot(loss=name, dim=dim, params=params, **arrays)
    live = {p.name: snapshot.config.loss.params[p.name] for p in spec.params if p.effect == "live"}
    scalars = {"annealing": float(live.get("annealing", 0)), "length_mean": 0.0, "length_deviation": 1.0}
    margin = TrainingMargin.of(replace(snapshot, scalars=scalars))
    assert margin is not None
    return loss.double(), live, margin


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("name", CASES)
def test_the_slack_is_above_zero_where_the_own_class_comes_first(name, dim):
    loss, live, margin = in_space(name, dim)
    rng = np.random.default_rng(4)
    rows = loss.weight.detach().numpy()
    labels = rng.integers(0, 10, 3_000)
    near = rows.reshape(10, -1, dim)[labels, 0] + rng.normal(0, 0.3, (3_000, dim))
    points = near * rng.uniform(1, 60, (3_000, 1))
    lengths = np.linalg.norm(points, axis=1)
    slack = margin.slack(margin.scores(points / lengths[:, None], labels), lengths)
    clear = np.abs(slack) > 1e-6
    assert clear.mean() > 0.99
    right = right_in_training(loss, live, points, labels)
    assert 0.002 < right.mean() < 0.998
    np.testing.assert_array_equal(slack[clear] > 0, right[clear])


@pytest.mark.parametrize("name", ["softmax", "normface", "proxy-anchor", "triplet", "l-gm", "adacos"])
def test_a_loss_without_a_margin_on_angles_has_none(name):
    assert TrainingMargin.of(make_snapshot(loss=name)) is None


def test_lengths_that_no_frame_tells_are_those_of_the_training_images():
    snapshot = make_snapshot(loss="adaface", train=400)
    seen = snapshot.probe.split == 1
    lengths = np.linalg.norm(snapshot.features[seen].astype(float), axis=1)
    margin = TrainingMargin.of(snapshot)
    assert (margin.sample.norm_mean, margin.sample.norm_std) == pytest.approx(
        (lengths.mean(), lengths.std()), rel=1e-5
    )
    told = replace(snapshot, scalars={"length_mean": 3.0, "length_deviation": 0.5})
    margin = TrainingMargin.of(told)
    assert (margin.sample.norm_mean, margin.sample.norm_std) == (3.0, 0.5)
