"""A recording is shown as it was trained, as far as it is whole."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.events import recorded as runs
from core.recording import small_run as made

from explorer.core.recording.header import RecordingError
from explorer.core.recording.reader import Recording
from explorer.gui.session.recorded_run import RecordedRun


@pytest.fixture
def path(tmp_path):
    made.record(tmp_path / "a.lossrun")
    return tmp_path / "a.lossrun"


@pytest.fixture
def opened(qtbot):
    """Return what opens a recording, and closes it after the test."""
    runs = []

    def open_path(path, *, whole=True):
        runs.append(RecordedRun(path))
        if whole:
            qtbot.waitUntil(lambda: runs[-1].complete)
        return runs[-1]

    yield open_path
    for run in runs:
        run.close()


def damaged(path, index):
    """Flip a bit in the features of a frame."""
    data = bytearray(path.read_bytes())
    features = np.frombuffer(made.FRAMES[index].features.data, np.float32).astype(np.float16).tobytes()
    data[data.index(features) + 3] ^= 1
    path.write_bytes(data)


def test_every_frame_is_as_it_was_written_with_the_settings_of_its_step(path, opened):
    run = opened(path)
    assert list(run.frames) == [0, 1, 2, 3]
    assert list(run.steps) == [frame.step for frame in made.FRAMES]
    assert list(run.elapsed) == pytest.approx([frame.elapsed for frame in made.FRAMES])
    for index, written in zip(run.frames, made.FRAMES, strict=True):
        frame = run.frame(index)
        assert frame.config == (made.FIRST if index < 2 else made.SECOND)
        assert (frame.step, frame.epoch, frame.scalars) == (written.step, written.epoch, written.scalars)
        assert np.allclose(frame.features, written.features.numpy(), rtol=2**-10)
        assert np.array_equal(frame.weight, written.weight.numpy())
        assert frame.probe is run.probe
    assert run.probe.labels.tolist() == made.STARTED.labels.numpy().tolist()
    for index in (-1, 4):
        with pytest.raises(LookupError):
            run.frame(index)


def test_the_newest_frame_is_there_before_the_history_is_read(path, opened, qtbot):
    run = opened(path, whole=False)
    assert run.snapshot.step == 30
    assert run.config == made.SECOND
    assert len(run.history) == 0
    with qtbot.waitSignal(run.snapshotChanged):
        pass
    assert run.complete
    assert run.history.column("step").tolist() == [0, 10, 20, 30]
    assert run.history.column("loss").tolist() == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])


def test_a_change_of_settings_is_a_mark_at_its_step(path, opened):
    (mark,) = opened(path).history.marks
    assert mark.step == 15
    assert [(change.before, change.after) for change in mark.changes] == [("0.2", "0.4")]


def test_nothing_can_be_asked_of_a_recording(path, opened):
    run = opened(path)
    asked = run.can_train, run.can_configure, run.can_embed, run.training, run.threads
    assert not any(asked)
    assert run.device == "cpu"
    assert run.damage is None


def test_a_frame_that_is_damaged_is_left_out_and_told_once(path, opened, qtbot):
    damaged(path, 1)
    run = opened(path, whole=False)
    assert run.damage is None, "the file was closed properly"
    with qtbot.waitSignal(run.damageChanged):
        pass
    assert "damaged" in str(run.damage)
    told = []
    run.damageChanged.connect(lambda: told.append(True))
    qtbot.waitUntil(lambda: run.complete)
    assert run.history.column("step").tolist() == [0, 20, 30]
    with pytest.raises(LookupError):
        run.frame(1)
    assert not told


def test_where_the_newest_frame_is_damaged_the_one_before_is_shown(path, opened):
    damaged(path, 3)
    run = opened(path)
    assert run.snapshot.step == 20
    assert "damaged" in str(run.damage)


def test_a_recording_that_was_cut_opens_up_to_the_cut(path, opened):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    with Recording(path) as recording:
        frames = recording.frames
    assert 0 < frames <= 4
    run = opened(path)
    assert len(run.frames) == frames
    assert str(run.damage) == str(recording.damage)


def test_what_is_no_recording_or_holds_no_frame_is_refused_in_a_sentence(tmp_path):
    junk = tmp_path / "junk.lossrun"
    junk.write_bytes(b"no recording" * 100)
    with pytest.raises(RecordingError, match="is not a recording"):
        RecordedRun(junk)
    empty = tmp_path / "empty.lossrun"
    made.record(empty, made.CHECKPOINTS[0])
    with pytest.raises(RecordingError, match="frame"):
        RecordedRun(empty)
    with pytest.raises(RecordingError):
        RecordedRun(tmp_path / "none.lossrun")


def test_events_of_the_file_are_shown_and_found_no_second_time(path, opened):
    assert list(opened(path).history.events.events) == [made.EVENT]


@pytest.mark.parametrize("name", sorted(runs.RUNS))
def test_events_that_the_file_lacks_are_found_while_its_history_is_read(name, opened):
    log = opened(runs.path_of(name)).history.events
    assert list(log.events) == list(runs.events(name).events)
    assert len(log.events) > 2
