"""Replayed steps: the same run as steps launched one by one, and every change acts. On a CPU, with a tape."""

import pytest
import torch

from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.core.settings.settings import OPTIMIZER
from explorer.worker.session import Session
from explorer.worker.training import trainer as trainer_module
from explorer.worker.training.stepper import WARM_UP, GraphStep, held_fixed
from explorer.worker.training.trainer import Trainer
from tests.worker.tape import CHOICES, Synchronisation, Tape, TapeRecorder

RATE = 1 / 64
"""The same number as float32, which a replayed step takes, and as float64."""


@pytest.fixture
def config(tiny_data):
    return RunConfig().replace(
        {
            "data.source": str(tiny_data),
            "optimizer.batch": 40,
            "optimizer.rate": RATE,
            "optimizer.schedule": "constant",
            "optimizer.warmup": 0,
            "device": "cpu",
        }
    )


@pytest.fixture
def replaying(monkeypatch):
    """Return how to make a trainer that replays its steps from a tape."""

    def build(config, recorder=None):
        recorder = recorder or TapeRecorder()
        with monkeypatch.context() as patch:
            patch.setattr(
                trainer_module, "stepper_for", lambda device, batch: GraphStep(batch, device, recorder)
            )
            return Trainer(config)

    return build


def run(trainer, steps):
    for _ in range(steps):
        trainer.step()


def numbers(trainer):
    """Return all that a run has learned and counted."""
    sums = trainer.meters.take()
    return {**trainer.state()[0], **sums.tensors, "counts": torch.tensor([sums.steps, sums.seen])}


def assert_same(one, other):
    one, other = numbers(one), numbers(other)
    assert one.keys() == other.keys()
    different = [name for name in one if not torch.equal(one[name], other[name])]
    assert not different


@pytest.mark.parametrize("loss", LOSSES)
def test_replayed_steps_are_the_same_run_bit_for_bit(config, replaying, loss):
    """State that does not stay in its place, or a number taken from the host, would differ here."""
    config = config.replace({"loss.name": loss})
    graph, eager = replaying(config), Trainer(config)
    steps = WARM_UP + eager.steps_per_epoch + 2
    run(graph, steps)
    run(eager, steps)
    assert graph.stepper.recordings == 1
    assert_same(graph, eager)


@pytest.mark.parametrize(
    "settings", [{"network.name": "lenet++"}, {"network.name": "mlp"}, {"network.relu": True}]
)
def test_every_network_can_be_replayed(config, replaying, settings):
    config = config.replace({**settings, "network.dim": 3})
    graph, eager = replaying(config), Trainer(config)
    run(graph, WARM_UP + 2)
    run(eager, WARM_UP + 2)
    assert_same(graph, eager)


def test_adamw_is_replayed_too_and_its_step_counts_on(config, replaying):
    config = config.replace({"optimizer.name": "adamw"})
    graph, eager = replaying(config), Trainer(config)
    run(graph, WARM_UP + 6)
    run(eager, WARM_UP + 6)
    assert_same(graph, eager)


def test_the_rate_and_the_annealing_move_without_a_new_recording(config, replaying):
    settings = {"loss.name": "a-softmax", "optimizer.schedule": "cosine", "optimizer.warmup": 20}
    config = config.replace(settings)
    graph, eager = replaying(config), Trainer(config)
    run(graph, 30)
    run(eager, 30)
    assert graph.stepper.recordings == 1
    for (name, one), other in zip(graph.network.named_parameters(), eager.network.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5, msg=name)


def test_sliders_act_at_the_next_step_without_a_new_recording(config, replaying):
    config = config.replace({"loss.name": "magface"})
    graph, eager = replaying(config), Trainer(config)
    for changes in (
        {"loss.scale": 20.0, "loss.u_margin": 0.5},
        {"loss.l_a": 1.0},
        {"optimizer.rate": RATE / 2},
    ):
        run(graph, WARM_UP + 2)
        run(eager, WARM_UP + 2)
        config = config.replace(changes)
        graph.reconfigure(config)
        eager.reconfigure(config)
    run(graph, 1)
    run(eager, 1)
    assert graph.stepper.recordings == 1
    assert_same(graph, eager)


@pytest.mark.parametrize(("loss", "name", "value"), CHOICES)
def test_switches_and_choices_act_at_the_next_step(config, replaying, loss, name, value):
    config = config.replace({"loss.name": loss})
    changed = config.replace({f"loss.{name}": value})
    graph, eager = replaying(config), Trainer(config)
    run(graph, WARM_UP + 1)
    run(eager, WARM_UP + 1)
    for trainer in (graph, eager):
        trainer.reconfigure(changed)
        run(trainer, WARM_UP + 2)
    assert graph.stepper.recordings == 2
    assert_same(graph, eager)


@pytest.mark.parametrize(
    "changes", [{"optimizer.momentum": 0.5}, {"optimizer.momentum": 0.0}, {"optimizer.weight_decay": 0.125}]
)
def test_numbers_that_torch_takes_from_the_host_are_recorded_anew(config, replaying, changes):
    graph, eager = replaying(config), Trainer(config)
    for trainer in (graph, eager):
        run(trainer, WARM_UP + 1)
        trainer.reconfigure(config.replace(changes))
        run(trainer, WARM_UP + 2)
    assert graph.stepper.recordings == 2
    assert_same(graph, eager)


