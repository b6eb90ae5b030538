"""Files of all kinds open in the window, from the command line, a drop and the menu; what cannot is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from core.recording import small_run
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from explorer.core.settings.config import RunConfig
from explorer.core.settings.files import to_json, to_toml
from explorer.gui.app import App
from explorer.gui.messages import questions
from explorer.gui.starting.opening import kind_of
from explorer.gui.views.draw.view import DrawView

CONFIG = RunConfig().replace({"loss.name": "arcface", "loss.margin": 0.3, "seed": 4})


@pytest.fixture
def files(tmp_path):
    """A folder with a file of each kind, and some that are none."""
    folder = tmp_path / "files"
    folder.mkdir()
    small_run.record(folder / "a.lossrun")
    shutil.copy(folder / "a.lossrun", folder / "b.lossrun")
    shutil.copy(folder / "a.lossrun", folder / "renamed.bin")
    (folder / "settings.toml").write_text(to_toml(CONFIG))
    (folder / "settings.JSON").write_text(to_json(CONFIG.replace({"seed": 5})))
    digit = np.zeros((40, 40), np.uint8)
    digit[5:35, 18:22] = 255
    Image.fromarray(digit).save(folder / "one.png")
    Image.fromarray(digit.T).save(folder / "dash.jpeg")
    (folder / "notes.txt").write_text("nothing that opens")
    (folder / "broken.toml").write_text("[loss]\nmargin = ")
    (folder / "junk.lossrun").write_bytes(b"junk")
    return folder


@pytest.fixture
def app(tmp_path):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


def test_a_file_is_known_by_its_name_or_its_content(files):
    expected = {
        "a.lossrun": "recording",
        "junk.lossrun": "recording",
        "renamed.bin": "recording",
        "settings.toml": "settings",
        "settings.JSON": "settings",
        "one.png": "picture",
        "dash.jpeg": "picture",
        "notes.txt": "unknown",
        ".": "data",
        "gone.lossrun": "missing",
    }
    assert {name: kind_of(files / name) for name in expected} == expected


def pad_of(app):
    """Return the drawing pad, once a picture that was opened has been read."""
    view = app.pane.view(DrawView)
    view.finder.reading.finish()
    return view.pad


def test_one_of_each_kind_opens_at_once(app, files):
    app.opener.open([files / "one.png", files / "a.lossrun", files / "settings.toml"])
    assert app.viewer.recording.path == files / "a.lossrun"
    assert app.run.config == CONFIG
    pad = pad_of(app)
    assert not pad.drawing.empty
    assert pad.isVisible(), "its panel is in front"


def test_settings_are_those_of_train_and_say_where_they_are_from(app, files):
    app.opener.open_recording(files / "a.lossrun")
    app.opener.open([files / "settings.JSON"])
    assert app.viewer.recording is None, "they are of the live run"
    assert app.run.config == CONFIG.replace({"seed": 5})
    assert app.window.banner.message == f"Settings applied: {files / 'settings.JSON'}."
    app.run.set_loss("softmax")
    assert app.window.banner.message == ""


def test_what_there_is_no_room_for_is_named(app, files):
    app.opener.open([files / name for name in ("one.png", "dash.jpeg")])
    message = app.window.banner.message
    assert "The drawing pad holds one picture only. Not opened: dash.jpeg." in message
    app.opener.open([files / "settings.toml", files / "settings.JSON"])
    assert app.run.config == CONFIG
    assert "Not opened: settings.JSON." in app.window.banner.message


def test_several_recordings_are_compared_and_the_first_is_shown(app, files, monkeypatch):
    monkeypatch.chdir(files)
    app.opener.open([Path("b.lossrun"), Path("a.lossrun")])
    assert app.viewer.recording.path == files / "b.lossrun"
    assert [run.file for run in app.comparing.state.runs] == [
        str(files / "b.lossrun"),
        str(files / "a.lossrun"),
    ]
    assert app.window.banner.message == ""


def test_each_file_that_cannot_be_opened_has_its_sentence_and_the_others_open(app, files):
    names = ("gone.lossrun", "junk.lossrun", "broken.toml", "notes.txt", "one.png")
    app.opener.open([files / name for name in names])
    message = app.window.banner.message
    for name in names[:-1]:
        assert str(files / name) in message, name
    assert app.run.config == RunConfig()
    assert app.viewer.recording is None
    assert not pad_of(app).drawing.empty


def test_a_picture_without_a_digit_is_said_beside_the_pad(app, files):
    Image.fromarray(np.zeros((40, 40), np.uint8)).save(files / "blank.png")
    app.opener.open([files / "blank.png"])
    view = app.pane.view(DrawView)
    assert pad_of(app).drawing.empty
    assert view.note.isVisible()
    assert "blank" in view.note.text


def test_several_files_are_dropped_at_once(app, files):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(files / name)) for name in ("settings.toml", "a.lossrun")])
    action, button, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), action, mime, button, held)
    app.window.dragEnterEvent(enter)
    assert enter.isAccepted()
    app.window.dropEvent(QDropEvent(QPointF(50, 50), action, mime, button, held))
    assert app.viewer.recording.path == files / "a.lossrun"
    assert app.run.config == CONFIG


def test_the_menu_opens_any_kind(app, files, monkeypatch):
    chosen = [str(files / "a.lossrun"), str(files / "one.png")]
    asked = []
    monkeypatch.setattr(
        questions, "chosen_files", lambda dialog: asked.append(dialog.nameFilters()) or chosen
    )
    app.actions.action("recording.open").trigger()
    assert all(pattern in asked[0][0] for pattern in ("*.lossrun", "*.toml", "*.json", "*.png"))
    assert app.viewer.recording.path == files / "a.lossrun"
    assert not pad_of(app).drawing.empty
    app.viewer.show_live()
    monkeypatch.setattr(questions, "chosen_files", lambda _dialog: [])
    app.actions.action("recording.open").trigger()
    assert app.viewer.recording is None, "the dialog was cancelled"
