"""Keys are changed by pressing others; each stays that of one command, and all are remembered."""

from __future__ import annotations

import tomllib

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit

from explorer.gui.app import App
from explorer.gui.command_palette.entries import palette_entries
from explorer.gui.commands.keymap import keymap, keys_from
from explorer.gui.commands.keys import pressed
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.shortcuts.entries import overriding, settled, sharers, shortcut_entries

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory):
    path = tmp_path_factory.mktemp("shortcuts") / "window.toml"
    save_memory(path, Memory(theme="light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def app(shared_app):
    yield shared_app
    keymap().use({})
    shared_app.shortcuts.close()
    shared_app.undo.gestures.end()
    for timer in shared_app.window.status.findChildren(QTimer):
        timer.stop()
    shared_app.autosave.save()  # ends its timer
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def dialog(app):
    app.actions.action("edit.shortcuts").trigger()
    return app.shortcuts.dialog


def entry_of(app, id_):
    return next(entry for entry in shortcut_entries(app) if entry.id == id_)


def press(qtbot, dialog, id_, key, held=Qt.KeyboardModifier.NoModifier):
    dialog.table.go_to(id_)
    dialog.field.setFocus()
    qtbot.keyClick(dialog.field, key, held)


def test_a_pressed_key_is_the_command_s_at_once_everywhere(app, dialog, qtbot):
    press(qtbot, dialog, "run.step", Qt.Key.Key_K, CTRL)
    assert app.actions.action("run.step").shortcuts() == [QKeySequence("Ctrl+K")]
    assert app.window.run_bar.step.toolTip() == "Train one step (Ctrl+K)"
    hints = {entry.id: entry.hint for entry in palette_entries(app)}
    assert hints["run.step"] == "Ctrl+K"
    press(qtbot, dialog, "run.toggle", Qt.Key.Key_J, CTRL)
    assert "Ctrl+J" in app.window.status.text()
    row = dialog.table.currentIndex().row()
    assert dialog.table.model().index(row, 2).data() == "Ctrl+J"


def test_a_key_of_a_plot_is_another_one_too(app, dialog, qtbot):
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_U, CTRL)
    assert pressed(event, "curves") == ""
    press(qtbot, dialog, "curves.whole", Qt.Key.Key_U, CTRL)
    assert pressed(event, "curves") == "curves.whole"
    assert (
        pressed(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_0, Qt.KeyboardModifier.NoModifier), "curves") == ""
    )
    press(qtbot, dialog, "pad.paste", Qt.Key.Key_F6)
    assert "F6" in app.pane.views["draw"].pad.toolTip()
    assert "(F6)" in app.pane.views["draw"].buttons.paste.toolTip()


def test_a_key_of_another_command_is_taken_only_on_request(app, dialog, qtbot):
    press(qtbot, dialog, "run.step", Qt.Key.Key_R, CTRL)
    assert dialog.note.text == "Ctrl+R is the key of “Restart” (Run)."
    assert app.actions.action("run.step").shortcuts() == [QKeySequence(".")]
    dialog.table.go_to("run.batch")  # drops the attempt
    assert not dialog.note.isVisible()
    press(qtbot, dialog, "run.step", Qt.Key.Key_R, CTRL)
    dialog.note.button.click()
    assert app.actions.action("run.step").shortcuts() == [QKeySequence("Ctrl+R")]
    assert app.actions.action("run.restart").shortcuts() == []
    assert app.window.run_bar.restart.toolTip() == "Restart from step 0 with the same seed"

    dialog.table.go_to("run.restart")
    dialog.reset.click()
    assert "Single step" in dialog.note.text
    dialog.note.button.click()
    assert app.actions.action("run.restart").shortcuts() == [QKeySequence("Ctrl+R")]
    assert app.actions.action("run.step").shortcuts() == []


def test_without_a_key_sentences_name_the_command(app, dialog):
    dialog.table.go_to("run.toggle")
    dialog.field.clear()
    dialog.field.editingFinished.emit()
    assert app.actions.action("run.toggle").shortcuts() == []
    assert "Press Start/Pause" in app.window.status.text()


