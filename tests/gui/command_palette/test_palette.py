"""The palette in a window: typing finds, Enter does, Escape changes nothing."""

import subprocess
import sys

import pytest
from analysis.snapshots import make_snapshot
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.core.settings.presets import list_presets
from explorer.gui.app import App
from explorer.gui.memory.window_memory import Memory, save_memory


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory):
    path = tmp_path_factory.mktemp("palette") / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def app(shared_app, qtbot):
    shared_app.run.set_config(RunConfig())
    shared_app.palette.recent.clear()
    shared_app.window.activateWindow()
    yield shared_app
    shared_app.palette.popup.hide()
    shared_app.autosave.save()  # ends its timer
    parts = shared_app, shared_app.window, shared_app.run
    timers = [timer for part in parts for timer in part.findChildren(QTimer)]

    def at_rest():
        shared_app.undo.gestures.end()
        return not any(timer.isActive() for timer in timers)

    qtbot.waitUntil(at_rest)


def found(app, query):
    """Open the palette, type, and return what it shows."""
    if app.palette.popup is None or not app.palette.popup.isVisible():
        app.actions.action("window.palette").trigger()
    app.palette.popup.search.clear()
    for letter in query:  # by a name of a key, Qt knows those of ASCII alone
        QApplication.sendEvent(
            app.palette.popup.search,
            QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter),
        )
    return list(app.palette.popup.model.entries)


def choose(app, query):
    """Choose the first entry that is found for a query."""
    found(app, query)
    QTest.keyClick(app.palette.popup.search, Qt.Key.Key_Return)
    assert not app.palette.popup.isVisible()


def test_everything_of_the_program_is_found(app):
    entries = {entry.id: entry for entry in found(app, "")}
    assert len(entries) == len(app.palette.popup.model.entries)
    assert all(f"loss.{name}" in entries for name in LOSSES)
    assert all(f"preset.{preset.name}" in entries for preset in list_presets())
    assert {"setting.network.dim", "panel.curves", "lab:distance", "tour:why-angles"} <= set(entries)
    assert {command.id for command in app.actions.commands if command.calls} <= set(entries)
    assert entries["run.restart"].hint == app.actions.key("run.restart")
    assert entries["sphere.75"].place == "View › Show › Sphere in 3-D"


def test_a_command_is_done_as_by_its_menu(app):
    before = app.features.options.polar
    choose(app, "polar grid")
    assert app.features.options.polar is not before
    choose(app, "polar grid")


ASKED = {
    "export run": "data.export",
    "save run": "data.export",
    "share": "image.copy-view",
    "save picture": "image.save",
    "dark": "theme.dark",
    "gpu": "setting.device",
    "quit": "window.quit",
    "help": "help.contents",
    "3d": "setting.network.dim",
    "language": "language.en",
    "chinese": "language.zh_CN",
    "font size": "view.large-type",
    "seed": "setting.seed",
    "screenshot": "image.copy-view",
    "copy picture": "image.copy-view",
    "print": "image.figure",
    "gif": "image.film",
    "video": "image.film",
    "animation": "image.film",
    "csv": "data.export",
    "python": "data.export",
    "tensorboard": "data.export",
    "web page": "data.export",
    "open file": "recording.open",
    "load": "recording.open",
    "exit": "window.quit",
    "undo": "edit.undo",
    "hotkeys": "edit.shortcuts",
    "train": "run.toggle",
    "stop": "run.toggle",
    "pause": "run.toggle",
    "new run": "run.restart",
    "play": "time.play",
    "reset": "view.reset",
    "lr": "setting.optimizer.rate",
    "batch size": "setting.optimizer.batch",
    "cpu": "setting.device",
    "dataset": "setting.data.source",
    "noise": "setting.data.noise",
    "night mode": "theme.dark",
    "full screen": "window.full-screen",
    "fullscreen": "window.full-screen",
    "accuracy": "panel.curves",
    "confusion matrix": "panel.classes",
    "histogram": "panel.angles",
    "roc": "panel.verification",
    "draw digit": "panel.draw",
    "compare": "compare.current",
    "history": "panel.runs",
    "delete run": "panel.runs",
    "projector": "view.large-type",
    "touch": "view.large-controls",
    "color blind": "palette.okabe-ito",
    "version": "window.about",
    "tutorial": "tour:why-angles",
    "manual": "help.contents",
    "exercise": "labs.open",
    "deselect": "selection.clear",
    "boundary": "show.regions",
    "rotate": "space.turntable",
    "center loss": "loss.center",
    "preferences": "panel.settings",
}
"""What a person types, and what is meant."""


def test_what_a_person_types_is_among_the_first_three(app):
    missed = {
        typed: wanted
        for typed, wanted in ASKED.items()
        if wanted not in [e.id for e in found(app, typed)[:3]]
    }
    assert missed == {}


