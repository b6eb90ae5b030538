"""A package that adds something to the program must not disturb what the program says."""

import sys
from importlib.metadata import EntryPoint

import pytest

from explorer.core.plugins import load, plugins


def test_what_a_package_prints_when_it_is_loaded_is_not_in_the_output_of_a_command(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "a_talkative_package.py").write_text("print('Welcome!')\nLOSS = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert load(EntryPoint("loss", "a_talkative_package:LOSS", "any group")) == 7
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "Welcome!\n")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import sys; sys.exit()", "tried to end the program"),
        ("import time; time.sleep(60)", "takes longer than 0 seconds"),
        ("while True: pass", "takes longer than 0 seconds"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="it has no timer that interrupts")
def test_a_package_that_ends_the_program_or_hangs_is_given_up(tmp_path, monkeypatch, code, error):
    monkeypatch.setattr("explorer.core.plugins._LONGEST", 0.2)
    (tmp_path / "a_bad_package.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises((RuntimeError, TimeoutError), match=error):
        load(EntryPoint("loss", "a_bad_package:LOSS", "any group"))


def test_the_metadata_of_another_package_hides_no_plug_in(tmp_path, monkeypatch):
    for name, content in {"broken": b"[a group]\nx = \xff", "whole": b"[a group]\ny = z:Z"}.items():
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    assert [point.value for point in plugins("a group")] == ["z:Z"]
