"""Losses on pairs classify by the nearest class mean, in the space in which they measure."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses import build
from explorer.worker.losses.pairs import PairLoss

FEATURES = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(40) % 4
RAW = [
    ("contrastive", {}),
    ("n-pair", {}),
    ("triplet", {"mining": "batch-hard", "normalize": False}),
    ("triplet", {"mining": "all", "normalize": False}),
]
UNIT = [
    ("supcon", {}),
    ("multi-similarity", {}),
    ("triplet", {"mining": "semi-hard", "normalize": False}),
    ("triplet", {"mining": "all", "normalize": True}),
]


@pytest.mark.parametrize(
    ("name", "params", "is_unit"), [(*v, False) for v in RAW] + [(*v, True) for v in UNIT]
)
def test_scores_fall_with_the_distance_to_the_class_mean(
    name: str, params: dict[str, object], is_unit: bool
) -> None:
    loss = build(name, num_classes=4, embedding_dim=3)
    assert isinstance(loss, PairLoss)
    loss.set_means(FEATURES, LABELS, **params)
    seen = FEATURES.double().numpy()
    if is_unit:
        seen = seen / np.linalg.norm(seen, axis=1, keepdims=True)
    means = np.stack([seen[LABELS.numpy() == k].mean(axis=0) for k in range(4)])
    expected = [[-((x - mean) ** 2).sum() for mean in means] for x in seen]
    np.testing.assert_allclose(loss.means.numpy(), means, atol=1e-6)
    np.testing.assert_allclose(loss.scores(FEATURES, **params).numpy(), expected, atol=1e-5)


def test_means_are_saved_and_an_absent_class_keeps_its_own() -> None:
    loss, restored = (build("contrastive", num_classes=4, embedding_dim=3) for _ in range(2))
    loss.set_means(FEATURES, LABELS)
    before = loss.means.clone()
    loss.set_means(FEATURES + 1, LABELS.clamp(max=2))
    torch.testing.assert_close(loss.means[3], before[3], atol=0, rtol=0)
    assert (loss.means[:2] != before[:2]).all()
    restored.load_state_dict(loss.state_dict())
    torch.testing.assert_close(restored.scores(FEATURES), loss.scores(FEATURES), atol=0, rtol=0)


def test_the_catalogue_asks_for_balanced_batches_exactly_where_pairs_are_compared() -> None:
    for name, spec in LOSSES.items():
        is_pair_loss = isinstance(build(name, num_classes=3, embedding_dim=2), PairLoss)
        assert spec.balanced == is_pair_loss == (spec.head == "nearest-mean")


def test_pairs_far_from_the_origin_keep_their_distance_in_float32() -> None:
    # Through dot products, ‖x‖² + ‖y‖² − 2x·y, the distance .01 would drown at length 1000.
    features = torch.tensor([[1000.0, 0.0], [1000.0, 0.25]])
    value = build("contrastive", num_classes=2, embedding_dim=2)(features, torch.tensor([0, 0]))
    assert value.item() == pytest.approx(0.25**2 / 2, rel=1e-6)
