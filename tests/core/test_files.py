"""A file that is saved keeps what a person has made of it, and nothing that is no file is waited for."""

from __future__ import annotations

import os
import stat
import sys

import pytest

from explorer.core.files import open_regular, read_regular, write_whole
from explorer.core.recording.header import RecordingError
from explorer.core.recording.reader import Recording

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, permissions and pipes of POSIX")
NAMES = ["设置.toml", "настройки", "הגדרות.txt", "e\u0301.toml", "a" * 250, "字" * 83, " .lead", "100%{x}"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_written_and_read(tmp_path, name):
    path = tmp_path / name
    for data in (b"first", b"second", b""):
        write_whole(path, data)
        assert read_regular(path) == data
    assert os.listdir(tmp_path) == [name]


@POSIX
def test_a_link_stays_a_link_and_its_file_is_written(tmp_path):
    target, link = tmp_path / "dotfiles" / "window.toml", tmp_path / "window.toml"
    target.parent.mkdir()
    link.symlink_to(target)
    for data in (b"first", b"second"):
        write_whole(link, data)
        assert (link.is_symlink(), target.read_bytes()) == (True, data)
    assert [path.name for path in target.parent.iterdir()] == ["window.toml"]


@POSIX
def test_permissions_are_kept_and_a_file_that_nobody_may_write_is_left(tmp_path):
    path = tmp_path / "window.toml"
    write_whole(path, b"first")
    for mode in (0o600, 0o664):
        path.chmod(mode)
        write_whole(path, b"second")
        assert stat.S_IMODE(path.stat().st_mode) == mode
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write_whole(path, b"third")
    assert path.read_bytes() == b"second"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_is_neither_replaced_nor_read(tmp_path):
    folder = tmp_path / "window.toml"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(folder, b"first")
    with pytest.raises(OSError):  # noqa: PT011  # each system has its own words
        read_regular(folder)
    assert list(tmp_path.iterdir()) == [folder]


@POSIX
def test_a_pipe_is_not_waited_for(tmp_path):
    pipe = tmp_path / "a.lossrun"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="it is not a file"):
        open_regular(pipe)
    with pytest.raises(RecordingError, match="it is not a file"):
        Recording(pipe)


def test_a_file_without_end_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "window.toml"
    path.write_bytes(bytes(1001))
    assert len(read_regular(path, most=1001)) == 1001
    with pytest.raises(OSError, match="it is too large"):
        read_regular(path, most=1000)
