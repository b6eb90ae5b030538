"""A picture is saved whole where it was asked for, or a sentence says why not; no other file is lost."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from explorer.gui.export import images
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.figures.carried import carried_text
from explorer.gui.messages import questions


@pytest.fixture
def dialog(qtbot):
    label = QLabel("a picture")
    label.resize(90, 30)
    qtbot.addWidget(label)
    result = SavePictureDialog(None, [label], label, lambda: "# loss-explorer 1\nseed = 1")
    result.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(result)
    return result


@pytest.fixture
def answers(monkeypatch):
    """What the person types, and whether another file may be replaced; what was asked is added."""
    given = {"name": "", "replace": False, "asked": []}

    def ask(box):
        given["asked"].append(box.text())
        buttons = QMessageBox.StandardButton
        return buttons.Yes if given["replace"] else buttons.No

    monkeypatch.setattr(questions, "chosen_files", lambda _dialog: [given["name"]])
    monkeypatch.setattr(questions, "answer", ask)
    return given


def test_a_name_without_its_ending_replaces_a_file_only_if_that_is_wanted(dialog, answers, tmp_path, qtbot):
    path = tmp_path / "figure.png"
    path.write_text("my own")
    answers["name"] = str(tmp_path / "figure")
    dialog.accept()
    assert answers["asked"] == [f"{path} already exists. Replace it?"]
    assert path.read_text() == "my own"
    answers["replace"] = True
    with Image.open(saved(dialog, path, qtbot)) as image:
        assert image.size == (180, 60)
    assert carried_text(path) == "# loss-explorer 1\nseed = 1"


def saved(dialog, path, qtbot):
    with qtbot.waitSignal(dialog.saved) as found:
        dialog.accept()
    assert found.args == [path]
    return path


def refused(dialog, qtbot):
    """Wait until it is said why nothing was saved."""
    qtbot.waitUntil(lambda: dialog.message.text() != "")
    return dialog.message.text()


def test_a_cancelled_dialog_does_nothing(dialog, answers):
    dialog.accept()
    assert answers["asked"] == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a folder.png", "is a folder"),
        ("no folder/a.png", "there is no folder"),
        ("a file/a.png", "Cannot write"),
        ("名" * 250, "the name is too long"),
        ("/", "is a folder"),
    ],
)
def test_what_cannot_be_written_is_a_sentence(dialog, answers, tmp_path, qtbot, name, sentence):
    (tmp_path / "a folder.png").mkdir()
    (tmp_path / "a file").write_text("my own")
    (tmp_path / "config").mkdir(exist_ok=True)  # in which dialogs remember the folder
    before = sorted(tmp_path.iterdir())
    answers["name"] = str(tmp_path / name) if name != "/" else name
    dialog.show()
    dialog.accept()
    assert sentence in refused(dialog, qtbot)
    assert dialog.isVisible()
    assert sorted(tmp_path.iterdir()) == before


def test_a_long_name_and_files_with_similar_names_are_no_obstacle(dialog, answers, tmp_path, qtbot):
    others = [tmp_path / ".a.part.png", tmp_path / ".a.png.part"]
    for other in others:
        other.write_text("my own")
    answers["name"] = str(tmp_path / "a.png")
    saved(dialog, tmp_path / "a.png", qtbot)
    assert [other.read_text() for other in others] == ["my own"] * 2
    answers["name"] = str(tmp_path / ("a" * 246))
    saved(dialog, tmp_path / ("a" * 246 + ".png"), qtbot)
    assert sorted(path.name[:4] for path in tmp_path.iterdir() if path.is_file()) == [
        ".a.p",
        ".a.p",
        "a.pn",
        "aaaa",
    ]


def test_an_image_that_is_too_large_is_said_before_and_never_painted(dialog, monkeypatch, tmp_path):
    monkeypatch.setattr(images, "MOST_PIXELS", 90 * 30 * 16)
    monkeypatch.setattr("explorer.gui.export.save_dialog.MOST_PIXELS", 90 * 30 * 16)
    button = dialog.save_button
    dialog.scale.setValue(4)
    assert (button.isEnabled(), dialog.message.text()) == (True, "")
    dialog.scale.setValue(5)
    assert not button.isEnabled()
    assert dialog.message.text() == "The image would have 450 × 150 pixels. Choose a smaller size or scale."
    monkeypatch.setattr(images, "picture_of", None)
    dialog.save(tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_is_never_called_saved(dialog, monkeypatch, tmp_path, qtbot):
    class Full:
        def isNull(self):
            return False

        def setText(self, *_):
            pass

        def save(self, path):
            Path(path).write_bytes(b"half")
            return False

    monkeypatch.setattr(images, "picture_of", lambda *_: Full())
    (tmp_path / "a.png").write_text("my own")
    told = []
    dialog.saved.connect(told.append)
    dialog.save(tmp_path / "a.png")
    assert "No space left" in refused(dialog, qtbot)
    assert told == []
    assert [path.read_text() for path in tmp_path.iterdir()] == ["my own"]


class Slow:
    """A picture whose writer waits in the middle of the file until it may go on."""

    def __init__(self):
        self.middle, self.going_on = Event(), Event()

    def isNull(self):
        return False

    def setText(self, *_):
        pass

    def save(self, path):
        Path(path).write_bytes(b"half")
        self.middle.set()
        return self.going_on.wait(10)


def test_what_is_being_written_can_be_cancelled(dialog, monkeypatch, tmp_path, qtbot):
    slow = Slow()
    monkeypatch.setattr(images, "picture_of", lambda *_: slow)
    (tmp_path / "a.png").write_text("my own")
    dialog.show()
    dialog.save(tmp_path / "a.png")
    assert slow.middle.wait(10)
    assert not dialog.save_button.isEnabled()
    assert dialog.bar.isVisible()
    dialog.reject()
    assert dialog.isVisible()
    slow.going_on.set()
    assert refused(dialog, qtbot) == "Cancelled: nothing was written."
    assert [path.read_text() for path in tmp_path.iterdir()] == ["my own"]
    dialog.reject()
    assert not dialog.isVisible()


def test_closing_in_the_middle_leaves_the_older_file(dialog, monkeypatch, tmp_path, qtbot):
    slow, told = Slow(), []
    monkeypatch.setattr(images, "picture_of", lambda *_: slow)
    (tmp_path / "a.png").write_text("my own")
    dialog.saved.connect(told.append)
    dialog.show()
    dialog.save(tmp_path / "a.png")
    assert slow.middle.wait(10)
    dialog.close()
    assert not dialog.isVisible()
    slow.going_on.set()
    qtbot.waitUntil(lambda: len(list(tmp_path.iterdir())) == 1)
    assert (tmp_path / "a.png").read_text() == "my own"
    assert told == []
