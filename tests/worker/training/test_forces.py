"""A force is −∂L/∂x of every loss, and pull and push are what they are said to be."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from explorer.core.losses.catalog import LOSSES
from explorer.worker.losses import Loss, build
from explorer.worker.losses.softmax import LinearLoss
from explorer.worker.training.forces import Forces, force_at, forces

CLASSES, COUNT = 5, 20
CLOSE = {"rtol": 1e-6, "atol": 1e-9}
OF_LOGITS = [name for name, spec in LOSSES.items() if type(build(name, 3, 2)).logits is not Loss.logits]


def made(name: str, dim: int = 2) -> Loss:
    """Return a loss in float64 that has followed a few batches."""
    torch.manual_seed(3)
    loss = build(name, CLASSES, dim).double().train()
    for _ in range(3):
        loss(*batch(dim))
    return loss


def batch(dim: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    return 2 * torch.randn(COUNT, dim, dtype=torch.float64), torch.arange(COUNT) % CLASSES


def of(loss: Loss, x: torch.Tensor, y: torch.Tensor, **options: bool) -> Forces:
    return forces(loss, x, y, loss.live_defaults, **options)


@pytest.mark.parametrize("name", LOSSES)
def test_a_force_is_the_gradient_of_the_loss_of_the_point_and_pull_and_push_are_its_parts(name):
    loss = made(name, 3)
    x, y = batch(3)
    plain = copy.deepcopy(loss).eval()
    at = x.clone().requires_grad_()
    plain(at, y).backward()
    before = copy.deepcopy(loss.state_dict())
    found = of(loss, x, y)
    torch.testing.assert_close(found.total, -COUNT * at.grad, **CLOSE)
    assert found.push is not None
    assert found.push.abs().max() > 0
    pull = found.total - found.push
    assert pull.abs().max() > 0
    assert all(torch.equal(tensor, before[key]) for key, tensor in loss.state_dict().items())
    assert all(parameter.grad is None for parameter in loss.parameters())


@pytest.mark.parametrize(
    "name", sorted(LOSSES.keys() - {"proxy-anchor"} - {n for n in LOSSES if LOSSES[n].balanced})
)
def test_how_many_points_are_looked_at_changes_no_force(name):
    loss = made(name)
    x, y = batch()
    few = of(loss, x[:3], y[:3])
    torch.testing.assert_close(few.total, of(loss, x, y).total[:3], **CLOSE)
    assert not loss.compares_batch


@pytest.mark.parametrize("name", OF_LOGITS)
def test_the_push_is_that_of_the_logits_of_other_classes(name):
    """By the Jacobian of the logits, for all losses that have such."""
    loss = made(name).eval()
    x, y = batch()
    params = loss.live_defaults
    jacobian = torch.autograd.functional.jacobian(lambda at: loss.logits_for(at, y, params), x)
    jacobian = torch.stack([jacobian[row, :, row] for row in range(COUNT)])  # (n, C, d)
    logits = loss.logits_for(x, y, params)
    slope = (
        torch.sigmoid(logits) * (1 - params["weight"]) / params["scale"]
        if name == "sphereface2"
        else logits.softmax(1)
    )
    slope[torch.arange(COUNT), y] = 0
    expected = -(slope[:, :, None] * jacobian).sum(dim=1)
    found = of(loss, x, y)
    torch.testing.assert_close(found.push, expected, **CLOSE)


def test_softmax_pulls_along_the_own_weight_and_pushes_along_the_others():
    loss = made("softmax")
    x, y = batch()
    weight = loss.weight.detach()
    p = loss.scores(x).softmax(dim=1).detach()
    own = torch.eye(CLASSES, dtype=torch.float64)[y]
    found = of(loss, x, y)
    torch.testing.assert_close(found.push, -(p * (1 - own)) @ weight, **CLOSE)
    torch.testing.assert_close(found.total - found.push, ((1 - p) * own) @ weight, **CLOSE)


def test_the_centre_of_the_own_class_pulls():
    loss = made("center")
    x, y = batch()
    weight, with_centre = loss.live_defaults["weight"], of(loss, x, y)
    without = forces(loss, x, y, {**loss.live_defaults, "weight": 0.0})
    torch.testing.assert_close(with_centre.push, without.push, **CLOSE)
    pulled = with_centre.total - without.total
    torch.testing.assert_close(pulled, weight * (loss.centers[y] - x), **CLOSE)


def test_pairs_of_one_class_pull_and_the_others_push():
    loss = build("contrastive", CLASSES, 2).double()
    x, y = batch()
    margin = 3.0
    found = forces(loss, x, y, {"margin": margin})
    pull, push = torch.zeros_like(x), torch.zeros_like(x)
    for i in range(COUNT):
        for j in range(COUNT):
            away = x[i] - x[j]
            if i != j and y[i] == y[j]:
                pull[i] -= 2 * away / (COUNT - 1)
            elif i != j:
                distance = away.norm()
                push[i] += 2 * max(margin - distance, 0.0) * away / distance / (COUNT - 1)
    torch.testing.assert_close(found.total - found.push, pull, **CLOSE)
    torch.testing.assert_close(found.push, push, **CLOSE)


def test_the_farthest_positive_pulls_and_the_nearest_negative_pushes():
    loss = build("triplet", 2, 2).double()
    x = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
    found = forces(
        loss, x, torch.tensor([0, 0, 1]), {**loss.live_defaults, "mining": "batch-hard", "normalize": False}
    )
    # Both features of class 0 are anchors; the mean is over these two, and a force is that of three images.
    torch.testing.assert_close((found.total - found.push)[0], 1.5 * torch.tensor([2.0, 0.0]).double())
    torch.testing.assert_close(found.push[0], 1.5 * torch.tensor([0.0, -1.0]).double())


@pytest.mark.parametrize("name", [name for name, spec in LOSSES.items() if spec.without_margin])
def test_a_detached_margin_keeps_the_value_and_takes_the_slope_of_the_logit_without_margin(name):
    loss = made(name).eval()
    x, y = batch()
    params = loss.live_defaults
    at = x.clone().requires_grad_()
    without = loss.logits_for(at, y, {**params, **loss.spec.without_margin})
    logits = loss.logits_for(at, y, params).clone()
    for row, label in enumerate(y.tolist()):
        gap = logits[row, label].item() - without[row, label].item()
        logits[row, label] = without[row, label] + gap
    other = {
        key: term for key, term in loss.compute(at, y, **params).items() if key in ("likelihood", "length")
    }
    if name == "sphereface2":
        own = torch.eye(CLASSES, dtype=torch.bool)[y]
        positive, negative = nn.functional.softplus(-logits), nn.functional.softplus(logits)
        each = (
            torch.where(own, params["weight"] * positive, (1 - params["weight"]) * negative) / params["scale"]
        )
        value = each.sum(dim=1).sum()
    else:
        value = nn.functional.cross_entropy(logits, y, reduction="sum")
    value = value + COUNT * sum(other.values())
    (expected,) = torch.autograd.grad(value, at)
    detached = of(loss, x, y, detached=True)
    torch.testing.assert_close(detached.total, -expected, **CLOSE)
    same = torch.allclose(detached.total, of(loss, x, y).total)
    assert same == (name in ("cosface", "sphereface2", "li-arcface"))  # a margin that is subtracted


def test_arcface_with_a_detached_margin_pulls_as_insightface_does():
    """Their ``no_grad`` encloses arccos, the margin and cos, so that autograd sees the identity."""
    loss = made("arcface").eval()
    x, y = batch()
    scale, margin = 16.0, 0.5
    at = x.clone().requires_grad_()
    cosines = nn.functional.normalize(at) @ nn.functional.normalize(loss.weight.detach()).T
    theirs = cosines * 1.0
    with torch.no_grad():
        theirs.arccos_()
        theirs[torch.arange(COUNT), y] += margin
        theirs.cos_()
    nn.functional.cross_entropy(scale * theirs, y, reduction="sum").backward()
    ours = forces(loss, x, y, {"scale": scale, "margin": margin, "beyond_pi": "none"}, detached=True)
    torch.testing.assert_close(ours.total, -at.grad, **CLOSE)


@pytest.mark.parametrize("name", ["arcface", "l-gm", "triplet", "proxy-anchor", "supcon"])
def test_the_field_is_the_force_at_the_points(name):
    loss = made(name)
    x, y = batch()
    points = 3 * torch.randn(6, 2, dtype=torch.float64)
    found = force_at(loss, x, y, 7, points, loss.live_defaults)
    for point, force in zip(points, found, strict=True):
        at = x.clone()
        at[7] = point
        at.requires_grad_()
        loss.eval()(at, y).backward()
        torch.testing.assert_close(force, -COUNT * at.grad[7], **CLOSE)


@pytest.mark.parametrize("detached", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_there_is_a_force_at_0_and_180_degrees_and_at_length_zero(name, detached):
    loss = made(name).float()
    own = getattr(loss, "weight", torch.randn(CLASSES, 2)).detach()
    y = torch.arange(len(own)) // (len(own) // CLASSES)
    x = torch.cat([3 * own, -3 * own, 0 * own, 1e-20 * own])
    found = of(loss, x, y.repeat(4), detached=detached)
    assert found.total.isfinite().all()
    assert found.push.isfinite().all()


class Unsplit(LinearLoss):
    """A loss that says nothing about classes."""

    def terms(self, embeddings, labels):  # noqa: ARG002  # as a loss is called
        return {"all": self.scores(embeddings).square().mean()}


def test_a_loss_that_does_not_say_what_comes_through_other_classes_has_a_total_only():
    loss = Unsplit(CLASSES, 2).double()
    loss.spec = LOSSES["modified-softmax"]
    x, y = batch()
    found = forces(loss, x, y, {})
    assert found.push is None
    assert found.total.abs().max() > 0
