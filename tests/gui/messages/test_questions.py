"""Questions that wait: what is chosen comes back, and one whose window is deleted meanwhile is refused."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QWidget
from shiboken6 import delete

from explorer.gui.messages import questions
from explorer.gui.messages.questions import agrees, file_to_open, file_to_save, files_to_open

ASKS = {
    "whether": lambda parent: agrees(parent, "Save", "Replace it?"),
    "to open": lambda parent: file_to_open(parent, "Open", "All (*)"),
    "to open several": lambda parent: files_to_open(parent, "Open", "All (*)"),
    "to save": lambda parent: file_to_save(parent, "Save", "a.png", "PNG (*.png)"),
}


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    return parent


def when_asked(act):
    """Do something to the dialog once it is there; it is in an event loop of its own."""
    QTimer.singleShot(0, lambda: act(QApplication.activeModalWidget()))


@pytest.mark.parametrize("kind", ASKS)
@pytest.mark.usefixtures("qtbot")
def test_a_question_whose_window_is_deleted_is_refused(kind):
    """On the stack, as Qt's own functions have it, the dialog would be freed twice: the program crashes."""
    parent = QWidget()
    parent.show()
    when_asked(lambda _dialog: delete(parent))
    assert not ASKS[kind](parent)


def test_the_answer_is_returned_and_no_dialog_is_left(parent, tmp_path):
    buttons = QMessageBox.StandardButton
    for button, expected in ((buttons.Yes, True), (buttons.No, False)):
        when_asked(lambda box, button=button: box.button(button).click())
        assert ASKS["whether"](parent) is expected
    there = tmp_path / "a.png"
    there.write_text("")

    def choose(dialog: QFileDialog) -> None:
        dialog.selectFile(str(there))
        QDialog.accept(dialog)

    when_asked(choose)
    assert file_to_open(parent, "Open", "All (*)", str(tmp_path)) == there
    names = []
    when_asked(lambda dialog: (names.extend(dialog.selectedFiles()), dialog.reject()))
    assert file_to_save(parent, "Save", str(tmp_path / "b.png"), "PNG (*.png)") is None
    assert names == [str(tmp_path / "b.png")], "the name to begin with"
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert parent.findChildren(QDialog) == []


@pytest.mark.parametrize(
    ("kinds", "folder"), [("PNG image (*.png)", "Pictures"), ("Text (*.txt)", "Documents")]
)
def test_a_dialog_begins_where_the_last_file_was_saved_else_among_pictures_or_documents(
    parent, tmp_path, monkeypatch, kinds, folder
):
    """And not in the folder that the program happened to be started in."""
    for name in ("Pictures", "Documents", "elsewhere", "started"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "started")
    seen = []

    def save(dialog: QFileDialog, place: str = "") -> None:
        seen.append(dialog.directory().dirName())
        if place:
            dialog.selectFile(str(tmp_path / place / "a"))
        QDialog.accept(dialog)

    for place in ("elsewhere", ""):
        when_asked(lambda dialog, place=place: save(dialog, place))
        file_to_save(parent, "Save", "a", kinds)
    assert seen == [folder, "elsewhere"]


def test_the_next_question_begins_in_the_folder_of_the_last_file_unless_it_is_one_of_the_system(
    parent, tmp_path, monkeypatch
):
    """Qt would read from the files there to name their types, and wait for the log of the kernel for ever."""
    begun = []

    def save(path):
        def choose(dialog):
            begun.append(dialog.directory())
            return [str(path)]

        monkeypatch.setattr(questions, "chosen_files", choose)
        file_to_save(parent, "Save", "a.png", "PNG (*.png)")
        return begun[-1].absolutePath()

    save(tmp_path / "it.png")
    assert save("/proc/it.png") == str(tmp_path)
    assert save("/dev/full") == str(tmp_path)
    assert save(tmp_path / "it.png") == str(tmp_path)
