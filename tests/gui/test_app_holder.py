"""Another language comes with another window, and nothing else changes."""

from __future__ import annotations

import gc
import re
import weakref

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget
from shiboken6 import isValid

from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import find_preset
from explorer.core.texts import text
from explorer.gui.app import App
from explorer.gui.app_holder import AppHolder
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.session.problem import Problem
from explorer.gui.views.curves.view import CurvesView
from explorer.gui.views.draw.view import DrawView

LIMIT = 60_000
NO_WORKER = ["/nowhere/no worker is needed"]


@pytest.fixture
def open_holder(tmp_path, chinese_font):
    assert chinese_font
    holders = []

    def make(worker=NO_WORKER, **changes):
        path = tmp_path / "window.toml"
        save_memory(path, Memory(RunConfig().replace(changes), "light", language="en"))
        holder = AppHolder(App(worker, path))
        holders.append(holder)
        holder.app.window.show()
        return holder

    yield make
    for holder in holders:
        holder.app.window.close()
        holder.app.window.deleteLater()


def begin(qtbot, app):
    """Open the window, and wait for the trainer."""
    app.open()
    qtbot.waitUntil(lambda: app.run.started is not None, timeout=LIMIT)


def switch(qtbot, holder, language="zh_CN"):
    """Choose a language in the menu, and wait for the window in it."""
    old = holder.app
    old.actions.action(f"language.{language}").trigger()
    qtbot.waitUntil(lambda: holder.app is not old, timeout=LIMIT)
    return holder.app


def test_a_training_run_goes_on_in_a_window_in_the_other_language(
    open_holder, qtbot, tiny_data, worker_command
):
    holder = open_holder(worker_command, **{"data.source": str(tiny_data)})
    old = holder.app
    begin(qtbot, old)
    old.run.start()
    qtbot.waitUntil(lambda: old.run.snapshot is not None and old.run.snapshot.step > 20, timeout=LIMIT)
    qtbot.waitUntil(lambda: old.features.plane.content is not None, timeout=LIMIT)
    old.pane.state.select(np.array([3, 5]))
    old.features.set_options(replace(old.features.options, bands=False))
    old.window.findChild(QDockWidget, "Classes").close()
    run, process, step = old.run, old.client.process_id, old.run.snapshot.step
    new = switch(qtbot, holder)
    assert new is not old
    assert new.run is run
    assert new.client.process_id == process
    assert run.phase == "running"
    assert new.window.run_bar.toggle.text() == "暂停"
    assert re.match("Softmax，2 维，第 .+ 步 – Loss Explorer", new.window.windowTitle())
    assert new.pane.state.selection.rows.tolist() == [3, 5]
    assert new.features.options.bands is False
    assert new.window.findChild(QDockWidget, "Classes").isHidden()
    qtbot.waitUntil(lambda: run.snapshot.step > step + 20, timeout=LIMIT)
    qtbot.waitUntil(lambda: new.features.plane.content is not None, timeout=LIMIT)
    assert new.pane.state.selection.rows.tolist() == [3, 5]
    assert switch(qtbot, holder, "en").window.run_bar.toggle.text() == "Pause"
    assert run.phase == "running"


