"""From which checkpoint a run is continued, and what is repeated from there."""

import time
from weakref import ref

import numpy as np
import pytest
from core.recording.small_run import FIRST, FRAMES, SECOND, STARTED, header, record
from msgspec.structs import replace

from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.core.protocol import messages as m
from explorer.core.recording.growing import GrowingRecording
from explorer.core.recording.header import Parent, RecordingError, is_this_machine, new_header
from explorer.core.recording.writer import RecordingWriter
from explorer.gui.session.checkpoint_store import CheckpointStore
from explorer.gui.session.continuation import ContinuationError, KeptState, RunPast, caution
from explorer.gui.session.process.data_digest import DataDigest
from explorer.gui.session.recorded_run import RecordedRun

DIGEST = DataDigest("rings")
CHANGES = tuple(m.SettingChange(seq, step, FIRST) for seq, step in ((1, 0), (2, 15), (3, 20), (4, 20)))


def state(step, seq, data=b""):
    return KeptState(step, seq, lambda: data or f"{step}".encode())


def damaged(step, seq):
    def read():
        raise RecordingError("It is damaged.")

    return KeptState(step, seq, read)


def at(step, seq, elapsed=100.0):
    """Return a frame of a step, trained with the configuration of a number."""
    frame = replace(FRAMES[0], step=step, config_seq=seq, elapsed=elapsed)
    return Snapshot.of(frame, ProbeSet.of(STARTED), SECOND)


def past(*states, first=FIRST):
    return RunPast(run="f00d", first=first, changes=CHANGES, states=states, threads=2, data_digest="d1")


STATES = state(0, -1), state(10, 1), state(20, 2), state(20, 4), state(30, 4)


@pytest.mark.parametrize(
    ("step", "seq", "start", "data", "repeated"),
    [
        (5, 1, 0, b"0", [1]),
        (10, 1, 10, b"10", []),
        (17, 2, 10, b"10", [2]),
        (20, 2, 20, b"20", []),
        (20, 3, 20, b"20", [3]),  # the second checkpoint of this step has settings that came later
        (25, 4, 20, b"20", []),
        (99, 4, 30, b"30", []),
    ],
)
def test_it_goes_on_from_the_last_checkpoint_whose_settings_were_in_force_by_then(
    step, seq, start, data, repeated
):
    found = past(*STATES).continuation(at(step, seq))
    assert (found.start, found.checkpoint) == (start, data)
    assert [change.seq for change in found.changes] == repeated
    assert (found.parent, found.config) == (Parent("f00d", step), SECOND)
    command = found.command(7)
    assert (command.seq, command.step, command.elapsed) == (7, step, 100.0)
    assert (command.checkpoint, command.config, command.data_digest) == (data, None, "d1")


def test_in_place_of_a_damaged_checkpoint_it_takes_the_one_before():
    found = past(state(0, -1), state(10, 1), damaged(20, 2)).continuation(at(25, 4))
    assert (found.start, [change.seq for change in found.changes]) == (10, [2, 4])


def test_of_a_slider_that_is_dragged_in_a_pause_only_the_last_place_is_repeated():
    """And of the losses that are tried all, each with the last place of its own sliders."""
    margins = [FIRST.replace({"loss.margin": margin / 100}) for margin in range(30)]
    tried = [*margins, FIRST.replace({"loss.name": "softmax"}), *margins]
    changes = [m.SettingChange(seq, 20, config) for seq, config in enumerate(tried, 2)]
    last = m.SettingChange(99, 21, FIRST)
    run = replace(past(state(10, 1)), changes=[*changes, last])
    assert [change.seq for change in run.continuation(at(25, 99)).changes] == [31, 32, 62, 99]
    assert [change.seq for change in run.continuation(at(20, 12)).changes] == [12]


def test_without_a_checkpoint_the_run_is_repeated_from_its_start_if_the_person_wants_it():
    with pytest.raises(ContinuationError) as refused:
        past(state(30, 4)).continuation(at(20, 4, elapsed=40.2))
    assert str(refused.value) == (
        "There is no checkpoint at or before step 20. The run can be repeated from its start, which takes "
        "about 40 seconds."
    )
    found = refused.value.from_start
    command = found.command(7)
    assert (found.start, command.checkpoint, command.config, command.threads) == (0, b"", FIRST, 2)
    assert [change.seq for change in command.changes] == [1, 2, 4]
    with pytest.raises(ContinuationError, match=r"It is damaged\. .* about 3 minutes"):
        past(damaged(0, -1)).continuation(at(20, 4, elapsed=182.0))


def test_what_takes_no_longer_than_usual_is_repeated_without_asking():
    assert past().continuation(at(20, 4, elapsed=9.0)).start == 0


def test_a_continued_run_without_checkpoints_cannot_be_repeated_from_its_seed():
    with pytest.raises(ContinuationError, match="cannot be continued from here") as refused:
        past(first=None).continuation(at(20, 4, elapsed=9.0))
    assert refused.value.from_start is None


