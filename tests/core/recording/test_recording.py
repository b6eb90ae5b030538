"""A run that is recorded must come back as it was shown, and nothing may keep the person from the rest."""

import math
import os
import sys
import threading
import time

import mcap.reader
import mcap.writer
import msgspec
import numpy as np
import pytest
from core.recording.small_run import (
    CHECKPOINTS,
    EVENT,
    FINISHED,
    FIRST,
    FRAMES,
    NOTICE,
    SAMPLES,
    SECOND,
    STARTED,
    frame,
    header,
    record,
)

from explorer.core.protocol import messages as m
from explorer.core.protocol.arrays import Array
from explorer.core.recording import header as h
from explorer.core.recording import writer as writer_module
from explorer.core.recording.reader import Recording
from explorer.core.recording.run_file import compact
from explorer.core.recording.writer import RecordingWriter
from explorer.core.settings.config import RunConfig
from explorer.core.texts import text


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.lossrun"


def test_a_run_comes_back_as_it_was_shown(path):
    status = record(path)
    assert (status.frames, status.left_out, status.error) == (4, 0, None)
    assert status.bytes == path.stat().st_size
    assert status.seconds > 0
    with Recording(path) as run:
        assert (run.complete, run.damage, run.verify()) == (True, None, None)
        assert run.started == STARTED
        assert [run.frame(i) for i in range(run.frames)] == FRAMES
        assert (run.steps, run.elapsed) == ((0, 10, 20, 30), (0.25, 0.5, 0.75, 1.0))
        assert [run.config(i) for i in range(4)] == [FIRST, FIRST, SECOND, SECOND]
        assert [(change.seq, change.step) for change in run.settings] == [(1, 0), (2, 15)]
        assert (run.notices, run.events) == ((NOTICE, FINISHED), (EVENT,))
        assert run.checkpoints == (0, 20)
        assert [run.checkpoint(i) for i in range(2)] == [kept.data for kept in CHECKPOINTS]
        assert (run.header.name, run.header.notes) == ("A run", "two\nlines")
        assert (run.header.config, run.header.parent) == (FIRST, h.Parent("f00d", 7))


def test_any_frame_is_read_without_those_before_it_and_from_the_end(path):
    record(path)
    with Recording(path) as run:
        assert [run.frame(i) for i in (3, 0, -1, 2)] == [FRAMES[i] for i in (3, 0, 3, 2)]
        for index in (4, -5):
            with pytest.raises(IndexError):
                run.frame(index)


def test_a_run_that_was_not_closed_is_read_up_to_its_last_message_and_says_so(path):
    writer = RecordingWriter(path, header())
    for item in (STARTED, *FRAMES[:2], CHECKPOINTS[0]):
        writer.write(item)
    deadline = time.monotonic() + 10
    while writer.status.frames < 2 or not path.read_bytes().count(CHECKPOINTS[0].data):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with Recording(path) as run:
        assert [run.frame(i) for i in range(run.frames)] == FRAMES[:2]
        assert run.checkpoints == (0,)
        assert not run.complete
        assert str(run.damage) == (
            "The recording was not closed properly. Frames that can be read: 2, up to step 10."
        )
    writer.close()
    with Recording(path) as run:
        assert run.complete


def test_the_packages_own_reader_finds_everything_so_that_other_tools_do(path):
    record(path)
    with path.open("rb") as file:
        reader = mcap.reader.make_reader(file, validate_crcs=True)
        topics = [channel.topic for _, channel, _ in reader.iter_messages()]
        (metadata,) = reader.iter_metadata()
        attachments = [attachment.name for attachment in reader.iter_attachments()]
    assert topics == [
        *("started", "setting", "frame", "frame", "event", "notice", "setting", "frame", "frame", "notice")
    ]
    assert metadata.metadata["seed"] == "5"
    assert 'name = "arcface"' in metadata.metadata["config"]
    assert attachments == ["checkpoint-0", "checkpoint-20", "frames"]


