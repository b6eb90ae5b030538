"""What the command line starts the window with: files in any order, safe mode; and what it refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.cli import main
from explorer.core.plugins import PLUGINS


@pytest.fixture
def started(monkeypatch):
    """What the window was started with, without starting it."""
    calls = []

    def start(_worker, files=(), *, safe=False, lesson="", data=""):
        calls.append(([str(file) for file in files], safe, *([lesson or data] if lesson or data else [])))
        return 0

    monkeypatch.setattr("explorer.gui.starting.start.start", start)
    monkeypatch.setenv(PLUGINS, "")  # put back at the end
    return calls


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ([], False)),
        (["gui"], ([], False)),
        (["a.lossrun"], (["a.lossrun"], False)),
        (["gui", "a.lossrun"], (["a.lossrun"], False)),
        (["a.toml", "b.png", "c.lossrun"], (["a.toml", "b.png", "c.lossrun"], False)),
        (["folder/without-a-dot"], (["folder/without-a-dot"], False)),
        (["--safe"], ([], True)),
        (["--safe", "a.lossrun"], (["a.lossrun"], True)),
        (["a.lossrun", "--safe"], (["a.lossrun"], True)),
        (["gui", "--safe"], ([], True)),
    ],
)
def test_files_and_safe_mode_reach_the_window(arguments, expected, started):
    assert main(arguments) == 0
    assert started == [expected]
    assert (os.environ[PLUGINS] == "off") is expected[1]


def test_a_file_without_a_dot_opens_where_it_exists(started, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("digit").touch()
    assert main(["digit"]) == 0
    assert started == [(["digit"], False)]


@pytest.mark.parametrize("arguments", [["gui", "--lesson", "a.md"], ["--lesson", "a.md"], ["--lesson=a.md"]])
def test_a_lesson_reaches_the_window(arguments, started):
    assert main(arguments) == 0
    assert started == [([], False, "a.md")]


@pytest.mark.parametrize("arguments", [["gui", "--data", "clothes"], ["--data=clothes"]])
def test_a_data_set_reaches_the_window(arguments, started):
    assert main(arguments) == 0
    assert started == [([], False, "clothes")]


def test_a_lesson_opens_without_other_files(started, capsys):
    assert main(["gui", "--lesson", "a.md", "b.lossrun"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not started


@pytest.mark.parametrize("arguments", [["trian"], ["--unsafe"], ["gui", "--nonsense"]])
def test_a_misspelt_command_or_option_is_wrong_usage(arguments, started, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not started


def test_safe_mode_loads_no_plug_in(tmp_path):
    """A package whose description ends the process must not do so in safe mode."""
    (tmp_path / "deadly.py").write_text("import os\nos._exit(77)\n")
    information = tmp_path / "deadly-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        "[explorer.catalog]\ndeadly = deadly:SPEC\n[explorer.heads]\ndeadly = deadly:Head\n"
    )
    code = (
        f"import sys; sys.path.append({str(tmp_path)!r})\n"
        "import explorer.gui.starting.start as start\n"
        "start.start = lambda *_, **__: print('window') or 0\n"
        "from explorer.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "import explorer.analysis.heads.registry\n"
        "sys.exit(code)"
    )
    codes = {
        mode: subprocess.run([sys.executable, "-c", code, *mode], capture_output=True, check=False).returncode
        for mode in ((), ("--safe",))
    }
    assert codes == {(): 77, ("--safe",): 0}
