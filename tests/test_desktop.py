"""The program on a Linux desktop: its entry starts it, its files are known, and all can be removed again."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from core.recording import small_run

from explorer.cli import main
from explorer.core.data.resources import resource
from explorer.desktop import with_command

MIME_TYPE = "application/vnd.loss-explorer.lossrun"
NAMES = {
    "applications/loss-explorer.desktop",
    "mime/packages/loss-explorer.xml",
    "icons/hicolor/scalable/apps/loss-explorer.svg",
}

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="desktops of freedesktop.org")


@pytest.fixture
def data():
    """The data folder of the user, which tests have to themselves."""
    return Path(os.environ["XDG_DATA_HOME"])


@pytest.fixture
def no_tools(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def files(data):
    return {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}


def entry_of(content):
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read_string(content)
    return dict(parser["Desktop Entry"])


def mime_type_of(path):
    """Return what Qt, as a desktop, takes a file for; in a process that knows the new data folder."""
    code = "import sys; from PySide6.QtCore import QMimeDatabase; "
    code += "print(QMimeDatabase().mimeTypeForFile(sys.argv[1]).name())"
    command = [sys.executable, "-c", code, path]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.usefixtures("no_tools")
def test_what_is_installed_is_listed_and_removed_again(data, capsys):
    assert main(["desktop", "install"]) == 0
    assert files(data) == NAMES
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        f"Written: {data / name}"
        for name in (
            "applications/loss-explorer.desktop",
            "mime/packages/loss-explorer.xml",
            "icons/hicolor/scalable/apps/loss-explorer.svg",
        )
    ]
    assert lines[3].startswith("Not found: update-mime-database.")
    assert main(["desktop", "install"]) == 0, "again, as after an update"
    capsys.readouterr()
    assert main(["desktop", "uninstall"]) == 0
    assert files(data) == set()
    assert sum(line.startswith("Deleted: ") for line in capsys.readouterr().out.splitlines()) == 3
    assert main(["desktop", "uninstall"]) == 0, "there is nothing to delete"


@pytest.mark.usefixtures("no_tools")
def test_the_entry_starts_this_installation_with_the_files_that_are_opened(data):
    main(["desktop", "install"])
    entry = entry_of((data / "applications/loss-explorer.desktop").read_text("utf-8"))
    program = shlex.split(entry["Exec"])
    assert program[-1] == "%F"
    assert program[0] == entry["TryExec"]
    result = subprocess.run([*program[:-1], "--version"], capture_output=True, text=True, check=True)
    assert "loss-explorer" in result.stdout
    assert (entry["MimeType"], entry["Icon"], entry["Terminal"]) == (
        f"{MIME_TYPE};",
        "loss-explorer",
        "false",
    )


@pytest.mark.parametrize("folder", ["plain", "with space", 'odd "$`%\\ name'])
@pytest.mark.parametrize("has_script", [True, False])
def test_any_path_is_quoted_so_that_it_is_one_argument(tmp_path, folder, has_script):
    place = tmp_path / folder
    place.mkdir()
    (place / "python").touch()
    if has_script:
        (place / "loss-explorer").touch()
    content = resource("desktop", "loss-explorer.desktop").read_text("utf-8")
    entry = entry_of(with_command(content, place / "python"))
    unescaped = entry["Exec"].replace("\\\\", "\\").replace("%%", "%")  # of strings, then of field codes
    expected = [str(place / "loss-explorer")] if has_script else [str(place / "python"), "-m", "explorer"]
    words = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {unescaped}"], capture_output=True, text=True, check=True
    )
    assert words.stdout.splitlines() == [*expected, "%F"], "the quotes are those of the shell"
    assert entry["TryExec"].replace("\\\\", "\\") == expected[0]


@pytest.mark.usefixtures("no_tools")
@pytest.mark.parametrize("name", ["a.lossrun", "renamed"])
def test_a_recording_is_known_by_its_name_and_by_its_content(tmp_path, name):
    small_run.record(tmp_path / name)
    (tmp_path / "other.mcap").write_bytes(b"\x89MCAP0\r\n" + bytes(100))
    assert mime_type_of(tmp_path / name) != MIME_TYPE
    main(["desktop", "install"])
    assert mime_type_of(tmp_path / name) == MIME_TYPE
    assert mime_type_of(tmp_path / "other.mcap") != MIME_TYPE, "MCAP is a format of many programs"


@pytest.mark.skipif(shutil.which("update-mime-database") is None, reason="shared-mime-info is not installed")
def test_the_index_of_file_types_is_updated(data, capsys):
    main(["desktop", "install"])
    assert f"Updated: {data / 'mime'}" in capsys.readouterr().out
    assert f"{MIME_TYPE}:*.lossrun" in (data / "mime/globs2").read_text()
    main(["desktop", "uninstall"])
    assert MIME_TYPE not in (data / "mime/types").read_text()


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed"
)
def test_the_entry_is_valid(data):
    main(["desktop", "install"])
    command = ["desktop-file-validate", data / "applications/loss-explorer.desktop"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_a_folder_that_cannot_be_written_is_one_line(data, capsys):
    data.parent.mkdir(exist_ok=True)
    data.touch()
    assert main(["desktop", "install"]) == 1
    output, error = capsys.readouterr()
    assert (output, error.count("\n")) == ("", 1)
    assert "cannot be changed" in error
