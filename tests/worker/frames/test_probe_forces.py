"""Forces on the images of a frame are those of its step, and the run stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol.arrays import Array
from explorer.core.protocol.messages import TEST, TRAIN, ExamineForces
from explorer.core.settings.config import RunConfig
from explorer.worker.frames.probe import Probe
from explorer.worker.frames.probe_forces import dealt, examine_forces
from explorer.worker.training.trainer import Trainer

SIZES = {"data.test_probe": 100, "data.train_probe": 50, "optimizer.batch": 40, "device": "cpu"}


def run_of(source, loss, **changes):
    config = RunConfig().replace({"data.source": str(source), "loss.name": loss, **SIZES, **changes})
    trainer = Trainer(config)
    for _ in range(2):
        trainer.step()
    return trainer, Probe(trainer)


def ask(trainer, probe, rows, **more):
    return examine_forces(1, trainer, probe, ExamineForces(5, Array.of(np.array(rows, np.int32)), **more))


def state(trainer):
    return {name: tensor.clone() for name, tensor in trainer.state()[0].items()}


def gradient(trainer, features, targets):
    """Return −n∂L/∂x of the next step's loss, computed in float64."""
    loss = trainer.loss.double().eval()
    at = torch.from_numpy(features).double().requires_grad_()
    loss(at, targets, **trainer.values_in_force()).backward()
    trainer.loss.float()
    return -len(at) * at.grad.numpy()


@pytest.mark.parametrize("loss", ["arcface", "supcon"])
def test_forces_are_those_on_the_features_of_the_frame_and_the_run_stays_as_it_is(tiny_data, loss):
    trainer, probe = run_of(tiny_data, loss)
    before = state(trainer)
    batch = next(dealt(probe.targets, probe.split, trainer.batch))
    rows = batch[::-2]
    found = ask(trainer, probe, rows)
    assert all(torch.equal(tensor, before[name]) for name, tensor in state(trainer).items())
    features, _scalars = probe.take(trainer)
    features = features.numpy()
    assert (found.run, found.request, found.step) == (1, 5, 2)
    assert (found.rows.numpy() == rows).all()
    assert found.features.numpy() == pytest.approx(features[rows], rel=1e-5)
    together = batch if loss == "supcon" else rows
    expected = gradient(trainer, features[together], torch.from_numpy(probe.targets[together]))
    place = np.searchsorted(np.sort(together), rows)
    expected = expected[np.argsort(together)][place]
    assert found.total.numpy() == pytest.approx(expected, rel=1e-3, abs=1e-5 * np.abs(expected).max())
    assert found.batch == (len(batch) if loss == "supcon" else 0)
    assert found.seconds > 0


@pytest.mark.parametrize("loss", ["arcface", "supcon"])
def test_which_images_are_asked_for_changes_no_force(tiny_data, loss):
    trainer, probe = run_of(tiny_data, loss)
    whole, some = ask(trainer, probe, np.arange(150)), ask(trainer, probe, [120, 3, 77])
    assert some.total.numpy() == pytest.approx(whole.total.numpy()[[120, 3, 77]], rel=1e-4, abs=1e-6)


def test_batches_are_even_and_of_one_split_and_the_first_images_of_each_class_are_in_the_first():
    targets = np.tile(np.arange(10), 90)
    targets[5::30] = -1
    split = np.repeat(np.array([TEST, TRAIN], np.uint8), [600, 300])
    batches = list(dealt(targets, split, 100))
    assert np.array_equal(np.sort(np.concatenate(batches)), np.flatnonzero(targets >= 0))
    for batch in batches:
        assert len(np.unique(split[batch])) == 1
        assert 80 < len(batch) < 120
    numbers = np.bincount(targets[batches[0]], minlength=10)
    assert numbers.min() >= 7
    assert set(np.flatnonzero(targets == 2)[:7]) <= set(batches[0].tolist())


def test_many_classes_and_small_batches_are_dealt_too():
    targets = np.arange(200) % 50
    split = np.zeros(200, np.uint8)
    first = next(dealt(targets, split, 40))
    assert np.bincount(targets[first]).tolist() == [4] * 10
    assert [len(batch) for batch in dealt(targets, split, 2)] == [2] * 100


@pytest.mark.parametrize("loss", ["cosface", "triplet"])
def test_the_field_is_the_force_on_a_point_of_the_class(tiny_data, loss):
    trainer, probe = run_of(tiny_data, loss)
    points = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)
    found = ask(trainer, probe, [], points=Array.of(points), label=3)
    assert found.rows.shape == (0,)
    batch = next(dealt(probe.targets, probe.split, trainer.batch))
    features, _scalars = probe.take(trainer)
    place = np.flatnonzero(probe.targets[batch] == 3)[0]
    for point, force in zip(points, found.field.numpy(), strict=True):
        if loss == "cosface":
            expected = gradient(trainer, point[None], torch.tensor([3]))[0]
        else:
            moved = features.numpy()[batch].copy()
            moved[place] = point
            expected = gradient(trainer, moved, torch.from_numpy(probe.targets[batch]))[place]
        assert force == pytest.approx(expected, rel=1e-3, abs=1e-4)


def test_images_of_a_class_left_out_have_no_force_and_it_has_no_field(tiny_data):
    trainer, probe = run_of(tiny_data, "softmax", **{"data.left_out": "2,4"})
    found = ask(trainer, probe, np.arange(150))
    assert not np.isin(probe.labels[found.rows.numpy()], [2, 4]).any()
    assert len(found.rows.numpy()) == (~np.isin(probe.labels, [2, 4])).sum()
    with pytest.raises(ValueError, match="not trained"):
        ask(trainer, probe, [], points=Array.of(np.zeros((1, 2), np.float32)), label=4)


@pytest.mark.parametrize("rows", [[150], [-1]])
def test_a_row_that_there_is_not_is_refused(tiny_data, rows):
    trainer, probe = run_of(tiny_data, "softmax")
    with pytest.raises(ValueError, match="no such row"):
        ask(trainer, probe, rows)


def test_no_loss_needs_rows(tiny_data):
    """A view without images asks for none; what it is told is empty, and says what the loss tells apart."""
    trainer, probe = run_of(tiny_data, "softmax")
    for name in LOSSES:
        trainer.reconfigure(trainer.config.replace({"loss.name": name}))
        none, one = ask(trainer, probe, []), ask(trainer, probe, [3])
        assert none.features.shape == none.total.shape == (0, 2), name
        assert (none.push is None) == (one.push is None), name


def test_points_of_another_space_are_refused(tiny_data):
    trainer, probe = run_of(tiny_data, "softmax")
    with pytest.raises(ValueError, match="dimensions"):
        ask(trainer, probe, [], points=Array.of(np.zeros((1, 3), np.float32)))
