"""Every run of a window is on disk up to what was last shown, and no fault of the disk reaches training."""

import errno
import os
import time

import numpy as np
import pytest
from gui.session.fake_client import FakeClient, announce, frame
from gui.session.test_restoring_runs import BRANCH
from mcap.writer import Writer
from msgspec.structs import replace

from explorer.core.data.datasets import dataset_digest
from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording.header import Parent, RecordingError
from explorer.core.recording.locks import use_of
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text
from explorer.gui.library.files import LibraryOptions, stored_runs
from explorer.gui.session import frame_store
from explorer.gui.session import run_recording as recording
from explorer.gui.session.recorder import RunRecorder
from explorer.gui.session.run import Run


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
def run(client):
    run = Run(client, RunConfig())
    yield run
    run.close()


@pytest.fixture
def recorder(client, run, tmp_path):
    recorder = RunRecorder(client, run, tmp_path / "runs", LibraryOptions())
    run.open()
    yield recorder
    recorder.close()


@pytest.fixture
def files(tmp_path):
    return lambda: sorted((tmp_path / "runs").glob("*.lossrun"), key=lambda path: path.stat().st_mtime_ns)


def wait(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=5000)


def recorded(path):
    with Recording(path) as found:
        return found.steps


def so_far(files):
    """Return the steps in the first file, none where it is just being created."""
    try:
        return recorded(files()[0])
    except (IndexError, RecordingError):
        return ()


def test_a_run_is_written_from_its_first_step_and_each_frame_as_soon_as_it_comes(
    client, run, recorder, files, qtbot
):
    seq = announce(client)
    client.eventReceived.emit(frame(seq, 0))
    client.eventReceived.emit(m.Checkpoint(1, 0, b"state"))
    assert files() == [], "a window that was only opened leaves nothing"
    for step in (3, 6):
        client.eventReceived.emit(frame(seq, step))
        wait(qtbot, lambda: files() and use_of(files()[0]) == "written")
        wait(qtbot, lambda step=step: so_far(files)[-1:] == (step,))
    with Recording(files()[0]) as found:
        assert found.steps == (0, 3, 6)
        assert found.checkpoints == (0,)
        assert found.config(2) == found.header.config == run.config
        assert not found.complete
    recorder.close()
    assert use_of(files()[0]) == ""
    with Recording(files()[0]) as found:
        assert found.complete


def test_settings_that_were_tried_before_the_first_step_are_not_those_of_the_run(
    client, run, recorder, files, qtbot
):
    seq = announce(client)
    client.eventReceived.emit(frame(seq, 0))
    run.set_loss("arcface")
    wait(qtbot, lambda: len(client.configurations) == 2)
    client.eventReceived.emit(m.Configured(1, seq + 1, 0))
    client.eventReceived.emit(frame(seq + 1, 0))
    client.eventReceived.emit(frame(seq + 1, 4))
    recorder.close()
    with Recording(files()[0]) as found:
        assert found.header.config == run.config
        assert found.header.data_digest == dataset_digest(run.config.data.source)
        assert [change.config for change in found.settings] == [run.config]
        assert found.steps == (0, 4)


