"""Frames whose numbers arrive while training goes on, as on a GPU; here the copy is slow on purpose."""

import pytest
import torch

from explorer.core.protocol import messages as m
from explorer.core.settings.config import RunConfig
from explorer.worker.frames import pending_frame
from explorer.worker.frames.pace import Pace
from explorer.worker.session import Session

CUDA = torch.device("cuda")


class SlowTransfer:
    """Has its tensors at once, and says so only when asked often enough."""

    asked_for = 4
    seconds = 0.0

    def __init__(self, compute, _device, **_options):
        self._tensors = compute()
        self._asked = 0

    @property
    def ready(self):
        self._asked += 1
        return self._asked > self.asked_for

    def result(self):
        return self._tensors


@pytest.fixture
def late(tiny_data, monkeypatch, runs):
    """Return a session in full run, its first frame acknowledged, its events, and the run.

    A frame is taken only where a test forces one: else it would depend on the speed of the machine.
    """
    monkeypatch.setattr(pending_frame, "transfer", SlowTransfer)
    monkeypatch.setattr(Pace, "due", lambda _self, _now: False)
    events = []

    def on_event(event):
        events.append(event)
        if isinstance(event, m.Frame):
            session.handle(m.Ack(event.index))

    session = Session(on_event)
    settings = {"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu"}
    session.handle(m.Configure(1, RunConfig().replace(settings)))
    session.handle(m.Run())
    while not any(isinstance(event, m.Frame) for event in events):
        session.tick()
    return session, events, runs[-1]


def frames(events):
    return [event for event in events if isinstance(event, m.Frame)]


def test_training_goes_on_while_a_frame_is_on_its_way(late):
    session, events, run = late
    run.frame_forced = True
    before = run.trainer.step_count
    weight = None
    for _ in range(SlowTransfer.asked_for):
        session.tick()
        weight = run.trainer.loss.weight.detach().clone() if weight is None else weight
    assert run.trainer.step_count == before + SlowTransfer.asked_for
    assert all(frame.step <= before for frame in frames(events))
    session.tick()
    (frame,) = [frame for frame in frames(events) if frame.step == before + 1]
    assert torch.equal(torch.tensor(frame.weight.numpy()), weight), "a frame shows one step, not a later one"


def test_a_setting_changed_meanwhile_waits_for_no_frame(late):
    """It would wait for as long as frames take, and training with it, at each move of a slider."""
    session, events, run = late
    run.frame_forced = True
    session.tick()
    begun, shown = run.trainer.step_count, len(frames(events))
    config = run.trainer.config.replace({"optimizer.rate": 0.02})
    session.handle(m.Configure(2, config))
    for _ in range(SlowTransfer.asked_for - 1):
        session.tick()
        assert run.trainer.config == config
        assert len(frames(events)) == shown, "a frame was waited for"
    while frames(events)[-1].config_seq < 2:
        session.tick()
    before, after = frames(events)[shown:]
    assert before.step == begun
    assert after.config_step == begun, "the next step has used it"


def test_a_pause_waits_for_the_frame_of_its_step(late):
    session, events, run = late
    for _ in range(3):
        session.tick()
    session.handle(m.Pause())
    while session.busy:
        session.tick()
    assert frames(events)[-1].step == run.trainer.step_count
    steps = [frame.step for frame in frames(events)]
    assert steps == sorted(set(steps))


def test_an_end_reports_the_means_since_the_frame_before(late):
    session, events, run = late
    session.handle(m.Run(m.Until(step=run.trainer.step_count + 9)))
    while session.busy:
        session.tick()
    (finished,) = [event for event in events if isinstance(event, m.Finished)]
    assert finished.step == frames(events)[-1].step
    assert finished.loss == frames(events)[-1].scalars["loss"]


def test_divergence_is_told_by_the_next_frame_which_is_not_shown(late):
    session, events, run = late
    run.trainer.device = CUDA
    bad = run.trainer.step_count
    run.trainer.loss.weight.data.fill_(float("nan"))
    run.frame_forced = True
    for _ in range(SlowTransfer.asked_for + 3):
        session.tick()
    (notice,) = [event for event in events if isinstance(event, m.Notice)]
    assert (notice.kind, notice.step) == ("diverged", bad)
    assert not session.busy
    assert all(frame.step <= bad for frame in frames(events))
