"""Stressors in training: nothing while off, and on what each one says, live, and again after a restart."""

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from explorer.analysis.frames.references import class_means, mean_reference
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.analysis.heads.classifier import scores
from explorer.core.protocol import messages as m
from explorer.core.protocol.queries import ExamineBatch
from explorer.core.settings.config import RunConfig, diff
from explorer.core.stressors.damage import damaged_images
from explorer.core.stressors.labels import given_labels
from explorer.worker.frames.probe import Probe, evaluate
from explorer.worker.stressors.movement import moved
from explorer.worker.stressors.stressors import Stressors
from explorer.worker.training.checkpoint import from_bytes, to_bytes
from explorer.worker.training.trainer import Trainer
from tests.worker.test_restoring import Person

ALL_ON = {
    "data.wrong_labels": 0.3,
    "data.damaged": 0.8,
    "data.blur": 0.5,
    "data.noise": 0.5,
    "data.occlusion": 0.5,
    "data.contrast": 0.5,
    "data.shift": 0.2,
    "data.rotation": 0.2,
}
"""All stressors that act live."""


@pytest.fixture
def config(tiny_data):
    settings = {"data.source": str(tiny_data), "optimizer.batch": 40, "device": "cpu", "network.name": "mlp"}
    return RunConfig().replace(settings | {"data.test_probe": 60, "data.train_probe": 40})


def train(trainer, steps):
    losses = []
    for _ in range(steps):
        trainer.step()
        losses.append(trainer.meters.take().tensors["loss"].item())
    return losses


def test_a_run_without_stressors_is_what_it_was_before_there_were_any(config, monkeypatch):
    """Bit for bit, and with the same random numbers: recorded runs go on, and their figures are the same."""
    trainer, before = Trainer(config), Trainer(config)

    def plain(_stressors, train_split, index, _step):
        return train_split.images[index], train_split.targets[index]

    found = train(trainer, 25), trainer.shuffler.get_state(), torch.get_rng_state()
    with monkeypatch.context() as patch:
        patch.setattr(Stressors, "batch", plain)
        expected = train(before, 25), before.shuffler.get_state(), torch.get_rng_state()
    assert found[0] == expected[0]
    assert all(torch.equal(one, other) for one, other in zip(found[1:], expected[1:], strict=True))


