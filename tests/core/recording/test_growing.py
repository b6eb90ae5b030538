"""A recording is read while it is written: each frame once it is whole, the same as from the file later."""

from __future__ import annotations

import threading
import time

import pytest
from core.recording.small_run import FIRST, FRAMES, SECOND, STARTED, frame, header
from msgspec.structs import replace

from explorer.core.recording.growing import GrowingRecording
from explorer.core.recording.header import RecordingError
from explorer.core.recording.locks import use_of
from explorer.core.recording.reader import Recording
from explorer.core.recording.writer import RecordingWriter


def wait(log, count):
    deadline = time.monotonic() + 10
    while len(log) < count:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_each_frame_is_read_as_soon_as_it_is_written_with_its_settings(tmp_path):
    writer = RecordingWriter(tmp_path / "a.lossrun", header)
    growing = GrowingRecording(writer.path, writer.log)
    with pytest.raises(IndexError):
        growing.frame(0)
    writer.write(STARTED)
    for number, item in enumerate(FRAMES):
        writer.configured(item.config_seq, FIRST if number < 2 else SECOND)
        writer.write(item)
        wait(writer.log, number + 1)
        assert growing.frame(number) == (item, FIRST if number < 2 else SECOND)
    assert growing.frame(0) == (FRAMES[0], FIRST)
    assert use_of(writer.path) == "written"
    writer.close()
    assert growing.frame(3) == (FRAMES[3], SECOND), "also once it has ended"
    assert use_of(writer.path) == "open", "no window deletes it"
    growing.close()
    assert use_of(writer.path) == ""


def test_what_is_read_meanwhile_is_what_the_file_has_to_the_last_bit(tmp_path):
    """Frames of both precisions are read while another thread writes, and compared afterwards."""
    path = tmp_path / "a.lossrun"
    items = [
        replace(frame(3, scale=1e6 if number % 3 else 1 / 7), index=number, step=number)
        for number in range(300)
    ]
    with RecordingWriter(path, header()) as writer:
        growing = GrowingRecording(path, writer.log)
        writer.write(STARTED)
        writer.configured(2, SECOND)
        was_read = threading.Semaphore(0)

        def write():
            for item in items:
                if item.index % 30 == 29:  # however busy the machine is, the reader is not left behind
                    was_read.acquire(timeout=60)
                writer.write(item)

        thread = threading.Thread(target=write)
        thread.start()
        seen, before = {}, 0
        while len(writer.log) < len(items):
            count = len(writer.log)
            if count > before:
                seen[count - 1], seen[count // 2] = growing.frame(count - 1), growing.frame(count // 2)
                was_read.release()
                before = count
        thread.join()
    assert len(seen) >= len(items) // 30
    with Recording(path) as run:
        assert run.steps == tuple(writer.log.steps) == tuple(range(300))
        assert all((run.frame(index), run.config(index)) == found for index, found in seen.items())
        assert all(growing.frame(index)[0] == run.frame(index) for index in range(300))
    growing.close()


def test_a_file_that_was_damaged_meanwhile_is_refused_and_not_shown(tmp_path):
    path = tmp_path / "a.lossrun"
    with RecordingWriter(path, header()) as writer:
        for item in (STARTED, *FRAMES[:2]):
            writer.write(item)
        wait(writer.log, 2)
        growing = GrowingRecording(path, writer.log)
        with path.open("r+b") as file:
            file.truncate(writer.log.place(1).offset + 20)
        assert growing.frame(0)[0] == FRAMES[0]
        with pytest.raises(RecordingError, match="ends within a record"):
            growing.frame(1)
        growing.close()
        path.unlink()
        with pytest.raises(RecordingError, match="Cannot open the recording"):
            growing.frame(0)