def test_a_continued_run_is_recorded_from_its_first_step_with_all_that_was_tried_before_it(
    client, run, recorder, files, qtbot
):
    """Each loss that is chosen draws numbers, on which the next ones depend."""
    client.eventReceived.emit(frame(announce(client), 4))
    parent = Parent(run.checkpoints.run, 40)
    first = run.config
    run.continue_from(BRANCH)
    seq = client.of(m.Restore)[-1].seq
    client.eventReceived.emit(replace(run.started, run=2, config_seq=seq, step=40))
    client.eventReceived.emit(m.Checkpoint(2, 40, b"state"))
    client.eventReceived.emit(frame(seq, 40, number=2))
    for name in ("cosface", "softmax"):
        before = len(client.configurations)
        run.set_loss(name)
        wait(qtbot, lambda before=before: len(client.configurations) > before)
        seq = client.configurations[-1].seq
        client.eventReceived.emit(m.Configured(2, seq, 40))
        client.eventReceived.emit(frame(seq, 40, number=2))
    for rate in (0.01, 0.02, 0.03):  # a slider that is dragged: only its last place matters
        before = len(client.configurations)
        run.set_param("optimizer.rate", rate)
        wait(qtbot, lambda before=before: len(client.configurations) > before)
        seq = client.configurations[-1].seq
        client.eventReceived.emit(m.Configured(2, seq, 40))
        client.eventReceived.emit(frame(seq, 40, number=2))
    wait(qtbot, lambda: len(files()) == 1)
    client.eventReceived.emit(frame(seq, 41, number=2))
    recorder.close()
    for path in files():
        with Recording(path) as found:
            if found.header.parent is None:
                assert (found.header.run, found.steps, found.header.config) == (parent.run, (4,), first)
            else:
                assert found.header.parent == BRANCH.parent
                assert (found.steps, found.checkpoints, found.checkpoint_configs) == ((40, 41), (40,), (-1,))
                losses = [(change.step, change.config.loss.name) for change in found.settings]
                assert losses == [(40, "cosface"), (40, "softmax")]
                assert found.settings[-1].config == found.config(0) == run.config
    assert len(files()) == 2


def test_a_change_of_settings_is_recorded_with_its_step(client, run, recorder, files, qtbot):
    seq = announce(client)
    first = run.config
    client.eventReceived.emit(frame(seq, 4))
    run.set_loss("arcface")
    wait(qtbot, lambda: len(client.configurations) == 2)
    client.eventReceived.emit(m.Configured(1, seq + 1, 6))
    client.eventReceived.emit(frame(seq + 1, 8))
    recorder.close()
    with Recording(files()[0]) as found:
        assert [(change.step, change.config) for change in found.settings] == [(0, first), (6, run.config)]


def test_a_run_that_begins_anew_has_a_file_of_its_own_and_the_other_is_closed(client, run, recorder, files):
    for number in (1, 2):
        seq = announce(client, number=number)
        client.eventReceived.emit(frame(seq, 5 * number, number=number))
        run.restart()
    recorder.close()
    assert sorted(recorded(path) for path in files()) == [(5,), (10,)]


def test_a_worker_that_dies_ends_the_file_and_the_next_one_begins_another(client, run, recorder, files):
    for step in (5, 7):
        run.restart()
        seq = announce(client)
        client.eventReceived.emit(frame(seq, step))
        client.alive = False
        client.died.emit("The worker was killed.", "")
    recorder.close()
    assert sorted(recorded(path) for path in files()) == [(5,), (7,)]


def test_frames_of_a_run_that_was_given_up_are_not_recorded_as_the_next_ones(client, run, recorder, files):
    seq = announce(client)
    client.eventReceived.emit(frame(seq, 5))
    run.restart()
    seq = announce(client, number=2)
    client.eventReceived.emit(frame(seq - 1, 6, number=1))
    client.eventReceived.emit(frame(seq, 1, number=2))
    recorder.close()
    assert sorted(recorded(path) for path in files()) == [(1,), (5,)]


def test_a_long_run_is_thinned_and_still_has_its_last_frame(client, run, recorder, files, monkeypatch):
    monkeypatch.setattr(recording, "FULL_RATE_BYTES", 0)
    run.start()
    seq = announce(client)
    for step in range(1, 200):  # elapsed is a tenth of the step
        client.eventReceived.emit(frame(seq, 100_000 + step))
    recorder.close()
    steps = recorded(files()[0])
    assert steps == (100_001, 100_102, 100_199), "a thousandth of the time, and the last"


def test_a_frame_of_a_run_that_is_held_is_always_written(client, recorder, files, monkeypatch):
    monkeypatch.setattr(recording, "FULL_RATE_BYTES", 0)
    seq = announce(client)
    for step in (100_001, 100_002, 100_003):
        client.eventReceived.emit(frame(seq, step))
    recorder.close()
    assert recorded(files()[0]) == (100_001, 100_002, 100_003)


