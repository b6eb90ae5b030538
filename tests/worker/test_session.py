"""The session: commands state what is wanted, events tell what is, and no frame comes without credit."""

import weakref

import numpy as np
import pytest
import torch

from explorer.core.data.datasets import load_dataset
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.settings.config import RunConfig
from explorer.worker import session
from explorer.worker.session import Session


class Person:
    """Sends commands to a session in this process and keeps its events."""

    def __init__(self, config, *, acknowledge=True):
        self.events = []
        self.acknowledge = acknowledge
        self.session = Session(self._on_event)
        self.config = config
        self.seq = 0

    def _on_event(self, event):
        self.events.append(event)
        if isinstance(event, m.Frame) and self.acknowledge:
            self.session.handle(m.Ack(event.index))

    def send(self, *commands, ticks=None):
        for command in commands:
            self.session.handle(command)
        count = 0
        while self.session.busy and (ticks is None or count < ticks):
            self.session.tick()
            count += 1

    def configure(self, **changes):
        self.config = self.config.replace({name.replace("__", "."): value for name, value in changes.items()})
        self.seq += 1
        return m.Configure(self.seq, self.config)

    def restart(self, **changes):
        wanted = self.configure(**changes)
        return m.Restart(wanted.seq, wanted.config)

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def config(tiny_data, few_images):
    changes = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "data.probe_every": 4}
    return RunConfig().replace(changes | few_images)


def test_a_run_is_announced_shown_trained_and_ended_at_its_bound(config):
    person = Person(config)
    person.send(person.configure(), m.Run(m.Until(step=10)))
    (started,) = person.of(m.Started)
    assert started.labels.shape == started.split.shape == started.indices.shape
    assert [frame.step for frame in person.of(m.Frame)] == [0, 4, 8, 10]
    (finished,) = person.of(m.Finished)
    assert (finished.step, finished.test_samples) == (10, 100)
    frame = person.of(m.Frame)[-1]
    assert frame.features.shape == (*started.labels.shape, 2)
    assert frame.weight.shape == (10, 2)
    assert {"loss", "loss.cross-entropy", "train_accuracy", "test_accuracy", "rate"} <= frame.scalars.keys()
    assert finished.loss == frame.scalars["loss"]


def test_a_run_whose_time_is_up_before_it_begins_makes_one_step(config):
    person = Person(config)
    person.send(person.configure(), m.Run(m.Until(seconds=1e-9)))
    assert [finished.step for finished in person.of(m.Finished)] == [1]


def test_the_next_batch_can_be_looked_at_and_found_again_after_its_step(config):
    person = Person(config)
    person.send(person.configure(), m.Advance(3))
    person.send(m.ExamineBatch(7))
    (before,) = person.of(m.BatchExamined)
    assert (before.run, before.request, before.step) == (1, 7, 3)
    assert before.features.shape == before.gradient.shape == (50, 2)
    assert before.images.shape == (50, 12, 12)
    train = load_dataset(config.data.source).train
    assert (before.images.numpy() == train.pixels[before.indices.numpy()]).all()
    assert (before.labels.numpy() == train.labels[before.indices.numpy()]).all()
    assert before.scalars["loss"] == before.scalars["loss.cross-entropy"]
    person.send(m.Advance(1))
    person.send(m.ExamineBatch(8, before.indices))
    after = person.of(m.BatchExamined)[-1]
    assert (after.step, after.indices) == (4, before.indices)
    assert (after.features.numpy() != before.features.numpy()).any()


def test_looking_at_a_batch_needs_a_run(config):
    person = Person(config)
    person.send(m.ExamineBatch(1))
    (failed,) = person.of(m.Failed)
    assert failed.where == "ExamineBatch"


def test_without_credit_no_frame_comes_and_training_goes_on(config):
    person = Person(config, acknowledge=False)
    person.send(person.configure(), m.Run(), ticks=20)
    assert len(person.of(m.Frame)) == 1
    person.send(m.Ack(1), ticks=4)
    last = person.of(m.Frame)[-1]
    assert last.index == 2
    assert last.step >= 20


