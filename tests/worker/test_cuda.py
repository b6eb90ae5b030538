"""On an NVIDIA GPU: the same run as on the CPU, changes without a new recording, and the speed.

Started with ``-m cuda``; ``-s`` shows the figures.
"""

import time

import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.worker.frames.probe import evaluate
from explorer.worker.session import Session
from explorer.worker.training import trainer as trainer_module
from explorer.worker.training.sampling import balanced, shuffled
from explorer.worker.training.stepper import WARM_UP, EagerStep
from explorer.worker.training.trainer import Trainer

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU that torch can use"),
]

FIRST_LOSS = 0.02
"""Largest relative difference of the first step's loss between bfloat16 and float32."""
MEAN_LOSS = 0.1
"""The same of the mean loss over the first epochs: rounding makes runs part, not differ."""
ACCURACY = 0.02
"""Largest difference of the test accuracy."""


def batches(config, trainer, epochs):
    """Return the batches of a CPU run: the generators of the devices draw different ones."""
    generator = torch.Generator().manual_seed(config.seed)
    draw = balanced if config.loss.spec.balanced else shuffled
    labels = trainer.data.train.labels.cpu()
    return [draw(generator, labels, trainer.batch) for _ in range(epochs)]


def trained(config, device, epochs):
    """Return a trainer after some epochs, its first loss and its mean loss."""
    trainer = Trainer(config.replace({"device": device}))
    orders = iter(batches(config, trainer, epochs))
    first = None
    with pytest.MonkeyPatch.context() as patch:
        for draw in ("balanced", "shuffled"):
            patch.setattr(trainer_module, draw, lambda *_: next(orders).to(trainer.device))
        for _ in range(epochs * trainer.steps_per_epoch):
            trainer.step()
            if first is None:
                first = trainer.meters.take().tensors["loss"].item()
    sums = trainer.meters.take()
    return trainer, first, sums.tensors["loss"].item() / sums.steps


@pytest.fixture
def config(tiny_data):
    return RunConfig().replace({"data.source": str(tiny_data), "optimizer.batch": 40, "network.dim": 3})


@pytest.mark.parametrize("loss", LOSSES)
def test_a_run_is_that_of_the_cpu(config, loss):
    config = config.replace({"loss.name": loss})
    gpu, gpu_first, gpu_mean = trained(config, "cuda", 8)
    _, cpu_first, cpu_mean = trained(config, "cpu", 8)
    assert gpu.stepper.fallback_reason is None
    assert gpu.stepper.recordings == 1
    assert gpu_first == pytest.approx(cpu_first, rel=FIRST_LOSS, abs=FIRST_LOSS)
    assert gpu_mean == pytest.approx(cpu_mean, rel=MEAN_LOSS, abs=MEAN_LOSS)


@pytest.mark.parametrize("name", ["sgd", "adamw"])
@pytest.mark.parametrize("loss", ["softmax", "arcface", "triplet"])
def test_the_accuracy_on_digits_is_that_of_the_cpu(loss, name):
    changes = {"loss.name": loss, "network.dim": 3, "optimizer.name": name}
    config = RunConfig().replace(changes if name == "sgd" else {**changes, "optimizer.rate": 0.002})
    accuracies = [evaluate(trained(config, device, 2)[0]) for device in ("cuda", "cpu")]
    assert accuracies[0] == pytest.approx(accuracies[1], abs=ACCURACY)


def test_replayed_steps_are_those_launched_one_by_one(config):
    """Not bit for bit: kernels that add atomically add in any order, and bfloat16 rounds what comes of it."""
    config = config.replace({"loss.name": "adaface", "device": "cuda"})
    replayed, eager = Trainer(config), Trainer(config)
    eager.stepper = EagerStep()
    for trainer in (replayed, eager):
        torch.manual_seed(1)
        for _ in range(WARM_UP + 5):
            trainer.step()
    assert replayed.stepper.recordings == 1
    for one, other in zip(replayed.network.parameters(), eager.network.parameters(), strict=True):
        assert (one - other).norm() <= 0.05 * other.norm() + 1e-3


