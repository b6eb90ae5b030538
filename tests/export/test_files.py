"""An export leaves no half file, destroys no other, and says in a sentence what stands in its way."""

import os
import shutil
import subprocess
import sys
from itertools import count

import pytest
from core.recording import small_run
from faulty_files import ERRORS, failing_disk

from explorer.cli import main
from explorer.export.files import ExportError, ExportUsageError, new_files, new_folder
from explorer.export.formats import FORMATS

NAMES = [one.name for one in FORMATS]


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "run.lossrun"
    small_run.record(path)
    return path


def left_behind(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".loss-explorer-")]


@pytest.mark.parametrize("name", NAMES)
def test_what_exists_is_replaced_only_by_force(run, tmp_path, capsys, name):
    out = tmp_path / f"out.{name}"
    arguments = ["export", str(run), "--format", name, "--out", str(out)]
    assert main(arguments) == 0
    capsys.readouterr()
    assert main(arguments) == 2
    assert "already exists. Choose another name, or overwrite it with --force." in capsys.readouterr().err
    assert main([*arguments, "--force"]) == 0
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_folder_is_named_and_so_is_a_name_that_is_too_long(run, tmp_path, capsys, name):
    start = ["export", str(run), "--format", name, "--out"]
    assert main([*start, str(tmp_path / "nowhere" / "a")]) == 1
    assert capsys.readouterr().err.endswith(f"there is no folder {tmp_path / 'nowhere'}.\n")
    assert main([*start, str(tmp_path / ("a" * 300))]) == 1
    assert capsys.readouterr().err.endswith("the name is too long.\n")
    before = sorted(tmp_path.iterdir())
    code = main([*start, str(tmp_path / ("a" * 250))])
    if code:
        assert capsys.readouterr().err.endswith("the name is too long.\n"), "no room for a second file's name"
        assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits as on POSIX")
@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(run, tmp_path, name):
    out = tmp_path / f"out.{name}"
    limits = "import resource, runpy, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limits += "resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)); "
    limits += "runpy.run_module('explorer', run_name='__main__')"
    command = [sys.executable, "-B", "-c", limits, "export", str(run), "--format", name, "--out", str(out)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"loss-explorer: Cannot write {out}: ")
    assert result.stderr.endswith("File too large.\n")
    assert result.stderr.count("\n") == 1
    assert not out.exists()
    assert left_behind(tmp_path) == []


def test_a_block_that_fails_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail():
        with new_files([target], force=True) as (partial,):
            partial.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_of_two_files_neither_is_written_where_one_cannot_be(tmp_path):
    targets = [tmp_path / "a", tmp_path / "b"]
    targets[1].mkdir()
    with pytest.raises(ExportUsageError, match="is a folder"), new_files(targets, force=True):
        pass
    assert not targets[0].exists()


def test_force_never_replaces_a_folder_with_other_files(tmp_path):
    target = tmp_path / "home"
    target.mkdir()
    (target / "ours.tsv").write_text("old")

    def fill(force):
        with new_folder(target, force=force, is_part=lambda name: name.endswith(".tsv")) as folder:
            (folder / "new.tsv").write_text("new")

    with pytest.raises(ExportUsageError, match="--force"):
        fill(force=False)
    (target / "thesis.tex").write_text("precious")
    with pytest.raises(ExportUsageError, match=r"other files in it, such as thesis\.tex"):
        fill(force=True)
    assert (target / "thesis.tex").read_text() == "precious"
    (target / "thesis.tex").unlink()
    fill(force=True)
    assert [path.name for path in target.iterdir()] == ["new.tsv"]
    assert left_behind(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with (
        pytest.raises(ExportError, match=r"^Cannot write .*a\.csv: Permission denied\.$"),
        new_files([tmp_path / "a.csv"], force=False),
    ):
        pass


def test_the_command_line_refuses_what_it_does_not_understand(run, tmp_path, capsys):
    for arguments in (
        ["--format", "xls"],
        ["--format", "csv", "--at", "later"],
        ["--format", "csv", "--at", "-1"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(["export", str(run), "--out", str(tmp_path / "a"), "--format", *arguments])
        assert ended.value.code == 2
    capsys.readouterr()
    assert (
        main(["export", str(tmp_path / "no.lossrun"), "--format", "csv", "--out", str(tmp_path / "a")]) == 2
    )
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_an_interrupted_export_leaves_nothing_and_says_so(run, tmp_path, capsys, monkeypatch, name):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("explorer.export.tables.Frames.__iter__", interrupt)
    monkeypatch.setattr("explorer.export.script.history.History.of", interrupt)
    before = sorted(tmp_path.iterdir())
    assert main(["export", str(run), "--format", name, "--out", str(tmp_path / "a")]) == 1
    assert capsys.readouterr().err == "loss-explorer: stopped: nothing was written.\n"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals as on POSIX")
def test_a_terminal_shows_how_far_an_export_is(run, tmp_path):
    import pty

    leader, follower = pty.openpty()
    out = str(tmp_path / "a.csv")
    command = [
        sys.executable,
        "-m",
        "explorer",
        "export",
        str(run),
        "--format",
        "csv",
        "--at",
        "all",
        "--out",
        out,
    ]
    subprocess.run(command, stderr=follower, stdout=subprocess.DEVNULL, check=True)
    os.close(follower)
    assert b"Exporting" in os.read(leader, 10_000)
    os.close(leader)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_of_a_link_the_file_that_it_leads_to_is_written(tmp_path):
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    old, gone = tmp_path / "there" / "old.csv", tmp_path / "there" / "gone.csv"
    old.write_text("old")
    links = [tmp_path / "here" / "a.csv", tmp_path / "here" / "b.csv", tmp_path / "here" / "c.csv"]
    links[0].symlink_to(old)
    links[1].symlink_to(gone)
    with pytest.raises(ExportUsageError, match="already exists"), new_files(links[:1], force=False):
        pass
    with new_files(links, force=True) as partial:
        for path in partial:
            path.write_text("new")
    assert (old.read_text(), gone.read_text(), links[2].read_text()) == ("new", "new", "new")
    assert [link.is_symlink() for link in links] == [True, True, False]
    assert left_behind(tmp_path / "here") == left_behind(tmp_path / "there") == []


@pytest.mark.parametrize("name", sorted({*NAMES} - {"parquet"}))  # which writes in C
def test_the_old_export_is_whole_or_the_new_one_is_whichever_operation_fails(run, tmp_path, capsys, name):
    old = tmp_path / "old"
    old.mkdir()
    arguments = ["export", str(run), "--format", name, "--out"]
    earlier = [] if name == "tensorboard" else ["--at", "0"]  # that one is of all frames
    assert main([*arguments, str(old / f"out.{name}"), *earlier]) == 0
    for at in count():
        folder = shutil.copytree(old, tmp_path / str(at))
        capsys.readouterr()
        with failing_disk(folder, at, ERRORS[at % len(ERRORS)]) as made:
            code = main([*arguments, str(folder / f"out.{name}"), "--force"])
        said = capsys.readouterr().err
        assert code == 0 or said.count("\n") == 1, said
        assert code == 0 or contents(folder) == contents(old), said
        if len(made) <= at:
            assert code == 0
            assert left_behind(folder) == []
            return


def contents(folder):
    """Return the files of an export with their contents; leftovers that cannot be deleted do not count."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".loss-explorer-") for part in path.parts)
    }
