"""A run is brought back as it was after any step, and the run that was there before loses nothing by it."""

import shutil

import pytest
import torch
from msgspec.structs import replace

from explorer.core.data.datasets import dataset_digest
from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.worker import restorer
from explorer.worker.frames import probe
from explorer.worker.session import Session
from explorer.worker.training.checkpoint import to_bytes
from explorer.worker.training.trainer import Trainer

END = 20
pytestmark = pytest.mark.usefixtures("checkpoint_at_each_step")


class Person:
    """Sends commands to a session in this process and keeps its events."""

    def __init__(self):
        self.events = []
        self.session = Session(self._on_event)

    def _on_event(self, event):
        self.events.append(event)
        if isinstance(event, m.Frame):
            self.session.handle(m.Ack(event.index))

    def send(self, *commands, ticks=10_000):
        for command in commands:
            self.session.handle(command)
        while self.session.busy and ticks:
            self.session.tick()
            ticks -= 1

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def losses(self, run, after=0):
        """Return the loss of each step of a run, by its number."""
        frames = [frame for frame in self.of(m.Frame) if frame.run == run and "loss" in frame.scalars]
        return {frame.step: frame.scalars["loss"] for frame in frames if frame.step > after}


@pytest.fixture
def config(tiny_data):
    changes = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "data.probe_every": 1}
    changes |= {"data.test_probe": 20, "data.train_probe": 10}
    return RunConfig().replace(changes | {"loss.name": "arcface", "optimizer.rate": 0.02})


@pytest.fixture
def changes(config):
    """The margin changes after step 6, the loss after 11, and after 15, while the run pauses, twice."""
    margin, center = config.replace({"loss.margin": 0.4}), config.replace({"loss.name": "center"})
    table = ((2, 6, margin), (3, 11, center), (4, 15, config), (5, 15, center))
    return [m.SettingChange(*row) for row in table]


def train_on(person, changes):
    """Train to the end, with each change at its step."""
    for change in changes:
        person.send(m.Run(m.Until(step=change.step)))
        person.send(m.Configure(change.seq, change.config))
    person.send(m.Run(m.Until(step=END)))


@pytest.fixture
def trained(config, changes):
    person = Person()
    person.send(m.SendCheckpoints(0.0), m.Configure(1, config))
    train_on(person, changes)
    assert [(told.config_seq, told.step) for told in person.of(m.Configured)] == [
        (change.seq, change.step) for change in changes
    ]
    return person


@pytest.mark.parametrize(
    ("start", "known", "step", "wanted"),
    [
        (8, 2, 8, 2),  # at the checkpoint itself
        (8, 2, 9, 2),
        (3, 1, 12, 3),  # over a change of the margin and one of the loss
        (0, 1, 20, 5),
        (13, 3, 15, 3),  # before the changes during the pause
        (13, 3, 15, 4),  # between them
        (13, 3, 15, 5),
        (None, 1, 17, 5),  # without a checkpoint
    ],
)
def test_the_steps_after_any_step_equal_those_of_the_run_that_went_on(
    trained, config, changes, start, known, step, wanted
):
    """From the checkpoint of a step, whose settings have the number ``known``, to a step with ``wanted``."""
    data = {checkpoint.step: checkpoint.data for checkpoint in trained.of(m.Checkpoint)}
    torch.manual_seed(step)
    person = Person()
    person.send(
        m.Restore(
            seq=9,
            step=step,
            elapsed=2.5,
            checkpoint=b"" if start is None else data[start],
            config=config,
            threads=torch.get_num_threads(),
            changes=tuple(change for change in changes if known < change.seq <= wanted),
        )
    )
    assert not person.of(m.Failed)
    (started,) = person.of(m.Started)
    assert (started.config_seq, started.step) == (9, step)
    (frame,) = person.of(m.Frame)
    assert (frame.step, frame.config_seq, frame.config_step, frame.elapsed) == (step, 9, step, 2.5)
    assert "loss" not in frame.scalars, "its mean would be that of the steps that were repeated"
    if step not in (15, 20):  # there are several frames of these steps
        (shown,) = (frame for frame in trained.of(m.Frame) if frame.step == step)
        assert (frame.features.numpy() == shown.features.numpy()).all()
    train_on(person, [replace(change, seq=change.seq + 10) for change in changes if change.seq > wanted])
    assert person.losses(run=1, after=step) == trained.losses(run=1, after=step)
    assert len(person.losses(run=1)) == END - step


