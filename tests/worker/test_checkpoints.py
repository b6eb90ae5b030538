"""Checkpoints that travel: taken often enough to go on from any step, seldom enough to cost nothing."""

import pytest
import torch

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.worker import checkpoints
from explorer.worker.checkpoints import CheckpointSchedule
from explorer.worker.session import Session


@pytest.fixture
def config(tiny_data):
    changes = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu", "data.probe_every": 1}
    return RunConfig().replace(changes | {"loss.name": "arcface", "optimizer.rate": 0.02})


class Trained:
    """A session that is told these commands in turn, each after so many steps, and its events."""

    def __init__(self, *commands):
        self.events = []
        self.session = Session(self._take)
        for command in commands:
            self.session.handle(command)
            while self.session.busy and not isinstance(command, m.Configure):
                self.session.tick()

    def _take(self, event):
        self.events.append(event)
        if isinstance(event, m.Frame):
            self.session.handle(m.Ack(event.index))

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def losses(self):
        return {frame.step: frame.scalars["loss"] for frame in self.of(m.Frame) if "loss" in frame.scalars}


def times(schedule, seconds):
    """Return when checkpoints are taken, of a run that looks every tenth of a second."""
    found = []
    for tenths in range(10 * seconds):
        if schedule.due(tenths / 10):
            schedule.taken(tenths / 10)
            found.append(tenths / 10)
    return found


def test_they_come_at_the_start_and_then_every_so_many_seconds_fewer_as_the_run_grows():
    schedule = CheckpointSchedule()
    assert times(schedule, 30) == []
    schedule.every = 10.0
    schedule.begin()
    found = times(schedule, 4000)
    assert found[:4] == [0, 10, 20, 30]
    assert found[-1] - found[-2] == pytest.approx(0.02 * found[-1], abs=0.2)
    assert len(found) < 170, "every ten seconds there would be 400"


def test_a_change_of_settings_brings_one_but_a_dragged_slider_not_hundreds():
    schedule = CheckpointSchedule()
    schedule.every = 10.0
    found = []
    for tenths in range(80):
        if 30 <= tenths < 55:
            schedule.settings_changed()
        if schedule.due(tenths / 10):
            schedule.taken(tenths / 10)
            found.append(tenths / 10)
    assert found == [0, 3, 4, 5, 6]


@pytest.mark.usefixtures("checkpoint_at_each_step")
def test_going_on_from_any_checkpoint_repeats_the_run_to_the_last_bit(config):
    """A run whose margin and then loss change; every checkpoint is sent through the protocol's own bytes."""
    changed = config.replace({"loss.margin": 0.4})
    other = changed.replace({"loss.name": "center"})
    run = Trained(
        m.SendCheckpoints(0.0),
        m.Configure(1, config),
        m.Run(m.Until(step=5)),
        m.Configure(2, changed),
        m.Run(m.Until(step=11)),
        m.Configure(3, other),
        m.Run(m.Until(step=20)),
    )
    assert [(told.config_seq, told.step) for told in run.of(m.Configured)] == [(2, 5), (3, 11)]
    kept = {checkpoint.step: checkpoint for checkpoint in run.of(m.Checkpoint)}
    assert sorted(kept) == list(range(21))
    for step, changes in ((0, {5: changed, 11: other}), (8, {11: other}), (13, {})):
        torch.manual_seed(step)
        commands = [m.Restore(1, step, 0.0, kept[step].data)]
        for seq, (until, settings) in enumerate(changes.items(), 2):
            commands += [m.Run(m.Until(step=until)), m.Configure(seq, settings)]
        again = Trained(*commands, m.Run(m.Until(step=20)))
        assert not again.of(m.Failed)
        expected = {number: loss for number, loss in run.losses.items() if number > step}
        assert {number: loss for number, loss in again.losses.items() if number > step} == expected


def test_the_last_checkpoint_is_of_the_last_step_and_comes_before_the_end_is_told(config):
    run = Trained(m.SendCheckpoints(1000.0), m.Configure(1, config), m.Run(m.Until(step=7)))
    assert [checkpoint.step for checkpoint in run.of(m.Checkpoint)] == [0, 7]
    kinds = [type(event) for event in run.events if not isinstance(event, m.Preparing)]
    assert kinds[:3] == [m.Started, m.Frame, m.Checkpoint]
    assert kinds[-2:] == [m.Checkpoint, m.Finished]


def test_one_can_be_asked_for_at_any_time_and_none_comes_unasked(config):
    run = Trained(m.Configure(1, config), m.Run(m.Until(step=4)), m.SendCheckpoints(1000.0))
    assert [checkpoint.step for checkpoint in run.of(m.Checkpoint)] == [4]
    run.session.handle(m.SendCheckpoints(None))
    run.session.handle(m.Run(m.Until(step=8)))
    while run.session.busy:
        run.session.tick()
    assert len(run.of(m.Checkpoint)) == 1


def test_a_state_too_large_for_a_message_is_said_once_and_the_training_goes_on(config, monkeypatch):
    monkeypatch.setattr(checkpoints, "MAX_CHECKPOINT", 10_000)
    run = Trained(m.SendCheckpoints(0.0), m.Configure(1, config), m.Run(m.Until(step=4)))
    assert [(notice.kind, notice.step) for notice in run.of(m.Notice)] == [("oversized", 0)]
    assert run.of(m.Finished)[0].step == 4
    assert run.of(m.Checkpoint) == []


def test_what_is_no_checkpoint_is_a_failure_and_not_a_crash(config):
    run = Trained(m.Configure(1, config), m.Run(m.Until(step=2)), m.Restore(2, 5, 0.0, b"nonsense"))
    failure = str(run.of(m.Failed)[0].what)
    assert failure.startswith("Cannot restore the run: its checkpoint is incomplete or damaged")
