"""The command line as a person and a script meet it: what it prints, and how it ends."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pictures import write_class_folders

from explorer import __version__
from explorer.cli import main
from explorer.core.losses.catalog import LOSSES
from explorer.gui.starting.start import StartError, check_machine

LIMIT = 90


def run(*arguments, python=(sys.executable,)):
    command = [*python, "-m", "explorer", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)


def code_of(arguments):
    """Return the exit code of the command line, run in this process."""
    try:
        return main(arguments)
    except SystemExit as ended:
        return ended.code


@pytest.fixture
def train(tiny_data, python):
    def start(*arguments):
        settings = (f"data.source={tiny_data}", "optimizer.batch=50", "device=cpu")
        set_ = (part for setting in settings for part in ("--set", setting))
        return run("train", *set_, *arguments, python=python)

    return start


def test_version_and_help():
    assert run("--version").stdout == f"loss-explorer {__version__}\n"
    assert "train" in run("--help").stdout


def test_losses_for_people_and_for_programs():
    text = run("losses").stdout
    data = json.loads(run("losses", "--json").stdout)
    assert [loss["name"] for loss in data] == list(LOSSES)
    for loss in data:
        assert f"{loss['name']}  (" in text
        assert {param["name"] for param in loss["params"]} == {
            param.name for param in LOSSES[loss["name"]].params
        }


def test_a_data_set_of_ones_own_needs_only_its_path(python, tmp_path):
    write_class_folders(tmp_path / "fruit", count=6)
    result = run(
        "train",
        "--data",
        str(tmp_path / "fruit"),
        "--set",
        "optimizer.batch=5",
        "--epochs",
        "4",
        "--json",
        python=python,
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1])["test_samples"] == 3
    assert "fruit: Without test images, a tenth of each class was held out" in result.stderr


def test_a_missing_data_set_is_named(python, tmp_path):
    result = run("train", "--data", str(tmp_path / "gone"), "--json", python=python)
    assert result.returncode == 2
    assert "File or folder not found" in result.stderr


def test_json_has_an_object_per_frame_and_the_summary_last(train):
    result = train("--loss", "arcface", "--set", "loss.margin=0.3", "--dim", "3", "--epochs", "10", "--json")
    assert result.returncode == 0, result.stderr
    *frames, summary = [json.loads(line) for line in result.stdout.splitlines()]
    keys = {"step", "epoch", "elapsed", "samples_per_second", "loss", "train_accuracy", "test_accuracy"}
    assert all(keys | {"probe_samples"} <= frame.keys() for frame in frames)
    assert all(frame["margin_accuracy"] <= 1 for frame in frames)
    assert [frame["step"] for frame in frames] == [0, 25, 50, 75, 80]
    assert summary["summary"] is True
    assert summary["test_samples"] == 100
    assert summary["test_accuracy"] > 0.5
    assert summary["margin_accuracy"] == frames[-1]["margin_accuracy"]
    assert summary["epoch"] == 10.0


def test_the_same_seed_prints_the_same_figures(train):
    first, second, other = (
        [
            {key: json.loads(line)[key] for key in ("step", "loss", "train_accuracy", "test_accuracy")}
            for line in train("--epochs", "3", "--seed", seed, "--json").stdout.splitlines()
        ]
        for seed in ("7", "7", "8")
    )
    assert first == second
    assert first != other


def test_a_person_sees_the_result_on_standard_output(train):
    result = train("--seconds", "1")
    assert result.returncode == 0
    assert "test accuracy" in result.stdout


def test_settings_come_from_a_file_and_the_command_line_overrides_it(train, tmp_path):
    file = tmp_path / "run.toml"
    file.write_text('[loss]\nname = "cosface"\nmargin = 0.3\n[network]\ndim = 3\n')
    result = train("--config", str(file), "--set", "loss.margin=0.1", "--epochs", "1", "--json")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--loss", ""], "no loss ''"),
        (["train", "--seconds", "1_000"], "1_000 is not a positive number"),
        (["bench", "--only", "scale", "--chart", "/nowhere/chart.png"], "no such folder"),
        (["train", "--loss", "arcfac"], "Did you mean 'arcface'"),
        (["train", "--set", "loss.margn=1"], "no setting 'margn'"),
        (["train", "--set", "nonsense"], "expected name=value"),
        (["train", "--dim", "513"], "above its maximum of 512"),
        (["train", "--loss", "arcface", "--set", "loss.margin=30deg"], "0.5236"),
        (["train", "--config", "/nowhere.toml"], "/nowhere.toml"),
        (["train", "--preset", "wen-2016"], "There is no preset"),
        (["train", "--epochs", "-1"], "not a positive number"),
        (["train", "--epochs", "0,5"], "0,5 has a comma: write 0.5"),
        (["train", "--epochs", "half"], "half is not a positive number"),
        (["train", "--set", "optimizer.rate=0,05"], "write 0.05"),
        (["train", "--seconds", "soon"], "soon"),
        (["trian"], "trian"),
        (["losses", "--xml"], "--xml"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_two(arguments, words, capsys):
    """In this process, which spares the start of a dozen others."""
    assert code_of(arguments) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_the_exit_code_of_wrong_usage_is_that_of_the_process():
    assert run("trian").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be deleted there")
def test_a_current_folder_that_was_deleted_is_one_line(tmp_path, monkeypatch, capsys):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert code_of(["losses"]) == 2
    assert "current folder is not there" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_lacks_letters_has_question_marks_for_them(monkeypatch, encoding):
    """As a file has that Windows redirects to."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    monkeypatch.setenv("PYTHONUTF8", "0")
    result = subprocess.run([sys.executable, "-m", "explorer", "losses"], capture_output=True, check=True)
    assert b"?" in result.stdout
    assert result.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_a_full_disk_is_one_line():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "explorer", "losses"]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "No space left" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="streams of POSIX")