def test_the_settings_that_trained_no_step_make_no_difference(config):
    """Sliders dragged in a pause, before the loss is changed, after it, and after it is changed back."""
    margins = [config.replace({"loss.margin": margin}) for margin in (0.3, 0.4)]
    scales = [config.replace({"loss.name": "cosface", "loss.scale": scale}) for scale in (5.0, 20.0)]
    changes = [m.SettingChange(seq, 6, each) for seq, each in enumerate([*margins, *scales, *margins], 2)]
    kept = tuple(change for change in changes if change.seq in (3, 5, 7))  # the last of each loss
    whole = Person()
    whole.send(m.SendCheckpoints(0.0), m.Configure(1, config))
    train_on(whole, changes)
    (data,) = (checkpoint.data for checkpoint in whole.of(m.Checkpoint) if checkpoint.step == 5)
    person = Person()
    person.send(m.Restore(9, 8, 0.0, data, changes=kept))
    person.send(m.Run(m.Until(step=END)))
    assert person.losses(run=1, after=8) == whole.losses(run=1, after=8)
    assert len(person.losses(run=1)) == END - 8


def test_with_another_loss_it_equals_a_run_that_changed_to_it_at_that_step(trained, config, changes):
    other = config.replace({"loss.name": "elasticface"})
    (data,) = (checkpoint.data for checkpoint in trained.of(m.Checkpoint) if checkpoint.step == 8)
    trained.send(m.Restore(9, 10, 1.0, data))
    trained.send(m.Configure(10, other), m.Run(m.Until(step=END)))
    straight = Person()
    straight.send(m.Configure(1, config))
    train_on(straight, [changes[0], m.SettingChange(3, 10, other)])
    assert trained.losses(run=2, after=10) == straight.losses(run=1, after=10)
    assert len(trained.losses(run=2, after=10)) == END - 10


@pytest.mark.parametrize("command", [m.Pause(), m.Run(m.Until(step=12)), None])
def test_a_command_for_the_run_before_cancels_and_finds_it_as_it_was(config, command):
    """Its generator too: the loss that is chosen afterwards draws its weights from it."""
    wanted = (m.Configure(2, config.replace({"loss.name": "l-gm"})), m.Run(m.Until(step=END)))
    plain, restored, threads = Person(), Person(), torch.get_num_threads()
    for person in (plain, restored):
        person.send(m.Configure(1, config), m.Run(m.Until(step=8)))
        if person is restored:
            other = config.replace({"seed": 5})
            person.send(m.Restore(7, 400, 0.0, config=other, threads=threads + 1), ticks=4)
            assert person.session.busy
        if command is not None:
            person.send(command)
        person.send(*wanted)
    assert restored.of(m.RestoreCancelled) == [m.RestoreCancelled(7)]
    assert torch.get_num_threads() == threads
    assert len(restored.of(m.Started)) == 1
    assert restored.losses(run=1) == plain.losses(run=1)


def test_a_newer_request_takes_the_place_of_one_that_is_under_way(config):
    person = Person()
    person.send(m.Configure(1, config), m.Run(m.Until(step=3)))
    person.send(m.Restore(2, 500, 0.0, config=config), ticks=3)
    person.send(m.Restore(3, 5, 0.0, config=config))
    assert person.of(m.RestoreCancelled) == [m.RestoreCancelled(2)]
    assert [(started.config_seq, started.step) for started in person.of(m.Started)] == [(1, 0), (3, 5)]


def test_it_is_told_how_far_it_is(config, monkeypatch):
    monkeypatch.setattr(restorer, "_PROGRESS_SECONDS", 0.0)
    person = Person()
    person.send(m.Restore(4, 5, 0.0, config=config))
    assert person.of(m.Restoring) == [m.Restoring(4, step) for step in range(1, 5)]