def test_what_was_zoomed_turned_and_drawn_stays(open_holder, qtbot, tiny_data, worker_command):
    settings = {"data.source": str(tiny_data), "network.dim": 3}
    holder = open_holder(worker_command, **settings)
    app = holder.app
    begin(qtbot, app)
    app.run.step()
    qtbot.waitUntil(lambda: app.run.snapshot is not None and app.run.snapshot.step == 1, timeout=LIMIT)
    app.window.findChild(QDockWidget, "Draw").raise_()
    drawn, curves = app.pane.view(DrawView), app.pane.view(CurvesView)
    qtbot.waitUntil(lambda: app.features.space.content is not None, timeout=LIMIT)
    qtbot.waitUntil(lambda: drawn.pad.shape == (12, 12), timeout=LIMIT)
    app.features.space.set_camera(app.features.space.camera.turned(0.5, 0.2).zoomed(2))
    qtbot.mousePress(drawn.pad, Qt.MouseButton.LeftButton, pos=drawn.pad.canvas().center().toPoint())
    qtbot.mouseRelease(
        drawn.pad, Qt.MouseButton.LeftButton, pos=(drawn.pad.canvas().center() + QPointF(20, 0)).toPoint()
    )
    assert not drawn.pad.drawing.empty
    camera, drawing, looks = app.features.space.camera, drawn.pad.drawing, curves.look
    new = switch(qtbot, holder)
    qtbot.waitUntil(lambda: new.features.space.camera == camera, timeout=LIMIT)
    qtbot.waitUntil(lambda: new.pane.view(DrawView).pad.drawing is drawing, timeout=LIMIT)
    assert new.pane.view(DrawView).pad.can_undo
    assert new.pane.view(CurvesView).look == looks


def test_what_was_said_typed_and_opened_stays(open_holder, qtbot):
    holder = open_holder()
    app = holder.app
    app.window.log.appendPlainText("the trainer says this")
    app.window.side_panel.settings.groups["data"].header.setChecked(True)
    app.window.runs.search.setText("arcface")
    app.announcements.show_preset(find_preset("ring"))
    new = switch(qtbot, holder)
    assert new.window.log.toPlainText() == "the trainer says this"
    assert new.window.side_panel.settings.groups["data"].header.isChecked()
    assert new.window.runs.search.text() == "arcface"
    assert new.window.banner.message.startswith("Ring Loss（环损失）：特征稳定在一个圆上")
    new.announcements.show_problem(Problem(text("The run failed.")))
    assert switch(qtbot, holder, "en").window.banner.message == "The run failed."


def test_labs_and_comparison_that_are_open_open_in_the_other_language(open_holder, qtbot):
    holder = open_holder()
    holder.app.labs.open()
    holder.app.comparing.open()
    new = switch(qtbot, holder)
    assert new.labs.window is not None
    assert new.labs.window.isVisible()
    assert new.comparing.window is not None
    assert new.comparing.window.windowTitle() == "比较 – Loss Explorer"


def test_the_choice_is_remembered(open_holder, qtbot):
    holder = open_holder()
    app = switch(qtbot, holder)
    assert app.actions.action("language.zh_CN").isChecked()
    app.window.close()
    assert load_memory(app.autosave.path)[0].language == "zh_CN"


def test_the_language_in_force_needs_no_other_window(open_holder, qtbot):
    holder = open_holder()
    app = holder.app
    app.actions.action("language.en").trigger()
    app.actions.action("language.system").trigger()
    qtbot.wait(50)
    assert holder.app is app
    assert holder.app.actions.action("language.system").isChecked()


def test_without_a_font_the_window_says_what_to_install(open_holder, qtbot, monkeypatch):
    holder = open_holder()
    monkeypatch.setattr("explorer.gui.language.interface_language.chinese_family", lambda: "")
    app = holder.app
    app.actions.action("language.zh_CN").trigger()
    qtbot.wait(50)
    assert holder.app is app
    assert "has no font for Chinese" in holder.app.window.banner.message


@pytest.mark.usefixtures("qapp")
def test_an_app_that_is_let_go_is_deleted_with_its_window():
    class Small(QObject):
        languageChanged = Signal()

    app = Small()
    app.window = QWidget()
    AppHolder(app).let_go()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(app.window)
    assert not isValid(app)


def test_the_window_before_is_gone(open_holder, qtbot):
    holder = open_holder()
    window, app = weakref.ref(holder.app.window), weakref.ref(holder.app)
    switch(qtbot, holder)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert window() is None
    assert app() is None


def test_what_is_shown_is_saved_when_the_system_ends_the_session(open_holder):
    holder = open_holder()
    app = holder.app
    app.appearance.choose("dark")
    holder.save()
    assert load_memory(app.autosave.path)[0].theme == "dark"
    assert app.window.isVisible(), "the session may go on after all"