def test_a_change_without_credit_is_shown_by_the_frame_of_the_step_after_it_as_soon_as_it_may_come(config):
    person = Person(config.replace({"loss.name": "arcface"}), acknowledge=False)
    person.send(person.configure(), m.Run(), ticks=6)
    person.send(person.configure(loss__margin=0.4), ticks=10)
    assert len(person.of(m.Frame)) == 1
    person.send(m.Ack(1), ticks=1)
    frame = person.of(m.Frame)[-1]
    assert (frame.config_seq, frame.step - frame.config_step) == (2, 1)


def test_an_answer_to_an_older_frame_gives_no_credit(config):
    person = Person(config, acknowledge=False)
    person.send(person.configure(), m.Run(), ticks=6)
    person.send(m.Ack(1), ticks=6)
    person.send(m.Ack(1), ticks=10)
    person.send(m.Ack(7), ticks=10)
    assert len(person.of(m.Frame)) == 2


def test_a_live_change_acts_at_the_next_step_and_shows_in_the_frame_after_it(config):
    person = Person(config.replace({"loss.name": "arcface"}))
    person.send(person.configure(), m.Run(), ticks=6)
    person.send(person.configure(loss__margin=0.4), ticks=1)
    frame = person.of(m.Frame)[-1]
    assert (frame.config_seq, frame.config_step, frame.step) == (2, 6, 7)


def test_of_many_configurations_the_last_wins(config):
    person = Person(config.replace({"loss.name": "arcface"}))
    person.send(person.configure(), m.Run(), ticks=3)
    person.send(*(person.configure(loss__margin=margin / 100) for margin in range(50)), ticks=1)
    assert person.of(m.Frame)[-1].config_seq == 51
    assert len(person.of(m.Started)) == 1


def test_what_is_not_live_starts_afresh_with_another_run_id(config):
    person = Person(config)
    person.send(person.configure(), m.Run(), ticks=9)
    person.send(person.configure(network__dim=3), ticks=2)
    first, second = person.of(m.Started)
    assert first.run != second.run
    frame = person.of(m.Frame)[-1]
    assert (frame.run, frame.features.shape[1]) == (second.run, 3)
    assert frame.step <= 2


@pytest.mark.parametrize(("threads", "spared", "expected"), [(2, 1, 2), (0, 1, 1), (0, 99, 1)])
def test_a_watched_run_leaves_a_core_to_the_window(config, monkeypatch, threads, spared, expected):
    monkeypatch.setattr("explorer.worker.device.devices._ALL_THREADS", 2)
    before = torch.get_num_threads()
    events = []
    session = Session(events.append, spared)
    session.handle(m.Configure(1, config.replace({"threads": threads})))
    session.tick()
    (started,) = (event for event in events if isinstance(event, m.Started))
    assert started.threads == torch.get_num_threads() == expected
    torch.set_num_threads(before)


@pytest.mark.parametrize(("wanted", "least"), [(10**9, 2), (-3, 1)])
def test_the_threads_that_a_checkpoint_of_anybody_wants_are_bounded(wanted, least):
    """The process hung, or ended, where the system gave it no more threads."""
    before = torch.get_num_threads()
    session.set_threads(wanted, 0)
    threads = torch.get_num_threads()
    torch.set_num_threads(before)
    assert least <= threads <= 4096


def test_restart_repeats_the_run_exactly(config):
    person = Person(config)
    person.send(person.configure(), m.Run(m.Until(step=8)))
    person.send(person.restart(), m.Run(m.Until(step=8)))
    first, second = person.of(m.Finished)
    assert first.loss == second.loss
    assert first.run != second.run


