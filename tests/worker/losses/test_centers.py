"""How centres follow the features: the published update, by hand, and the worked example of the course."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.worker.losses import Loss, build

EXAMPLE = torch.tensor(
    [
        [[0.5, 0.6, 0.7], [0.4, 0.5, 0.8], [0.6, 0.7, 0.6], [0.5, 0.5, 0.8]],
        [[0.8, 0.2, 0.3], [0.7, 0.3, 0.4], [0.6, 0.4, 0.5], [0.7, 0.2, 0.6]],
        [[0.1, 0.9, 0.2], [0.2, 0.8, 0.3], [0.3, 0.7, 0.4], [0.1, 0.8, 0.5]],
    ],
    dtype=torch.float64,
)
VECTORS, LABELS = EXAMPLE.reshape(12, 3), torch.arange(3).repeat_interleave(4)
MEANS = torch.tensor([[0.5, 0.575, 0.725], [0.7, 0.275, 0.45], [0.175, 0.8, 0.35]], dtype=torch.float64)


def loss_of(name: str = "center", classes: int = 3, centers: Tensor | None = None) -> Loss:
    torch.manual_seed(0)
    loss = build(name, num_classes=classes, embedding_dim=3).double()
    if centers is not None:
        loss.centers.copy_(centers)
    return loss


def test_epoch_update_gives_the_class_means_of_the_worked_example() -> None:
    loss = loss_of()
    order = torch.tensor([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    for part in order.split(5):
        loss(VECTORS[part], LABELS[part], update="epoch")
        assert not loss.centers.any()
    loss.end_epoch(update="epoch")
    torch.testing.assert_close(loss.centers, MEANS, atol=1e-12, rtol=0)
    # Half the squared distances to these means add up to .0375 + .04875 + .04875.
    terms = loss.compute(VECTORS, LABELS, update="epoch", weight=1.0)
    assert terms["centre"].item() == pytest.approx(0.135 / 12, abs=1e-12)


def test_epoch_update_on_unit_features_gives_means_of_unit_vectors() -> None:
    loss = loss_of()
    loss(VECTORS, LABELS, update="epoch", normalize=True)
    loss.end_epoch(update="epoch", normalize=True)
    units = EXAMPLE.numpy() / np.linalg.norm(EXAMPLE.numpy(), axis=2, keepdims=True)
    np.testing.assert_allclose(loss.centers.numpy(), units.mean(axis=1), atol=1e-12)


def test_each_epoch_starts_its_means_anew_and_an_absent_class_keeps_its_centre() -> None:
    loss = loss_of()
    loss(VECTORS, LABELS, update="epoch")
    loss.end_epoch(update="epoch")
    loss(2 * VECTORS[4:], LABELS[4:], update="epoch")
    loss.end_epoch(update="epoch")
    torch.testing.assert_close(loss.centers, MEANS * torch.tensor([[1.0], [2.0], [2.0]]))


def test_batch_update_is_the_published_one() -> None:
    # From the origin: c = α·Σx/(1 + 4), by hand for α = .5.
    loss = loss_of()
    loss(VECTORS, LABELS, alpha=0.5)
    expected = torch.tensor([[0.2, 0.23, 0.29], [0.28, 0.11, 0.18], [0.07, 0.32, 0.14]], dtype=torch.float64)
    torch.testing.assert_close(loss.centers, expected, atol=1e-12, rtol=0)
    # A second batch, of class 1 alone: c − .5·(c − x)/(1 + 1) = ¾c + ¼x.
    loss(VECTORS[4:5], LABELS[4:5], alpha=0.5)
    after = [0.75 * 0.28 + 0.25 * 0.8, 0.75 * 0.11 + 0.25 * 0.2, 0.75 * 0.18 + 0.25 * 0.3]
    expected[1] = torch.tensor(after, dtype=torch.float64)
    torch.testing.assert_close(loss.centers, expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize("alpha", [0.0, 0.1, 1.0])
def test_batch_update_is_proportional_to_the_centre_rate(alpha: float) -> None:
    loss = loss_of()
    loss(VECTORS, LABELS, alpha=torch.tensor(alpha))
    torch.testing.assert_close(loss.centers, alpha * 0.8 * MEANS, atol=1e-8, rtol=0)


def test_batch_update_does_not_scale_with_the_weight_of_the_term() -> None:
    light, heavy = loss_of(), loss_of()
    light(VECTORS, LABELS, weight=0.0)
    heavy(VECTORS, LABELS, weight=10.0)
    torch.testing.assert_close(light.centers, heavy.centers, atol=0, rtol=0)


def test_batch_update_does_not_scale_with_the_size_of_the_batch() -> None:
    alone, among_many = loss_of(classes=4), loss_of(classes=4)
    alone(VECTORS, LABELS)
    many = torch.cat([VECTORS, torch.ones(500, 3, dtype=torch.float64)])
    among_many(many, torch.cat([LABELS, torch.full((500,), 3)]))
    torch.testing.assert_close(among_many.centers[:3], alone.centers[:3], atol=0, rtol=0)
    assert not alone.centers[3].any()


def test_on_unit_features_the_centres_follow_these() -> None:
    loss = loss_of()
    loss(5 * VECTORS[:1], LABELS[:1], normalize=True, alpha=1.0)
    torch.testing.assert_close(loss.centers[0], VECTORS[0] / VECTORS[0].norm() / 2)


@pytest.mark.parametrize("name", ["center", "island"])
def test_centres_stand_still_outside_training(name: str) -> None:
    loss = loss_of(name, centers=MEANS).eval()
    loss(3 * VECTORS, LABELS)
    torch.testing.assert_close(loss.centers, MEANS, atol=0, rtol=0)


@pytest.mark.parametrize("name", ["center", "island"])
def test_centres_are_part_of_the_saved_state(name: str) -> None:
    loss, restored = loss_of(name), loss_of(name)
    loss(VECTORS, LABELS)
    restored.load_state_dict(loss.state_dict())
    for each in (loss, restored):
        each(2 * VECTORS[:7], LABELS[:7])
        each.end_epoch(update="epoch")
    torch.testing.assert_close(restored.centers, loss.centers, atol=0, rtol=0)


def test_an_epoch_interrupted_and_restored_ends_with_the_means_of_the_whole() -> None:
    loss, restored = loss_of(), loss_of()
    loss(VECTORS[::2], LABELS[::2], update="epoch")
    restored.load_state_dict(loss.state_dict())
    restored(VECTORS[1::2], LABELS[1::2], update="epoch")
    restored.end_epoch(update="epoch")
    torch.testing.assert_close(restored.centers, MEANS)


def test_it_is_not_half_the_squared_inner_product() -> None:
    # The formula of the course notes, ½(x·c)², is largest at perfect alignment, where the distance is zero.
    for angle, distance, notes in ((0.0, 0.0, 0.5), (np.pi / 2, 1.0, 0.0), (np.pi, 2.0, 0.5)):
        feature = torch.tensor([[np.cos(angle), np.sin(angle), 0.0]])
        loss = loss_of(centers=torch.eye(3, dtype=torch.float64))
        term = loss.compute(feature, torch.tensor([0]), weight=1.0)["centre"].item()
        assert term == pytest.approx(distance, abs=1e-12)
        assert abs(term - notes) >= 0.5
    wrong = ((VECTORS * MEANS[LABELS]).sum(dim=1) ** 2).sum() / 2
    right = loss_of(centers=MEANS).compute(VECTORS, LABELS, weight=12.0)["centre"]
    assert abs(right.item() - wrong.item()) > 1


def test_island_moves_its_centres_as_published() -> None:
    # Cai et al.: α·(Σ(c_j − x)/(1 + n_j) + λ₁/(C − 1)·Σ_k [c_k/(‖c_k‖‖c_j‖) − (c_k·c_j)c_j/(‖c_k‖‖c_j‖³)]).
    alpha, separation = 0.3, 0.7
    rng = np.random.default_rng(0)
    before = rng.normal(size=(4, 3)) * 2
    loss = loss_of("island", classes=4, centers=torch.from_numpy(before))
    loss(VECTORS, LABELS, alpha=alpha, separation=separation, weight=0.01)
    expected = before.copy()
    for j in range(4):
        members = VECTORS.numpy()[LABELS.numpy() == j]
        step = (before[j] - members).sum(axis=0) / (1 + len(members))
        for k in set(range(4)) - {j}:
            own, other = np.linalg.norm(before[j]), np.linalg.norm(before[k])
            turn = before[k] / (other * own) - (before[k] @ before[j]) / (other * own**3) * before[j]
            step = step + separation / 3 * turn
        expected[j] -= alpha * step
    np.testing.assert_allclose(loss.centers.numpy(), expected, atol=1e-12)


def test_island_turns_a_centre_near_the_origin_by_45_degrees_at_most() -> None:
    # The published step for these two would be λ₁α/‖c‖ = 5000 long.
    centers = torch.tensor([[1e-3, 0.0, 0.0], [0.0, 1e-3, 0.0], [0.0, 0.0, 0.0]], dtype=torch.float64)
    loss = loss_of("island", centers=centers)
    loss(VECTORS[8:], LABELS[8:], alpha=0.5, separation=10.0)
    expected = torch.tensor([[1e-3, -1e-3, 0.0], [-1e-3, 1e-3, 0.0]], dtype=torch.float64)
    torch.testing.assert_close(loss.centers[:2], expected)
    torch.testing.assert_close(loss.centers[2], 0.4 * MEANS[2])
