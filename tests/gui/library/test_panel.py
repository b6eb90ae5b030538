"""The panel: what a person does with a run there reaches the disk, and nothing that is in use is lost."""

import weakref

import pytest
from gui.library.runs import begin_run, make_run
from PySide6.QtCore import QFile, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPixmap
from PySide6.QtWidgets import QLabel

from explorer.gui.library import run_list
from explorer.gui.library.files import LibraryOptions, RunNotes, read_notes, write_notes
from explorer.gui.library.panel import RunsPanel
from explorer.gui.library.wording import title_of

pytestmark = pytest.mark.usefixtures("themed")
LIMIT = 10_000


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture
def panel(qtbot, folder):
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.set_folder(folder)
    panel.resize(320, 700)
    yield panel
    panel.stop()


def show(panel, qtbot, count):
    panel.show()
    qtbot.waitUntil(lambda: titles(panel) is not None and len(panel.list.items) == count, timeout=LIMIT)
    qtbot.waitUntil(lambda: all(item.summary or item.fault for item in panel.list.items), timeout=LIMIT)


def titles(panel):
    return [title_of(item) for item in panel.list.items]


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_folder_is_read_only_while_the_list_is_in_sight(panel, qtbot, folder):
    make_run(folder / "a.lossrun")
    qtbot.wait(50)
    assert panel.list.items == ()
    show(panel, qtbot, 1)
    make_run(folder / "b.lossrun")
    qtbot.waitUntil(lambda: len(panel.list.items) == 2, timeout=LIMIT)
    panel.hide()
    make_run(folder / "c.lossrun")
    qtbot.wait(50)
    assert len(panel.list.items) == 2


def test_the_chosen_run_stays_chosen_when_others_come(panel, qtbot, folder):
    make_run(folder / "a.lossrun", seconds=1)
    show(panel, qtbot, 1)
    panel.list.choose(folder / "a.lossrun")
    make_run(folder / "b.lossrun")
    qtbot.waitUntil(lambda: len(panel.list.items) == 2, timeout=LIMIT)
    assert panel.list.chosen.path == folder / "a.lossrun"
    assert panel.details.isVisible()


def test_name_tags_notes_and_pin_are_kept_beside_the_recording(panel, qtbot, folder):
    path = folder / "a.lossrun"
    make_run(path)
    show(panel, qtbot, 1)
    panel.list.choose(path)
    details = panel.details
    details.name.setFocus()
    qtbot.keyClicks(details.name, "Mine")
    qtbot.keyClick(details.name, Qt.Key.Key_Return)
    assert not details.name.hasFocus(), "so that the keys of the window act again"
    details.tags.setFocus()
    qtbot.keyClicks(details.tags, "#best lecture best")
    qtbot.keyClick(details.tags, Qt.Key.Key_Return)
    details.notes.setFocus()
    qtbot.keyClicks(details.notes, "why")
    panel.search.setFocus()
    click(qtbot, details.pin)
    assert read_notes(path) == RunNotes("Mine", "why", ("best", "lecture"), pinned=True)
    qtbot.waitUntil(lambda: titles(panel) == ["Mine"], timeout=LIMIT)


def test_what_is_typed_goes_to_the_run_that_it_was_typed_for(panel, qtbot, folder):
    for second, name in enumerate("ab", 1):
        make_run(folder / f"{name}.lossrun", seconds=second)
    show(panel, qtbot, 2)
    panel.list.choose(folder / "a.lossrun")
    panel.details.notes.setFocus()
    qtbot.keyClicks(panel.details.notes, "for a")
    panel.list.choose(folder / "b.lossrun")
    assert read_notes(folder / "a.lossrun").notes == "for a"
    assert read_notes(folder / "b.lossrun") is None
    assert panel.details.notes.toPlainText() == ""


def test_notes_that_cannot_be_written_are_told(panel, qtbot, folder, monkeypatch):
    make_run(folder / "a.lossrun")
    show(panel, qtbot, 1)
    panel.list.choose(folder / "a.lossrun")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("explorer.gui.library.panel.write_notes", refuse)
    click(qtbot, panel.details.pin)
    assert panel.note.text == "The notes could not be saved: No space left on device."


def test_a_deleted_run_goes_to_the_bin(panel, qtbot, folder, monkeypatch):
    for name in "ab":
        make_run(folder / f"{name}.lossrun")
    write_notes(folder / "a.lossrun", RunNotes("Mine"))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder.parent))
    show(panel, qtbot, 2)
    panel.list.choose(folder / "a.lossrun")
    click(qtbot, panel.details.delete)
    assert panel.note.text == ""
    assert titles(panel) == ["Softmax"]
    assert not list(folder.rglob("a.*"))
    bin_ = folder.parent / "Trash" / "files"
    assert sorted(path.name for path in bin_.iterdir()) == ["a.lossrun", "a.toml"]
    assert panel.note.text == ""


def test_without_a_bin_nothing_is_deleted_until_that_is_wanted(panel, qtbot, folder, monkeypatch):
    path = folder / "a.lossrun"
    make_run(path, name="Mine")

    class NoBin(QFile):
        def moveToTrash(self):
            return False

    monkeypatch.setattr("explorer.gui.library.panel.QFile", NoBin)
    show(panel, qtbot, 1)
    panel.list.choose(path)
    click(qtbot, panel.details.delete)
    assert panel.note.text == "“Mine” could not be moved to the bin."
    assert path.exists()
    click(qtbot, panel.note.button)
    assert not path.exists()
    assert panel.list.items == ()
    assert panel.note.text == ""


