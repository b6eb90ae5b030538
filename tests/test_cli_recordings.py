"""Recordings on the command line: made by ``train --record``, told by ``info``, kept whatever happens."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from core.recording import small_run

from explorer.analysis.events.event_log import EventLog
from explorer.analysis.frames.snapshot import ProbeSet, Snapshot
from explorer.cli import main
from explorer.core.recording import header as h
from explorer.core.recording.reader import Recording
from explorer.core.settings.config import RunConfig
from explorer.worker.training.checkpoint import from_bytes, to_bytes
from explorer.worker.training.trainer import Trainer

LIMIT = 90
KEYS = [
    "format",
    "version",
    "config",
    "frames",
    "steps",
    "test_accuracy",
    "complete",
    "damage",
    "events",
    "checkpoints",
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.lossrun"


@pytest.fixture
def arguments(tiny_data, path):
    settings = (f"data.source={tiny_data}", "optimizer.batch=50", "device=cpu")
    options = [part for setting in settings for part in ("--set", setting)]
    return ["train", *options, "--record", str(path), "--json"]


def info(path, capsys):
    assert main(["info", str(path), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_training_is_recorded_as_it_is_printed_and_described(python, arguments, path, capsys):
    result = subprocess.run(
        [*python, "-m", "explorer", *arguments, "--epochs", "10", "--loss", "arcface"],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    *frames, summary = [json.loads(line) for line in result.stdout.splitlines()]
    found = info(path, capsys)
    assert list(found) == [*KEYS, "parent", "notes"]
    assert (found["format"], found["complete"], found["damage"]) == (1, True, None)
    assert (found["parent"], found["notes"]) == (None, "")
    assert (found["frames"], found["steps"]) == (len(frames), 80)
    assert found["test_accuracy"] == summary["test_accuracy"]
    assert [event["kind"] for event in found["events"]].count("learnt") > 0
    assert found["config"]["loss"]["name"] == "arcface"
    assert found["config"]["data"]["probe_every"] == 0, "as it was asked for"
    with Recording(path) as run:
        probe, log = ProbeSet.of(run.started), EventLog()
        for index in range(run.frames):
            log.take(Snapshot.of(run.frame(index), probe, run.config(index)), 0)
        assert log.found == list(run.events), "what a window finds in it"
        assert list(run.steps) == [frame["step"] for frame in frames]
        assert [run.frame(i).scalars["loss"] for i in range(run.frames)] == [f["loss"] for f in frames]
        assert run.config(0).data.probe_every == 25, "as it was trained"
        assert len(run.header.data_digest) == 64
        assert run.checkpoints == (0, 80)
        restored = from_bytes(run.checkpoint(0)).trainer
    losses = []
    for _ in range(25):
        restored.step()
        losses.append(restored.meters.take().tensors["loss"].item())
    assert sum(losses) / 25 == pytest.approx(frames[1]["loss"], rel=1e-5), "the first 25 steps, repeated"


def test_a_person_reads_a_table(path, capsys):
    small_run.record(path)
    assert main(["info", str(path)]) == 0
    lines = dict(
        re.split(" {2,}", line, maxsplit=1) for line in capsys.readouterr().out.splitlines() if line[0] != " "
    )
    assert lines["Loss function"] == "ArcFace"
    assert (
        lines["Settings"]
        == "loss.name=arcface loss.scale=10.0 loss.margin=0.2 loss.beyond_pi=fallback seed=5"
    )
    assert lines["Changes"] == "from step 15: loss.margin=0.4"
    assert (lines["Frames"], lines["Checkpoints"], lines["State"]) == ("4", "0, 20", "complete")
    assert lines["Events"] == "1"
    assert info(path, capsys)["events"] == [
        {"step": 10, "kind": "learnt", "text": "Class 2 is learnt.", "cause": None}
    ]


def test_a_damaged_recording_is_described_as_far_as_it_goes(path, capsys):
    small_run.record(path)
    content = bytearray(path.read_bytes())
    content[content.index(b"Frame") + 40] ^= 1
    path.write_bytes(content)
    found = info(path, capsys)
    assert (found["frames"], found["complete"], found["test_accuracy"]) == (4, False, 0.75)
    assert found["damage"].endswith("the checksum of a chunk is wrong.")
    path.write_bytes(path.read_bytes()[: content.index(b"Finished")])
    assert info(path, capsys)["test_accuracy"] is None, "the damage comes before the first frame"


@pytest.mark.parametrize("content", [b"", b"\x89MCAP0\r\n", b"not a recording"])
def test_what_is_no_recording_is_one_line_and_exit_code_two(path, content, capsys):
    path.write_bytes(content)
    assert main(["info", str(path)]) == 2
    assert capsys.readouterr() == ("", f"loss-explorer: {path} is not a recording of Loss Explorer.\n")


def test_a_missing_and_a_newer_file_are_one_line_and_exit_code_two(path, capsys, monkeypatch):
    assert main(["info", str(path)]) == 2
    assert "No such file or directory" in capsys.readouterr().err
    monkeypatch.setattr(h, "FORMAT", 2)
    small_run.record(path)
    monkeypatch.undo()
    assert main(["info", str(path), "--json"]) == 2
    output, error = capsys.readouterr()
    assert (output, error.count("\n")) == ("", 1)
    assert "Install a newer version" in error


def test_a_recording_is_not_replaced_unless_told_and_nothing_is_trained_before_that_is_clear(path, capsys):
    path.write_text("precious")
    assert main(["train", "--record", str(path)]) == 2
    assert "overwrite it with --force" in capsys.readouterr().err
    assert path.read_text() == "precious"
    assert main(["train", "--record", str(path.parent / "nowhere" / "a.lossrun")]) == 2
    assert "Cannot record to" in capsys.readouterr().err


def test_a_training_that_fails_leaves_no_file_and_force_replaces_one(path, capsys):
    path.write_text("old")
    assert main(["train", "--set", "data.source=/nowhere", "--json", "--record", str(path), "--force"]) == 2
    assert "File or folder not found: /nowhere" in capsys.readouterr().err
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", ["SIGINT", "SIGKILL"])
def test_a_training_that_is_stopped_or_killed_keeps_what_it_has_printed(arguments, path, number):
    command = [sys.executable, "-m", "explorer", *arguments, "--seconds", "600"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = [json.loads(process.stdout.readline()) for _ in range(5)]
    deadline = time.monotonic() + 20
    while path.read_bytes().count(b"\xa4type\xa5Frame") < 5:
        assert time.monotonic() < deadline, "a frame is on disk soon after it is shown"
        time.sleep(0.01)
    process.send_signal(getattr(signal, number))
    process.communicate(timeout=LIMIT)
    with Recording(path) as run:
        assert run.steps[:5] == tuple(frame["step"] for frame in printed)
        assert [run.frame(i).scalars["loss"] for i in range(5)] == [frame["loss"] for frame in printed]
        assert run.complete is (number == "SIGINT")
        if not run.complete:
            assert "Frames that can be read" in str(run.damage)


@pytest.mark.skipif(sys.platform == "win32", reason="limits as on POSIX")
def test_a_training_whose_disk_is_full_goes_on_and_says_so(python, arguments, path, tiny_data):
    """There is room for the first checkpoint and some frames."""
    config = RunConfig().replace({"data.source": str(tiny_data), "optimizer.batch": 50, "device": "cpu"})
    room = len(to_bytes(Trainer(config))) + 20_000
    limits = "import resource, runpy, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limits += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); "
    limits += "runpy.run_module('explorer', run_name='__main__')"
    result = subprocess.run(
        [*python, "-c", limits, *arguments, "--epochs", "30"],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        env=os.environ,
    )
    assert result.returncode == 1
    assert result.stderr == f"loss-explorer: Cannot record to {path}: File too large.\n"
    assert json.loads(result.stdout.splitlines()[-1])["step"] == 240
    with Recording(path) as run:
        assert run.frames > 2
        assert not run.complete