def test_its_frames_show_the_images_that_they_showed_before(config, monkeypatch):
    """However many the machine could show now: what is selected among them stays selected."""
    free = config.replace({"data.test_probe": 0, "data.train_probe": 0})
    monkeypatch.setattr(probe, "_affordable", lambda _trainer: 60)
    person = Person()
    person.send(m.SendCheckpoints(0.0), m.Configure(1, free), m.Run(m.Until(step=3)))
    monkeypatch.setattr(probe, "_affordable", lambda _trainer: 20)
    person.send(m.Restore(2, 3, 0.0, person.of(m.Checkpoint)[0].data))
    before, after = person.of(m.Started)
    assert len(after.indices.numpy()) == 60 + 30
    assert (before.indices.numpy() == after.indices.numpy()).all()


def test_a_restored_run_trains_with_as_many_threads_as_before(config):
    """Another number would round sums otherwise: the next steps would not be those of the run."""
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        data = to_bytes(Trainer(config))
        for command in (m.Restore(1, 0, 0.0, data), m.Restore(1, 0, 0.0, config=config, threads=3)):
            torch.set_num_threads(1)
            person = Person()
            person.send(command)
            assert person.of(m.Started)[0].threads == torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(threads)


def test_what_cannot_be_restored_is_a_sentence_and_the_run_before_goes_on(config, changes, tmp_path):
    images = tmp_path / "images"
    shutil.copytree(config.data.source, images)
    digest = dataset_digest(str(images))
    moved = config.replace({"data.source": str(images)})
    later = Trainer(config)
    later.step()
    bigger = m.SettingChange(2, 2, config.replace({"network.dim": 3}))
    labels = (images / "t10k-labels-idx1-ubyte").read_bytes()
    (images / "t10k-labels-idx1-ubyte").write_bytes(labels[:-1] + bytes([(labels[-1] + 1) % 10]))
    refused = (
        (m.Restore(7, 5, 0.0, b"nonsense"), "checkpoint is incomplete or damaged"),
        (m.Restore(7, 5, 0.0), "neither a checkpoint nor its settings"),
        (m.Restore(7, 0, 0.0, to_bytes(later)), "checkpoint is of a later step"),
        (m.Restore(7, 5, 0.0, config=config, changes=(bigger,)), r"needs a restart"),
        (m.Restore(7, 5, 0.0, config=config, changes=tuple(changes)), "comes too late"),
        (m.Restore(7, 5, 0.0, config=config.replace({"data.source": "nowhere"})), "nowhere"),
        (m.Restore(7, 5, 0.0, config=moved, data_digest=digest), "images have changed"),
    )
    person = Person()
    person.send(m.Configure(1, config), m.Run(m.Until(step=8)))
    for number, (command, sentence) in enumerate(refused, 9):
        person.events.clear()
        person.send(command)
        assert person.of(m.Failed), sentence
        (failed,) = person.of(m.Failed)
        assert sentence in str(failed.what)
        assert (failed.where, failed.config_seq, failed.traceback) == ("Restore", 7, "")
        person.send(m.Run(m.Until(step=number)))
        assert person.of(m.Finished)[0].step == number
        assert not person.of(m.Started)


@pytest.mark.parametrize("progress", [0.0, 1000.0])
def test_a_run_that_diverges_while_it_is_repeated_is_not_restored(config, monkeypatch, progress):
    """It is noticed with the next report, and at the end at the latest."""
    monkeypatch.setattr(restorer, "_PROGRESS_SECONDS", progress)
    step = Trainer.step

    def broken(trainer):
        if trainer.step_count == 3 and trainer.config.seed == 5:
            trainer.loss.weight.data.fill_(float("nan"))
        step(trainer)

    monkeypatch.setattr(Trainer, "step", broken)
    person = Person()
    person.send(m.Configure(1, config), m.Run(m.Until(step=2)))
    person.send(m.Restore(7, 6, 0.0, config=config.replace({"seed": 5})))
    (failed,) = person.of(m.Failed)
    assert str(failed.what) == "Cannot restore the run: its loss became NaN or infinite at step 3."
    assert (failed.where, failed.config_seq) == ("Restore", 7)
    assert len(person.of(m.Restoring)) == (3 if progress == 0 else 0)
    person.send(m.Run(m.Until(step=4)))
    assert person.of(m.Finished)[-1].step == 4
    assert len(person.of(m.Started)) == 1
