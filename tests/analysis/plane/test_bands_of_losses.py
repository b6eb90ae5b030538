"""Every margin band on screen must be where the loss, as it trains, would still call a right answer wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from analysis.plane.plane_checks import VIEWS, assert_bands, pixel_of
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import Snapshot
from explorer.analysis.heads.classifier import scores
from explorer.analysis.plane.regions import division
from explorer.core.losses.annealing import annealing
from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses import build

HOME = VIEWS["around the origin"]
NOWHERE = -1
MARGINS: dict[str, dict[str, Any]] = {
    "l-softmax": {"margin": 3},
    "a-softmax": {"margin": 4},
    "sphereface-r": {},
    "cosface": {},
    "arcface": {},
    "combined": {"m1": 1.1},
    "li-arcface": {},
    "subcenter-arcface": {},
    "curricularface": {},
    "magface": {"l_a": 10.0, "u_a": 35.0, "u_margin": 0.6},
    "adaface": {},
    "elasticface": {},
    "circle": {},
    "sphereface2": {},
    "l-gm": {},
}
FURTHER = [
    ("arcface", {"beyond_pi": "none", "margin": 1.2}),
    ("arcface", {"beyond_pi": "easy", "margin": 0.5}),
    ("arcface", {"beyond_pi": "clip", "margin": 1.5}),
    ("cosface", {"margin": 0.01}),
    ("cosface", {"margin": 0.9}),
    ("elasticface", {"kind": "cos", "margin": 0.3}),
    ("magface", {"l_a": 30.0, "u_a": 10.0, "u_margin": 0.6}),
    ("magface", {"l_a": 5.0, "u_a": 50.0, "l_margin": 0.0, "u_margin": 1.2}),
    ("adaface", {"h": 2.0, "margin": 0.4}),
    ("adaface", {"h": 0.1, "margin": 0.1}),
    ("circle", {"margin": 0.7}),
    ("sphereface2", {"margin": 0.05, "t": 1.0}),
    ("l-gm", {"alpha": 0.1}),
    ("l-gm", {"alpha": 3.0}),
]


def trained(name: str, params: dict[str, Any], classes: int = 10, seed: int = 1):
    """Return a loss of random weights, the parameters in force, and a snapshot that shows it."""
    torch.manual_seed(seed)
    spec = LOSSES[name]
    restart = {p.name: params.get(p.name, p.default) for p in spec.params if p.effect == "restart"}
    loss = build(name, classes, 2, **restart).eval()
    arrays: dict[str, Any] = {"weight": None}
    with torch.no_grad():
        if name == "l-gm":
            loss.centers.mul_(15)
            loss.log_variance.normal_(3.0, 0.7)
            arrays |= {key: getattr(loss, key).numpy() for key in ("centers", "log_variance")}
        elif hasattr(loss, "weight"):
            rows = torch.randn(classes, 2).repeat_interleave(len(loss.weight) // classes, dim=0)
            loss.weight.copy_(rows + 0.3 * torch.randn_like(rows))
            arrays["weight"] = loss.weight.numpy()
        if name == "sphereface2":
            loss.offset.fill_(-3.2)
            arrays["bias"] = loss.bias.numpy()
        if name == "adaface":
            loss.length_mean.fill_(22.0)
            loss.length_deviation.fill_(7.0)
    snapshot = make_snapshot(loss=name, params=params, classes=classes, count=300, train=100, **arrays)
    scalars = dict(snapshot.scalars)
    live = {p.name: snapshot.config.loss.params[p.name] for p in spec.params if p.effect == "live"}
    if name == "adaface":
        scalars |= {"length_mean": 22.0, "length_deviation": 7.0}
    if "annealing" in live:
        scalars["annealing"] = live["annealing"] = 1.7
    return loss.double(), live, replace(snapshot, scalars=scalars)


def right_in_training(loss, live: dict[str, Any], points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Whether the own class comes first among the logits that training compares."""
    name, rows = loss.spec.name, np.arange(len(points))
    features, own = torch.from_numpy(points), torch.from_numpy(labels)
    with torch.no_grad():
        if name == "l-gm":
            variance = torch.exp(loss.log_variance).numpy()
            offsets = points[:, None] - loss.centers.numpy()
            distance = (offsets**2 / variance).sum(axis=2) / 2
            distance[rows, labels] *= 1 + live["alpha"]
            logits = -distance - np.log(variance).sum(axis=1) / 2
        elif name == "curricularface":  # before a class is raised as hard: the logits of ArcFace
            plain = build("arcface", loss.num_classes, 2).double().eval()
            plain.weight.copy_(loss.weight)
            logits = plain.logits(
                features, own, scale=1.0, margin=live["margin"], beyond_pi="fallback"
            ).numpy()
        else:
            logits = loss.logits(features, own, **live).numpy()
    right: np.ndarray = logits.argmax(axis=1) == labels
    if name == "sphereface2":  # one question per class, each with its margin
        yes = logits > 0
        right = yes[rows, labels] & (yes.sum(axis=1) == 1)
    return right


def check(name: str, params: dict[str, Any], view: str = "around the origin", **settings: Any) -> Snapshot:
    loss, live, snapshot = trained(name, params, **settings)

    def answer(points: np.ndarray) -> np.ndarray:
        values = scores(snapshot, points)
        labels = values.argmax(axis=1)
        short = ~right_in_training(loss, live, points, labels)
        if name == "sphereface2":
            short &= values.max(axis=1) > 0
        return np.where(short, labels, NOWHERE)

    shown = division(snapshot, VIEWS[view], pixel_of(VIEWS[view]))
    assert_bands(shown.bands, answer, VIEWS[view], snapshot.probe.num_classes)
    return snapshot


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", MARGINS)
def test_a_band_holds_what_is_right_at_test_time_but_not_in_training(name, view):
    check(name, MARGINS[name], view)


@pytest.mark.parametrize(("name", "params"), FURTHER)
def test_bands_of_other_margins(name, params):
    check(name, params)


@pytest.mark.parametrize("classes", [2, 3, 40])
@pytest.mark.parametrize("name", MARGINS)
def test_few_and_many_classes(name, classes):
    check(name, MARGINS[name], classes=classes, seed=classes)


@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("name", ["l-softmax", "magface", "adaface", "circle", "sphereface2", "l-gm"])
def test_other_weights(name, seed):
    check(name, MARGINS[name], seed=seed)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_has_bands_only_where_it_has_a_margin(name):
    assert bool(division(trained(name, {})[2], HOME, 0.1).bands) == (name in MARGINS)


@pytest.mark.parametrize(
    ("name", "params"),
    [("cosface", {"margin": 0.0}), ("l-softmax", {"margin": 1}), ("l-gm", {"alpha": 0.0})],
)
def test_a_margin_of_nothing_has_no_band(name, params):
    assert division(trained(name, params)[2], HOME, 0.1).bands == []


def test_where_a_frame_does_not_say_it_the_annealing_is_that_of_its_step():
    _, _, snapshot = trained("a-softmax", {"margin": 4})
    shown = [
        [band.polygon.tolist() for band in division(replace(snapshot, **moment), HOME, 0.1).bands]
        for moment in (
            {"step": 200, "scalars": {"annealing": annealing(200, 5.0)}},
            {"step": 200, "scalars": {}},
            {"step": 0, "scalars": {}},
        )
    ]
    assert shown[0] == shown[1] != shown[2]
