"""Frames taken beside training must show one step of the run, whatever the training does meanwhile."""

import threading

import numpy as np
import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.worker import active_run
from explorer.worker.frames import probe
from explorer.worker.frames.model_copy import ModelCopy
from explorer.worker.frames.pace import Pace
from explorer.worker.frames.transfer import transfer
from explorer.worker.session import Session
from explorer.worker.training.trainer import Trainer

CPU = torch.device("cpu")
LIMIT = 5.0


def config_of(data, **settings) -> RunConfig:
    return RunConfig().replace({"data.source": str(data), "optimizer.batch": 50, "device": "cpu", **settings})


@pytest.mark.parametrize("name", LOSSES)
def test_a_copy_is_the_trainer_of_its_step(name, tiny_data):
    trainer = Trainer(config_of(tiny_data, **{"loss.name": name}))
    copied = ModelCopy(trainer)
    for _ in range(3):
        trainer.step()
    copied.update(trainer)
    images = trainer.data.test.images
    features = trainer.embed(images)
    for model in (trainer, copied):
        model.loss.set_means(features, trainer.data.test.labels, **model.live)
    scores = trainer.scores(features)
    for _ in range(3):
        trainer.step()
    assert torch.equal(copied.embed(images), features)
    assert torch.equal(copied.scores(features), scores)
    assert not torch.equal(trainer.embed(images), features)


def test_a_copy_follows_a_change_of_loss(tiny_data):
    trainer = Trainer(config_of(tiny_data))
    copied = ModelCopy(trainer)
    trainer.reconfigure(trainer.config.replace({"loss.name": "arcface", "loss.margin": 0.3}))
    copied.update(trainer)
    features = trainer.embed(trainer.data.test.images)
    assert torch.equal(copied.scores(features), trainer.scores(features))
    assert float(copied.live["margin"]) == pytest.approx(0.3)
    trainer.reconfigure(trainer.config.replace({"loss.margin": 0.1}))
    assert float(copied.live["margin"]) == pytest.approx(0.3), "the trainer's tensor is not the copy's"


@pytest.fixture
def spare_core(monkeypatch):
    """Make believe that training leaves a core alone."""
    for module in (active_run, probe):
        monkeypatch.setattr(module, "spare_cores", lambda: 1)


@pytest.mark.parametrize("name", ["softmax", "triplet"])
@pytest.mark.usefixtures("spare_core")
def test_frames_taken_beside_training_show_the_step_they_name(name, tiny_data, few_images, runs):
    """A frame is wanted after every tenth step, and begun once the one before has arrived."""
    events = []

    def on_event(event):
        events.append(event)
        if isinstance(event, m.Frame):
            session.handle(m.Ack(event.index))

    session = Session(on_event)
    config = config_of(tiny_data, **few_images, **{"loss.name": name})
    session.handle(m.Configure(1, config))
    session.handle(m.Run(m.Until(step=60)))
    forced_at = 0
    while session.busy:
        session.tick()
        step = runs[-1].trainer.step_count
        if step % 10 == 9 and step > forced_at:
            runs[-1].frame_forced, forced_at = True, step
    found = {event.step: event for event in events if isinstance(event, m.Frame)}
    assert {0, 60} <= found.keys()
    assert len(found) > 2, "none was begun beside training"
    assert list(found) == sorted(found)
    indices = next(event for event in events if isinstance(event, m.Started)).indices.numpy()
    again = Trainer(config)
    count = next(iter(found.values())).probe_samples
    images = again.data.test.images[torch.from_numpy(indices[:count].astype(np.int64))]
    for step in range(61):
        if step in found:
            expected = again.embed(images).numpy()
            np.testing.assert_allclose(found[step].features.numpy()[:count], expected, rtol=1e-5, atol=1e-6)
        again.step()


@pytest.mark.usefixtures("spare_core")
def test_a_changed_setting_is_used_and_then_its_frame_comes_first(tiny_data, monkeypatch, runs):
    """Training leaves its core to the frame that is on its way, but lets no message wait for it."""
    events, done = [], threading.Event()

    def on_event(event):
        events.append(event)
        if isinstance(event, m.Frame):
            session.handle(m.Ack(event.index))

    monkeypatch.setattr(Pace, "due", lambda _self, _now: False)
    session = Session(on_event)
    config = config_of(tiny_data)
    session.handle(m.Configure(1, config))
    session.handle(m.Run())
    session.tick()
    (run,), embed = runs, ModelCopy.embed
    monkeypatch.setattr(ModelCopy, "embed", lambda *given: embed(*given) if done.wait(LIMIT) else None)
    for seq in (2, 3):  # the first of the two begins the frame that the second one waits for
        session.handle(m.Configure(seq, config.replace({"optimizer.rate": 0.01 * seq})))
        session.tick()
        assert run.trainer.config.optimizer.rate == 0.01 * seq
        assert run.trainer.step_count == seq
    for _ in range(3):
        session.tick()
    assert run.trainer.step_count == 3, "a step was trained before the frame"
    done.set()
    shown = []
    while len(shown) < 3:
        session.tick()
        shown = [(event.config_seq, event.step) for event in events if isinstance(event, m.Frame)]
    assert shown == [(1, 0), (2, 2), (3, 3)]


@pytest.mark.usefixtures("spare_core")
def test_what_fails_beside_training_is_told(tiny_data, monkeypatch):
    events = []
    session = Session(events.append)
    session.handle(m.Configure(1, config_of(tiny_data)))
    session.handle(m.Run())
    session.tick()
    session.handle(m.Ack(1))

    def broken(_self, _images):
        raise RuntimeError("no such features")

    monkeypatch.setattr(ModelCopy, "embed", broken)
    while session.busy:
        session.tick()
    (failed,) = [event for event in events if isinstance(event, m.Failed)]
    assert "no such features" in str(failed.what)


def test_the_thread_beside_leaves_the_training_its_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        found = transfer(lambda: {"threads": torch.tensor(torch.get_num_threads())}, CPU, beside=True)
        assert int(found.result()["threads"]) == 1
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