def test_a_full_disk_is_told_once_and_what_was_written_can_be_read(
    client, run, recorder, files, qtbot, monkeypatch
):
    seq = announce(client)
    client.eventReceived.emit(frame(seq, 1))
    wait(qtbot, lambda: so_far(files) == (1,))
    sentences = []
    recorder.failed.connect(sentences.append)

    def write(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Writer, "add_message", write)
    step = 2
    while not sentences and step < 1000:
        client.eventReceived.emit(frame(seq, step))
        step += 1
        qtbot.wait(5)
    client.eventReceived.emit(frame(seq, step))
    assert run.snapshot.step == step, "the window goes on"
    run.restart()
    seq = announce(client, number=2)
    for step in range(1, 20):
        client.eventReceived.emit(frame(seq, step, number=2))
        qtbot.wait(5)
    (sentence,) = sentences
    assert sentence == f"Cannot record to {files()[0]}: No space left on device. " + (
        "Training continues without a recording."
    )
    monkeypatch.undo()
    assert recorded(files()[0]) == (1,)
    run.restart()
    client.eventReceived.emit(frame(announce(client, number=3), 9, number=3))
    recorder.close()
    assert sorted(recorded(path) for path in files()) == [(1,), (9,)], "the next run is tried again"


def test_a_folder_that_cannot_be_made_is_told_and_the_run_goes_on(client, run, tmp_path, qtbot):
    (tmp_path / "file").write_text("not a folder")
    recorder = RunRecorder(client, run, tmp_path / "file" / "runs", LibraryOptions())
    run.open()
    sentences = []
    recorder.failed.connect(sentences.append)
    seq = announce(client)
    for step in range(1, 100):
        client.eventReceived.emit(frame(seq, step))
        qtbot.wait(5)
        if sentences:
            break
    recorder.close()
    assert "Cannot record to" in sentences[0]
    assert run.snapshot.step == step


@pytest.mark.usefixtures("recorder")
def test_every_frame_of_a_long_run_can_be_looked_back_on_and_is_that_of_the_recording(
    client, run, files, qtbot, monkeypatch
):
    monkeypatch.setattr(frame_store, "MOST_BYTES", 5 * 4096)  # of which the file makes no use
    random = np.random.default_rng(0)
    seq = announce(client)
    for step in range(60):
        if step == 30:
            run.set_loss("arcface")
            wait(qtbot, lambda: len(client.configurations) == 2)
            client.eventReceived.emit(m.Configured(1, seq + 1, 29))
            seq += 1
        features = Array.of(random.normal(size=(4, 2)).astype(np.float32))
        client.eventReceived.emit(replace(frame(seq, 7 * step), features=features))
        wait(qtbot, lambda step=step: not step or so_far(files)[-1:] == (7 * step,))
    assert run.steps == [7 * step for step in range(60)]
    with Recording(files()[0]) as found:
        assert found.steps == tuple(run.steps)
        assert run.elapsed == pytest.approx(found.elapsed)
        for index in run.frames[:-1]:
            past, same = run.frame(index), found.frame(index)
            assert past.features.tobytes() == same.features.data
            assert past.config == found.config(index)
            assert (past.step, past.epoch, past.scalars) == (same.step, same.epoch, same.scalars)
            assert past.probe is run.probe
    assert run.frame(59) is run.snapshot
    run.restart()
    assert (run.steps, run.elapsed) == ([], [])


def test_taking_a_frame_holds_the_window_up_for_less_than_a_millisecond(client, run, tmp_path):
    relay = FakeClient()  # which only the recorder hears, so that nothing else takes time
    recorder = RunRecorder(relay, run, tmp_path / "runs", LibraryOptions())
    run.open()
    relay.sent = client.sent
    announce(client)
    seq = announce(relay)
    features = Array.of(np.ones((10_000, 2), np.float32))
    times = []
    for step in range(1, 60):
        event = m.Frame(
            run=1, index=step, config_seq=seq, config_step=0, step=step, epoch=0.0, elapsed=1.0,
            samples_per_second=1.0, probe_samples=4, features=features, scalars={"loss": 1.0},
        )  # fmt: skip
        begun = time.perf_counter()
        relay.eventReceived.emit(event)
        times.append(time.perf_counter() - begun)
        time.sleep(0.002)
    recorder.close()
    (path,) = (tmp_path / "runs").iterdir()
    assert len(recorded(path)) == len(times)
    assert np.median(times) < 1e-3


