"""Data are exported in a process of its own: whole or not at all, with progress, and every end is told."""

from __future__ import annotations

import csv
import sys

import numpy as np
import pytest
from core.recording import small_run

from explorer.core.recording.writer import RecordingWriter
from explorer.export.formats import FORMATS, format_of
from explorer.export.process import Job, Written
from explorer.gui.app import App
from explorer.gui.export import data_choices
from explorer.gui.export.data_choices import ExportChoices, ExportSource, kind_text
from explorer.gui.export.data_dialog import DataDialog
from explorer.gui.export.data_export import DataExport
from explorer.gui.language.interface_language import interface_language
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.messages import questions

PATIENCE = 60_000


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "run.lossrun"
    small_run.record(path)
    return path


@pytest.fixture
def command(python):
    return [*python, "-m", "explorer.export.process"]


@pytest.fixture
def dialog_of(qtbot, command):
    """Return a function that opens the dialog for a recording."""

    def build(path, choices=ExportChoices()):  # noqa: B008  # frozen
        source = ExportSource(path, "A run", len(small_run.FRAMES), 30)
        dialog = DataDialog(None, source, choices, command)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return build


def ended(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.export.working, timeout=PATIENCE)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_frames_are_written_beside_a_busy_window_and_the_choice_is_told(
    dialog_of, run, tmp_path, qtbot, monkeypatch
):
    dialog = dialog_of(run)
    told = []
    dialog.choicesChanged.connect(told.append)
    dialog.every.click()
    monkeypatch.setattr(questions, "chosen_files", lambda _dialog: [str(tmp_path / "data")])
    with qtbot.waitSignal(dialog.saved, timeout=PATIENCE) as saved:
        dialog.accept()
        assert not dialog.save_button.isEnabled()
        assert dialog.bar.isVisible()
        assert dialog.left.text() == "Exporting…"
        steps = []
        dialog.export.progressed.connect(lambda *how_far: steps.append(how_far))
    assert saved.args == [tmp_path / "data.csv"]
    assert steps == [(0.25, ""), (0.5, ""), (0.75, ""), (1.0, "Writing…")]
    assert told == [ExportChoices("csv", every=True)]
    with (tmp_path / "data.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted({int(row["step"]) for row in rows}) == [0, 10, 20, 30]
    lines = dialog.message.text().splitlines()
    assert lines == [f"Written: {tmp_path / name}" for name in ("data.csv", "data.metrics.csv")]
    assert dialog.cancel_button.text() == "Close"
    assert dialog.folder.isVisible()


def test_the_step_that_is_shown_is_written(run, tmp_path, qtbot, command):
    export = DataExport(command)
    with qtbot.waitSignal(export.finished, timeout=PATIENCE) as found:
        export.start(Job(str(run), "npz", str(tmp_path / "a.npz"), at=10))
    assert found.args == [Written((str(tmp_path / "a.npz"),))]
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["metrics.step"].tolist() == [10]


def test_files_in_the_current_folder_are_not_taken_for_libraries(run, tmp_path, qtbot, monkeypatch):
    for name in ("random", "numpy", "explorer/__init__"):
        file = tmp_path / "here" / f"{name}.py"
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text("raise RuntimeError('not this one')")
    monkeypatch.chdir(tmp_path / "here")
    export = DataExport()
    export.failed.connect(lambda reason: pytest.fail(str(reason)))
    with qtbot.waitSignal(export.finished, timeout=PATIENCE) as found:
        export.start(Job(str(run), "npz", str(tmp_path / "a.npz"), at=10))
    assert found.args == [Written((str(tmp_path / "a.npz"),))]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a folder", "is a folder. Choose the name of a file."),
        ("nowhere/a.csv", "there is no folder"),
        ("名" * 250, "the name is too long"),
    ],
)
def test_what_cannot_be_written_is_said_and_the_dialog_stays(dialog_of, run, tmp_path, qtbot, name, sentence):
    (tmp_path / "a folder.csv").mkdir()
    before = names_in(tmp_path)
    dialog = dialog_of(run)
    dialog.save(tmp_path / name)
    ended(qtbot, dialog)
    assert sentence in dialog.message.text()
    assert dialog.isVisible()
    assert dialog.save_button.isEnabled()
    assert names_in(tmp_path) == before


def test_cancelling_leaves_the_old_file_and_nothing_else(run, tmp_path, qtbot, python):
    """A format that waits stands for a long run: what was written so far is in its place by then."""
    (tmp_path / "a.csv").write_text("my own")
    before = names_in(tmp_path)
    code = (
        "import threading\n"
        "from explorer.export import csv_files, process\n"
        "def wait(request):\n"
        "    with csv_files.new_files([request.out], force=True) as (partial,):\n"
        "        partial.write_text('half')\n"
        "        request.progress(1, 2)\n"
        "        while True: threading.Event().wait(0.01)\n"
        "csv_files.write_csv = wait\n"
        "process.main()\n"
    )
    export = DataExport([*python, "-c", code])
    with qtbot.waitSignal(export.progressed, timeout=PATIENCE) as how_far:
        export.start(Job(str(run), "csv", str(tmp_path / "a.csv"), force=True))
    assert how_far.args == [0.5, ""]
    assert len(names_in(tmp_path)) == len(before) + 1
    with qtbot.waitSignal(export.cancelled, timeout=PATIENCE):
        export.cancel()
    assert names_in(tmp_path) == before
    assert (tmp_path / "a.csv").read_text() == "my own"
    assert not export.working