def test_no_file_takes_the_place_of_a_stream_that_is_closed():
    """The window closed itself: Qt wrote a remark to the socket that tells of signals."""
    code = "import os; from explorer.cli import main; main(['losses']); os._exit(os.open('/', os.O_RDONLY))"
    shell = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]
    assert subprocess.run([*shell, sys.executable, "-c", code], timeout=LIMIT, check=False).returncode > 2


def test_a_margin_that_cannot_work_is_told_before_training(train):
    result = train("--loss", "arcface", "--set", "loss.margin=0.5", "--epochs", "0.1", "--json")
    summary = json.loads(result.stdout.splitlines()[-1])
    (warning,) = summary["warnings"]
    assert "margin of 0.5 rad" in warning
    assert result.stderr == f"loss-explorer: {warning}\n"


def test_data_that_cannot_be_read_are_one_line_and_wrong_input():
    result = run("train", "--set", "data.source=/nowhere", "--json")
    assert result.returncode == 2
    assert (
        result.stderr == "loss-explorer: File or folder not found: /nowhere. Choose IDX files, an .npz or "
        ".csv file or a folder of pictures, or use mnist.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_control_c_ends_a_training_with_its_summary(tiny_data):
    command = [
        sys.executable,
        "-m",
        "explorer",
        "train",
        "--set",
        f"data.source={tiny_data}",
        "--seconds",
        "600",
    ]
    process = subprocess.Popen(
        [*command, "--set", "optimizer.batch=50", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(3):
        assert process.stdout.readline()
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, error = process.communicate(timeout=LIMIT)
    assert time.monotonic() - start < 10
    assert (process.returncode, error) == (0, "")
    assert json.loads(output.splitlines()[-1])["summary"] is True


@pytest.mark.skipif(sys.platform != "linux", reason="displays as on Linux")
def test_without_a_display_the_window_says_so_and_names_the_way_out(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for arguments in ([], ["gui"]):
        result = run(*arguments)
        assert result.returncode == 1
        assert "no display" in result.stderr
        assert "loss-explorer train" in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="displays as on Linux")
@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("QT_QPA_PLATFORM", "nonsense", "no platform 'nonsense'"),
        ("WAYLAND_DISPLAY", "wayland-99", "wayland-99"),
    ],
)
def test_a_platform_that_would_abort_is_named(monkeypatch, variable, value, words):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(StartError, match=words):
        check_machine()


@pytest.mark.skipif(sys.platform != "linux", reason="displays as on Linux")
def test_a_display_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    result = run()
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "':987' does not respond" in result.stderr or "apt-get install" in result.stderr
