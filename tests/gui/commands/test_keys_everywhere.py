"""The keys that the README lists for anywhere act wherever the focus is, but where text is edited."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_history, make_snapshot
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QTabBar

from explorer.gui.app import App
from explorer.gui.commands.action_set import ActionSet
from explorer.gui.commands.command_state import CommandState

USABLE = CommandState(
    phase="paused",
    has_selection=True,
    has_own_colors=True,
    live=False,
    can_look_back=True,
    in_space=True,
    guide="tour",
    can_undo=True,
    can_redo=True,
)
"""In which every command with a key can be used."""


@pytest.fixture(scope="module")
def told(qapp):
    """The ids of the commands that were called, which do nothing."""
    assert qapp is not None, "a window needs it"
    with pytest.MonkeyPatch.context() as patch:
        calls = []
        patch.setattr(
            ActionSet, "_on_action_triggered", lambda _set, command, *_checked: calls.append(command.id)
        )
        yield calls


@pytest.fixture(scope="module")
def app(told, tmp_path_factory):  # noqa: ARG001  # before the actions are made
    """A window with features in 3-D and a list of cards."""
    result = App(["/nowhere/no worker is needed"], tmp_path_factory.mktemp("keys") / "window.toml")
    result.window.resize(1200, 800)
    result.window.show()
    result.features.set_snapshot(make_snapshot(50, dim=3), make_history(2))
    result.window.show_theory().browser.show_contents()
    QTest.qWait(1_000)  # until the sphere has rested, and is drawn in fine pixels
    yield result
    result.window.close()
    result.window.deleteLater()


def place(app, name):
    """Return what can have the focus."""
    window = app.window
    tabs = next(tabs for tabs in window.findChildren(QTabBar) if tabs.isVisible() and tabs.count() > 3)
    return {
        "run bar": window.run_bar.step,
        "list of a panel": window.theory.browser.contents,
        "canvas": app.features.space,
        "tab of docks": tabs,
        "choice": window.side_panel.row("network.name").editor.input,
    }[name]


@pytest.mark.parametrize("name", ["run bar", "list of a panel", "canvas", "tab of docks", "choice"])
def test_every_key_of_the_window_acts_from_everywhere(app, told, name, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    widget = place(app, name)
    for command in app.actions.commands:
        taken = name == "run bar" and command.id == "run.toggle"  # Space presses a button
        if command.context == "window" and command.shortcuts and not taken:
            widget.setFocus()
            assert QApplication.focusWidget() is widget
            app.actions.set_state(USABLE)
            told.clear()
            QTest.keySequence(app.window.windowHandle(), QKeySequence(command.shortcuts[0]))
            assert told == [command.id], command.shortcuts[0]


FIELDS = ("loss.margin", "network.dim", "seed", "data.source", "runs", "theory", "name")


def field(app, name):
    """Return a field in sight: a number with a slider, with usual values, and alone, texts, and searches."""
    window = app.window
    if name in ("runs", "theory"):
        window.show_panel(name)
        return window.runs.search if name == "runs" else window.theory.browser.search
    if name == "name":
        window.show_panel("runs")
        window.runs.details.show()
        return window.runs.details.name
    window.show_panel("settings")
    window.side_panel.settings.unfold(name)
    return window.side_panel.row(name).editor.input


@pytest.fixture
def at_rest(app, qtbot):
    """Wait until nothing moves any more, after the test."""
    yield
    timers = [timer for part in (app, app.window) for timer in part.findChildren(QTimer)]
    app.autosave.save()
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))


@pytest.mark.usefixtures("at_rest")
@pytest.mark.parametrize("floating", [False, True])
@pytest.mark.parametrize("name", FIELDS)
def test_enter_in_a_field_gives_the_focus_to_the_plot(app, told, name, floating, qtbot):
    app.run.set_loss("arcface")
    widget = field(app, name)
    dock = next(dock for dock in app.window.findChildren(QDockWidget) if dock.isAncestorOf(widget))
    dock.setFloating(floating)
    dock.show()
    widget.window().activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    QTest.keyClick(widget, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is app.features.space)
    app.actions.set_state(USABLE)
    told.clear()
    QTest.keyClick(app.window.windowHandle(), Qt.Key.Key_T)
    assert told == ["space.turntable"], "T turns, and is not typed"
    dock.setFloating(False)


@pytest.mark.usefixtures("at_rest")
def test_a_number_that_is_refused_keeps_the_focus(app, qtbot):
    app.run.set_loss("arcface")
    widget = field(app, "loss.margin")
    app.window.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    widget.selectAll()
    QTest.keyClicks(widget, "99")
    QTest.keyClick(widget, Qt.Key.Key_Return)
    assert widget.hasFocus()
    assert app.window.side_panel.row("loss.margin").error
    QTest.keyClick(widget, Qt.Key.Key_Escape)