def test_a_loss_is_found_by_another_name(app):
    choose(app, "large margin cosine")
    assert app.run.config.loss.name == "cosface"


@pytest.mark.parametrize("typed", ["margin 0.3", "Margin = 0.3", "loss.margin 0,3", "m 0.3", "margin ０。３"])
def test_a_setting_takes_the_value_that_is_typed(app, typed):
    app.viewing.set_loss("arcface")
    choose(app, typed)
    assert app.run.config.get("loss.margin") == 0.3


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("optimiser adam", "optimizer.name", "adamw"),
        ("bias off", "loss.bias", False),
        ("seed 7", "seed", 7),
        ("dimension 3", "network.dim", 3),
        ("learning rate 0,05", "optimizer.rate", 0.05),
        ("classes left out 3,5-9", "data.left_out", "3,5-9"),
    ],
)
def test_choices_switches_and_whole_numbers_are_typed_too(app, typed, name, value):
    choose(app, typed)
    assert app.run.config.get(name) == value


def test_a_value_that_is_not_valid_is_refused_in_a_sentence(app):
    app.viewing.set_loss("arcface")
    before = app.run.config
    first = found(app, "margin 99")[0]
    assert not first.enabled
    assert first.title.startswith("Margin = 99 is above its maximum of ")
    QTest.keyClick(app.palette.popup.search, Qt.Key.Key_Return)
    assert app.palette.popup.isVisible()
    assert app.run.config == before


def test_a_setting_of_another_loss_comes_with_that_loss(app):
    titles = [entry.title for entry in found(app, "margin 0.3")]
    assert "ArcFace with Margin 0.3 rad" in titles
    app.palette.popup.list.setCurrentIndex(
        app.palette.popup.model.index(titles.index("ArcFace with Margin 0.3 rad"))
    )
    QTest.keyClick(app.palette.popup.search, Qt.Key.Key_Return)
    assert app.run.config.loss.name == "arcface"
    assert app.run.config.get("loss.margin") == 0.3


def test_a_setting_without_a_value_leads_to_its_field_in_a_folded_group(app):
    row = app.window.side_panel.row("data.train_probe")
    assert not row.isVisible()
    choose(app, "data.train_probe")
    assert row.isVisible()
    assert row.isAncestorOf(QApplication.focusWidget())


def test_classes_are_hidden_and_shown(app):
    snapshot = make_snapshot()
    app.viewer.cursor.snapshot = snapshot
    app.pane.state.set_probe(snapshot.probe)
    choose(app, "only class 1")
    assert app.pane.state.display.isolated == 1
    choose(app, "show all classes")
    assert not app.pane.state.display.left_out(snapshot.probe.num_classes)


def test_a_card_and_a_lab_open(app):
    choose(app, "euclidean or cosine")
    assert app.window.theory.browser.card.id == "euclid-or-cosine"
    choose(app, "lab:distance")
    assert app.labs.window.current == "distance"
    app.labs.close()


def test_keys_move_in_the_list_and_escape_leaves_all_as_it_was(app):
    app.features.setFocus()
    before = QApplication.focusWidget()
    found(app, "class")
    popup = app.palette.popup
    count = len(popup.model.entries)
    assert count > 2
    QTest.keyClick(popup.search, Qt.Key.Key_Up)
    last = max(row for row in range(count) if popup.model.entries[row].enabled)
    assert popup.list.currentIndex().row() == last
    QTest.keyClick(popup.search, Qt.Key.Key_Down)
    assert popup.list.currentIndex().row() == 0
    QTest.keyClick(popup.search, Qt.Key.Key_PageDown)
    assert popup.list.currentIndex().row() == min(11, count - 1)
    QTest.keyClick(popup.search, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert QApplication.focusWidget() is before


def test_keys_of_the_window_are_typed_while_it_is_open(app):
    phase = app.run.phase
    found(app, "r t p .")
    QTest.keyClick(app.palette.popup.search, Qt.Key.Key_Space)
    assert app.palette.popup.search.text() == "r t p . "
    assert app.run.phase == phase


def test_the_last_choice_comes_first(app):
    choose(app, "reset all views")
    assert found(app, "")[0].id == "view.reset-all"


def test_it_says_that_nothing_matches(app):
    assert found(app, "xqzw") == []
    assert app.palette.popup.nothing.text() == "Nothing matches “xqzw”."
    assert app.palette.popup.nothing.isVisible()


def test_it_stays_within_a_small_window(app):
    before = app.window.size()
    app.window.resize(700, 500)
    found(app, "")
    assert app.window.rect().contains(app.palette.popup.geometry())
    app.window.resize(before)


def test_the_search_is_loaded_once_the_palette_opens():
    """It would take a tenth of the time that the window takes to open."""
    code = "import sys, explorer.gui.app; print('rapidfuzz' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "False\n"
