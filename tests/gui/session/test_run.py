"""Run owns what is wanted: nothing the person set is lost, and nothing stale is shown."""

import threading
from pathlib import Path

import numpy as np
import pytest
from gui.session.fake_client import announce, fail, frame
from msgspec.structs import replace

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.settings.config import RunConfig, diff
from explorer.core.texts import text
from explorer.gui.faults import FaultLog
from explorer.gui.session.process import data_digest
from explorer.gui.session.run import Run
from explorer.gui.session.run_cursor import RunCursor


def test_a_frame_is_shown_kept_in_the_history_and_acknowledged_once_it_is_drawn(run, client, qtbot):
    seq = announce(client)
    with qtbot.waitSignal(run.snapshotChanged):
        client.eventReceived.emit(frame(seq, 3, index=5))
    assert run.snapshot.step == 3
    assert run.history.column("loss").tolist() == [1.0]
    assert not client.of(m.Ack)
    qtbot.waitUntil(lambda: client.of(m.Ack) == [m.Ack(5)])


def test_of_a_live_run_the_frames_can_be_read_by_their_index(run, client):
    assert list(run.frames) == []
    seq = announce(client)
    for step in (3, 6, 9):
        client.eventReceived.emit(frame(seq, step))
    assert list(run.frames) == [0, 1, 2]
    assert [run.frame(index).step for index in run.frames] == list(run.steps) == [3, 6, 9]
    assert list(run.elapsed) == pytest.approx([0.3, 0.6, 0.9])
    assert run.frame(2) is run.snapshot
    for index in (-1, 3):
        with pytest.raises(LookupError):
            run.frame(index)
    assert run.probe is run.snapshot.probe
    run.restart()
    assert list(run.frames) == []
    assert run.probe is None
    client.eventReceived.emit(frame(announce(client, number=2), 0, number=2))
    assert list(run.frames) == [0]


def test_the_files_of_a_data_set_are_hashed_once_until_they_change_and_not_by_the_window(
    run, client, monkeypatch
):
    """The worker reads them again then, under the same name."""
    threads, files = [], [(Path("a"), 1, 1)]

    def digest(source):
        threads.append(threading.current_thread())
        return f"{source}, read {len(threads)}"

    monkeypatch.setattr("explorer.core.recording.header.dataset_digest", digest)
    monkeypatch.setattr(data_digest, "dataset_stamp", lambda _source: tuple(files))

    def told(number):
        for step in (3, 6):
            client.eventReceived.emit(frame(announced, step, number=number))
        header = run.checkpoints.header(run.config)
        assert (header.run, header.config) == (run.checkpoints.run, run.config)
        return [header.data_digest, *(run.origin(run.frame(index)).data_digest for index in run.frames)]

    announced = announce(client)
    assert told(1) == 3 * ["mnist, read 1"]
    run.restart()
    announced = announce(client, number=2)
    assert told(2) == 3 * ["mnist, read 1"]
    files.append((Path("a"), 1, 2))
    run.restart()
    announced = announce(client, number=3)
    assert told(3) == 3 * ["mnist, read 2"]
    assert threading.main_thread() not in threads


def test_the_window_does_not_wait_for_a_data_set_that_takes_long_to_hash(run, client, monkeypatch):
    hashed = threading.Event()
    monkeypatch.setattr(
        "explorer.core.recording.header.dataset_digest", lambda _source: "ab" if hashed.wait(60) else ""
    )
    client.eventReceived.emit(frame(announce(client), 3))
    assert run.origin(run.snapshot).data_digest == ""
    hashed.set()
    assert run.checkpoints.header(run.config).data_digest == "ab"
    assert run.origin(run.snapshot).data_digest == "ab"


def test_a_run_says_whether_it_trains_and_on_how_many_threads(run, client):
    assert run.can_train
    assert run.can_configure
    assert (run.training, run.threads) == (False, 0)
    announce(client)
    run.start()
    assert (run.training, run.threads) == (True, 1)


def test_the_trainer_is_starting_until_its_first_frame(run, client):
    cursor = RunCursor(run)
    assert run.starting
    assert cursor.starting
    seq = announce(client)
    assert run.starting
    client.eventReceived.emit(frame(seq, 0))
    assert not run.starting
    run.restart()
    assert run.starting
    fail(client, client.configurations[-1].seq)
    assert not run.starting
    client.alive = False
    assert not cursor.starting


def test_a_change_of_settings_leaves_a_mark_that_a_restart_takes_away(run, client, qtbot):
    first = announce(client)
    run.start()
    client.eventReceived.emit(frame(first, 3))
    run.set_param("optimizer.rate", 0.01)
    qtbot.waitUntil(lambda: client.of(m.Configure)[-1].seq != first)
    client.eventReceived.emit(frame(first, 6))
    assert not len(run.history.marks)
    client.eventReceived.emit(frame(client.of(m.Configure)[-1].seq, 9))
    assert [mark.texts[0] for mark in run.history.marks] == ["Learning rate 0.1 → 0.01"]
    run.restart()
    client.eventReceived.emit(frame(announce(client, number=2), 0, number=2))
    assert len(run.history) == 1
    assert not len(run.history.marks)


