"""A run is brought back beside the live one: it takes its place once it is there, and no moment before."""

import pytest
from gui.session.fake_client import announce, fail, frame
from msgspec.structs import replace

from explorer.core.protocol import messages as m
from explorer.core.recording.header import Parent
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.session.continuation import Continuation, ContinuationError
from explorer.gui.session.run import Run

WANTED = RunConfig().replace({"loss.name": "arcface", "network.dim": 3})
BRANCH = Continuation(
    parent=Parent("f00d", 40),
    elapsed=2.5,
    config=WANTED,
    start=30,
    checkpoint=b"state",
    first=None,
    changes=(),
    threads=1,
    data_digest="",
    caution=None,
)


@pytest.fixture
def run(run, client):
    run.start()
    client.eventReceived.emit(frame(announce(client), 5))
    return run


@pytest.fixture
def begin(run, client):
    """Ask for the branch, and return its number."""

    def act():
        run.continue_from(BRANCH)
        return client.of(m.Restore)[-1].seq

    return act


@pytest.mark.usefixtures("run")
def test_the_worker_is_asked_for_checkpoints_as_soon_as_it_is_there(client):
    client.eventReceived.emit(m.Hello(m.PROTOCOL_VERSION, "", "", ()))
    assert client.of(m.SendCheckpoints) == [m.SendCheckpoints(m.CHECKPOINT_SECONDS)]


def test_the_run_before_is_shown_until_the_first_frame_of_the_other(run, client, begin, qtbot):
    seq = begin()
    assert (run.phase, run.restoring.step) == ("restoring", 30)
    client.eventReceived.emit(m.Restoring(seq, 36))
    assert run.restoring.step == 36
    before = run.snapshot
    client.eventReceived.emit(replace(run.started, run=2, config_seq=seq, step=40))
    assert (run.phase, run.config, run.restoring) == ("paused", WANTED, None)
    assert run.snapshot is before
    assert run.checkpoints.parent == Parent("f00d", 40)
    assert run.pending.restart == ()
    with qtbot.waitSignal(run.continued) as told:
        client.eventReceived.emit(frame(seq, 40, number=2))
    assert told.args == [BRANCH]
    assert (run.snapshot.step, run.snapshot.config) == (40, WANTED)
    assert list(run.steps) == [40]
    assert len(run.history) == 1
    run.start()
    assert isinstance(client.sent[-1], m.Run)


def test_a_run_is_brought_back_although_the_settings_of_the_one_before_have_failed(run, client, begin):
    run.restart()
    fail(client, client.configurations[-1].seq)
    tried = len(client.configurations)
    seq = begin()
    assert len(client.configurations) == tried
    client.eventReceived.emit(m.RestoreCancelled(seq))
    assert run.phase == "failed"


def test_frames_of_the_run_before_do_not_count_as_those_of_the_other(run, client, begin):
    seq = begin()
    client.eventReceived.emit(replace(run.started, run=2, config_seq=seq, step=40))
    client.eventReceived.emit(frame(1, 6, number=1))
    assert run.snapshot.step == 5


@pytest.mark.parametrize("before", ["running", "paused", "finished", "failed"])
def test_where_it_is_cancelled_the_run_before_is_as_it_was(run, client, begin, before):
    old = run.config
    run.phase = before
    seq = begin()
    run.toggle()
    assert isinstance(client.sent[-1], m.Pause)
    client.eventReceived.emit(m.RestoreCancelled(seq))
    assert run.restoring is None
    assert run.phase == ("paused" if before == "running" else before)
    assert (run.config, run.snapshot.step) == (old, 5)
    client.eventReceived.emit(frame(1, 6))
    assert run.snapshot.step == 6


def test_a_run_that_came_just_before_it_was_cancelled_is_taken(run, client, begin):
    """The worker has it, and nothing of it would be understood otherwise."""
    seq = begin()
    run.pause()
    client.eventReceived.emit(replace(run.started, run=2, config_seq=seq, step=40))
    assert (run.phase, run.config) == ("paused", WANTED)


def test_a_restart_meanwhile_wins(run, client, begin):
    seq = begin()
    run.restart()
    assert run.restoring is None
    client.eventReceived.emit(m.RestoreCancelled(seq))
    wanted = announce(client, number=2)
    assert run.config == RunConfig()
    client.eventReceived.emit(frame(wanted, 0, number=2))
    assert run.snapshot.step == 0


def test_training_the_run_before_cancels_it(run, client, begin):
    seq = begin()
    run.start()
    client.eventReceived.emit(m.RestoreCancelled(seq))
    assert (run.phase, run.restoring) == ("running", None)


@pytest.mark.parametrize("before", ["paused", "failed"])
def test_a_change_meanwhile_cancels_it_and_is_then_sent_for_the_run_before(run, client, begin, before):
    """The other run has three dimensions: a mixture of both would restart the run before."""
    run.phase = before
    seq = begin()
    sent = len(client.configurations)
    run.set_param("optimizer.rate", 0.02)
    assert isinstance(client.sent[-1], m.Pause)
    assert len(client.configurations) == sent, "the worker may have the other run already"
    client.eventReceived.emit(m.RestoreCancelled(seq))
    assert client.configurations[-1].config == RunConfig().replace({"optimizer.rate": 0.02})
    assert (run.phase, len(client.configurations)) == (before, sent + 1)


