"""A step has all it needs on its device: shown without a GPU, on torch's device "meta", which has no data.

In a AWAY graph a copy from the host would fail the recording, or repeat an old value without a word.
"""

import contextlib

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.worker.device.data import Split
from explorer.worker.training import trainer as trainer_module
from explorer.worker.training.meters import Meters
from explorer.worker.training.optimization import Optimizer
from explorer.worker.training.precision import Forward
from explorer.worker.training.trainer import Trainer
from tests.worker.tape import CHOICES, tensors_in, waits

AWAY = torch.device("meta")
INPUTS = (((40,), torch.int64), ((), torch.float32), ((), torch.int64))


class HostInvolved(RuntimeError):
    """An operation of the device takes something from the host."""


class DeviceOnly(TorchDispatchMode):
    """Refuses operations that mix host and device, or that wait."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if waits(func, args):
            raise HostInvolved(f"{func} waits for the device")
        found = {tensor.device.type for tensor in tensors_in((args, kwargs))}
        if len(found) > 1:
            raise HostInvolved(f"{func} mixes {' and '.join(sorted(found))}")
        return func(*args, **(kwargs or {}))


class Postponed:
    """Keeps the device's part of a step to be done later."""

    def run(self, update, _index, _rate, _step):
        self.update = update


def move(trainer):
    """Put everything that a step reads on a device that is not the host."""

    def moved(tensor):
        return torch.zeros(tensor.shape, dtype=tensor.dtype, device=AWAY)

    for module in (*trainer.network.modules(), *trainer.loss.modules()):
        for name, parameter in module.named_parameters(recurse=False):
            setattr(module, name, torch.nn.Parameter(moved(parameter)))
        for name, buffer in module.named_buffers(recurse=False):
            setattr(module, name, moved(buffer))
    images, labels, targets, trained = trainer.data.train
    assert trained is None
    trainer.data = trainer.data._replace(train=Split(*map(moved, (images, labels, targets))))
    trainer.live = {
        name: moved(value) if isinstance(value, torch.Tensor) else value
        for name, value in trainer.live.items()
    }
    trainer.meters = Meters(AWAY)
    stressors = vars(trainer.stressors)
    stressors |= {name: moved(value) for name, value in stressors.items() if isinstance(value, torch.Tensor)}
    if not trainer.config.data.wrong_labels:
        stressors["_given"] = stressors["_true"]  # as it is while no label is wrong


@pytest.fixture
def update(tiny_data, monkeypatch):
    """Return how to do a step of a configuration twice, the second time with nothing but the device."""
    # Neither autocast nor torch's fused updates know that device; a test with a GPU goes through both.
    monkeypatch.setattr(torch, "autocast", lambda *_args, **_kwargs: contextlib.nullcontext())
    monkeypatch.setattr(Optimizer, "step", lambda _self, _config, _rate: None)

    monkeypatch.setattr(trainer_module, "Forward", lambda network, _device: Forward(network, AWAY))

    def twice(changes):
        config = {"data.source": str(tiny_data), "optimizer.batch": 40, "device": "cpu", **changes}
        trainer = Trainer(RunConfig().replace(config))
        trainer.stepper = Postponed()
        trainer.step()
        move(trainer)
        index, rate, step = (torch.zeros(shape, dtype=kind, device=AWAY) for shape, kind in INPUTS)
        trainer.stepper.update(index, rate, step)
        with DeviceOnly():
            trainer.stepper.update(index, rate, step)

    return twice


@pytest.mark.parametrize("loss", LOSSES)
def test_a_step_of_every_loss_stays_on_the_device(update, loss):
    update({"loss.name": loss})


@pytest.mark.parametrize(("loss", "name", "value"), CHOICES)
def test_a_step_of_every_choice_stays_on_the_device(update, loss, name, value):
    update({"loss.name": loss, f"loss.{name}": value})


def test_a_step_with_stressors_stays_on_the_device(update):
    strengths = dict.fromkeys(("data.blur", "data.noise", "data.occlusion", "data.contrast"), 0.5)
    update({"data.wrong_labels": 0.3, "data.shift": 0.2, "data.rotation": 0.2, **strengths})


@pytest.mark.parametrize("network", ["lenet++", "mlp"])
def test_a_step_of_every_network_stays_on_the_device(update, network):
    update({"network.name": network, "network.relu": True})


def test_a_number_from_the_host_is_noticed():
    values = torch.zeros(3, device=AWAY)
    with DeviceOnly(), pytest.raises(HostInvolved, match="mixes cpu and meta"):
        torch.maximum(values, torch.arange(3))
    with DeviceOnly(), pytest.raises(HostInvolved, match="waits"):
        values.sum().item()