def test_a_new_run_gives_back_the_memory_of_the_one_before(config, monkeypatch):
    """A network that was far larger would leave the worker 100 to 200 MB larger for ever."""
    trainers, left = [], []
    make = session.Trainer

    def trainer(*arguments):
        made = make(*arguments)
        trainers.append(weakref.ref(made))
        return made

    monkeypatch.setattr(session, "Trainer", trainer)
    monkeypatch.setattr(
        session, "return_free_pages", lambda: left.append([one() is None for one in trainers])
    )
    person = Person(config)
    person.send(person.configure(), m.Advance(2))
    person.send(person.restart(network__name="mlp"), m.Advance(2))
    assert left == [[False], [True, False]]


def test_a_restart_with_other_settings_builds_no_trainer_with_the_old_ones(config, monkeypatch):
    built = []
    trainer = session.Trainer
    monkeypatch.setattr(
        session, "Trainer", lambda config, tell: (built.append(config), trainer(config, tell))[1]
    )
    person = Person(config)
    person.send(person.configure(), m.Run(), ticks=6)
    old = person.config
    person.send(person.restart(network__dim=3), ticks=1)
    assert built == [old, person.config]
    frame = person.of(m.Frame)[-1]
    assert (frame.config_seq, frame.features.shape[1]) == (2, 3)


def test_of_a_restart_and_a_change_right_after_it_the_run_has_both(config):
    person = Person(config)
    person.send(person.configure(), m.Run(), ticks=6)
    person.send(person.restart(), person.configure(optimizer__rate=0.02), ticks=1)
    first, second = person.of(m.Started)
    assert (first.run, second.run, second.config_seq) == (1, 2, 3)
    assert person.of(m.Frame)[-1].step <= 1


def test_a_bound_that_is_reached_already_ends_a_run_whose_settings_have_just_changed(config):
    person = Person(config)
    person.send(person.configure(), m.Run(m.Until(step=4)))
    person.send(person.configure(optimizer__rate=0.01), m.Run(m.Until(step=4)))
    first, second = person.of(m.Finished)
    assert second.test_accuracy == first.test_accuracy
    assert not person.of(m.Failed)


def test_pause_and_single_steps(config):
    person = Person(config)
    person.send(person.configure(), m.Run(), ticks=5)
    person.send(m.Pause())
    assert not person.session.busy
    assert person.of(m.Frame)[-1].step == 5
    person.send(m.Advance(1))
    assert person.of(m.Frame)[-1].step == 6
    assert not person.of(m.Finished)


@pytest.mark.parametrize("steps", [0, -1])
def test_advancing_by_no_step_trains_nothing(config, steps):
    """It trained without end."""
    person = Person(config)
    person.send(person.configure(), m.Advance(3))
    person.send(m.Advance(steps), ticks=20)
    assert not person.session.busy
    assert person.of(m.Frame)[-1].step == 3


def test_a_question_about_too_many_images_is_refused(config):
    """The largest that a message can hold took gigabytes."""
    person = Person(config)
    person.send(person.configure(), m.Advance(1))
    many = np.zeros(20_001, np.int32)
    person.send(m.ExamineBatch(1, Array.of(many)), m.Embed(2, Array.of(np.zeros((20_001, 1, 1), np.uint8))))
    assert ["at most 20000 images" in str(failed.what) for failed in person.of(m.Failed)] == [True, True]


def test_divergence_stops_the_run_names_the_step_and_offers_a_remedy(config, runs):
    person = Person(config.replace({"optimizer.rate": 0.04}))
    person.send(person.configure(), m.Run(m.Until(step=5)))
    runs[-1].trainer.loss.weight.data.fill_(float("nan"))
    person.send(m.Run())
    (notice,) = person.of(m.Notice)
    assert notice.kind == "diverged"
    assert notice.step == 5
    assert notice.text.values == {"step": 5, "rate": 0.04}
    assert "step 5: the loss became NaN" in str(notice.text)
    assert notice.remedy == {"optimizer.rate": 0.01}
    assert not person.session.busy


