"""What pytorch-metric-learning has too, has its values and gradients here (its margins are in degrees)."""

import math

import pytest
import torch
from pytorch_metric_learning import losses as published

from explorer.worker.losses import build


def as_degrees(margin):
    return math.degrees(margin)


CASES = {
    "normface": (lambda c, d: published.NormalizedSoftmaxLoss(c, d, temperature=1 / 20), {"scale": 20.0}),
    "cosface": (
        lambda c, d: published.CosFaceLoss(c, d, margin=0.35, scale=30),
        {"scale": 30.0, "margin": 0.35},
    ),
    "arcface": (
        lambda c, d: published.ArcFaceLoss(c, d, margin=as_degrees(0.5), scale=64),
        {"scale": 64.0, "margin": 0.5},
    ),
    "l-softmax": (
        lambda c, d: published.LargeMarginSoftmaxLoss(c, d, margin=3, scale=1),
        {"margin": 3, "annealing": 0.0},
    ),
    "a-softmax": (
        lambda c, d: published.SphereFaceLoss(c, d, margin=4, scale=1),
        {"margin": 4, "annealing": 0.0},
    ),
    "subcenter-arcface": (
        lambda c, d: published.SubCenterArcFaceLoss(
            num_classes=c, embedding_size=d, margin=as_degrees(0.3), scale=10, sub_centers=3
        ),
        {"scale": 10.0, "margin": 0.3},
    ),
}


@pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning")  # their NumPy-style call of scipy
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("dim", "classes", "seed"), [(2, 5, 0), (2, 10, 1), (3, 10, 2), (8, 5, 3)])
def test_agrees_with_pytorch_metric_learning(name, dim, classes, seed):
    torch.manual_seed(seed)
    factory, params = CASES[name]
    theirs = factory(classes, dim).double()
    ours = build(name, classes, dim).double()
    with torch.no_grad():
        ours.weight.copy_(torch.randn_like(ours.weight))
        theirs.W = torch.nn.Parameter(ours.weight.t().clone())
    labels = torch.arange(12) % classes
    features = torch.randn(12, dim, dtype=torch.float64)
    features[0] = -ours.weight[0].detach() + 0.01 * features[0]
    mine, other = features.clone().requires_grad_(), features.clone().requires_grad_()

    value, wanted = ours(mine, labels, **params), theirs(other, labels)
    value.backward()
    wanted.backward()

    torch.testing.assert_close(value, wanted, rtol=1e-9, atol=0)
    torch.testing.assert_close(mine.grad, other.grad, rtol=1e-6, atol=1e-9)
    torch.testing.assert_close(ours.weight.grad, theirs.W.grad.t(), rtol=1e-6, atol=1e-9)


def test_circle_is_theirs_with_the_class_weights_as_references():
    torch.manual_seed(0)
    ours, theirs = build("circle", 5, 3).double(), published.CircleLoss(m=0.25, gamma=32)
    features = torch.randn(12, 3, dtype=torch.float64, requires_grad=True)
    labels = torch.arange(12) % 5
    wanted = theirs(features, labels, ref_emb=ours.weight, ref_labels=torch.arange(5))
    expected = torch.autograd.grad(wanted, [features, ours.weight])
    value = ours(features, labels, margin=0.25, gamma=32.0)
    torch.testing.assert_close(value, wanted, rtol=1e-9, atol=0)
    for got, want in zip(torch.autograd.grad(value, [features, ours.weight]), expected, strict=True):
        torch.testing.assert_close(got, want, rtol=1e-6, atol=1e-9)