@pytest.mark.parametrize("compression", [mcap.writer.CompressionType.NONE, mcap.writer.CompressionType.ZSTD])
def test_a_recording_that_another_tool_has_put_together_anew_is_read(path, tmp_path, compression):
    record(path)
    other = tmp_path / "b.lossrun"
    with path.open("rb") as file, other.open("wb") as output:
        reader = mcap.reader.make_reader(file)
        writer = mcap.writer.Writer(output, compression=compression)
        writer.start(profile="loss-explorer")
        for metadata in reader.iter_metadata():
            writer.add_metadata(metadata.name, metadata.metadata)
        channels = {}
        for _, channel, message in reader.iter_messages():
            if channel.topic not in channels:
                channels[channel.topic] = writer.register_channel(channel.topic, "msgpack", 0)
            number = channels[channel.topic]
            writer.add_message(number, message.log_time, message.data, message.log_time, message.sequence)
        writer.finish()
    with Recording(other) as run:
        assert [run.frame(i) for i in range(run.frames)] == FRAMES
        assert run.config(3) == SECOND


def test_a_newer_format_is_refused_with_one_sentence(path, monkeypatch):
    monkeypatch.setattr(h, "FORMAT", 2)
    record(path)
    monkeypatch.undo()
    with pytest.raises(h.RecordingError, match=r"in format 2; this version reads formats up to 1\. Install"):
        Recording(path)