def test_recording_can_be_switched_off_and_begins_again_with_the_next_run(client, run, recorder, files):
    client.eventReceived.emit(frame(announce(client), 5))
    recorder.set_options(LibraryOptions(recording=False))
    client.eventReceived.emit(frame(1, 6))
    run.restart()
    client.eventReceived.emit(frame(announce(client, number=2), 7, number=2))
    recorder.set_options(LibraryOptions())
    client.eventReceived.emit(frame(2, 8, number=2))
    run.restart()
    client.eventReceived.emit(frame(announce(client, number=3), 9, number=3))
    recorder.close()
    assert sorted(recorded(path) for path in files()) == [(5,), (9,)]


def test_the_oldest_runs_make_room_when_a_run_begins(client, recorder, tmp_path):
    folder = tmp_path / "runs"
    folder.mkdir()
    for second, name in enumerate(("older", "old"), 1):
        (folder / f"{name}.lossrun").write_bytes(bytes(600))
        os.utime(folder / f"{name}.lossrun", (second, second))
    recorder.set_options(LibraryOptions(limit=1e-6))  # a thousand bytes
    client.eventReceived.emit(frame(announce(client), 5))
    recorder.close()
    newest, other = (run.path.stem for run in stored_runs(folder))
    assert "softmax" in newest
    assert other == "old"


def test_events_are_written_as_they_are_found_and_that_it_diverged(client, run, recorder, files):
    seq = announce(client)
    for step in range(0, 60, 10):
        client.eventReceived.emit(frame(seq, step, loss=1.0 if step < 40 else 100.0))
    client.eventReceived.emit(m.Notice(1, "diverged", text("The loss became NaN."), step=55))
    recorder.close()
    (event,) = run.history.events.found
    assert (event.step, event.kind) == (40, "diverged")
    with Recording(files()[0]) as found:
        assert found.events == (event,)


def test_what_was_found_before_the_first_step_of_a_continued_run_is_written(client, run, recorder, files):
    """Nothing is on disk yet when it is found."""
    client.eventReceived.emit(frame(announce(client), 0))
    run.continue_from(BRANCH)
    seq = client.of(m.Restore)[-1].seq
    client.eventReceived.emit(replace(run.started, run=2, config_seq=seq, step=40))
    client.eventReceived.emit(frame(seq, 40, number=2))
    client.eventReceived.emit(m.Notice(2, "diverged", text("The loss became NaN."), step=40))
    (event,) = run.history.events.found
    assert (event.step, files()) == (40, [])
    client.eventReceived.emit(frame(seq, 41, number=2))
    recorder.close()
    with Recording(files()[0]) as found:
        assert found.events == (event,)


def test_a_divergence_that_no_frame_shows_is_written(client, recorder, files):
    seq = announce(client)
    for step in (0, 10, 20):
        client.eventReceived.emit(frame(seq, step))
    client.eventReceived.emit(m.Notice(1, "diverged", text("The loss became NaN."), step=25))
    recorder.close()
    with Recording(files()[0]) as found:
        assert [(event.step, event.kind) for event in found.events] == [(25, "diverged")]


def test_the_frame_of_an_event_is_written_where_others_are_left_out(
    client, run, recorder, files, monkeypatch
):
    monkeypatch.setattr(recording, "FULL_RATE_BYTES", 0)
    run.start()
    seq = announce(client)
    for step in range(1, 200):
        client.eventReceived.emit(frame(seq, 100_000 + step, loss=1.0 if step < 70 else 100.0))
    recorder.close()
    assert recorded(files()[0]) == (100_001, 100_070, 100_171, 100_199)


def test_the_events_of_the_run_before_are_not_those_of_the_next(client, run, recorder, files):
    for number in (1, 2):
        seq = announce(client, number=number)
        for step in (1, 11, 21):
            client.eventReceived.emit(frame(seq, step, number=number, loss=100.0 if step > 11 else 1.0))
        run.restart()
    recorder.close()
    for path in files():
        with Recording(path) as found:
            assert [event.step for event in found.events] == [21]
