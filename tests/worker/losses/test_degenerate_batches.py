"""Batches that leave a loss nothing to divide by: a NaN there would end a run for good."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses import Loss, build

SOFTMAX_LIKE = ["softmax", "label-smoothing", "focal", "center", "ring", "island", "l-gm"]
PROXIES = ["proxy-nca", "proxy-anchor"]
PAIRS = [name for name, spec in LOSSES.items() if spec.balanced]
VARIANTS = [(name, {}) for name in [*SOFTMAX_LIKE, *PROXIES, *PAIRS]] + [
    ("softmax", {"bias": False}),
    ("focal", {"gamma": 0.5}),
    ("focal", {"gamma": 0.0}),
    ("center", {"normalize": True}),
    ("triplet", {"mining": "semi-hard"}),
    ("triplet", {"mining": "all"}),
    ("triplet", {"normalize": True}),
    ("triplet", {"mining": "all", "normalize": True}),
]
MIXED = torch.tensor([0, 0, 1, 1, 2, 2])
FEATURES = {
    "ordinary": torch.tensor([[1.0, 0.2], [0.9, -0.3], [-1.0, 0.5], [-0.7, 0.1], [0.1, 2.0], [-0.2, 1.0]]),
    "identical": torch.tensor([[0.6, -1.1]]).repeat(6, 1),
    "zero": torch.zeros(6, 2),
    "some zero": torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [-1.0, 0.0]]),
    "aligned": torch.tensor([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0], [5.0, 0.0], [6.0, 0.0]]),
    "opposite": torch.tensor([[1.0, 0.0], [-1.0, 0.0], [3.0, 0.0], [-3.0, 0.0], [1e-8, 0.0], [-1e-8, 0.0]]),
    "far": 1e3 * torch.tensor([[1.0, 0.2], [0.9, -0.3], [-1.0, 0.5], [-0.7, 0.1], [0.1, 2.0], [-0.2, 1.0]]),
}
LABELS = {
    "pairs of both kinds": MIXED,
    "no pair of one class": torch.arange(6),
    "one class": torch.full((6,), 3),
}


def gradients(loss: Loss, features: Tensor, labels: Tensor, **params: object) -> tuple[Tensor, list[Tensor]]:
    x = features.clone().requires_grad_()
    value = loss(x, labels, **params)
    found = torch.autograd.grad(value, [x, *loss.parameters()], allow_unused=True)
    return value, [gradient for gradient in found if gradient is not None]


def names(value: object) -> str | None:
    return "-".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else None


@pytest.mark.parametrize(("name", "params"), VARIANTS, ids=names)
@pytest.mark.parametrize("features", FEATURES)
def test_value_and_gradients_stay_finite(name: str, params: dict[str, object], features: str) -> None:
    for dtype, labels in product((torch.float32, torch.bfloat16), LABELS.values()):
        check_finite(name, params, FEATURES[features].to(dtype), labels)


def check_finite(name: str, params: dict[str, object], features: Tensor, labels: Tensor) -> None:
    torch.manual_seed(0)
    loss = build(name, num_classes=6, embedding_dim=2)
    if hasattr(loss, "weight"):
        with torch.no_grad():
            loss.weight[:4] = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0], [0.6, -1.1]])
    for _ in range(2):  # the centres have moved by the second time
        value, found = gradients(loss, features, labels, **params)
        assert value.dtype == torch.float32
        assert value.isfinite()
        assert all(gradient.isfinite().all() for gradient in found)
        assert all(buffer.isfinite().all() for buffer in loss.buffers())


@pytest.mark.parametrize(("name", "params"), VARIANTS, ids=names)
@pytest.mark.parametrize("labels", [[0, 0], [0, 1]], ids=["same class", "different classes"])
def test_a_batch_of_two_works(name: str, params: dict[str, object], labels: list[int]) -> None:
    value, found = gradients(
        build(name, num_classes=2, embedding_dim=2), FEATURES["ordinary"][:2], torch.tensor(labels), **params
    )
    assert value.isfinite()
    assert all(gradient.isfinite().all() for gradient in found)


@pytest.mark.parametrize("labels", ["no pair of one class", "one class"])
@pytest.mark.parametrize(
    ("name", "params"), [v for v in VARIANTS if v[0] in ("triplet", "supcon")], ids=names
)
def test_nothing_to_compare_costs_nothing(name: str, params: dict[str, object], labels: str) -> None:
    loss = build(name, num_classes=6, embedding_dim=2)
    value, (slope,) = gradients(loss, FEATURES["ordinary"], LABELS[labels], **params)
    assert value == 0
    assert not slope.any()


@pytest.mark.parametrize("name", ["contrastive", "multi-similarity"])
def test_a_kind_of_pair_that_is_absent_costs_nothing(name: str) -> None:
    loss = build(name, num_classes=6, embedding_dim=2)
    assert loss.compute(FEATURES["ordinary"], LABELS["one class"])["other classes"] == 0
    assert loss.compute(FEATURES["ordinary"], LABELS["no pair of one class"])["same class"] == 0


def test_n_pair_without_a_pair_only_shortens_features() -> None:
    loss = build("n-pair", num_classes=6, embedding_dim=2)
    value, (slope,) = gradients(loss, FEATURES["ordinary"], LABELS["no pair of one class"], weight=0.3)
    torch.testing.assert_close(value, 0.3 * FEATURES["ordinary"].square().sum() / 6)
    torch.testing.assert_close(slope, 0.3 * 2 * FEATURES["ordinary"] / 6)


def test_focal_keeps_a_slope_where_its_probability_rounds_to_one() -> None:
    # Scores 200 apart: p = 1 in float32. With γ < 1 a power of 1 − p would have an infinite slope there.
    loss = build("focal", num_classes=2, embedding_dim=2)
    with torch.no_grad():
        loss.weight.copy_(torch.tensor([[1.0, 0.0], [-1.0, 0.0]]))
    features = torch.tensor([[100.0, 0.0], [-100.0, 0.0]])
    value, found = gradients(loss, features, torch.tensor([0, 0]), gamma=0.5)
    assert value.item() == pytest.approx(100.0)
    assert all(gradient.isfinite().all() for gradient in found)


@pytest.mark.parametrize(("name", "params"), VARIANTS, ids=names)
def test_numbers_and_tensors_as_parameters_give_the_same(name: str, params: dict[str, object]) -> None:
    results = []
    for as_tensors in (False, True):
        torch.manual_seed(0)
        loss = build(name, num_classes=3, embedding_dim=2)
        values = {**loss.live_defaults, **params}
        if as_tensors:
            values = {k: torch.tensor(v) if isinstance(v, float) else v for k, v in values.items()}
        value, found = gradients(loss, FEATURES["ordinary"], MIXED, **values)
        results.append([value, *found, *loss.buffers()])
    torch.testing.assert_close(results[0], results[1])


@pytest.mark.parametrize(("name", "params"), VARIANTS, ids=names)
def test_no_shape_and_no_branch_depends_on_data(name: str, params: dict[str, object]) -> None:
    # Fake tensors have shapes but no numbers: reading one, or choosing entries by a mask, raises. A step that
    # passes can be captured in a CUDA graph.
    with FakeTensorMode():
        loss = build(name, num_classes=3, embedding_dim=2)
        values = {**loss.live_defaults, **params}
        values = {k: torch.full((), v) if isinstance(v, float) else v for k, v in values.items()}
        x = torch.randn(8, 2, requires_grad=True)
        loss(x, torch.randint(3, (8,)), **values).backward()
        assert x.grad is not None