def test_a_change_while_the_other_run_is_on_its_way_loses_neither(run, client, begin, qtbot):
    """A configuration sent meanwhile would start a third run, whose number nobody here knows."""
    seq = begin()
    sent = len(client.configurations)
    run.set_param("optimizer.rate", 0.02)
    client.eventReceived.emit(replace(run.started, run=2, config_seq=seq, step=40))
    assert (run.phase, run.config, len(client.configurations)) == ("paused", WANTED, sent)
    client.eventReceived.emit(frame(seq, 40, number=2))
    assert (run.snapshot.step, run.snapshot.config) == (40, WANTED)
    run.set_param("optimizer.rate", 0.03)
    qtbot.waitUntil(lambda: len(client.configurations) > sent)
    assert client.configurations[-1].config == WANTED.replace({"optimizer.rate": 0.03})


def test_a_change_between_two_requests_is_sent_where_the_second_is_cancelled(run, client, begin):
    begin()
    run.set_param("optimizer.rate", 0.02)
    second = begin()
    client.eventReceived.emit(m.RestoreCancelled(second))
    assert client.configurations[-1].config.get("optimizer.rate") == 0.02


def test_training_on_after_a_failure_begins_anew_also_while_a_run_is_brought_back(run, client, begin):
    run.phase = "failed"
    begin()
    run.start()
    assert (run.phase, run.restoring) == ("running", None)
    assert [type(command) for command in client.sent[-2:]] == [m.Restart, m.Run]


def test_of_two_requests_the_newer_counts(run, client, begin):
    first = begin()
    second = begin()
    client.eventReceived.emit(m.RestoreCancelled(first))
    assert run.phase == "restoring"
    client.eventReceived.emit(m.RestoreCancelled(second))
    assert run.phase == "paused"


def test_a_run_that_came_just_before_it_was_replaced_is_the_one_to_return_to(run, client, begin):
    first = begin()
    second = begin()
    client.eventReceived.emit(replace(run.started, run=2, config_seq=first, step=40))
    assert (run.phase, run.config, run.restoring.seq) == ("restoring", WANTED, second)
    client.eventReceived.emit(m.RestoreCancelled(second))
    assert (run.phase, run.restoring) == ("paused", None)
    client.eventReceived.emit(frame(first, 40, number=2))
    assert (run.snapshot.step, run.snapshot.config) == (40, WANTED)


def test_what_went_wrong_is_told_and_the_run_before_stays(run, client, begin, qtbot):
    seq = begin()
    failed = m.Failed(run=1, what=text("The images have changed."), where="Restore", config_seq=seq)
    with (
        qtbot.assertNotEmitted(run.problemOccurred),
        qtbot.waitSignal(run.restoreFailed) as told,
    ):
        client.eventReceived.emit(failed)
    assert str(told.args[0].text) == "The images have changed."
    assert (run.phase, run.snapshot.step) == ("paused", 5)


def test_the_failure_of_a_request_that_was_replaced_is_no_problem_of_the_run(run, client, begin, qtbot):
    first = begin()
    begin()
    failed = m.Failed(run=1, what=text("It diverged."), where="Restore", config_seq=first)
    with qtbot.assertNotEmitted(run.problemOccurred), qtbot.assertNotEmitted(run.restoreFailed):
        client.eventReceived.emit(failed)
        run.restart()
        client.eventReceived.emit(replace(failed, config_seq=first + 1))
    assert run.phase == "ready"


def test_a_worker_that_dies_meanwhile_is_no_run_that_is_brought_back(run, client, begin):
    begin()
    client.alive = False
    client.died.emit("The worker was killed.", "")
    assert (run.phase, run.restoring) == ("failed", None)
    begin()
    assert client.alive, "the next request brings another worker"


@pytest.mark.parametrize("end", ["restart", "death", "settings"])
def test_whoever_is_told_that_it_ended_hears_of_no_run_that_is_brought_back(run, client, begin, end):
    """The status line, told of a run without frames, had no words for its phase: an error at each preset."""
    begin()
    heard = []
    for signal in (run.snapshotChanged, run.stateChanged):
        signal.connect(lambda: heard.append((run.phase == "restoring", run.restoring is not None)))
    match end:
        case "restart":
            run.restart()
        case "settings":
            run.begin_with(RunConfig().replace({"loss.name": "arcface"}))
        case _:
            client.died.emit("It is gone.", "")
    assert set(heard) == {(False, False)}


def test_a_run_that_has_not_begun_cannot_be_continued(client):
    run = Run(client, RunConfig())
    with pytest.raises(ContinuationError, match="has not started"):
        run.continuation(None)
    run.close()
