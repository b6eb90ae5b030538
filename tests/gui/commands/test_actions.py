"""The table of commands: what every entry must have, and what is made from it."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton

import explorer.gui
from explorer.core.texts import use_translations
from explorer.gui.app import App
from explorer.gui.commands.command import Command
from explorer.gui.commands.command_state import CommandState
from explorer.gui.commands.control_commands import CONTROL_COMMANDS
from explorer.gui.commands.plot_commands import PLOT_COMMANDS
from explorer.gui.commands.point_commands import POINT_COMMANDS


@pytest.fixture
def app(qtbot, tmp_path):
    result = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    qtbot.addWidget(result.window)
    result.window.show()
    result.presets.load()
    yield result
    result.window.close()


@pytest.fixture(scope="module")
def commands(qapp, tmp_path_factory):
    """The table of commands of a window, presets included; no test can change it."""
    assert qapp is not None, "a window needs it"
    app = App(["/nowhere/no worker is needed"], tmp_path_factory.mktemp("commands") / "window.toml")
    app.presets.load()
    table = app.actions.commands
    app.window.close()
    app.window.deleteLater()
    return table


@pytest.fixture
def greetings(app):
    """A command that is added by one entry of a table, and what it has done."""
    said = []
    app.actions.add(
        [
            Command(
                id="test.greet",
                text="Say &hello",
                tip="Greet whoever reads this.",
                shortcuts=("Ctrl+Shift+H",),
                menu="help",
                calls=lambda app: said.append(app),
            )
        ]
    )
    return said


def test_an_entry_of_the_table_is_in_its_menu_with_shortcut_and_tip_and_can_be_triggered(app, greetings):
    (action,) = [a for a in app.actions.menu("help").actions() if a.text() == "Say &hello"]
    assert action.toolTip() == "Greet whoever reads this."
    assert action.shortcut() == QKeySequence("Ctrl+Shift+H")
    action.trigger()
    assert greetings == [app]


def test_the_shortcut_of_an_entry_acts_in_the_window(app, greetings, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(app.window.windowHandle(), Qt.Key.Key_H, held)
    assert greetings == [app]


def test_every_command_has_an_id_of_its_own_a_text_and_a_tip(commands):
    assert len(commands) > 120
    assert [id_ for id_, count in Counter(command.id for command in commands).items() if count > 1] == []
    assert [command.id for command in commands if not command.name.strip()] == []
    assert [command.id for command in commands if len(command.tip) < 5] == []
    assert [command.id for command in commands if " …" in command.text] == []


def test_every_shortcut_is_a_key_that_qt_knows(commands):
    for command in commands:
        for key in command.shortcuts:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key, command.id


def test_no_two_commands_of_a_context_share_a_shortcut(commands):
    keys = Counter((command.context, key) for command in commands for key in command.shortcuts)
    assert [key for key, count in keys.items() if count > 1] == []


def test_a_command_that_takes_a_key_of_the_window_says_so(commands):
    """Where a widget with the focus and the window know the same key, the table says which one wins."""
    of_window = {key: c.id for c in commands if c.context == "window" for key in c.shortcuts}
    for command in commands:
        if command.context != "window":
            taken = {of_window[key] for key in command.shortcuts if key in of_window}
            assert taken == set(command.overrides), command.id


def test_no_key_is_handled_beside_the_table():
    """A key that a widget looks for itself would be in no list of keys, and might be another's."""
    window = Path(explorer.gui.__file__).parent
    elsewhere = [path for path in window.rglob("*.py") if path.parent.name not in ("commands", "shortcuts")]
    assert len(elsewhere) > 100
    named = re.compile(r"Qt\.Key\b|QKeySequence|QShortcut|setShortcut")
    assert [path.name for path in elsewhere if named.search(path.read_text(encoding="utf-8"))] == []


def test_only_what_its_widget_handles_has_no_action(commands):
    """Every other command can be called: from a menu, a button or a list of commands."""
    without = {command.id for command in commands if command.calls is None}
    assert without <= {command.id for command in (*PLOT_COMMANDS, *CONTROL_COMMANDS, *POINT_COMMANDS)}