def test_sliders_act_without_a_new_recording(config):
    config = config.replace({"loss.name": "arcface", "device": "cuda", "optimizer.rate": 0.0625})
    trainer = Trainer(config)
    for _ in range(WARM_UP + 2):
        trainer.step()
    trainer.meters.take()
    trainer.step()
    before = trainer.meters.take().tensors["loss"].item()
    trainer.reconfigure(config.replace({"loss.scale": 30.0, "loss.margin": 0.6, "optimizer.rate": 0.001}))
    trainer.step()
    assert trainer.meters.take().tensors["loss"].item() > 1.5 * before
    weight = trainer.loss.weight.detach().clone()
    trainer.reconfigure(config.replace({"loss.scale": 30.0, "optimizer.rate": 1e-5, "optimizer.warmup": 0}))
    trainer.step()
    assert (trainer.loss.weight - weight).abs().max() < 1e-3
    assert trainer.stepper.recordings == 1


def test_another_loss_is_recorded_within_half_a_second():
    config = RunConfig().replace({"network.name": "lenet++", "optimizer.batch": 512, "device": "cuda"})
    trainer = Trainer(config)
    for _ in range(WARM_UP + 20):
        trainer.step()
    for number, loss in enumerate(("arcface", "triplet", "center"), start=2):
        torch.cuda.synchronize()
        start = time.perf_counter()
        trainer.reconfigure(config.replace({"loss.name": loss}))
        for _ in range(WARM_UP + 1):
            trainer.step()
        torch.cuda.synchronize()
        seconds = time.perf_counter() - start
        print(f"\n{loss}: recorded and replayed {seconds:.3f} s after the change")
        assert trainer.stepper.recordings == number
        assert seconds < 0.5


def test_a_step_that_waits_is_not_recorded_and_the_run_goes_on(config, monkeypatch):
    arcface = "explorer.worker.losses.arcface.ArcFace.logits"
    trainer = Trainer(config.replace({"loss.name": "arcface", "device": "cuda"}))
    logits = type(trainer.loss).logits

    def waiting(self, embeddings, labels, **params):
        embeddings.sum().item()
        return logits(self, embeddings, labels, **params)

    with monkeypatch.context() as patch:
        patch.setattr(arcface, waiting)
        for _ in range(WARM_UP + 3):
            trainer.step()
        assert "cannot be captured" in str(trainer.stepper.fallback_reason)
    trainer.reconfigure(config.replace({"loss.name": "normface", "device": "cuda"}))
    for _ in range(WARM_UP + 3):
        trainer.step()
    assert trainer.stepper.recordings == 1
    assert trainer.meters.diverged_at is None


@pytest.mark.parametrize("network", ["lenet++", "compact"])
def test_frames_cost_at_most_a_tenth_of_the_speed(network, runs):
    """Images/s with frames and without, by turns; they are printed, and the share is compared."""
    config = RunConfig().replace({"network.name": network, "optimizer.batch": 512, "device": "cuda"})
    shown = []
    watched = {True: [], False: []}

    def on_event(event):
        if isinstance(event, m.Failed):
            pytest.fail(str(event.what))
        if isinstance(event, m.Frame):
            shown.append(event)
            if watching:
                session.handle(m.Ack(event.index))

    watching = True
    session = Session(on_event)
    session.handle(m.Configure(1, config))
    session.handle(m.Run())
    for _ in range(100):
        session.tick()
    trainer = runs[-1].trainer
    for turn in range(8):
        watching = turn % 2 == 0
        if watching and shown:
            session.handle(m.Ack(shown[-1].index))
        frames, steps, start = len(shown), trainer.step_count, time.perf_counter()
        while time.perf_counter() - start < 2.0:
            session.tick()
        torch.cuda.synchronize()
        seconds = time.perf_counter() - start
        watched[watching].append((trainer.step_count - steps) * trainer.batch / seconds)
        print(
            f"\n{network}: {watched[watching][-1]:,.0f} images/s, {(len(shown) - frames) / seconds:.1f} "
            f"frames/s"
        )
    with_frames, without = (sorted(watched[side])[len(watched[side]) // 2] for side in (True, False))
    print(
        f"{network}: {with_frames / without:.1%} of the speed without frames, probe of "
        f"{shown[-1].probe_samples}"
    )
    assert with_frames >= 0.9 * without
