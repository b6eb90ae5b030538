"""What a live run keeps of its past, so that one can look back without filling the memory."""

from __future__ import annotations

import time

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from core.recording import small_run as made
from msgspec.structs import replace

from explorer.core.protocol.arrays import Array
from explorer.core.recording.growing import GrowingRecording
from explorer.core.recording.writer import RecordingWriter
from explorer.gui.session import frame_store
from explorer.gui.session.frame_store import FrameStore

FIRST = make_snapshot(100)


def at(step):
    return replace(FIRST, step=step, elapsed=step / 10, features=FIRST.features + step)


def store_of(steps):
    store = FrameStore(pytest.fail)
    for number, step in enumerate(steps):
        store.add(number, at(step))
    return store


def test_frames_are_kept_in_order_and_the_newest_as_it_came():
    store, newest = store_of([0, 10]), replace(FIRST, step=20, elapsed=2.0)
    store.add(2, newest)
    assert (store.steps, store.elapsed) == ([0, 10, 20], [0.0, 1.0, 2.0])
    assert store.frame(2) is newest
    past = store.frame(1)
    assert past.step == 10
    assert past.features.dtype == np.float32
    assert np.allclose(past.features, FIRST.features + 10, rtol=2**-10)
    for index in (-1, 3):
        with pytest.raises(LookupError):
            store.frame(index)


def test_a_second_frame_of_a_step_takes_the_place_of_the_first():
    assert store_of([0, 10, 10, 20, 20]).steps == [0, 10, 20]


def test_a_long_run_is_thinned_evenly_and_keeps_its_ends(monkeypatch):
    monkeypatch.setattr(frame_store, "MOST_BYTES", 16 * (FIRST.features.astype(np.float16).nbytes + 4096))
    for count in (10, 100, 1_000, 1_001, 1_003):
        store = store_of(range(count))
        assert len(store.steps) <= 18
        assert len(store.steps) >= min(count, 8)
        assert (store.steps[0], store.steps[-1]) == (0, count - 1)
        assert [store.frame(index).step for index in range(len(store.steps))] == store.steps
        assert len(set(np.diff(store.steps[:-1]))) <= 1, "evenly"


class Disk:
    """A file to which frames are written when a test says so."""

    def __init__(self, path):
        self.writer = RecordingWriter(path, made.header())
        probe = FIRST.probe
        columns = {"labels": probe.labels, "indices": probe.indices, "split": probe.split}
        arrays = {name: Array.of(column) for name, column in columns.items()}
        self.writer.write(replace(made.STARTED, num_classes=probe.num_classes, **arrays))
        self.writer.configured(1, FIRST.config)
        self.file = GrowingRecording(path, self.writer.log)
        self.written = 0

    def write(self, number, step):
        snapshot = at(step)
        self.writer.write(
            made.frame(
                1,
                index=number,
                step=step,
                elapsed=snapshot.elapsed,
                features=Array.of(snapshot.features),
                weight=None,
            )
        )
        self.written += 1
        deadline = time.monotonic() + 10
        while len(self.writer.log) < self.written:
            assert time.monotonic() < deadline
            time.sleep(0.002)


@pytest.fixture
def disk(tmp_path):
    disk = Disk(tmp_path / "run.lossrun")
    yield disk
    disk.file.close()
    disk.writer.close()


def test_frames_that_are_in_the_file_leave_the_memory_and_stay_within_reach(disk, monkeypatch):
    monkeypatch.setattr(frame_store, "MOST_BYTES", 0)
    store = store_of([0, 10])
    store.read_from(disk.file)
    for number, step in ((1, 10), (2, 20), (3, 30)):
        disk.write(number, step)
        store.add(number + 1, at(step + 10))
    assert store.steps == [10, 20, 30, 40], "frame 0 came before the file and is not in it"
    assert np.allclose(store.elapsed, [1.0, 2.0, 3.0, 4.0])
    for index, step in enumerate(store.steps[:-1]):
        past = store.frame(index)
        assert (past.step, past.config) == (step, FIRST.config)
        assert past.probe is FIRST.probe, "the selection stays"
        assert np.array_equal(past.features, at(step).features.astype(np.float16).astype(np.float32))
    disk.write(4, 40)
    store.add(5, at(40))
    assert store.steps == [10, 20, 30, 40, 40], "as in the file, where settings change between two frames"


def test_frames_that_are_left_out_of_the_file_stay_until_a_later_one_is_in_it(disk):
    store = store_of([0])
    store.read_from(disk.file)
    disk.write(0, 0)
    for number, step in ((1, 10), (2, 20)):
        store.add(number, at(step))
    assert store.steps == [0, 10, 20]
    disk.write(2, 20)
    store.add(3, at(30))
    assert store.steps == [0, 20, 30]


def test_a_file_that_ends_early_keeps_its_frames_and_memory_goes_on(disk):
    store = store_of([0])
    store.read_from(disk.file)
    disk.write(0, 0)
    store.add(1, at(10))
    disk.write(1, 10)
    disk.writer.close()
    for number in range(2, 6):
        store.add(number, at(10 * number))
    assert store.steps == [0, 10, 20, 30, 40, 50]
    assert [store.frame(index).step for index in range(6)] == store.steps
    store.clear()
    assert store.steps == store.elapsed == []
    with pytest.raises(LookupError):
        store.frame(0)


def test_a_frame_that_is_damaged_is_said_once_and_the_next_is_within_reach(disk, tmp_path):
    said = []
    store = FrameStore(said.append)
    store.add(0, at(0))
    store.read_from(disk.file)
    for number in range(3):
        disk.write(number, 10 * number)
        store.add(number + 1, at(10 * number + 10))
    path = tmp_path / "run.lossrun"
    data = bytearray(path.read_bytes())
    data[disk.writer.log.place(1).offset + 200] ^= 1
    with path.open("r+b") as file:
        file.write(data)
    for _ in range(2):
        with pytest.raises(LookupError):
            store.frame(1)
    assert len(said) == 1
    assert "checksum" in str(said[0])
    assert store.frame(2).step == 20