def test_a_change_of_a_run_that_has_diverged_is_applied_and_brings_no_frame(config, runs):
    """No frame of it is shown, and a session that waits for one would be busy without end."""
    person = Person(config)
    person.send(person.configure(), m.Run(m.Until(step=5)))
    runs[-1].trainer.loss.weight.data.fill_(float("nan"))
    person.send(m.Run())
    shown = len(person.of(m.Frame))
    person.send(person.configure(optimizer__rate=0.01), ticks=3)
    assert not person.session.busy
    assert person.of(m.Configured)[-1].config_seq == 2
    assert len(person.of(m.Frame)) == shown


def test_digits_that_a_person_draws_are_embedded(config):
    person = Person(config)
    images = np.zeros((3, 12, 12), np.uint8)
    person.send(person.configure(), m.Embed(7, Array.of(images)))
    (embedded,) = person.of(m.Embedded)
    assert (embedded.request, embedded.features.shape) == (7, (3, 2))
    person.send(m.Embed(8, Array.of(np.zeros((3, 9, 9), np.uint8))))
    (failed,) = person.of(m.Failed)
    assert "(n, 12, 12)" in str(failed.what)


def test_a_drawn_image_lands_where_the_same_image_of_the_probe_does_at_any_time_and_disturbs_no_training(
    config, tiny_data
):
    """Before training, in the middle of it, paused and at the end; the loss is that of a run left alone."""
    pixels = load_dataset(str(tiny_data)).test.pixels
    person, alone = Person(config), Person(config)
    alone.send(alone.configure(), m.Run(m.Until(step=12)))
    person.send(person.configure(), ticks=1)
    for steps in (0, 4, 8, 12):
        if steps:
            person.send(m.Run(m.Until(step=steps)))
        person.send(m.Embed(steps, Array.of(pixels[[5, 30]])), ticks=0)
        embedded, frame = person.of(m.Embedded)[-1], person.of(m.Frame)[-1]
        rows = [person.of(m.Started)[0].indices.numpy().tolist().index(index) for index in (5, 30)]
        assert (embedded.request, embedded.step, frame.step) == (steps, steps, steps)
        assert np.abs(embedded.features.numpy() - frame.features.numpy()[rows]).max() < 1e-5
    assert person.of(m.Finished)[-1].test_accuracy == alone.of(m.Finished)[-1].test_accuracy
    assert (person.of(m.Frame)[-1].features.numpy() == alone.of(m.Frame)[-1].features.numpy()).all()


def test_a_failure_is_told_once_and_the_next_configuration_works(config, tmp_path):
    person = Person(config)
    person.send(person.configure(data__source=str(tmp_path / "nowhere")), m.Run())
    (failed,) = person.of(m.Failed)
    assert "nowhere" in str(failed.what)
    assert (failed.where, failed.config_seq) == ("training", 1)
    assert failed.remedy == {"data.source": "mnist"}
    assert not person.session.busy
    person.send(person.configure(data__source=config.data.source), m.Run(m.Until(step=2)))
    assert person.of(m.Finished)


def test_a_command_that_fails_does_not_stop_the_training(config):
    person = Person(config)
    person.send(person.configure(), m.Run(), ticks=3)
    person.send(m.Embed(1, Array.of(np.zeros((1, 5, 5), np.uint8))), ticks=1)
    assert person.of(m.Failed)[-1].where == "Embed"
    assert person.session.busy


def test_an_end_right_after_a_frame_reports_the_means_of_that_frame(config):
    person = Person(config)
    person.send(person.configure(), m.Run(), ticks=8)
    last = person.of(m.Frame)[-1]
    assert last.step == 8
    person.session.finish()
    finished = person.of(m.Finished)[-1]
    assert (finished.step, finished.loss) == (8, last.scalars["loss"])
    assert finished.train_accuracy == last.scalars["train_accuracy"]
