"""On a bare system the window must name the packages to install, instead of dying with a traceback."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from explorer.gui.starting.start import _missing, missing_sentence, start


@pytest.mark.usefixtures("qapp")
def test_the_last_session_opens_without_the_files_that_the_first_window_was_started_with(monkeypatch):
    told = []

    class Holder:
        modes = iter(["retry", None])

        def __init__(self, app):
            told.append(app)
            self.next_mode = next(self.modes)

        def open(self, files):
            told.append(list(files))

        def let_go(self):
            told.append("let go")

    monkeypatch.setattr("explorer.gui.app.App", lambda *_args, mode, **_more: mode)
    monkeypatch.setattr("explorer.gui.app_holder.AppHolder", Holder)
    monkeypatch.setattr(
        "explorer.gui.theme.application.make_application",
        lambda: SimpleNamespace(
            exec=lambda: 0, commitDataRequest=SimpleNamespace(connect=lambda _slot: None)
        ),
    )
    assert start(["worker"], [Path("a.lossrun")]) == 0
    assert told == ["beside", [Path("a.lossrun")], "let go", "retry", [], "let go"]


def test_missing_libraries_are_named_with_the_packages_that_bring_them():
    sentence = str(missing_sentence(["libxcb-cursor.so.0", "libEGL.so.1", "libEGL.so.1"]))
    assert "libEGL.so.1, libxcb-cursor.so.0" in sentence
    assert "apt-get install libegl1 libxcb-cursor0" in sentence
    assert "apt-get" not in str(missing_sentence(["libunheard.so.7"]))


def test_a_library_with_missing_parts_is_found_out(tmp_path):
    import shutil
    import subprocess

    compiler = shutil.which("cc")
    if compiler is None:
        (tmp_path / "broken.so").write_bytes(b"not a library")
        assert _missing(tmp_path / "broken.so") == []
        return
    part, whole = tmp_path / "libpart.so.1", tmp_path / "whole.so"
    (tmp_path / "a.c").write_text("int part(void) { return 1; }")
    (tmp_path / "b.c").write_text("int part(void); int whole(void) { return part(); }")
    link = ["-shared", "-fPIC"]
    subprocess.run([compiler, *link, "-Wl,-soname,libpart.so.1", "-o", part, tmp_path / "a.c"], check=True)
    subprocess.run([compiler, *link, "-o", whole, tmp_path / "b.c", part], check=True)
    part.unlink()
    assert _missing(whole) == ["libpart.so.1"]
