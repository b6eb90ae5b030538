"""A disk that refuses an operation, or loses its power, costs at most what was not yet brought to it."""

from __future__ import annotations

import errno
import os
import random
import threading

import pytest
from core.recording.small_run import FRAMES, header, record
from faulty_files import ERRORS, Journal, failing_disk

from explorer.core.recording import run_file
from explorer.core.recording.header import RecordingError
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter


@pytest.fixture(params=[0.0, 1000.0], ids=["at once", "at the end"])
def synced(request, monkeypatch):
    """Bring a recording to the disk after each item, or only where it begins and ends."""
    monkeypatch.setattr(run_file, "SYNC_SECONDS", request.param)


def frames_in(path):
    """Return how many frames a file has, all of which must be what was recorded; -1 where it is not there."""
    if not path.exists():
        return -1
    good = 0
    with Recording(path) as run:
        for index in range(run.frames):
            try:
                assert run.frame(index) == FRAMES[index]
                good += 1
            except RecordingError as error:
                assert "\n" not in str(error)
    return good


@pytest.mark.usefixtures("synced")
@pytest.mark.parametrize("number", ERRORS)
def test_what_was_recorded_before_an_operation_failed_can_be_read(tmp_path, number):
    for at in range(500):
        folder = tmp_path / str(at)
        folder.mkdir()
        path = folder / "a.lossrun"
        with failing_disk(folder, at, number) as made:
            try:
                status = record(path)
            except RecordingError as error:  # it could not be created
                assert "\n" not in str(error)
                assert not path.exists()
                continue
        assert frames_in(path) >= status.frames
        if status.error is not None:
            assert str(status.error) == f"Cannot record to {path}: {os.strerror(number)}."
        if len(made) <= at:
            assert (status.error, status.frames) == (None, len(FRAMES))
            return
    pytest.fail("it never came to an end")


def test_nobody_waits_for_what_a_failing_disk_will_not_take(tmp_path, monkeypatch):
    """The end of a session waits for a recording; an error ends that, also for those in the queue."""
    begun, go_on = threading.Event(), threading.Event()
    monkeypatch.setattr(run_file, "SYNC_SECONDS", 1000.0)

    def fail(_file):
        begun.set()
        go_on.wait()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer = RecordingWriter(tmp_path / "a.lossrun", header())
    monkeypatch.setattr(run_file.RunFile, "sync", fail)
    waiting = [threading.Thread(target=writer.settle, args=(600,), daemon=True) for _ in range(2)]
    for thread in waiting:
        thread.start()
    begun.wait()
    go_on.set()
    for thread in waiting:
        thread.join(60)
    assert not any(thread.is_alive() for thread in waiting)
    assert writer.close().error is not None


@pytest.mark.usefixtures("synced")
def test_a_power_cut_leaves_all_frames_that_were_brought_to_the_disk(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    journal, chance = Journal(folder), random.Random(3)
    with journal.kept():
        record(folder / "a.lossrun")
    certain, left = tmp_path / "certain", tmp_path / "left.lossrun"
    found = set()
    for at in range(len(journal) + 1):
        certain.write_bytes(journal.synced(at, "a.lossrun"))
        least = 0 if certain.stat().st_size == 0 else frames_in(certain)
        for _ in range(5):
            files = journal.after_cut(at, chance)
            if "a.lossrun" not in files:
                assert least == 0
                continue
            left.write_bytes(files["a.lossrun"])
            try:
                frames = frames_in(left)
            except RecordingError as error:  # not even its header was brought to the disk
                assert (least, str(error).count("\n")) == (0, 0)
                continue
            found.add(frames)
            assert frames >= least
    assert {0, 1, 2, 4} <= found