def test_a_recording_knows_which_settings_each_of_its_checkpoints_has(tmp_path):
    path = tmp_path / "run.lossrun"
    record(path)
    run = RecordedRun(path)
    try:
        found = run.continuation(run.frame(3))
        assert (found.start, found.checkpoint) == (20, b"second state")
        assert [change.config for change in found.changes] == [SECOND]
        assert found.parent.step == 30
        assert found.caution is None
        assert run.continuation(run.frame(1)).checkpoint == b"first state"
    finally:
        run.close()


def test_settings_that_were_tried_before_the_first_step_of_a_branch_come_after_its_checkpoint(tmp_path):
    path, branch = tmp_path / "branch.lossrun", replace(STARTED, step=40)
    frame = replace(FRAMES[3], step=40, config_seq=3, config_step=40)
    tried = FIRST.replace({"loss.name": "softmax"})
    with RecordingWriter(path, replace(header(), config=SECOND)) as writer:
        for seq in (1, 2, 3):
            writer.configured(seq, tried if seq == 2 else SECOND)
        for item in (
            branch,
            m.Checkpoint(3, 40, b"state"),
            m.Configured(3, 2, 40),
            m.Configured(3, 3, 40),
            frame,
            replace(frame, step=41, config_step=40),
        ):
            writer.write(item)
    run = RecordedRun(path)
    try:
        found = run.continuation(run.frame(1))
        assert [(change.seq, change.step) for change in found.changes] == [(2, 40), (3, 40)]
        assert (found.start, found.first) == (40, None)
    finally:
        run.close()


def test_a_live_run_keeps_the_first_the_newest_and_evenly_spaced_checkpoints(monkeypatch):
    monkeypatch.setattr("explorer.gui.session.checkpoint_store.MOST_BYTES", 50)
    store = CheckpointStore(STARTED, FIRST, DIGEST)
    for step in range(0, 200, 10):
        store.take(m.Checkpoint(3, step, bytes(10)))
    starts = [store.continuation(at(step, 1)).start for step in range(0, 200, 10)]
    kept = sorted(set(starts))
    assert kept[0] == 0
    assert kept[-1] == 190
    assert 3 <= len(kept) <= 5
    assert max(np.diff(kept)) <= 80


def test_checkpoints_that_are_in_the_file_leave_the_memory_and_stay_within_reach(tmp_path, monkeypatch):
    """Also where a step has two; those that the file does not have any more stay in memory."""
    monkeypatch.setattr("explorer.gui.session.checkpoint_store.MOST_BYTES", 50)
    store, writer = CheckpointStore(STARTED, FIRST, DIGEST), RecordingWriter(tmp_path / "a.lossrun", header())
    file = GrowingRecording(writer.path, writer.log)
    store.read_from(file)
    writer.write(STARTED)
    steps = [0, 10, 20, 20, 30, 40, 50, 60, 70, 80]
    for number, step in enumerate(steps):
        checkpoint = m.Checkpoint(3, step, b"%10d" % number)
        store.note_change(m.Configured(3, number + 1, step), FIRST)
        store.take(checkpoint)
        taken = ref(checkpoint)
        if number == 8:
            writer.close()
        writer.write(checkpoint)
        del checkpoint
        deadline = time.monotonic() + 10
        while number < 8 and len(writer.log.checkpoints) <= number:
            assert time.monotonic() < deadline
        assert taken() is not None, "the newest stays"
    for number, step in enumerate(steps):
        found = store.continuation(at(step, number + 1))
        assert (found.start, found.checkpoint) == (step, b"%10d" % number)
    assert [place.checkpoint() for place in writer.log.checkpoints[:-1]] == [None] * 7
    file.close()


def test_a_live_run_applies_the_changes_after_its_checkpoint():
    store = CheckpointStore(STARTED, FIRST, DIGEST)
    store.take(m.Checkpoint(3, 0, b"zero"))
    store.note_change(m.Configured(3, 2, 15), SECOND)
    store.take(m.Checkpoint(3, 20, b"twenty"))
    assert [change.seq for change in store.continuation(at(17, 2)).changes] == [2]
    assert store.continuation(at(25, 2)).changes == ()
    assert store.continuation(at(25, 2)).parent == Parent(store.run, 25)
    assert CheckpointStore(STARTED, FIRST, DIGEST).run != store.run


def test_where_figures_can_differ_it_says_why():
    here = new_header(FIRST)
    assert caution(STARTED, here) is None
    assert is_this_machine(here.machine)
    assert "0.0.9" in str(caution(STARTED, replace(here, version="0.0.9")))
    assert here.torch
    assert "PyTorch 1.0" in str(caution(STARTED, replace(here, torch="1.0")))
    assert caution(STARTED, replace(here, torch="")) is None, "older files do not say it"
    assert "another machine" in str(caution(STARTED, replace(here, machine="Plan9 4 mips, 1 CPU")))
    assert "GPU" in str(caution(replace(STARTED, device="cuda")))
