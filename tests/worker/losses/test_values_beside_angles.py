"""Values and gradients of the losses that are not margins on angles, against independent computations.

A person would lose the meaning of every curve on screen: a loss that is not the published one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from pytorch_metric_learning import distances, losses, miners, reducers
from torch import Tensor

from explorer.worker.losses import Loss, build
from tests.worker.losses import pair_reference as reference

Params = dict[str, float | bool | str]


@dataclass(frozen=True)
class Case:
    name: str
    reference: Callable[..., float]
    params: Params = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join([self.name, *(f"{key}={value}" for key, value in self.params.items())])


WRITTEN_AGAIN = [
    Case("softmax", reference.softmax, {"bias": True}),
    Case("softmax", reference.softmax, {"bias": False}),
    Case("label-smoothing", reference.label_smoothing, {"smoothing": 0.1}),
    Case("focal", reference.focal, {"gamma": 2.0}),
    Case("focal", reference.focal, {"gamma": 0.5}),
    Case("center", reference.center, {"weight": 0.7, "alpha": 0.5, "normalize": False, "update": "batch"}),
    Case("center", reference.center, {"weight": 0.1, "alpha": 0.5, "normalize": True, "update": "epoch"}),
    Case("ring", reference.ring, {"weight": 0.3}),
    Case("island", reference.island, {"weight": 0.02, "alpha": 0.5, "separation": 3.0}),
    Case("l-gm", reference.gaussian_mixture, {"alpha": 0.6, "weight": 0.1}),
    Case("proxy-nca", reference.proxy_nca),
    Case("contrastive", reference.contrastive, {"margin": 1.5}),
    Case("n-pair", reference.n_pair, {"weight": 0.02}),
]


def batch(seed: int, dim: int, classes: int, size: int = 14) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(size, dim, generator=generator, dtype=torch.float64)
    return features, torch.randint(classes, (size,), generator=generator)


def randomised(name: str, seed: int, dim: int, classes: int) -> Loss:
    """A loss in float64 whose every parameter and centre is away from where it starts."""
    loss = build(name, num_classes=classes, embedding_dim=dim).double()
    generator = torch.Generator().manual_seed(seed + 1000)
    with torch.no_grad():
        for label, tensor in [*loss.named_parameters(), *loss.named_buffers()]:
            if not label.startswith("epoch"):
                tensor.copy_(0.8 * torch.randn(tensor.shape, generator=generator, dtype=torch.float64))
    return loss


def measured(
    loss: Loss, features: Tensor, labels: Tensor, params: Params
) -> tuple[Tensor, dict[str, Tensor]]:
    """Value, and gradients by name, that of the features as ``x``."""
    wanted = dict(loss.named_parameters())
    x = features.clone().requires_grad_()
    value = loss(x, labels, **params)
    gradients = torch.autograd.grad(value, [x, *wanted.values()], allow_unused=True)
    return value.detach(), dict(zip(["x", *wanted], gradients, strict=True))


def assert_close(found: Tensor | None, expected: np.ndarray, relative: float, scale: float) -> None:
    values = np.zeros_like(expected) if found is None else found.double().numpy()
    assert np.abs(values - expected).max() <= relative * max(scale, np.abs(expected).max())


@pytest.mark.parametrize("case", WRITTEN_AGAIN, ids=str)
@pytest.mark.parametrize("dim", [2, 3, 8])
@pytest.mark.parametrize("classes", [5, 10])
@pytest.mark.parametrize("seed", [0, 1])
def test_value_and_gradients_are_those_of_the_formula(case: Case, dim: int, classes: int, seed: int) -> None:
    features, labels = batch(seed, dim, classes)
    loss = randomised(case.name, seed, dim, classes)
    state = {k: v.detach().numpy().copy() for k, v in [*loss.named_parameters(), *loss.named_buffers()]}
    x, y = features.numpy(), labels.numpy()
    expected = case.reference(x, y, state, **case.params)
    slopes = {"x": reference.slopes(lambda at: case.reference(at, y, state, **case.params), x)}
    for name, _ in loss.named_parameters():
        slopes[name] = reference.slopes(
            lambda at, name=name: case.reference(x, y, {**state, name: at}, **case.params), state[name]
        )
    short = build(case.name, num_classes=classes, embedding_dim=dim)
    short.load_state_dict(loss.state_dict())

    value, gradients = measured(loss, features, labels, case.params)
    assert abs(value.item() - expected) <= 1e-9 * max(1, abs(expected))
    for name, slope in slopes.items():
        assert_close(gradients[name], slope, 1e-6, scale=1e-2)

    value, gradients = measured(short, features.float(), labels, case.params)
    assert value.dtype == torch.float32
    assert abs(value.item() - expected) <= 2e-5 * max(1, abs(expected))
    for name, slope in slopes.items():
        assert_close(gradients[name], slope, 1e-3, scale=1e-2)


def triplets(mining: str, normalize: bool, margin: float) -> Callable[[Tensor, Tensor, Loss], Tensor]:
    """The library's triplet loss: its margin miner finds what FaceNet calls semi-hard."""
    squared = mining == "semi-hard"
    distance = distances.LpDistance(normalize_embeddings=normalize or squared, power=2 if squared else 1)
    loss = losses.TripletMarginLoss(margin, distance=distance, reducer=reducers.MeanReducer())
    miner = {
        "batch-hard": miners.BatchHardMiner(distance=distance),
        "semi-hard": miners.TripletMarginMiner(margin, "semihard", distance=distance),
        "all": lambda _features, _labels: None,
    }[mining]
    return lambda features, labels, _ours: loss(features, labels, miner(features, labels))