def test_what_is_no_recording_is_named(tmp_path):
    for name, content in (("empty", b""), ("text", b"not a recording at all"), ("magic", b"\x89MCAP0\r\n")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(h.RecordingError, match=f"{name} is not a recording of Loss Explorer"):
            Recording(path)
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(h.RecordingError, match="Cannot open the recording"):
            Recording(path)


def test_a_recording_of_another_program_is_no_recording_of_this_one(path):
    with path.open("wb") as output:
        writer = mcap.writer.Writer(output)
        writer.start(profile="ros2")
        writer.finish()
    with pytest.raises(h.RecordingError, match="is not a recording of Loss Explorer"):
        Recording(path)


@pytest.mark.parametrize(
    "wrong",
    [
        frame(2, rows=SAMPLES - 1),
        frame(2, features=Array.of(np.zeros(SAMPLES, np.float32))),
        frame(2, features=Array.of(np.zeros((SAMPLES, 2), np.int32))),
        frame(2, weight=Array.of(np.zeros((3, 3), np.float32))),
        frame(2, weight=Array.of(np.zeros((4, 2), np.float32))),
        frame(2, centers=Array.of(np.zeros((3, 1), np.float32))),
        frame(2, bias=Array.of(np.zeros(2, np.float32))),
    ],
)
def test_a_frame_that_does_not_fit_the_run_is_not_shown(path, wrong):
    record(path, FRAMES[0], wrong)
    with Recording(path) as run:
        assert run.frame(0) == FRAMES[0]
        with pytest.raises(h.RecordingError, match="does not fit the run"):
            run.frame(1)
        assert "does not fit the run" in str(run.verify())


@pytest.mark.parametrize("scale", [0.0, 2.0**-140, 2.0**-30, 2.0**-14, 1.0, 8192.0, 65536.0, 1e30])
def test_features_of_any_size_come_back(path, scale):
    sent = frame(2, scale=scale)
    record(path, sent)
    with Recording(path) as run:
        assert np.array_equal(run.frame(0).features.numpy(), sent.features.numpy())


def test_no_direction_is_lost_to_rounding_and_most_frames_take_half_the_room():
    random = np.random.default_rng(0)
    values = random.normal(size=(4000, 2)).astype(np.float32) * 10.0 ** random.uniform(-3, 4, (4000, 1))
    values = values[(np.abs(values).max(axis=1) > 2.0**-14) & (np.abs(values).max(axis=1) < 65504)]
    features = Array.of(values)
    half = compact(features)
    assert half.dtype == "<f2"
    error = np.abs(half.numpy().astype(np.float32) - features.numpy()).max(axis=1)
    assert (error <= 2.0**-11 * np.abs(features.numpy()).max(axis=1)).all()
    for row in ((7e4, 1.0), (1e-6, 1e-7), (math.inf, 1e-3), (-9e4, math.nan)):
        assert compact(Array.of(np.array([(1.0, 2.0), row], np.float32))).dtype == "<f4"
    odd = Array.of(np.array([(0.0, 0.0), (math.nan, math.nan), (math.nan, 3.0)], np.float32))
    assert np.array_equal(compact(odd).numpy(), odd.numpy(), equal_nan=True)


def test_a_file_that_exists_stays_unless_it_may_be_replaced(path):
    path.write_text("precious")
    with pytest.raises(h.RecordingError, match=r"a\.lossrun already exists"):
        record(path)
    assert path.read_text() == "precious"
    record(path, overwrite=True)
    with Recording(path) as run:
        assert run.frames == 4


def test_where_no_file_can_be_made_one_sentence_says_so(tmp_path):
    with pytest.raises(h.RecordingError, match=r"Cannot record to .*nowhere.*: No such file or directory"):
        RecordingWriter(tmp_path / "nowhere" / "a.lossrun", header())


def test_a_value_that_has_no_place_in_the_format_ends_the_recording_with_a_sentence(path):
    writer = RecordingWriter(path, header())
    for item in (STARTED, FRAMES[0], frame(2, step=2**40), FRAMES[2]):
        writer.write(item)
    status = writer.close()
    assert str(status.error).startswith(f"Cannot record to {path}: ")
    with Recording(path) as run:
        assert [run.frame(i) for i in range(run.frames)] == [FRAMES[0]]
    with pytest.raises(h.RecordingError, match=r"Cannot record to .*b\.lossrun"):
        RecordingWriter(
            path.with_name("b.lossrun"), h.new_header(RunConfig().replace({"data.source": "\udcff"}))
        )
    assert not path.with_name("b.lossrun").exists()


def test_a_run_that_never_started_leaves_no_file(path):
    with RecordingWriter(path, header()) as writer:
        writer.write(m.Failed(run=0, what=text("no data"), where="training"))
        assert path.exists()
    assert not path.exists()


def test_what_comes_after_the_end_is_ignored(path):
    with RecordingWriter(path, header()) as writer:
        writer.write(STARTED)
    writer.write(FRAMES[0])
    assert writer.close().frames == 0


def test_what_a_run_before_it_still_sends_is_not_taken_for_its_own(path):
    stale = [frame(1, run=2), msgspec.structs.replace(NOTICE, run=2), m.Checkpoint(2, 0, b"old")]
    stale.append(m.Configured(run=2, config_seq=9, step=0))
    record(path, *stale, FRAMES[0])
    with Recording(path) as run:
        assert (run.frames, run.notices, run.checkpoints) == (1, (), ())
        assert run.frame(0) == FRAMES[0]


def test_every_setting_that_was_in_force_is_kept_also_between_two_frames(path):
    with RecordingWriter(path, header()) as writer:
        writer.write(STARTED)
        writer.write(FRAMES[0])
        for seq, step in ((2, 4), (3, 6)):
            writer.configured(seq, FIRST.replace({"loss.margin": seq / 10}))
            writer.write(m.Configured(run=3, config_seq=seq, step=step))
        writer.write(frame(2, config_seq=3, config_step=6))
    with Recording(path) as run:
        changes = [(change.step, change.config.get("loss.margin")) for change in run.settings]
        assert changes == [(0, 0.2), (4, 0.2), (6, 0.3)]
        assert [run.config(i).get("loss.margin") for i in range(2)] == [0.2, 0.3]


def test_many_threads_may_write_at_once(path):
    with RecordingWriter(path, header()) as writer:
        writer.write(STARTED)

        def act():
            for _ in range(200):
                writer.write(NOTICE)

        threads = [threading.Thread(target=act) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with Recording(path) as run:
        assert run.notices == (NOTICE,) * 800
        assert run.complete


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_a_file_that_is_deleted_meanwhile_is_an_error_and_no_silence(path):
    writer = RecordingWriter(path, header())
    writer.write(STARTED)
    path.unlink(missing_ok=True)
    writer.write(FRAMES[0])
    error = writer.close().error
    assert str(error) == f"Cannot record to {path}: No such file or directory."


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_a_disk_that_is_too_slow_costs_frames_and_no_memory(path, monkeypatch, tmp_path):
    """The disk is a pipe, which takes 64 kB and then blocks until somebody reads."""
    monkeypatch.setattr(writer_module, "WAITING_LIMIT", 10 * len(FRAMES[0].features.data))
    pipe, going = tmp_path / "pipe", threading.Event()
    os.mkfifo(pipe)

    def read():
        with pipe.open("rb") as source:
            going.wait(60)
            path.write_bytes(source.read())

    reader = threading.Thread(target=read)
    reader.start()
    with RecordingWriter(pipe, header(), overwrite=True) as writer:
        writer.write(STARTED)
        for _ in range(1000):
            writer.write(FRAMES[0])
        writer.write(NOTICE)
        going.set()
        status = writer.close()
    reader.join()
    assert 700 < status.left_out < 1000
    assert status.frames == 1000 - status.left_out
    with Recording(path) as run:
        assert run.complete
        assert (run.frames, run.notices) == (status.frames, (NOTICE,))
