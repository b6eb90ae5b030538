"""The ways from the main window to the comparison, and what happens to it when that window closes."""

from __future__ import annotations

import time

import pytest
from gui.library.runs import make_run

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.compare.pairs import list_pairs
from explorer.gui.compare.state import CompareState
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.theme.theme import DARK


@pytest.fixture
def app(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig().replace({"seed": 3}), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


def compared(app):
    return [run.source.config.loss.name for run in app.comparing.window.session.runs]


def test_a_loss_is_compared_with_that_of_the_window_in_two_clicks(app):
    panel = app.window.side_panel.loss
    menu = panel.compare.menu()
    menu.aboutToShow.emit()
    families = [entry.menu() for entry in menu.actions() if entry.menu() is not None]
    arcface = next(entry for family in families for entry in family.actions() if entry.text() == "ArcFace")
    arcface.trigger()
    assert compared(app) == ["softmax", "arcface"]
    assert {run.source.config.seed for run in app.comparing.window.session.runs} == {3}
    assert app.run.config.loss.name == "softmax"
    next(entry for family in families for entry in family.actions() if entry.text() == "NormFace").trigger()
    assert compared(app) == ["softmax", "arcface", "normface"]


def test_three_margins_are_compared_in_two_clicks(app):
    app.run.set_loss("arcface")
    menu = app.window.side_panel.loss.compare.menu()
    for margin, words in ((0.2, "Margin m: 0.1 | 0.2 | 0.4"), (0, "Margin m: 0 | 0.2 | 0.4")):
        app.run.set_param("loss.margin", margin)
        menu.aboutToShow.emit()
        offered = [entry for entry in menu.actions() if entry.menu() is None and entry.text()]
        assert [entry.text() for entry in offered] == ["Scale s: 5 | 10 | 20", words]
        offered[1].trigger()
    runs = app.comparing.window.session.runs
    assert [run.source.config.get("loss.margin") for run in runs] == [0, 0.2, 0.4]
    assert app.run.config.get("loss.margin") == 0


def test_the_end_of_a_session_waits_no_longer_for_many_runs(app, monkeypatch):
    """A system ends the program after about five seconds, and a disk may keep every run waiting."""
    waited = []

    def settle(_run, seconds):
        waited.append(seconds)
        time.sleep(seconds)

    for loss in ("arcface", "cosface", "normface"):
        app.comparing.compare_with(loss)
    for run in app.comparing.window.session.runs:
        monkeypatch.setattr(type(run), "settle", settle)
    app.comparing.settle(0.05)
    assert len(waited) == 4
    assert sum(waited) < 0.06


def test_settings_of_the_window_are_added_one_after_the_other(app):
    app.actions.action("compare.current").trigger()
    app.run.set_param("loss.bias", False)
    app.actions.action("compare.current").trigger()
    runs = app.comparing.window.session.runs
    assert [run.source.config.get("loss.bias") for run in runs] == [True, False]


def test_a_preset_takes_the_place_of_what_was_compared_and_says_what_it_shows(app, qtbot):
    app.comparing.compare_with("triplet")
    menu = app.actions.menu("compare")
    assert len(menu.actions()) == 1, "the presets are not read before they are wanted"
    for _ in range(2):
        menu.aboutToShow.emit()
    assert len([action for action in menu.actions() if not action.isSeparator()]) == 1 + len(list_pairs())
    app.actions.action("compare.normface-cosface-arcface").trigger()
    assert compared(app) == ["normface", "cosface", "arcface"]
    window = app.comparing.window
    assert window.banner.message.startswith("NormFace | CosFace | ArcFace: Scaled cosines")
    qtbot.waitUntil(lambda: all(pane.features.isVisible() for pane in window.panes.shown))
    presets = {action.text(): action for action in window.bar.presets.menu().actions()}
    presets["Bias on | off"].trigger()
    assert [run.source.config.get("loss.bias") for run in window.session.runs] == [True, False]


def test_a_recorded_run_is_compared_from_the_list_of_runs(app, tmp_path):
    path = tmp_path / "runs" / "one.lossrun"
    path.parent.mkdir()
    make_run(path, loss__name="center")
    app.window.runs.comparisonRequested.emit(path)
    assert compared(app) == ["center"]
    window = app.comparing.window
    assert window.panes.empty.isVisible()
    app.window.runs.comparisonRequested.emit(path)
    assert window.banner.message == "This run is already in the comparison."


def test_theme_and_class_colours_are_those_of_the_window(app):
    app.comparing.compare_with("arcface")
    features = app.comparing.window.panes.shown[0].features
    app.appearance.choose("dark")
    assert features.theme.plot == DARK.plot
    app.colors.choose(ClassColors().with_color(2, (1, 2, 3)))
    assert features.theme.class_color(2) == (1, 2, 3)


def test_motion_is_smooth_where_it_is_in_the_window(app):
    app.set_smooth(False)
    app.comparing.compare_with("arcface")
    window = app.comparing.window
    for smooth in (False, True):
        app.set_smooth(smooth)
        window.set_second("curves")
        assert window.isAnimated() == smooth
        assert {pane.pane.clock.smooth for pane in window.panes.shown} == {smooth}


def test_recording_is_switched_off_in_an_open_comparison_too(app):
    app.comparing.compare_with("arcface")
    off = LibraryOptions(recording=False, limit=1.0)
    app.recorder.set_options(off)
    session = app.comparing.window.session
    assert [run.recorder.options for run in session.runs] == [off, off]
    session.add_config(app.run.config)
    assert session.runs[-1].recorder.options == off


def test_a_closed_comparison_begins_anew_and_is_kept_until_then(app):
    assert app.comparing.state is None
    app.comparing.compare_with("arcface")
    state = app.comparing.state
    assert isinstance(state, CompareState)
    app.comparing.window.close()
    assert app.comparing.window is None
    app.comparing.restore(state)
    assert compared(app) == ["softmax", "arcface"]


def test_closing_the_main_window_closes_the_comparison(app):
    app.comparing.compare_with("arcface")
    window = app.comparing.window
    app.window.close()
    assert not window.isVisible()
    assert app.comparing.window is None
    assert window.session.runs == ()