def proxy_anchor(alpha: float, delta: float) -> Callable[[Tensor, Tensor, Loss], Tensor]:
    def compute(features: Tensor, labels: Tensor, ours: Loss) -> Tensor:
        loss = losses.ProxyAnchorLoss(ours.num_classes, ours.embedding_dim, margin=delta, alpha=alpha)
        loss.proxies = ours.weight
        return loss(features, labels)

    return compute


OF_THE_LIBRARY = [
    Case(
        "triplet",
        triplets(mining, normalize, margin),
        {"mining": mining, "normalize": normalize, "margin": margin},
    )
    for mining in ("batch-hard", "semi-hard", "all")
    for normalize in (False, True)
    for margin in (0.2, 1.0)
] + [
    Case("proxy-anchor", proxy_anchor(32.0, 0.1), {"alpha": 32.0, "delta": 0.1}),
    Case("proxy-anchor", proxy_anchor(5.0, 0.4), {"alpha": 5.0, "delta": 0.4}),
    Case("supcon", lambda x, y, _ours: losses.SupConLoss(0.1)(x, y), {"temperature": 0.1}),
    Case("supcon", lambda x, y, _ours: losses.SupConLoss(0.5)(x, y), {"temperature": 0.5}),
    Case(
        "multi-similarity",
        lambda x, y, _ours: losses.MultiSimilarityLoss(2.0, 50.0, 0.5)(x, y),
        {"alpha": 2.0, "beta": 50.0, "threshold": 0.5},
    ),
    Case(
        "multi-similarity",
        lambda x, y, _ours: losses.MultiSimilarityLoss(1.0, 10.0, 0.2)(x, y),
        {"alpha": 1.0, "beta": 10.0, "threshold": 0.2},
    ),
]


@pytest.mark.parametrize("case", OF_THE_LIBRARY, ids=str)
@pytest.mark.parametrize("dim", [2, 3, 8])
@pytest.mark.parametrize("classes", [5, 10])
@pytest.mark.parametrize("seed", [0, 1])
def test_value_and_gradients_are_those_of_the_library(case: Case, dim: int, classes: int, seed: int) -> None:
    features, labels = batch(seed, dim, classes, size=32)
    loss = randomised(case.name, seed, dim, classes)
    wanted = dict(loss.named_parameters())
    x = features.clone().requires_grad_()
    theirs = case.reference(x, labels, loss)
    slopes = torch.autograd.grad(theirs, [x, *wanted.values()])
    short = build(case.name, num_classes=classes, embedding_dim=dim)
    short.load_state_dict(loss.state_dict())

    value, gradients = measured(loss, features, labels, case.params)
    assert abs(value - theirs) <= 1e-9 * max(1, abs(theirs))
    for name, slope in zip(["x", *wanted], slopes, strict=True):
        assert_close(gradients[name], slope.numpy(), 1e-6, scale=1e-2)

    value, gradients = measured(short, features.float(), labels, case.params)
    assert abs(value - theirs) <= 2e-5 * max(1, abs(theirs))
    for name, slope in zip(["x", *wanted], slopes, strict=True):
        assert_close(gradients[name], slope.numpy(), 1e-3, scale=1e-2)


@pytest.mark.parametrize("dim", [2, 3, 8])
def test_n_pair_with_one_pair_of_each_class_is_the_library_s(dim: int) -> None:
    features, _ = batch(3, dim, 5, size=10)
    labels = torch.tensor([2, 0, 1, 4, 3, 0, 2, 3, 4, 1])
    theirs = losses.NPairsLoss(distance=distances.DotProductSimilarity(normalize_embeddings=False))
    ours = build("n-pair", num_classes=5, embedding_dim=dim)
    torch.testing.assert_close(ours(features, labels, weight=0.0), theirs(features, labels))