@pytest.mark.parametrize(
    ("phase", "enabled"),
    [
        ("ready", {"run.toggle", "run.step", "run.restart"}),
        ("running", {"run.toggle", "run.restart"}),
        ("paused", {"run.toggle", "run.step", "run.restart"}),
        ("finished", {"run.toggle", "run.step", "run.restart"}),
        ("failed", {"run.toggle", "run.restart"}),
    ],
)
def test_commands_and_buttons_of_a_run_are_enabled_where_they_make_sense(app, phase, enabled):
    app.actions.set_state(CommandState(phase=phase))
    bar = app.window.run_bar
    buttons = {"run.toggle": bar.toggle, "run.step": bar.step, "run.restart": bar.restart}
    assert {id_ for id_ in buttons if app.actions.action(id_).isEnabled()} == enabled
    assert {id_ for id_, button in buttons.items() if button.isEnabled()} == enabled


def test_buttons_of_the_run_do_what_their_commands_do(app, qtbot, monkeypatch):
    asked = []
    for name in ("toggle", "step", "restart"):
        monkeypatch.setattr(app.run, name, lambda name=name: asked.append(name))
    bar = app.window.run_bar
    for button in (bar.toggle, bar.step, bar.restart):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["toggle", "step", "restart"]


def test_every_command_does_something_without_a_fault(app):
    """A call that names what is there no longer would show only to the person who chooses it."""
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    opens_a_box = {"recording.open", "window.about", "image.save", "pad.open", "window.quit", "lesson.save"}
    for command in app.actions.commands:
        waits = command.id in opens_a_box or command.id.startswith(("run.", "preset."))
        if command.calls is not None and not waits:
            command.calls(app)
    assert app.features.options.tool == "rectangle", "the last of the tools"


def test_a_key_that_is_held_steps_on_but_switches_only_once(app):
    ids = {command.id for command in app.actions.commands if command.calls}
    ids = {id_ for id_ in ids if app.actions.action(id_).autoRepeat()}
    assert ids >= {"run.step", "edit.undo", "edit.redo", "time.back", "time.forward"}
    assert all(command.checked is None for command in app.actions.commands if command.id in ids)
    assert not ids & {"run.toggle", "time.play", "run.restart", "image.save"}


def test_a_command_that_can_be_ticked_changes_its_tick(app):
    for command in app.actions.commands:
        if command.checked is not None and not command.choice:
            app.actions.set_state(CommandState(in_space=True))
            action = app.actions.action(command.id)
            before = action.isChecked()
            action.trigger()
            if not command.id.startswith("panel."):  # an open one that is elsewhere gets the keyboard first
                assert action.isChecked() != before, command.id


def test_the_colours_of_points_are_chosen_in_the_menu_too(app):
    app.actions.action("color.length").trigger()
    assert app.pane.state.display.color_mode == "length"
    app.pane.state.set_color_mode("loss")
    assert app.actions.action("color.loss").isChecked()


def test_buttons_tell_tip_and_key_of_their_commands(app):
    assert app.window.run_bar.step.toolTip() == "Train one step (.)"
    assert app.window.run_bar.restart.toolTip() == "Restart from step 0 with the same seed (Ctrl+R)"


def test_clear_selection_is_enabled_while_something_is_selected(app):
    action = app.actions.action("selection.clear")
    assert not action.isEnabled()
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    app.pane.state.select(np.arange(3))
    assert action.isEnabled()
    action.trigger()
    assert app.pane.state.selection.count == 0
    assert not action.isEnabled()


class Shouting(gettext.NullTranslations):
    """A language that is English in capitals, but for the names of fields."""

    def gettext(self, message):
        return message if "{" in message else message.upper()


def test_every_text_follows_the_language(app):
    action, button, menu = app.actions.action, app.window.run_bar.step, app.actions.menu("run")
    use_translations(Shouting())
    try:
        app.actions.retranslate()
        assert action("run.step").text() == "SINGLE S&TEP"
        assert action("run.step").toolTip() == "TRAIN ONE STEP."
        assert button.toolTip() == "TRAIN ONE STEP (.)"
        assert menu.title() == "&RUN"
        shown = [action(c.id).text() for c in app.actions.commands if c.calls is not None]
        assert len(shown) > 80
        assert shown == [text.upper() for text in shown]
    finally:
        use_translations(gettext.NullTranslations())
    app.actions.retranslate()
    assert action("run.step").text() == "Single s&tep"


def test_a_button_that_is_connected_elsewhere_follows_its_command(app, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    app.actions.describe("run.step", button)
    app.actions.set_state(CommandState(phase="running"))
    assert not button.isEnabled()
    assert button.toolTip() == "Train one step (.)"