def test_another_loss_in_a_running_run_is_recorded_anew(config, replaying):
    graph, eager = replaying(config), Trainer(config)
    for loss in ("arcface", "triplet", "center"):
        for trainer in (graph, eager):
            run(trainer, WARM_UP + 2)
            torch.manual_seed(7)  # the new loss' start is drawn from it
            trainer.reconfigure(config.replace({"loss.name": loss}))
            run(trainer, WARM_UP + 2)
        assert_same(graph, eager)
    assert graph.stepper.recordings == 4


def test_a_restored_run_is_replayed_like_one_that_never_stopped(config, replaying):
    config = config.replace({"loss.name": "adaface"})
    stopped, eager = replaying(config), Trainer(config)
    run(stopped, WARM_UP + 2)
    run(eager, 2 * WARM_UP + 4)
    tensors, counts = stopped.state()
    resumed = replaying(config)
    resumed.load_state({name: tensor.clone() for name, tensor in tensors.items()}, counts)
    run(resumed, WARM_UP + 2)
    eager.meters.take(), resumed.meters.take()
    assert_same(resumed, eager)


def test_looking_does_not_disturb_the_recording(config, replaying):
    """A snapshot puts network and loss in evaluation mode: the recording must not take notice."""
    config = config.replace({"loss.name": "center"})
    graph, eager = replaying(config), Trainer(config)
    for _ in range(WARM_UP + 4):
        run(graph, 1)
        run(eager, 1)
        graph.scores(graph.embed(graph.data.test.images))
    assert_same(graph, eager)


def test_the_first_bad_step_is_told_by_a_replayed_one(config, replaying):
    trainer = replaying(config)
    run(trainer, WARM_UP + 4)
    with torch.no_grad():
        trainer.loss.weight.fill_(float("nan"))
    run(trainer, 3)
    assert trainer.meters.diverged_at == WARM_UP + 4


def test_a_loss_that_cannot_be_recorded_trains_all_the_same_and_says_so(config, replaying, monkeypatch):
    trainer = replaying(config)
    arcface = config.replace({"loss.name": "arcface"})
    with monkeypatch.context() as patch:
        patch.setattr("explorer.worker.losses.arcface.ArcFace.capturable", False, raising=False)
        trainer.reconfigure(arcface)
        run(trainer, WARM_UP + 3)
    assert trainer.stepper.recordings == 0
    assert "depend on its data" in str(trainer.stepper.fallback_reason)
    eager = Trainer(config)
    eager.reconfigure(arcface)
    run(eager, WARM_UP + 3)
    assert_same(trainer, eager)
    trainer.reconfigure(config)
    run(trainer, WARM_UP + 1)
    assert trainer.stepper.fallback_reason is None
    assert trainer.stepper.recordings == 1


def test_a_recording_that_fails_costs_speed_not_the_run(config, replaying):
    trainer, eager = replaying(config, TapeRecorder(fails=True)), Trainer(config)
    run(trainer, WARM_UP + 3)
    run(eager, WARM_UP + 3)
    reason = str(trainer.stepper.fallback_reason)
    assert reason == "The training step cannot be captured as a CUDA graph (operation not permitted)."
    assert_same(trainer, eager)


def test_the_person_is_told_once_that_steps_are_slow(config, monkeypatch):

    def build(device, batch):
        return GraphStep(batch, device, TapeRecorder(fails=True))

    monkeypatch.setattr(trainer_module, "stepper_for", build)
    events = []
    session = Session(events.append)
    session.handle(m.Configure(1, config))
    session.handle(m.Run(m.Until(step=WARM_UP + 5)))
    while session.busy:
        session.tick()
    (notice,) = [event for event in events if isinstance(event, m.Notice)]
    assert notice.kind == "slow"
    assert "cannot be captured" in str(notice.text)


@pytest.mark.parametrize(
    "wait", [torch.Tensor.item, torch.nonzero, bool, lambda x: x[x > 0], lambda _x: torch.tensor(2.0)]
)
def test_the_tape_refuses_what_would_wait(wait):
    values = torch.ones(())
    with Tape(), pytest.raises(Synchronisation):
        wait(values)


def test_stressors_act_on_replayed_steps_and_follow_their_settings(config, replaying):
    """Strengths within a capture, what is on or off with another one, and a movement of its own each step."""
    on = {"data.wrong_labels": 0.3, "data.noise": 0.5, "data.blur": 0.5, "data.shift": 0.1}
    stressed = config.replace(on)
    changes = [stressed.replace({"data.noise": 0.2, "data.shift": 0.2, "data.wrong_labels": 0.1}), config]
    graph, eager = replaying(stressed), Trainer(stressed)
    for recordings, change in zip((1, 1, 2), [*changes, None], strict=True):
        for trainer in (graph, eager):
            run(trainer, WARM_UP + 4)
        assert graph.stepper.recordings == recordings
        assert_same(graph, eager)
        for trainer in (graph, eager) if change else ():
            trainer.reconfigure(change)


def test_what_is_held_fixed_are_the_settings_that_no_tensor_carries():
    config = RunConfig().replace({"loss.name": "triplet"})
    names = {name for name, _ in held_fixed(config)}
    assert names == {
        "loss.name",
        "loss.mining",
        "loss.normalize",
        "optimizer.momentum",
        "optimizer.weight_decay",
        "data.blur",
        "data.noise",
        "data.occlusion",
        "data.contrast",
        "data.wrong_labels",
        "data.moves",
    }
    live = {param.name for param in OPTIMIZER if param.effect == "live"}
    assert live == {"rate", "momentum", "weight_decay", "warmup", "schedule", "horizon"}
