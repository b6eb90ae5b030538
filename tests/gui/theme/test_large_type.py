"""Large type: one scale for window and plots, which is switched while everything is open."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from gui.language.test_room import assert_room
from gui.views.drawn import FIRST_PAGES, SIZE, build, dressed, pixels
from gui.views.recorded import recorded
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QLineEdit, QPushButton

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.export.images import picture
from explorer.gui.language.interface_language import interface_language
from explorer.gui.memory.window_memory import Memory, load_memory, save_memory
from explorer.gui.plots.style import SMALL_TYPE
from explorer.gui.plots.view_bar import PageTabs
from explorer.gui.session.images import ImageStore
from explorer.gui.state.view_state import ViewState
from explorer.gui.theme.application_font import application_font
from explorer.gui.theme.style_sheet import style_sheet
from explorer.gui.theme.theme import LARGE_TYPE, LIGHT

LARGE = replace(LIGHT, scale=LARGE_TYPE)


@pytest.fixture
def font():
    font = application_font()
    yield font
    font.set_scale(1.0)


@pytest.mark.usefixtures("themed")
def test_tabs_that_are_first_shown_once_the_type_is_large_are_large(font, qtbot):
    tabs = PageTabs("Pages", [("One", "first"), ("Two", "second")])
    qtbot.addWidget(tabs)
    tabs.show()
    font.set_scale(LARGE_TYPE)
    font.tell()
    tabs.apply_theme(LARGE)
    assert tabs.font().pointSizeF() == pytest.approx(SMALL_TYPE * QApplication.font().pointSizeF())


@pytest.fixture
def make_app(tmp_path, font, qtbot):
    assert font.scale == 1.0
    apps = []

    def make(**remembered):
        path = tmp_path / f"{len(apps)}.toml"
        config = RunConfig().replace({"loss.name": "combined"})
        save_memory(path, Memory(config, "light", **remembered))
        app = App(["/nowhere/no worker is needed"], path)
        apps.append((app, path))
        app.window.resize(1366, 768)
        app.window.show()
        qtbot.waitExposed(app.window)
        return app, path

    yield make
    for app, _path in apps:
        app.labs.close()
        app.window.close()
        app.window.deleteLater()
    interface_language().choose("en")


@pytest.mark.parametrize("page", ["features", "curves", "draw"])
def test_a_view_that_is_open_looks_as_one_that_is_opened_in_large_type(page, font, qtbot):
    name, prepare = FIRST_PAGES[page]
    snapshot, history = recorded("arcface")

    def opened():
        state, images = ViewState(), ImageStore()
        view = build(name, LIGHT, state, images)
        qtbot.addWidget(view)
        view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        view.setFixedSize(SIZE + QSize(300, 200))
        state.set_probe(snapshot.probe)
        view.set_snapshot(snapshot, history)
        view.show()
        if images.reading:
            qtbot.waitSignal(images.imagesChanged).wait()
        prepare(view, snapshot)
        return view

    def look(view, theme):
        font.set_scale(theme.scale)
        QApplication.instance().setStyleSheet(style_sheet(theme))
        font.tell()
        view.set_theme(theme)
        for _ in range(3):
            QCoreApplication.sendPostedEvents()
            QApplication.processEvents()
        view.finish_content()
        return pixels(view.grab().toImage())

    with dressed(LIGHT):
        view = opened()
        small = look(view, LIGHT)
        switched, anew = look(view, LARGE), look(opened(), LARGE)
        assert (small != anew).any()
        assert (switched == anew).all(), f"{(switched != anew).any(axis=2).sum()} pixels differ"


def sizes(app):
    """The size of every text in the window, also in panels that were never shown."""
    return [
        (type(part).__name__, round(part.font().pointSizeF(), 1))
        for part in app.window.findChildren(QLabel) + app.window.findChildren(QPushButton)
    ]


def dock_title(app):
    """The letters of the title above the settings."""
    dock = app.window.findChild(QDockWidget, "Settings")
    return dock.grab(QRect(0, 0, 120, 12)).toImage().copy()


@contextmanager
def told_of_styles(widget):
    """Yield the list of how often the widget is told of another style."""
    told = []

    class Listener(QObject):
        def eventFilter(self, _watched, event):
            if event.type() == QEvent.Type.StyleChange:
                told.append(event.type())
            return False

    listener = Listener()
    widget.installEventFilter(listener)
    yield told
    widget.removeEventFilter(listener)


def test_the_switch_reaches_every_text_is_remembered_and_goes_back(make_app):
    app, path = make_app()
    small, export = sizes(app), picture(app.features, 1)
    title = dock_title(app)
    switch = app.actions.action("view.large-type")
    with told_of_styles(app.window.findChild(QLineEdit)) as told:
        switch.trigger()
    assert len(told) == 2, "that the sheet has gone, and that there is another: more would take half a second"
    large = sizes(app)
    assert switch.isChecked()
    assert [size for _kind, size in large] == pytest.approx(
        [size * LARGE_TYPE for _, size in small], abs=0.11
    )
    assert dock_title(app) != title, "what Qt paints by itself"
    assert picture(app.features, 1) != export, "an exported picture is large, too"
    app.autosave.save()
    assert load_memory(path)[0].large_type
    switch.trigger()
    assert sizes(app) == small
    assert dock_title(app) == title
    started_large, _path = make_app(large_type=True)
    assert sizes(started_large) == large


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_large_type_has_room_on_a_small_screen(make_app, language, qtbot):
    app, _path = make_app(large_type=True, language=language)
    window = app.window
    if app.language.code != language:
        pytest.skip("this system has no font for Chinese")
    assert (window.width(), window.height()) == (1366, 768)
    for dock in window.findChildren(QDockWidget):
        closed = dock.isHidden()
        dock.show()
        dock.raise_()
        qtbot.waitUntil(lambda dock=dock: not dock.visibleRegion().isEmpty())
        assert_room(qtbot, window)
        dock.setHidden(closed)
    app.labs.open("distance")
    app.labs.window.resize(1280, 720)
    assert_room(qtbot, app.labs.window)
    assert (window.width(), window.height()) == (1366, 768)
