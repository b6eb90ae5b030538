"""The accuracy that training sees, with the margin, is told apart from the one that counts, without it."""

import numpy as np
import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.worker.frames.probe import Probe
from explorer.worker.training.trainer import Trainer

PROBE = {"network.name": "mlp", "data.test_probe": 100, "data.train_probe": 400}


@pytest.fixture
def config(tiny_data):
    return RunConfig().replace({"data.source": str(tiny_data), "optimizer.batch": 50, **PROBE})


def trained(config, steps=24):
    trainer = Trainer(config)
    for _ in range(steps):
        trainer.step()
    return trainer, Probe(trainer)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_arcface_has_the_share_of_images_that_win_even_with_the_margin(config):
    trainer, probe = trained(config.replace({"loss.name": "arcface", "loss.margin": 0.3}))
    features, scalars = probe.take(trainer)
    rows = features[probe.test_count :].numpy().astype(np.float64)
    labels = probe.labels[probe.test_count :]
    weight = trainer.loss.weight.detach().numpy().astype(np.float64)
    angles = np.arccos(np.clip(unit(rows) @ unit(weight).T, -1, 1))
    own = np.arange(len(labels)), labels
    plain = (angles.argmin(axis=1) == labels).mean()
    angles[own] += 0.3
    assert (angles[own] < np.pi).all(), "else cos(θ + m) is continued by another formula"
    strict = (angles.argmin(axis=1) == labels).mean()
    assert scalars["margin_accuracy"].item() == pytest.approx(strict, abs=1e-6)
    assert strict < plain, "a margin that changes nothing would test nothing"


def test_l_gm_has_it_for_its_distances(config):
    trainer, probe = trained(config.replace({"loss.name": "l-gm", "loss.alpha": 0.8}))
    features, scalars = probe.take(trainer)
    rows, labels = features[probe.test_count :].double(), probe.labels[probe.test_count :]
    centers, log_variance = (
        trainer.loss.centers.detach().double(),
        trainer.loss.log_variance.detach().double(),
    )
    distance = ((rows[:, None] - centers) ** 2 / log_variance.exp()).sum(2) / 2
    scores = -distance - log_variance.sum(1) / 2
    own = torch.arange(len(labels)), torch.from_numpy(labels.astype(np.int64))
    scores[own] -= 0.8 * distance[own]
    assert scalars["margin_accuracy"].item() == pytest.approx(
        (scores.argmax(1) == own[1]).double().mean().item(), abs=1e-6
    )


@pytest.mark.parametrize("loss", LOSSES)
def test_each_loss_has_it_or_has_no_margin(config, loss):
    trainer, probe = trained(config.replace({"loss.name": loss}), steps=3)
    before = {name: value.clone() for name, value in trainer.loss.state_dict().items()}
    scalars = probe.take(trainer)[1]
    compared = LOSSES[loss].geometry is not None and LOSSES[loss].geometry.stricter
    assert ("margin_accuracy" in scalars) == (compared or loss == "l-gm")
    before.pop("means", None)  # those of the images in the frame, which they classify with
    assert all(torch.equal(value, trainer.loss.state_dict()[name]) for name, value in before.items())


def test_a_margin_of_zero_takes_nothing(config):
    trainer, probe = trained(config.replace({"loss.name": "cosface", "loss.margin": 0.0}))
    features, scalars = probe.take(trainer)
    right = trainer.scores(features[probe.test_count :]).argmax(1).numpy() == probe.labels[probe.test_count :]
    assert scalars["margin_accuracy"].item() == pytest.approx(right.mean(), abs=1e-6)