def test_a_run_that_is_being_recorded_cannot_be_deleted(panel, qtbot, folder):
    writer = begin_run(folder / "a.lossrun")
    try:
        panel.show()
        qtbot.waitUntil(lambda: bool(panel.list.items) and panel.list.items[0].recording, timeout=LIMIT)
        panel.list.choose(folder / "a.lossrun")
        assert not panel.details.delete.isEnabled()
        panel.details.deletionRequested.emit()
        assert "is open in a window" in panel.note.text
        assert (folder / "a.lossrun").exists()
    finally:
        writer.close()


def test_the_folder_is_shown_in_the_file_manager(panel, qtbot, folder, monkeypatch):
    make_run(folder / "a.lossrun")
    show(panel, qtbot, 1)
    panel.list.choose(folder / "a.lossrun")
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    click(qtbot, panel.details.folder)
    assert opened == [QUrl.fromLocalFile(str(folder))]


def test_the_menu_asks_for_other_options_and_an_empty_list_says_why(panel):
    asked = []
    panel.optionsRequested.connect(asked.append)
    panel.set_options(LibraryOptions())
    panel.show()
    entries = {action.text(): action for action in panel.menu.content.actions()}
    assert entries["Up to 2 GB"].isChecked()
    entries["Up to 20 GB"].trigger()
    entries["Record every run, starting with the next"].trigger()
    assert asked == [LibraryOptions(limit=20.0), LibraryOptions(recording=False)]
    panel.set_options(asked[1])
    assert not entries["Record every run, starting with the next"].isChecked()
    assert any("recording is off" in label.text() for label in panel.findChildren(QLabel))


def test_a_search_that_finds_nothing_says_so_and_keeps_the_runs(panel, qtbot, folder):
    make_run(folder / "a.lossrun", loss__name="arcface")
    make_run(folder / "b.lossrun")
    show(panel, qtbot, 2)
    qtbot.keyClicks(panel.search, "arcf")
    assert titles(panel) == ["ArcFace"]
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert panel.focusWidget() is panel.list, "the next key is not typed into the search"
    qtbot.keyClicks(panel.search, "xyz")
    assert panel.list.isHidden()
    panel.search.clear()
    assert len(panel.list.items) == 2


def test_a_row_shows_the_picture_of_the_last_features(panel, qtbot, folder):
    make_run(folder / "a.lossrun")
    show(panel, qtbot, 1)
    image = panel.list.viewport().grab().toImage()
    rows = [(x, y) for x in range(6, 50) for y in range(6, 50)]
    colors = {image.pixelColor(x, y).getRgb()[:3] for x, y in rows}
    assert any(max(color) - min(color) > 60 for color in colors), "class colours"


def test_few_pictures_are_kept_of_many_runs(panel, qtbot, folder, monkeypatch):
    monkeypatch.setattr(run_list, "_MOST_PICTURES", 1)
    for name in ("a", "b"):
        make_run(folder / f"{name}.lossrun")
    read = []

    def picture(*path):
        pixmap = QPixmap(*path)
        read.append(weakref.ref(pixmap))
        return pixmap

    monkeypatch.setattr(run_list, "QPixmap", picture)
    show(panel, qtbot, 2)
    read.clear()
    panel.list.viewport().grab()
    assert len(read) == 2, "each of the two takes the place of the other"
    assert [pixmap() is None for pixmap in read] == [True, False]


def test_a_run_whose_recording_ends_is_shown_as_it_is(panel, qtbot, folder):
    writer = begin_run(folder / "a.lossrun")
    panel.show()
    qtbot.waitUntil(lambda: bool(panel.list.items) and panel.list.items[0].recording, timeout=LIMIT)
    writer.close()
    qtbot.waitUntil(lambda: not panel.list.items[0].recording, timeout=LIMIT)
    assert panel.list.items[0].summary.frames == 1


def test_a_run_is_opened_by_its_button_and_by_return(panel, qtbot, folder):
    make_run(folder / "a.lossrun")
    show(panel, qtbot, 1)
    opened = []
    panel.openRequested.connect(opened.append)
    continued = []
    panel.continueRequested.connect(continued.append)
    panel.list.choose(folder / "a.lossrun")
    click(qtbot, panel.details.continue_)
    assert continued == [folder / "a.lossrun"]
    click(qtbot, panel.details.open)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert opened == [folder / "a.lossrun"] * 2


def test_a_run_without_frames_and_one_that_is_being_recorded_cannot_be_opened(panel, qtbot, folder):
    (folder / "bad.lossrun").write_bytes(b"nothing of the kind")
    writer = begin_run(folder / "live.lossrun")
    opened = []
    panel.openRequested.connect(opened.append)
    try:
        panel.show()
        qtbot.waitUntil(lambda: len(panel.list.items) == 2, timeout=LIMIT)
        for name in ("bad", "live"):
            panel.list.choose(folder / f"{name}.lossrun")
            assert not panel.details.open.isEnabled()
            assert not panel.details.continue_.isEnabled()
            qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    finally:
        writer.close()
    assert opened == []
