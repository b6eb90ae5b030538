"""Whatever happens to a file, it opens up to the damage, and what it shows is what was recorded."""

import random
import struct
import subprocess
import sys
import zlib

import pytest
from core.recording.small_run import CHECKPOINTS, EVENT, FINISHED, FRAMES, NOTICE, STARTED, record
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.core.recording.header import RecordingError
from explorer.core.recording.reader import Recording

KEPT = {kept.step: kept.data for kept in CHECKPOINTS}


class Whole:
    """The small run on disk: its bytes, its header, and where the header ends and the messages begin."""

    def __init__(self, path):
        record(path)
        self.content = path.read_bytes()
        with Recording(path) as run:
            self.header = run.header
        self.begin = 8
        for _ in range(2):
            self.begin += 9 + struct.unpack_from("<Q", self.content, self.begin + 1)[0]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return Whole(tmp_path_factory.mktemp("whole") / "a.lossrun")


def check(path, known):
    """Read all that a file gives; return the number of frames. All of it must be what was recorded."""
    good = 0
    try:
        run = Recording(path)
    except RecordingError as error:
        assert one_sentence(error)
        return 0
    with run:
        assert run.complete is (run.damage is None)
        assert run.header == known
        assert all(notice in (NOTICE, FINISHED) for notice in run.notices)
        assert all(event == EVENT for event in run.events)
        assert run.steps == tuple(frame.step for frame in FRAMES[: run.frames])
        assert run.frames == 0 or run.started == STARTED
        for index in range(run.frames):
            try:
                assert run.frame(index) == FRAMES[index]
                assert run.config(index).loss.params["margin"] == (0.2 if index < 2 else 0.4)
                good += 1
            except RecordingError as error:
                assert one_sentence(error)
        for index, step in enumerate(run.checkpoints):
            try:
                assert run.checkpoint(index) == KEPT[step]
            except RecordingError as error:
                assert one_sentence(error)
        assert run.verify() is not None or good == len(FRAMES)
    return good


def one_sentence(error):
    return str(error).count("\n") == 0 and str(error).endswith(".")


def test_a_file_cut_at_any_byte_has_all_frames_before_the_cut(whole, tmp_path):
    """At every single byte: what a crash leaves may end anywhere."""
    content, known = whole.content, whole.header
    path = tmp_path / "a.lossrun"
    path.write_bytes(content)
    counts = []
    with path.open("r+b") as file:
        for size in range(len(content), -1, -1):
            file.truncate(size)
            counts.append(check(path, known))
    assert counts == sorted(counts, reverse=True)
    assert set(counts) == {0, 1, 2, 3, 4}
    assert counts.index(3) > 1000, "all four frames are there until the cut reaches the last of them"


def test_no_bit_that_flips_is_taken_for_what_was_recorded(whole, tmp_path):
    content, known = whole.content, whole.header
    path = tmp_path / "a.lossrun"
    chance = random.Random(0)
    found = []
    for _ in range(1000):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        found.append(check(path, known))
    assert found.count(4) > 300, "most of a small file is its tables, which the frames do without"
    assert {0, 3} <= set(found)


def test_damage_beside_the_frames_costs_no_frame(whole, tmp_path):
    """One flipped bit in the settings of the start of a run that was closed properly."""
    path = tmp_path / "a.lossrun"
    damaged = bytearray(whole.content)
    damaged[damaged.index(b"margin", damaged.index(b"seq")) + 10] ^= 1
    path.write_bytes(damaged)
    with Recording(path) as run:
        assert [run.frame(index) for index in range(run.frames)] == FRAMES
        assert run.config(2).get("loss.margin") == 0.4
        with pytest.raises(RecordingError, match="the settings of step 10 are missing"):
            run.config(1)
        assert "Frames that can be read: 4, up to step 30." in str(run.damage)
    assert check(path, whole.header) == 2


def test_a_frame_whose_record_has_changed_its_kind_is_missed(whole, tmp_path):
    """One flipped bit makes a chunk an index of messages, which a reader skips; no checksum covers that."""
    path = tmp_path / "a.lossrun"
    damaged = bytearray(whole.content[: whole.content.index(b"Finished")])
    second = damaged.rindex(b"\x06", 0, damaged.index(b"Frame", damaged.index(b"Frame") + 1) - 60)
    assert int.from_bytes(damaged[second + 1 : second + 9], "little") < 1000, (
        "a chunk begins, with its length"
    )
    damaged[second] ^= 1
    path.write_bytes(damaged)
    assert check(path, whole.header) == 1
    with Recording(path) as run:
        assert "a part of the recording is missing" in str(run.damage)


@pytest.mark.parametrize("closed", [True, False])
def test_no_stretch_of_noise_is_taken_for_what_was_recorded(whole, tmp_path, closed):
    content, known = whole.content, whole.header
    path = tmp_path / "a.lossrun"
    chance = random.Random(1)
    for _ in range(200):
        damaged = bytearray(content if closed else content[: chance.randrange(500, len(content))])
        begin = chance.randrange(len(damaged))
        length = min(chance.randrange(1, 200), len(damaged) - begin)
        damaged[begin : begin + length] = chance.randbytes(length)
        path.write_bytes(damaged)
        check(path, known)


@settings(max_examples=150, deadline=None)
@given(noise=st.binary(max_size=400), begin=st.booleans())
def test_noise_is_refused_or_empty(whole, tmp_path_factory, noise, begin):
    path = tmp_path_factory.getbasetemp() / "noise.lossrun"
    path.write_bytes((whole.content[: whole.begin] if begin else b"") + noise)
    assert check(path, whole.header) == 0


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=200), kind=st.integers(0, 20))
def test_a_chunk_of_noise_with_the_right_checksum_is_refused(whole, tmp_path_factory, body, kind):
    """What a faulty program might write, which no checksum finds."""
    records = struct.pack("<BQ", kind, len(body)) + body
    chunk = struct.pack("<QQQIIQ", 0, 0, len(records), zlib.crc32(records), 0, len(records)) + records
    path = tmp_path_factory.getbasetemp() / "chunk.lossrun"
    path.write_bytes(whole.content[: whole.begin] + struct.pack("<BQ", 6, len(chunk)) + chunk)
    assert check(path, whole.header) == 0


FILL = """
import resource, signal, sys
from core.recording.small_run import NOTICE, STARTED, frame, header
from explorer.core.recording.writer import RecordingWriter
from pathlib import Path

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
writer = RecordingWriter(Path(sys.argv[1]), header())
writer.write(STARTED)
number = 0
while writer.status.error is None:
    number += 1
    writer.write(frame(number, config_seq=1))
print(writer.status.error)
writer.write(NOTICE)
status = writer.close()
print(status.frames, status.error is not None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits as on POSIX")
@pytest.mark.parametrize("limit", [2_000_000, 100_003])
def test_on_a_disk_that_fills_recording_stops_with_a_sentence_and_the_rest_is_read(tmp_path, limit):
    path = tmp_path / "a.lossrun"
    environment = {"PYTHONPATH": ":".join(part for part in sys.path if part)}
    result = subprocess.run(
        [sys.executable, "-c", FILL.format(limit=limit), path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    sentence, figures = result.stdout.splitlines()
    assert sentence == f"Cannot record to {path}: File too large."
    written = int(figures.split()[0])
    with Recording(path) as run:
        assert run.frames in (written, written + 1)
        assert str(run.damage).startswith("The recording was not closed properly.")
        assert run.steps == tuple(range(0, 10 * run.frames, 10))
        for index in range(run.frames):
            assert run.frame(index).features.shape == (6, 2)
