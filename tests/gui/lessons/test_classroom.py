"""A lesson in a real window: what it hides stays hidden, and it starts anew once nobody is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.app_holder import AppHolder
from explorer.gui.guides.guide import GuideError
from explorer.gui.language.interface_language import interface_language
from explorer.gui.lessons.classroom import Classroom, Countdown
from explorer.gui.lessons.lesson import parse_lesson
from explorer.gui.lessons.link import content_of_link
from explorer.gui.lessons.opening import lesson_app
from explorer.gui.lessons.parts import PARTS
from explorer.gui.lessons.sharing import save_lesson
from explorer.gui.lessons.writing import lesson_document
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.theme.application_font import application_font
from explorer.gui.theme.theme import LARGE_TYPE

SILENT_WORKER = [sys.executable, "-c", "import sys; sys.stdin.read()"]
LESSON = """+++
title = "T"
language = "en"
hidden = {hidden}
show = ["samples"]
{more}
[settings]
loss.name = "arcface"
loss.margin = 0.1
{settings}
[options]
features.polar = true

[[steps]]
id = "one"
{step}

[[steps]]
id = "two"
+++
## one

One?

## two

Two? [A card](card:arcface), [a tour](tour:why-angles), [curves](view:curves).
"""


def lesson_of(hidden=(), more="", config="", step=""):
    content = LESSON.format(hidden=list(hidden), more=more, settings=config, step=step)
    return parse_lesson(content, "a.md")


WITH_BUTTON = {"run.toggle", "run.step", "run.restart", "run.continue"}
WITH_BUTTON |= {"time.play", "time.loop", "time.live", "show.normalized"}
"""Commands with a button below the menus, which stays."""


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def open_lesson(tmp_path, qtbot):
    """Open a lesson, and return what shows it, its holder and a clock that stands still."""
    opened = []

    def begin(lesson, worker=SILENT_WORKER):
        clock = Clock()
        holder = AppHolder(lesson_app(worker, lesson, tmp_path))
        classroom = Classroom(holder, lesson, clock)
        opened.append(holder)
        classroom.open()
        qtbot.waitUntil(lambda: holder.app.run.config.loss.name == "arcface")
        return classroom, holder, clock

    yield begin
    for holder in opened:
        holder.close()
        holder.let_go()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application_font().set_scale(1.0)
    interface_language().choose("en")


def docks(app):
    return {dock.objectName(): not dock.isHidden() for dock in app.window.findChildren(QDockWidget)}


def test_it_begins_with_its_settings_options_and_panels_in_large_type(open_lesson):
    classroom, holder, _clock = open_lesson(lesson_of(["curves", "runs"], config="network.dim = 3"))
    app = holder.app
    assert app.run.config == RunConfig().replace(
        {"loss.name": "arcface", "loss.margin": 0.1, "network.dim": 3}
    )
    assert app.features.options.polar
    assert app.window.is_in_front("samples")
    assert not docks(app)["Curves"]
    assert application_font().scale == LARGE_TYPE
    assert classroom.session.panel.prose.markdown == "One?"
    assert not classroom.session.panel.close_button.isVisible()


def test_nothing_that_a_lesson_hides_can_be_reached(open_lesson, qtbot):
    """No menu, key, button, link, layout or context menu leads to a hidden part."""
    hidden = [part for part in PARTS if part != "samples"]
    _classroom, holder, _clock = open_lesson(lesson_of(hidden))
    app = holder.app
    window = app.window
    app.presets.load()
    app.guides.load("tour")
    app.guides.load("challenge")
    shown = {action.text() for action in window.menuBar().actions() if action.isVisible()}
    assert shown == set()
    before, config = docks(app), app.run.config
    assert {name for name, is_open in before.items() if is_open} == {"Samples"}
    for command in app.actions.commands:
        if command.calls is not None and app.actions.is_hidden(command.id):
            action = app.actions.action(command.id)
            assert not action.shortcuts(), command.id
            if command.id not in WITH_BUTTON:
                assert not action.isVisible(), command.id
                assert not action.isEnabled(), command.id
                action.trigger()
    for _ in range(2):
        window.toggle_panels()
    open_before = QMainWindow.saveState(window)
    for dock in window.findChildren(QDockWidget):
        dock.show()
    with_all = window.saveState()
    window.restoreState(open_before)
    window.restoreState(with_all)
    app.undo.undo()
    for panel in ("curves", "theory", "settings"):
        window.bring_up(panel)
        window.show_panel(panel)
        window.toggle_panel(panel)
    window.show_theory()
    popup = window.createPopupMenu()
    offered = [action.text() for action in popup.actions() if action.isVisible()]
    popup.deleteLater()
    assert not {"Curves", "Settings", "Theory"} & set(offered)
    for view in app.pane.views.values():
        of_view = app.context_menus.menu(view)
        entries = [action.text() for action in of_view.actions() if not action.isSeparator()]
        assert entries == [], entries
        of_view.deleteLater()
    theory = window.theory
    for signal, value in (
        (theory.labRequested, "margin"),
        (theory.presetRequested, None),
        (theory.lossRequested, "softmax"),
        (theory.guideRequested, "tour:why-angles"),
        (theory.viewRequested, "curves"),
    ):
        signal.emit(value)
    app.guides.open("tour:why-angles")
    assert docks(app) == before
    assert app.run.config == config
    assert app.labs.window is None
    assert app.guides.session.guide.title == "T"
    assert not window.timeline.isVisible()
    assert not window.acceptDrops()
    QTest.keyClick(window, Qt.Key.Key_F7)
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.activeModalWidget() is None
    assert app.labs.window is None
    with qtbot.waitSignal(window.closeRequested):
        app.actions.action("window.quit").trigger()
    assert [key.toString() for key in app.actions.action("window.quit").shortcuts()] == ["Ctrl+Q"]


def test_groups_of_settings_are_hidden_one_by_one(open_lesson):
    _classroom, holder, _clock = open_lesson(lesson_of(["settings:network", "settings:run", "compare"]))
    side = holder.app.window.side_panel
    assert [side.settings.groups[name].isHidden() for name in ("network", "optimizer", "data", "")] == [
        True,
        False,
        False,
        True,
    ]
    assert side.loss.isVisible()
    assert side.loss.compare.isHidden()


@pytest.mark.parametrize(
    "name", ['show = ["samples", "nothing"]', 'options = { "features.moon" = true }', 'show = ["lab:moon"]']
)
def test_what_does_not_exist_is_said_with_the_line_before_a_window_opens(name, tmp_path):
    lesson = lesson_of(step=name)
    holder = AppHolder(lesson_app(SILENT_WORKER, lesson, tmp_path))
    with pytest.raises(GuideError, match=r"^a\.md, line 16: there is no (panel|display option)"):
        Classroom(holder, lesson)
    assert not holder.app.window.isVisible()
    holder.close()
    holder.let_go()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application_font().set_scale(1.0)


def act(window, kind, place=20):
    """Let the system give a window what a person does."""
    handle, at = window.windowHandle(), QPoint(place, 20)
    if kind == "key":
        QTest.keyClick(handle, Qt.Key.Key_Shift)
    elif kind == "mouse":
        QTest.mouseMove(handle, at)
    elif kind == "touch":
        QTest.touchEvent(handle, QTest.createTouchDevice()).press(0, at, handle).commit()
    else:
        wheel = QWheelEvent(
            QPointF(at),
            QPointF(window.mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QGuiApplication.sendEvent(handle, wheel)


def test_after_two_minutes_without_anybody_it_starts_anew(open_lesson, qtbot, tmp_path):
    classroom, holder, clock = open_lesson(lesson_of(["runs"]))
    app, watch = holder.app, classroom.watch
    countdown = app.window.findChild(Countdown)
    clock.now += 500
    watch.check()
    assert holder.app is app, "nobody has come yet"
    app.labs.open("distance")
    for kind, window in (("key", app.window), ("mouse", app.labs.window), ("wheel", app.window)):
        act(window, "mouse", place=60)
        clock.now += 110
        watch.check()
        assert "Starts again in 10 s. Move the mouse to stay." in countdown.label.text()
        assert countdown.isVisible()
        act(window, kind)
        assert not countdown.isVisible(), kind
    app.run.set_config(RunConfig())
    app.set_feature_options(type(app.features.options)(density=True))
    app.window.bring_up("curves")
    app.appearance.choose("dark")
    app.guides.go_on()
    run = tmp_path / "runs" / "a.lossrun"
    run.parent.mkdir(exist_ok=True)
    run.write_bytes(b"of a student")
    app.run.snapshotChanged.emit()  # training is not somebody
    clock.now += 104.9
    watch.check()
    assert not countdown.isVisible()
    clock.now += 15.1
    watch.check()
    new = holder.app
    assert new is not app
    qtbot.waitUntil(lambda: new.run.config.loss.name == "arcface")
    assert new.window.isVisible()
    assert new.run.config.get("loss.margin") == 0.1
    assert (new.features.options.polar, new.features.options.density) == (True, False)
    assert (new.appearance.name, new.labs.window) == ("light", None)
    assert new.guides.session is classroom.session
    assert (classroom.session.place.step, classroom.session.place.target) == (0, "lesson")
    assert not run.exists()
    clock.now += 500
    watch.check()
    assert holder.app is new, "it does not start anew again and again"


def test_the_last_step_offers_to_start_again_and_another_language_goes_on(open_lesson, qtbot, chinese_font):
    assert chinese_font
    classroom, holder, _clock = open_lesson(lesson_of(["curves"], step="until = [{ selected = 1 }]"))
    app = holder.app
    app.guides.go_on()
    app.actions.action("language.zh_CN").trigger()
    qtbot.waitUntil(lambda: holder.app is not app)
    chinese = holder.app
    assert classroom.session.place.step == 1
    assert classroom.session.panel.next.text() == "再次开始"
    chinese.window.bring_up("curves")
    assert not docks(chinese)["Curves"]
    classroom.session.panel.next.click()
    qtbot.waitUntil(lambda: holder.app is not chinese)
    assert holder.app.language.code == "en"
    assert classroom.session.place.step == 0


def test_a_real_run_of_a_lesson_trains_and_starts_anew(open_lesson, qtbot, tmp_path, worker_command):
    lesson = lesson_of(step='run = ["start"]', config="data.test_probe = 100\ndata.train_probe = 100")
    classroom, holder, clock = open_lesson(lesson, worker_command)
    app = holder.app
    qtbot.waitUntil(lambda: app.run.snapshot is not None and app.run.snapshot.step > 0, timeout=60_000)
    assert app.run.snapshot.config.loss.name == "arcface"
    classroom.watch.note_act()
    clock.now += 121
    classroom.watch.check()
    new = holder.app
    assert not app.client.alive
    qtbot.waitUntil(lambda: new.run.snapshot is not None, timeout=60_000)
    assert new.client.alive
    assert {path.parent for path in tmp_path.rglob("*.lossrun")} <= {tmp_path / "runs"}
    qtbot.waitUntil(lambda: new.run.phase == "running", timeout=60_000)
    classroom.rest()
    assert new.run.phase == "paused", "nobody has come: it need not train"


@pytest.fixture
def own_app(tmp_path):
    path = tmp_path / "own.toml"
    config = RunConfig().replace({"loss.name": "cosface", "loss.margin": 0.3, "threads": 1})
    views = {"features": {"polar": True}, "curves": {"logarithmic": True}}
    save_memory(path, Memory(config, "light", views=views, language="en"))
    app = App(SILENT_WORKER, path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


def test_what_a_window_shows_is_saved_as_a_lesson_and_copied_as_a_link(own_app, tmp_path):
    own_app.window.bring_up("samples")
    path = tmp_path / "mine"
    save_lesson(own_app, path)
    content = Path(f"{path}.md").read_text("utf-8")
    lesson = parse_lesson(content, "mine.md")
    assert lesson.start.set == {"loss.name": "cosface", "loss.margin": 0.3}
    assert lesson.start.options == {"features.polar": True, "curves.logarithmic": True}
    assert "samples" in lesson.start.show
    assert set(lesson.table.hidden) == {"log", "theory", "runs", "events"}
    assert all(part in content for part in PARTS)
    own_app.actions.action("lesson.copy-link").trigger()
    assert content_of_link(QGuiApplication.clipboard().text()) == lesson_document(own_app) == content


def test_a_lesson_that_cannot_be_saved_says_so(own_app, tmp_path):
    save_lesson(own_app, tmp_path / "nowhere" / "a.md")
    assert own_app.window.banner.message.startswith("Cannot save the lesson: ")