def test_a_process_that_fails_or_cannot_start_is_said(run, tmp_path, qtbot, python):
    job = Job(str(run), "csv", str(tmp_path / "a.csv"))
    export = DataExport([*python, "-c", "raise MemoryError('no room')"])
    with qtbot.waitSignal(export.failed, timeout=PATIENCE) as why:
        export.start(job)
    assert str(why.args[0]) == "The export failed, and nothing was written: MemoryError: no room"
    export = DataExport(["/nowhere/python"])
    with qtbot.waitSignal(export.failed, timeout=PATIENCE) as why:
        export.start(job)
    assert str(why.args[0]).startswith("The export could not start: ")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_process_that_is_killed_or_stopped_keeps_nobody_waiting(run, tmp_path, qtbot, python, monkeypatch):
    monkeypatch.setattr("explorer.gui.export.data_export._CANCEL_TIMEOUT_MS", 200)
    job = Job(str(run), "csv", str(tmp_path / "a.csv"))
    export = DataExport([*python, "-c", "import os; os.kill(os.getpid(), 9)"])
    with qtbot.waitSignal(export.failed, timeout=PATIENCE) as why:
        export.start(job)
    assert str(why.args[0]) == "The export failed, and nothing was written: SIGKILL"
    export = DataExport([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"])
    with qtbot.waitSignal(export.cancelled, timeout=PATIENCE):
        export.start(job)
        export.cancel()


def test_a_recording_that_is_being_written_is_not_called_damaged(tmp_path, qtbot, command):
    path = tmp_path / "run.lossrun"
    header = small_run.new_header(small_run.FIRST)
    with RecordingWriter(path, header) as writer:
        writer.configured(1, small_run.FIRST)
        writer.write(small_run.STARTED)
        for number in (1, 2):
            writer.write(small_run.frame(number))
        qtbot.waitUntil(lambda: writer.status.frames == 2, timeout=PATIENCE)
        export = DataExport(command)
        with qtbot.waitSignal(export.finished, timeout=PATIENCE) as found:
            export.start(Job(str(path), "csv", str(tmp_path / "a.csv")))
    assert found.args[0].notices == ()
    cut = path.read_bytes()[:-300]
    path.write_bytes(cut)
    with qtbot.waitSignal(export.finished, timeout=PATIENCE) as found:
        export.start(Job(str(path), "csv", str(tmp_path / "b.csv")))
    assert len(found.args[0].notices) == 1


def test_a_missing_package_is_named_with_what_it_is_for(dialog_of, run, monkeypatch):
    monkeypatch.setattr(data_choices, "find_spec", lambda name: None if name == "pyarrow" else True)
    dialog = dialog_of(run, ExportChoices("parquet"))
    assert dialog.message.text() == "This needs a package that is not installed: pip install pyarrow"
    assert "pandas" in dialog.summary.text()
    assert not dialog.save_button.isEnabled()
    dialog.format.setCurrentIndex(dialog.format.findData("npz"))
    dialog.format.activated.emit(dialog.format.currentIndex())
    assert dialog.save_button.isEnabled()


@pytest.mark.parametrize("one", FORMATS, ids=[one.name for one in FORMATS])
def test_every_format_offers_the_frames_that_it_takes(dialog_of, run, one):
    dialog = dialog_of(run, ExportChoices(one.name, every=True))
    assert dialog.format.currentData() == one.name
    assert (dialog.one.isEnabled(), dialog.every.isEnabled()) == (one.frames != "all", one.frames != "one")
    assert dialog.every.isChecked() == (one.frames != "one")
    assert dialog.choices.every, "the next format may have the choice"
    assert not data_choices.takes_all(one, every=False) or one.frames == "all"
    folder = one.name in ("projector", "tensorboard")
    words = dialog.file_kind.words
    assert (words.startswith(one.title.partition(" (")[0]), words.count("*")) == (True, 1), words
    assert one.suffix == ("" if folder else {"script": ".py"}.get(one.name, f".{one.name}"))


@pytest.mark.usefixtures("chinese_font")
def test_the_dialog_of_the_system_names_the_end_of_a_file_once():
    assert [kind_text(FORMATS[index]) for index in (0, 1)] == ["CSV table (*.csv)", "NumPy arrays (*.npz)"]
    interface_language().choose("zh_CN")
    assert kind_text(FORMATS[1]) == "NumPy 数组（*.npz）"


def test_the_window_exports_the_run_that_it_shows_and_those_of_the_library(tmp_path, run):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    app.window.show()
    app.actions.action("data.export").trigger()
    assert app.window.banner.message == "There is no frame to export yet."
    app.opener.open([run])
    app.viewer.recording.finish_reading()
    app.viewer.cursor.go_to(1)
    app.actions.action("data.export").trigger()
    (dialog,) = app.window.findChildren(DataDialog)
    assert dialog.one.text() == "The frame that is shown, of step 10"
    assert dialog.every.text() == "All frames: 4"
    dialog.choicesChanged.emit(ExportChoices("script"))
    assert app.data.choices == ExportChoices("script")
    app.actions.action("data.export").trigger()
    assert app.window.findChildren(DataDialog) == [dialog], "it is raised"
    dialog.reject()
    app.window.runs.exportRequested.emit(run)
    dialog = app.window.findChildren(DataDialog)[-1]
    assert dialog.format.currentData() == "script"
    dialog.reject()
    app.window.close()
    app.window.deleteLater()


def test_the_last_choices_are_remembered(tmp_path):
    save_memory(tmp_path / "a.toml", Memory(export=ExportChoices("npz", every=True)))
    assert load_memory(tmp_path / "a.toml")[0].export == ExportChoices("npz", every=True)
    assert format_of("of a package that is gone") is FORMATS[0]