def test_reset_all_can_be_undone(app, dialog, qtbot):
    press(qtbot, dialog, "run.step", Qt.Key.Key_K, CTRL)
    dialog.reset_all.click()
    assert app.actions.action("run.step").shortcuts() == [QKeySequence(".")]
    assert not dialog.reset_all.isEnabled()
    dialog.hint.button.click()
    assert app.actions.action("run.step").shortcuts() == [QKeySequence("Ctrl+K")]


def test_the_usual_keys_conflict_nowhere(app):
    entries = shortcut_entries(app)
    assert len(entries) > 200
    for entry in entries:
        assert sharers(entry, entry.command.shortcuts, entries, {}) == [], entry.id


def test_a_widget_that_takes_keys_from_the_window_is_named(app, dialog, qtbot):
    entries = shortcut_entries(app)
    found = overriding(entry_of(app, "run.toggle"), ["Space"], entries, {})
    assert {"button.press", "tick-menu.tick"} <= {entry.id for entry in found}
    press(qtbot, dialog, "run.step", Qt.Key.Key_V, CTRL)
    assert "Drawing pad" in dialog.hint.text


def test_the_field_says_whose_key_it_takes(dialog):
    names = {part.accessibleName() for part in (dialog.field, *dialog.field.findChildren(QLineEdit))}
    assert names == {f"Key for {dialog.table.current.name}"}


def test_the_search_finds_names_places_and_keys(dialog):
    for words, id_ in (
        ("single", "run.step"),
        ("drawing pad", "pad.undo"),
        ("ctrl+shift+p", "window.palette"),
    ):
        dialog.search.setText(words)
        assert 0 < dialog.table.count < 30
        assert dialog.table.current.id == id_
    dialog.search.setText("no such command")
    assert dialog.table.count == 0
    assert not dialog.field.isEnabled()


def test_keys_are_remembered_and_a_damaged_list_gives_the_usual_ones(app, dialog, qtbot):
    press(qtbot, dialog, "run.step", Qt.Key.Key_K, CTRL)
    app.autosave.save()
    path = app.autosave.path
    assert tomllib.loads(path.read_text())["keys"] == {"run.step": ["Ctrl+K"]}
    memory, complaint = load_memory(path)
    assert (memory.keys, complaint) == ({"run.step": ("Ctrl+K",)}, "")
    save_memory(path, replace(memory, theme="dark"))
    damaged = path.read_text().replace('"Ctrl+K"', '"Ctrl+Nothing"')
    path.write_text(damaged)
    memory, complaint = load_memory(path)
    assert (memory.keys, memory.theme) == ({}, "dark")
    assert "run.step = 'Ctrl+Nothing'" in complaint
    assert "usual keys" in complaint


@pytest.mark.parametrize("table", [3, ["a"], {"run.step": "K"}, {"run.step": [5]}, {"run.step": ["Nokey"]}])
def test_what_is_no_list_of_keys_is_refused(table):
    with pytest.raises(ValueError, match=r"."):
        keys_from(table)


def test_keys_of_an_older_file_are_those_of_one_command_each(app):
    """A newer version may have given a key of the person's to a new command."""
    entries = shortcut_entries(app)
    own = settled(
        {"run.step": ("Ctrl+R",), "view.reset": ("Ctrl+J",), "view.reset-all": ("Ctrl+J",)}, entries
    )
    assert own["run.restart"] == ()
    assert sorted((own["view.reset"], own["view.reset-all"])) == [(), ("Ctrl+J",)]


@pytest.mark.usefixtures("app")
def test_a_window_begins_with_its_remembered_keys(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(keys={"run.step": ("Ctrl+R",), "preset.gone": ("Ctrl+J",)}))
    other = App(["/nowhere/no worker is needed"], path)
    try:
        assert other.actions.action("run.step").shortcuts() == [QKeySequence("Ctrl+R")]
        assert other.actions.action("run.restart").shortcuts() == []
        assert other.window.run_bar.step.toolTip() == "Train one step (Ctrl+R)"
    finally:
        keymap().use({})
        other.window.close()
        other.autosave.save()  # ends its timer
        other.window.deleteLater()
