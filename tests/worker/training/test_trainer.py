"""The trainer: what a person changes acts, what they did not change stays, and a seed is a promise."""

import shutil

import pytest
import torch

from explorer.core.data.datasets import DatasetError
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.worker.device.devices import DeviceError
from explorer.worker.frames.probe import Probe
from explorer.worker.training.checkpoint import CheckpointError, from_bytes, to_bytes
from explorer.worker.training.optimization import rate_at
from explorer.worker.training.trainer import Trainer


@pytest.fixture
def config(tiny_data):
    return RunConfig().replace({"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu"})


@pytest.fixture
def quick(config):
    """With the network whose steps take least: for what is asked of every loss."""
    return config.replace({"network.name": "mlp"})


def train(trainer, steps):
    losses = []
    for _ in range(steps):
        trainer.step()
        losses.append(trainer.meters.take().tensors["loss"].item())
    return losses


@pytest.mark.parametrize("loss", [loss for loss, spec in LOSSES.items() if not spec.balanced])
def test_every_loss_starts_from_the_same_network_and_trains_on_the_same_batches(quick, loss):
    """So that runs of one seed can be compared; losses on pairs draw batches of their own."""
    trainer, other = Trainer(quick), Trainer(quick.replace({"loss.name": loss}))
    for mine, theirs in zip(trainer.network.parameters(), other.network.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    for _epoch in range(2):
        train(trainer, trainer.steps_per_epoch)
        train(other, other.steps_per_epoch)
        assert torch.equal(trainer.order, other.order)


@pytest.mark.parametrize("network", ["compact", "lenet++", "mlp"])
@pytest.mark.parametrize("dim", [2, 3])
def test_every_network_embeds_in_the_dimension_asked_for(config, network, dim):
    trainer = Trainer(config.replace({"network.name": network, "network.dim": dim}))
    train(trainer, 1)
    features = trainer.embed(trainer.data.test.images)
    assert features.shape == (100, dim)
    assert features.dtype == torch.float32
    assert torch.isfinite(features).all()


def test_relu_keeps_features_in_one_quadrant(config):
    trainer = Trainer(config.replace({"network.relu": True}))
    train(trainer, 3)
    assert (trainer.embed(trainer.data.test.images) >= 0).all()
    free = Trainer(config)
    train(free, 60)
    assert (free.embed(free.data.test.images) < 0).any()


def test_the_same_seed_gives_the_same_run_bit_for_bit_and_another_does_not(config):
    first, again, other = (train(Trainer(config.replace({"seed": seed})), 20) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_an_epoch_visits_every_image_once(config):
    trainer = Trainer(config)
    train(trainer, trainer.steps_per_epoch)
    assert torch.equal(trainer.order.flatten().sort().values, torch.arange(400))
    assert trainer.epoch == 1.0
    first = trainer.order
    train(trainer, 1)
    assert not torch.equal(first, trainer.order)


def test_a_live_change_equals_a_run_that_had_it_from_the_start(config):
    config = config.replace({"loss.name": "arcface"})
    changed = config.replace({"loss.margin": 0.4, "loss.scale": 20.0, "optimizer.rate": 0.03})
    one, other = Trainer(config), Trainer(changed)
    one.reconfigure(changed)
    assert train(one, 5) == train(other, 5)


@pytest.mark.parametrize("loss", ["cosface", "elasticface", "triplet", "l-gm"])
def test_a_loss_chosen_before_the_first_step_equals_one_chosen_from_the_start(config, loss):
    """Whatever was tried before: otherwise the same seed and settings would give another run."""
    trainer, chosen = Trainer(config), config.replace({"loss.name": loss})
    for tried in ("arcface", "proxy-nca", "triplet", loss):
        trainer.reconfigure(config.replace({"loss.name": tried}))
    assert train(trainer, 12) == train(Trainer(chosen), 12)


def test_another_loss_keeps_network_momentum_and_class_weights(config):
    trainer = Trainer(config)
    train(trainer, 10)
    images = trainer.data.test.images
    features, weight = trainer.embed(images), trainer.loss.weight.detach().clone()
    parameter = next(trainer.network.parameters())
    momentum = trainer.optimizer.state[parameter]["momentum_buffer"].clone()
    trainer.reconfigure(config.replace({"loss.name": "cosface"}))
    assert torch.equal(trainer.embed(images), features)
    assert torch.equal(trainer.loss.weight, weight)
    assert torch.equal(trainer.optimizer.state[parameter]["momentum_buffer"], momentum)
    train(trainer, 5)


def test_a_loss_that_comes_back_has_its_biases_and_the_newest_class_weights(config):
    trainer, restored = Trainer(config), Trainer(config.replace({"loss.name": "arcface"}))
    train(trainer, 10)
    bias = trainer.loss.bias.detach().clone()
    trainer.reconfigure(config.replace({"loss.name": "arcface"}))
    train(trainer, 3)
    restored.load_state(*trainer.state())
    for each in (trainer, restored):
        weight = each.loss.weight.detach().clone()
        each.reconfigure(config)
        assert torch.equal(each.loss.bias, bias)
        assert torch.equal(each.loss.weight, weight)
    assert bias.abs().sum() > 0


def test_what_needs_a_restart_is_not_taken_in_silence(config):
    with pytest.raises(ValueError, match=r"network\.dim"):
        Trainer(config).reconfigure(config.replace({"network.dim": 3}))


def test_the_first_step_that_diverges_is_remembered(config):
    trainer = Trainer(config)
    train(trainer, 3)
    with torch.no_grad():
        trainer.loss.weight.fill_(float("nan"))
    for _ in range(3):
        trainer.step()
    assert trainer.meters.diverged_at == 3


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_learns_and_the_hundred_steps_after_a_checkpoint_are_those_of_a_run_that_never_stopped(
    quick, loss
):
    """With all that a loss may keep: annealing, centres, averages, noise, momentum.

    It is more than ten epochs; whatever is not kept shows in the loss of the next step or in the state.
    """
    optimizer = {"optimizer.name": "adamw", "optimizer.rate": 0.01} if loss == "softmax" else {}
    probed = {"network.dim": 3, "data.test_probe": 100, "data.train_probe": 400}
    config = quick.replace({"loss.name": loss, **optimizer, **probed})
    trainer = Trainer(config)
    begun = train(trainer, 19)
    data = to_bytes(trainer)
    expected = train(trainer, 100)
    torch.manual_seed(99)
    restored, threads, _images = from_bytes(data)
    assert (restored.step_count, threads, restored.config) == (19, torch.get_num_threads(), config)
    assert train(restored, 100) == expected
    states = [each.state()[0] for each in (trainer, restored)]
    assert [name for name, tensor in states[0].items() if not torch.equal(tensor, states[1][name])] == []
    assert sum(expected[-8:]) < 0.95 * sum(begun[:8])
    assert Probe(trainer).take(trainer)[1]["test_accuracy"] > 0.35, "chance is 0.1"


@pytest.mark.parametrize("loss", ["a-softmax", "l-softmax", "center", "adaface", "triplet"])
def test_going_on_is_exact_after_another_loss(quick, loss):
    """With what a loss counts from its choice on: annealing, centres, averages, batches of its own."""
    trainer = Trainer(quick)
    train(trainer, 5)
    trainer.reconfigure(quick.replace({"loss.name": loss}))
    train(trainer, 5)
    data = to_bytes(trainer)
    expected = train(trainer, 20)
    assert train(from_bytes(data).trainer, 20) == expected


@pytest.mark.parametrize("network", ["lenet++", "mlp"])
def test_going_on_is_exact_with_every_network(config, network):
    trainer = Trainer(config.replace({"network.name": network, "network.dim": 3, "optimizer.name": "adamw"}))
    train(trainer, 3)
    data = to_bytes(trainer)
    expected = train(trainer, 10)
    assert train(from_bytes(data).trainer, 10) == expected


def test_a_run_whose_data_set_is_gone_is_no_damaged_checkpoint(config, tmp_path):
    images = tmp_path / "images"
    shutil.copytree(config.data.source, images)
    data = to_bytes(Trainer(config.replace({"data.source": str(images)})))
    shutil.rmtree(images)
    Trainer(config)  # the images in memory are others now
    with pytest.raises(DatasetError, match="images"):
        from_bytes(data)


def test_a_damaged_checkpoint_is_a_sentence_and_no_crash(config):
    """Bytes of a recording have a checksum; those of a file that somebody edited have none."""
    data = to_bytes(Trainer(config))
    length = int.from_bytes(data[:8], "little")
    for size in (0, 4, 8, 50, length, len(data) - 1):
        with pytest.raises(CheckpointError, match="its checkpoint is incomplete"):
            from_bytes(data[:size])
    refused = 0
    for offset in range(8, 8 + length, length // 60):
        damaged = bytearray(data)
        damaged[offset] ^= 0x15
        try:
            from_bytes(bytes(damaged))
        except (CheckpointError, DatasetError, DeviceError) as error:
            assert str(error)
            refused += 1
    assert refused > 40


def test_a_checkpoint_of_another_data_set_is_refused_at_once(config):
    larger = Trainer(config)
    train(larger, 1)
    numbers = larger.state()[1]
    smaller = Trainer(config.replace({"data.subset": 5}))
    with pytest.raises((ValueError, RuntimeError)):
        smaller.load_state(larger.state()[0], numbers)
    tensors = Trainer(config).state()[0] | {"order": torch.full((1, 50), 400)}
    with pytest.raises(ValueError, match="another data set"):
        Trainer(config).load_state(tensors, numbers)


def test_the_rate_rises_over_the_warm_up_and_falls_to_a_tenth():
    config = (
        RunConfig()
        .replace({"optimizer.warmup": 10, "optimizer.horizon": 2.0, "optimizer.rate": 0.5})
        .optimizer
    )
    assert rate_at(0, 100, config) == pytest.approx(0.05)
    assert rate_at(4, 100, config) == pytest.approx(0.25, rel=1e-2)
    assert rate_at(100, 100, config) == pytest.approx(0.5 * (0.1 + 0.9 / 2))
    assert rate_at(200, 100, config) == rate_at(5000, 100, config) == pytest.approx(0.05)
