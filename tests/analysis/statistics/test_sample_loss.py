"""The loss of one image is what the module of the trainer computes for it, for every loss that has one."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from analysis.snapshots import make_snapshot
from msgspec.structs import replace

from explorer.analysis.statistics.sample_loss import sample_loss
from explorer.core.losses.catalog import LOSSES
from explorer.core.losses.margin_geometry import Sample
from explorer.core.protocol.messages import ANNEALING, LENGTH_DEVIATION, LENGTH_MEAN
from explorer.worker.losses import build

COMPUTED = [name for name, spec in LOSSES.items() if spec.sample_terms is not None]
CASES = [(name, {}) for name in COMPUTED]
CASES += [("arcface", {"beyond_pi": kind, "margin": 0.9}) for kind in ("fallback", "none", "easy", "clip")]
CASES += [
    ("softmax", {"bias": False}),
    ("center", {"normalize": True}),
    ("l-softmax", {"margin": 3, "annealing": 0.5}),
    ("a-softmax", {"margin": 4, "annealing": 0.0}),
    ("sphereface-r", {"margin": 3.3}),
    ("combined", {"m1": 2.2, "m2": 0.4, "m3": 0.2}),
    ("elasticface", {"kind": "cos"}),
    ("subcenter-arcface", {"subcenters": 4}),
    ("adacos", {"dynamic": False}),
    ("magface", {"l_a": 3.0, "u_a": 9.0}),
    ("focal", {"gamma": 0.0}),
]
ROWS = range(0, 40, 3)


def module_and_snapshot(name, params, dim):
    """Return a loss with random state, and a frame with the features and the state that it would send."""
    torch.manual_seed(3)
    snapshot = make_snapshot(40, dim=dim, loss=name, params=params, size=0.1)
    spec, values = LOSSES[name], snapshot.config.loss.params
    made = {param.name: values[param.name] for param in spec.params if param.effect == "restart"}
    module = build(name, 10, dim, **made).double().eval()
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            if tensor.is_floating_point():
                tensor.copy_((tensor + 0.3 * torch.randn_like(tensor)).float().double().clamp(min=-4.9))
        for followed in ("length_mean", "length_deviation", "scale"):
            if hasattr(module, followed):
                getattr(module, followed).copy_(torch.tensor(2.5))
    live = {param.name: values[param.name] for param in spec.params if param.effect == "live"}
    shown = {key: value.detach().numpy().astype(np.float32) for key, value in module.shown(**live).items()}
    radius = shown.pop("radius", None)
    scalars = {key: float(value) for key, value in module.in_force(**live).items()}
    if ANNEALING in live:
        scalars[ANNEALING] = float(live[ANNEALING])
    arrays = {key: shown.get(key) for key in ("weight", "bias", "centers", "log_variance")}
    snapshot = replace(
        snapshot,
        scalars={**snapshot.scalars, **scalars},
        radius=None if radius is None else float(radius),
        **arrays,
    )
    return module, snapshot, live


@torch.no_grad()
@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize(("name", "params"), CASES)
def test_the_terms_of_an_image_are_those_of_the_trainer(name, params, dim):
    module, snapshot, live = module_and_snapshot(name, params, dim)
    for row in ROWS:
        found = sample_loss(snapshot, row)
        features = torch.tensor(snapshot.features[row : row + 1]).double()
        labels = torch.tensor([int(snapshot.probe.labels[row])])
        expected = {key: float(term) for key, term in module.compute(features, labels, **live).items()}
        assert found.reason is None
        assert found.terms == pytest.approx(expected, rel=1e-6, abs=1e-9)
        assert found.total == pytest.approx(float(module(features, labels, **live)), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("name", "params"), [case for case in CASES if LOSSES[case[0]].geometry])
def test_logits_are_those_of_the_trainer_and_follow_from_the_curve(name, params):
    module, snapshot, live = module_and_snapshot(name, params, 2)
    for row in ROWS:
        found = sample_loss(snapshot, row)
        features = torch.tensor(snapshot.features[row : row + 1]).double()
        expected = module.logits(features, torch.tensor([found.label]), **live)[0].detach().numpy()
        assert found.logits == pytest.approx(expected, rel=1e-6, abs=1e-9)
        offset = 0.0 if snapshot.bias is None else float(snapshot.bias[0])
        assert found.factor * found.target + offset == pytest.approx(found.logits[found.label], rel=1e-12)


@pytest.mark.parametrize(("name", "params"), [case for case in CASES if LOSSES[case[0]].geometry])
def test_the_curve_as_it_is_written_gives_its_value(name, params):
    """Evaluated by Python, so that a person with a calculator gets the same."""
    _module, snapshot, _live = module_and_snapshot(name, params, 2)
    written, target = LOSSES[name].geometry.written, LOSSES[name].geometry.target
    sample = sample_loss(snapshot, 0).sample
    for theta in np.linspace(0.05, 3.1, 40):
        words = written(float(theta), replace(sample, norm=0.4 + theta))
        expected = target(np.array([theta]), replace(sample, norm=0.4 + theta)).value[0]
        signs = {"−": "-", "·": "*", "^": "**", "²": "**2", "π": "pi"}
        code = "".join(signs.get(letter, letter) for letter in words)
        assert eval(code, {"cos": math.cos, "sin": math.sin, "pi": math.pi}) == pytest.approx(
            expected, abs=2e-3
        )


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in COMPUTED])
def test_a_loss_that_cannot_be_computed_says_so(name):
    found = sample_loss(make_snapshot(20, loss=name), 3)
    assert found.terms == {}
    assert (found.logits, found.shares) == (None, None)  # CurricularFace changes those of other classes
    assert str(found.reason).endswith(".")


def test_the_losses_without_a_value_for_one_image_are_known():
    missing = {name for name in LOSSES if name not in COMPUTED}
    pairs = {"contrastive", "triplet", "n-pair", "supcon", "multi-similarity"}
    assert missing == pairs | {"proxy-anchor", "curricularface"}


def test_a_frame_without_the_centres_says_so():
    found = sample_loss(replace(make_snapshot(20, loss="center"), centers=None), 3)
    assert (found.terms, "lacks a part" in str(found.reason)) == ({}, True)


def test_a_feature_that_is_not_finite_has_no_loss():
    snapshot = make_snapshot(20, loss="arcface")
    snapshot.features[3] = np.nan
    found = sample_loss(snapshot, 3)
    assert (found.logits, found.terms) == (None, {})
    assert "not a finite number" in str(found.reason)


def test_followed_lengths_are_those_of_the_frame():
    _module, snapshot, _live = module_and_snapshot("adaface", {}, 2)
    assert snapshot.scalars.keys() >= {LENGTH_MEAN, LENGTH_DEVIATION}
    sample = sample_loss(snapshot, 0).sample
    assert sample == Sample(sample.params, sample.norm, 2.5, 2.5)
