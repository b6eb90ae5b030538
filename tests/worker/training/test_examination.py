"""A batch is looked at as the next step sees it, and the run goes on as if it had not been."""

from __future__ import annotations

import copy

import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.worker.training.examination import examine
from explorer.worker.training.trainer import Trainer

BATCH, NUDGE = 20, 1e-5
FOLLOWING = {"adacos", "adaface", "circle", "curricularface"}
"""Losses that take a part of what depends on the features as constant, by their papers."""


def trainer(source, name="softmax", steps=0, **changes) -> Trainer:
    values = {"data.source": str(source), "loss.name": name, "optimizer.batch": BATCH, "device": "cpu"}
    made = Trainer(RunConfig().replace({**values, **changes}))
    for _ in range(steps):
        made.step()
    return made


def plain_loss(run: Trainer) -> float:
    """Return the loss of the only step since the meters were read."""
    sums = run.meters.take()
    return sums.means({name: tensor.item() for name, tensor in sums.tensors.items()})["loss"]


def state(of: Trainer) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in of.state()[0].items()}


@pytest.mark.parametrize(
    "steps", [0, 3, 20], ids=["before the first", "within an epoch", "before the second"]
)
def test_it_is_the_batch_of_the_next_step(tiny_data, steps):
    looked, plain = trainer(tiny_data, steps=steps), trainer(tiny_data, steps=steps)
    assert looked.steps_per_epoch == 20
    found = examine(looked)
    plain.meters.take()
    plain.step()
    assert torch.equal(found.indices, plain.order[steps % 20])
    whole = examine(looked).scalars["loss"]
    assert whole == found.scalars["loss"]
    assert whole == pytest.approx(plain_loss(plain), rel=1e-6)


@pytest.mark.parametrize("name", ["elasticface", "center", "adacos", "triplet"])
def test_looking_leaves_the_run_as_it_is_to_the_last_bit(tiny_data, name):
    looked, plain = trainer(tiny_data, name, steps=2), trainer(tiny_data, name, steps=2)
    before = state(looked)
    examine(looked)
    examine(looked, torch.arange(5))
    assert all(torch.equal(tensor, before[key]) for key, tensor in state(looked).items())
    for run in (looked, plain):
        for _ in range(20):
            run.step()
    assert all(torch.equal(tensor, state(plain)[key]) for key, tensor in state(looked).items())


def in_float64(run: Trainer, found):
    """Return the loss of the batch as a function of its features (b, d), without what follows them."""
    labels, values = run.data.train.labels[found.indices], run.values_in_force()

    def loss(features: torch.Tensor) -> torch.Tensor:
        module = copy.deepcopy(run.loss).double().train()
        return module(features, labels, **values)

    return loss


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_that_of_the_loss_in_float64(tiny_data, name):
    run = trainer(tiny_data, name, steps=3)
    found = examine(run)
    features = found.features.double().requires_grad_()
    (expected,) = torch.autograd.grad(in_float64(run, found)(features), features)
    largest = float(expected.abs().max())
    assert largest > 0
    assert found.gradient.numpy() == pytest.approx(expected.numpy(), rel=1e-3, abs=1e-5 * largest)


@pytest.mark.parametrize("name", sorted(LOSSES.keys() - FOLLOWING))
def test_the_gradient_is_that_of_differences_of_the_loss(tiny_data, name):
    """Without autograd: at features moved a little, in both directions of each axis."""
    run = trainer(tiny_data, name, steps=3)
    found = examine(run)
    loss, start = in_float64(run, found), found.features.double()
    for row in (0, 13):
        for axis in range(start.shape[1]):
            step = torch.zeros_like(start)
            step[row, axis] = NUDGE
            expected = (loss(start + step) - loss(start - step)).item() / (2 * NUDGE)
            assert float(found.gradient[row, axis]) == pytest.approx(expected, rel=2e-3, abs=2e-5)


def test_images_that_were_looked_at_before_are_found_again_where_the_step_has_moved_them(tiny_data):
    run = trainer(tiny_data, steps=2)
    before = examine(run)
    run.step()
    after = examine(run, before.indices)
    assert torch.equal(after.indices, before.indices)
    assert not torch.equal(after.features, before.features)
    assert after.scalars["loss"] < before.scalars["loss"]


def test_an_image_that_there_is_not_is_refused(tiny_data):
    with pytest.raises(IndexError):
        examine(trainer(tiny_data), torch.tensor([100_000]))