def test_frames_of_another_run_are_dropped_but_acknowledged(run, client, qtbot):
    seq = announce(client, number=2)
    client.eventReceived.emit(frame(seq, 3, number=1))
    assert run.snapshot is None
    qtbot.waitUntil(lambda: len(client.of(m.Ack)) == 1)


MALFORMED = {
    "too few rows": {"features": Array.of(np.zeros((3, 2), np.float32))},
    "no rows and columns": {"features": Array.of(np.zeros(8, np.float32))},
}


@pytest.mark.parametrize("arrays", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_frame_is_told_once_and_costs_only_itself(run, client, qtbot, arrays):
    seq = announce(client)
    faults = FaultLog()
    told = []
    faults.occurred.connect(lambda sentence, _details: told.append(sentence))
    with qtbot.captureExceptions() as errors:
        for index in (5, 6):
            client.eventReceived.emit(replace(frame(seq, 3, index=index), **arrays))
        qtbot.waitUntil(lambda: client.of(m.Ack) == [m.Ack(5), m.Ack(6)])
    for error in errors:
        faults.take(*error)
    assert len(told) == 1
    assert "probe images" in told[0]
    assert run.snapshot is None
    assert len(run.history) == 0
    client.eventReceived.emit(frame(seq, 4, index=7))
    assert run.snapshot.step == 4
    qtbot.waitUntil(lambda: client.of(m.Ack)[-1] == m.Ack(7))


def test_a_drag_sends_few_configurations_and_its_end_always_arrives(run, client, qtbot):
    run.set_loss("arcface")
    before = len(client.of(m.Configure))
    for value in np.linspace(0.1, 0.9, 200):
        run.set_param("loss.margin", float(value))
    qtbot.waitUntil(lambda: client.of(m.Configure)[-1].config.loss.params.get("margin") == 0.9)
    assert len(client.of(m.Configure)) - before < 20


def test_a_change_is_sent_before_anything_is_redrawn_for_it(run, client):
    announce(client)
    sent = []
    run.configChanged.connect(lambda _old, _new: sent.append(client.of(m.Configure)[-1].config))
    run.stateChanged.connect(lambda: sent.append(client.of(m.Configure)[-1].config))
    run.set_param("optimizer.rate", 0.01)
    assert sent == [run.config, run.config]


def test_a_restart_takes_what_a_drag_has_not_sent_yet_and_sends_it_once(run, client, qtbot):
    announce(client)
    for rate in (0.01, 0.02, 0.03):
        run.set_param("optimizer.rate", rate)
    run.restart()
    assert client.configurations[-1] == m.Restart(client.configurations[-1].seq, run.config)
    count = len(client.configurations)
    qtbot.wait(60)
    assert len(client.configurations) == count


def test_what_needs_a_restart_waits_for_it_while_live_changes_go_through(run, client, qtbot):
    seq = announce(client)
    run.start()
    client.eventReceived.emit(frame(seq, 3))
    run.set_param("network.dim", 3)
    run.set_param("optimizer.rate", 0.01)
    qtbot.waitUntil(lambda: client.of(m.Configure)[-1].config.optimizer.rate == 0.01)
    assert client.of(m.Configure)[-1].config.network.dim == 2
    assert run.pending.restart == ("network.dim",)
    client.sent.clear()
    run.restart()
    restart, started = client.sent
    assert isinstance(started, m.Run)
    assert isinstance(restart, m.Restart), "one message: between two the worker could act on the first"
    assert restart.config == run.config
    assert not run.pending


def test_what_waits_for_a_restart_is_worked_out_once_a_change(run, client, monkeypatch):
    seq = announce(client)
    client.eventReceived.emit(frame(seq, 3))
    compared = []
    monkeypatch.setattr(
        "explorer.gui.session.run_control.diff", lambda *pair: compared.append(pair) or diff(*pair)
    )
    for dim in (3, 2, 3):
        run.set_param("network.dim", dim)
        expected = ("network.dim",) if dim == 3 else ()
        assert [run.pending.restart for _ in range(3)] == [expected] * 3
    assert len(compared) == 3


def test_before_the_first_step_every_change_acts_at_once(run, client, qtbot):
    announce(client)
    run.set_param("network.dim", 3)
    qtbot.waitUntil(lambda: client.of(m.Configure)[-1].config.network.dim == 3)
    assert not run.pending


def test_going_back_to_a_loss_brings_its_parameters_back(run):
    run.set_loss("arcface")
    run.set_param("loss.margin", 0.77)
    run.set_loss("cosface")
    run.set_loss("arcface")
    assert run.config.get("loss.margin") == 0.77


def test_a_dead_worker_keeps_the_settings_and_start_brings_another(run, client, qtbot):
    announce(client)
    run.set_loss("arcface")
    run.start()
    client.alive = False
    with qtbot.waitSignal(run.problemOccurred) as problem:
        client.died.emit(text("The worker was killed."), "last words")
    assert problem.args[0].details == "last words"
    assert run.phase == "failed"
    client.sent.clear()
    run.toggle()
    assert client.sent[0] == "start"
    assert client.of(m.Configure)[-1].config.loss.name == "arcface"
    assert client.of(m.Run)
    assert run.phase == "running"


def test_a_failure_of_the_run_is_told_and_the_next_start_says_again_what_is_wanted(run, client):
    fail(client, client.configurations[-1].seq)
    assert run.phase == "failed"
    client.sent.clear()
    run.start()
    assert client.configurations[-1].config == run.config
    assert client.of(m.Run)


def test_a_failure_of_settings_that_were_corrected_meanwhile_does_not_stop_the_next_run(run, client, qtbot):
    """The worker may fail while the window sends what is right: what it says then comes too late."""
    run.set_param("data.classes", 13)
    run.restart()
    wrong = client.configurations[-1].seq
    run.set_param("data.classes", 10)
    run.restart()
    run.start()
    with qtbot.assertNotEmitted(run.problemOccurred):
        fail(client, wrong)
    assert run.phase == "running"
    client.eventReceived.emit(frame(announce(client), 3))
    assert run.snapshot.step == 3


def test_after_a_failure_settings_that_are_on_their_way_bring_a_run_that_is_ready(run, client):
    wrong = client.configurations[-1].seq
    run.set_param("data.classes", 5)
    run.step()
    assert client.configurations[-1].seq > wrong
    fail(client, wrong)
    assert run.phase == "failed"
    client.eventReceived.emit(frame(announce(client), 0))
    assert run.phase == "ready"
    assert run.snapshot.step == 0


@pytest.mark.parametrize(
    "late",
    [
        m.Notice(run=1, kind="diverged", text=text("NaN at 5"), step=5),
        m.Finished(1, 9, 1.5, 0.9, 9.0, 0.5, 0.5, 10, 0.1),
    ],
    ids=lambda late: type(late).__name__,
)
def test_the_end_of_a_run_that_has_been_restarted_does_not_end_the_next_one(run, client, late):
    announce(client)
    run.start()
    run.restart()
    client.eventReceived.emit(late)
    assert run.phase == "running"
    announce(client, number=2)
    client.eventReceived.emit(late)
    assert run.phase == "running"


def test_a_restart_does_not_wait_for_a_process_that_does_not_respond(run, client):
    announce(client)
    run.start()
    client.sent.clear()
    client.stalled = True
    run.restart()
    started, configured, trains = client.sent
    assert started == "start"
    assert configured == m.Configure(configured.seq, run.config)
    assert trains == m.Run()


@pytest.mark.parametrize("go_on", [Run.start, Run.toggle, Run.step])
def test_after_divergence_every_way_to_go_on_begins_again(run, client, go_on):
    """The worker refuses to go on with a run whose loss is NaN."""
    announce(client)
    run.start()
    client.eventReceived.emit(m.Notice(run=1, kind="diverged", text=text("NaN at 5"), step=5))
    assert run.phase == "failed"
    client.sent.clear()
    go_on(run)
    restart, trains = client.sent
    assert restart == m.Restart(restart.seq, run.config)
    assert isinstance(trains, m.Run | m.Advance)
    assert run.phase != "failed"


def test_divergence_carries_its_remedy(run, client, qtbot):
    announce(client)
    with qtbot.waitSignal(run.problemOccurred) as problem:
        client.eventReceived.emit(
            m.Notice(run=1, kind="diverged", text=text("NaN at 5"), step=5, remedy={"optimizer.rate": 0.1})
        )
    assert problem.args[0].remedy == {"optimizer.rate": 0.1}


def test_a_remedy_for_a_loss_that_is_there_no_more_is_not_offered(run, client, qtbot):
    announce(client)
    with qtbot.waitSignal(run.problemOccurred) as problem:
        client.eventReceived.emit(
            m.Notice(run=1, kind="diverged", text=text("NaN at 5"), step=5, remedy={"loss.scale": 4.0})
        )
    assert problem.args[0].remedy == {"optimizer.rate": 0.025}


def test_training_that_comes_to_nothing_is_told_once_with_what_helps(client):
    one_point = Array.of(np.zeros((4, 2), np.float32))
    run = Run(client, RunConfig().replace({"loss.name": "center", "loss.weight": 8.0}))
    run.open()
    seq = announce(client)
    told = []
    run.failureNoticed.connect(told.append)
    for step in range(0, 200, 10):
        client.eventReceived.emit(replace(frame(seq, step, loss=2.3), features=one_point))
    (problem,) = told
    assert "one point" in str(problem.text)
    assert problem.remedy == {"loss.weight": 0.8}
    assert problem.way_back is None, "it was like this from the start"
    run.close()