def test_what_is_off_launches_not_one_operation_more(config):
    """A batch is two look-ups, as before."""
    trainer = Trainer(config)
    index = trainer.peek_batch()
    launched = []

    class Noted(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            launched.append(func)
            return func(*args, **(kwargs or {}))

    with Noted():
        trainer.stressors.batch(trainer.data.train, index, 0)
    assert launched == [torch.ops.aten.index.Tensor] * 2


def test_stressors_take_no_random_numbers_of_the_run(config):
    """So that a run with them trains on the same batches from the same network as one without."""
    plain, stressed = Trainer(config), Trainer(config.replace(ALL_ON))
    assert all(map(torch.equal, plain.network.parameters(), stressed.network.parameters()))
    for trainer in (plain, stressed):
        train(trainer, 12)
    assert torch.equal(plain.order, stressed.order)
    assert torch.equal(plain.shuffler.get_state(), stressed.shuffler.get_state())


@pytest.mark.parametrize("loss", ["softmax", "triplet", "elasticface"])
def test_a_restored_run_goes_on_bit_for_bit(config, loss):
    """From a checkpoint between changes of stressors; a pair loss draws its batches by the wrong labels."""
    config = config.replace({"loss.name": loss, **ALL_ON})
    later = config.replace({"data.wrong_labels": 0.1, "data.blur": 0.0, "data.shift": 0.1})
    trainer = Trainer(config)
    train(trainer, 4)
    trainer.reconfigure(later)
    train(trainer, 9)
    data = to_bytes(trainer)
    off = later.replace({name: 0.0 for name in ALL_ON if name != "data.noise"})
    expected = train(trainer, 12), trainer.reconfigure(off), train(trainer, 12)
    torch.manual_seed(99)
    restored = from_bytes(data).trainer
    assert (train(restored, 12), restored.reconfigure(off), train(restored, 12)) == expected


def test_live_changes_equal_a_run_that_had_them_from_the_start(config):
    one, other = Trainer(config), Trainer(config.replace(ALL_ON))
    one.reconfigure(config.replace(ALL_ON | {"data.wrong_labels": 0.5, "data.blur": 0.0}))
    one.reconfigure(config.replace(ALL_ON))
    assert train(one, 5) == train(other, 5)


def test_few_images_and_imbalance_need_a_restart_and_others_do_not(config):
    changes = diff(config, config.replace(ALL_ON | {"data.per_class": 5, "data.imbalance": 10.0}))
    assert set(changes.restart) == {"data.per_class", "data.imbalance"}
    assert set(changes.live) == set(ALL_ON)


def test_few_images_are_all_that_is_trained_on_and_plotted(config):
    trainer = Trainer(config.replace({"data.per_class": 9, "data.imbalance": 3.0, "data.left_out": "4"}))
    train(trainer, 5)
    counts = np.bincount(trainer.data.train.labels[trainer.data.train.trained].numpy(), minlength=10)
    assert counts.tolist() == [9, 8, 7, 6, 0, 5, 5, 4, 3, 3], "exponentially, over the nine trained on"
    assert trainer.data.train.trained_count == 50
    assert set(trainer.order.flatten().tolist()) <= set(trainer.data.train.trained.tolist())
    probe = Probe(trainer)
    shown = probe.indices[probe.split == m.TRAIN]
    labels = trainer.data.train.labels.numpy()[shown]
    assert set(shown[labels != 4]) <= set(trainer.data.train.trained.tolist())
    assert (labels == 4).any(), "classes left out are plotted as before"
    assert trainer.data.test.trained_count == 90, "all test images count"


@pytest.mark.parametrize("kind", ["any", "alike"])
def test_the_window_finds_the_same_labels_and_pictures_as_the_trainer(config, kind):
    """From the settings and what `Started` says, without asking."""
    config = config.replace(ALL_ON | {"data.wrong_kind": kind, "data.left_out": "3,8", "seed": 11})
    config = config.replace({"data.shift": 0.0, "data.rotation": 0.0})
    trainer = Trainer(config)
    train_split, index = trainer.data.train, torch.arange(400)
    images, targets = trainer.stressors.batch(train_split, index, 3)
    classes = trainer.data.classes
    alike = trainer.stressors.alike if kind == "alike" else None
    labels = given_labels(11, index.numpy(), train_split.labels.numpy(), classes, 0.3, alike)
    trained = ~np.isin(train_split.labels.numpy(), [3, 8])
    assert (np.array(classes)[targets.numpy()][trained] == labels[trained]).all()
    assert (labels != train_split.labels.numpy())[trained].mean() == pytest.approx(0.3, abs=0.08)
    shown = damaged_images(train_split.images.numpy(), 11, m.TRAIN, index.numpy(), config.data)
    assert np.abs(shown.astype(int) - images.numpy().astype(int)).max() <= 1, "float sums are rounded"
    assert (shown != train_split.images.numpy()).any(axis=(1, 2)).mean() > 0.7


def test_frames_show_damaged_images_and_judge_test_images_by_their_true_labels(config):
    person = Person()
    plain = config.replace({"data.probe_every": 5})
    person.send(m.Configure(1, plain), m.Advance(60))
    before = person.of(m.Frame)[-1]
    person.send(m.Configure(2, plain.replace({"data.noise": 1.0, "data.damaged": 1.0})))
    after = person.of(m.Frame)[-1]
    assert (before.features.numpy() != after.features.numpy()).any(axis=1).mean() > 0.95
    assert after.scalars["test_accuracy"] < before.scalars["test_accuracy"]
    person.send(m.Configure(3, plain.replace({"data.wrong_labels": 0.5})))
    wrong = person.of(m.Frame)[-1]
    assert (wrong.features.numpy() == before.features.numpy()).all()
    assert wrong.scalars["test_accuracy"] == before.scalars["test_accuracy"]
    person.send(m.Configure(4, plain))
    again = person.of(m.Frame)[-1]
    assert (again.features.numpy() == before.features.numpy()).all(), "what is off leaves no trace"


def test_the_window_classifies_by_the_class_means_of_the_trainer(config):
    """They are those of the labels that are trained with, of which half are wrong."""
    person = Person()
    wrong = {"data.wrong_labels": 0.5, "data.wrong_kind": "alike", "data.left_out": "3"}
    config = config.replace({"loss.name": "triplet", "data.train_probe": 200, **wrong})
    person.send(m.Configure(1, config), m.Advance(20))
    frame, probe = person.of(m.Frame)[-1], ProbeSet.of(person.of(m.Started)[-1])
    snapshot = Snapshot.of(frame, probe, config)
    tested = (probe.split == m.TEST) & probe.judged
    right = scores(snapshot).argmax(axis=1) == probe.labels
    assert right[tested].mean() == pytest.approx(frame.scalars["test_accuracy"])
    fitted = mean_reference(snapshot, m.TRAIN).rows
    true = class_means(*(part[probe.split == m.TRAIN] for part in (snapshot.features, probe.labels)), 10)
    assert np.nanmax(np.abs(fitted - true)) > 0.05 * np.nanmax(np.abs(true)), "wrong labels make others"


def test_the_images_of_frames_are_damaged_in_blocks(config, monkeypatch):
    """In floating point, all of a large probe set at once would be gigabytes."""
    trainer, sizes = Trainer(config.replace(ALL_ON)), []
    rows, expected = torch.arange(100), Probe(trainer).part(np.arange(100))[0]
    damaged = Stressors.damaged

    def noted(stressors, split, images, index):
        sizes.append(len(images))
        return damaged(stressors, split, images, index)

    monkeypatch.setattr("explorer.worker.frames.probe._AT_ONCE", 16)
    monkeypatch.setattr(Stressors, "damaged", noted)
    probe = Probe(trainer)
    assert torch.equal(probe.part(rows.numpy())[0], expected)
    assert max(sizes) == 16


def test_the_accuracy_of_all_test_images_is_that_of_damaged_ones(config):
    trainer = Trainer(config.replace({"data.noise": 1.0, "data.damaged": 1.0}))
    train(trainer, 40)
    test = trainer.data.test
    damaged = torch.from_numpy(
        damaged_images(test.images.numpy(), 0, m.TEST, np.arange(len(test)), trainer.config.data)
    )
    right = trainer.scores(trainer.embed(damaged)).argmax(dim=1) == test.labels
    assert evaluate(trainer) == pytest.approx(right.float().mean().item(), abs=0.011)


def test_a_batch_that_is_looked_at_is_what_the_next_step_trains_on(config):
    trainer = Trainer(config.replace(ALL_ON))
    person = Person()
    person.send(m.Configure(1, trainer.config), ExamineBatch(1))
    (found,) = (event for event in person.events if type(event).__name__ == "BatchExamined")
    index = trainer.peek_batch()
    images, targets = trainer.stressors.batch(trainer.data.train, index, 0)
    assert (found.images.numpy() == images.numpy()).all()
    assert (found.labels.numpy() == targets.numpy()).all()
    assert (targets != trainer.data.train.targets[index]).any()
    assert found.scalars["loss"] == train(trainer, 1)[0]


def test_images_are_moved_within_the_limits_and_otherwise_at_each_step():
    dot = torch.zeros(300, 1, 41, 41)
    dot[:, :, 19:22, 29:32] = 255.0  # 10 pixels right of the centre
    index = torch.arange(300)
    coordinates = torch.arange(41.0) - 20

    def places(step, shift, angle):
        images = moved(dot, index, step, 0, torch.tensor(shift), torch.tensor(angle))[:, 0]
        mass = images.sum((1, 2))
        x = (images.sum(1) * coordinates).sum(1) / mass
        return x, (images.sum(2) * coordinates).sum(1) / mass

    x, y = places(0, 0.1, 0.0)
    for found, centre in ((x, 10), (y, 0)):
        assert (found - centre).abs().max() <= 4.1
        assert (found - centre).std() == pytest.approx(8.2 / 12**0.5, rel=0.1), "uniform up to 4.1 pixels"
    assert torch.corrcoef(torch.stack([x, y]))[0, 1].abs() < 0.2
    turned_x, turned_y = places(0, 0.0, 0.3)
    assert torch.hypot(turned_x, turned_y) == pytest.approx(torch.full((300,), 10.0), abs=0.1)
    angle = torch.atan2(turned_y, turned_x)
    assert angle.abs().max() <= 0.301
    assert angle.std() == pytest.approx(0.6 / 12**0.5, rel=0.1)
    later = places(1, 0.1, 0.0)
    assert (later[0] - x).abs().mean() > 1
    assert torch.equal(places(torch.tensor(1), 0.1, 0.0)[0], later[0])
