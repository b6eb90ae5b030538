"""The comparison window: panes, common controls, the table, and what happens when it closes."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
import tomli_w
from core.recording import small_run
from gui.library.runs import make_run
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from explorer.gui.compare import differences
from explorer.gui.compare.state import CompareState, Links, RunState
from explorer.gui.compare.window import CompareWindow
from explorer.gui.layout.arrangement import frame_size
from explorer.gui.memory.window_memory import options_from, table_of
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.curves.view import CurvesView
from explorer.gui.views.features.content import FeatureOptions


@pytest.fixture
def open_window(setup):
    windows = []

    def make(**options):
        window = CompareWindow(setup, LIGHT, **options)
        windows.append(window)
        window.resize(1300, 760)
        window.show()
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window, tmp_path, qtbot):
    """A comparison of two recordings: CosFace up to step 30, ArcFace up to step 10."""
    window = open_window()
    make_run(tmp_path / "long.lossrun", loss__name="cosface")
    small_run.record(tmp_path / "short.lossrun", *small_run.FRAMES[:2])
    for name in ("long", "short"):
        window.session.add_recording(tmp_path / f"{name}.lossrun")
    qtbot.waitUntil(lambda: all(pane.pane.primary.snapshot for pane in window.panes.shown))
    return window


def test_it_opens_within_the_screen_with_its_frame(setup):
    window = CompareWindow(setup, LIGHT)
    screen, border = window.screen().availableSize(), frame_size(window)
    assert window.height() <= screen.height() - border.height()
    window.close()
    window.deleteLater()


def headers(window):
    return [pane.header.state for pane in window.panes.shown]


def test_each_run_is_named_by_its_loss_and_what_differs(window, qtbot):
    qtbot.waitUntil(lambda: headers(window)[1].reading.startswith("Step 10"))
    cosface, arcface = headers(window)
    assert (cosface.title, arcface.title) == ("CosFace (AM-Softmax)", "ArcFace")
    assert "Seed 0" in cosface.settings
    assert "Seed 5" in arcface.settings
    assert "Learning rate" not in cosface.settings + arcface.settings
    assert cosface.share == "Recording"
    assert not cosface.can_train
    assert not window.bar.toggle.isEnabled()
    assert window.bar.about.text() == "The runs start from different networks and train on different batches."


def test_the_window_is_refreshed_while_runs_report_all_the_time(window, qtbot, monkeypatch):
    shown = []
    monkeypatch.setattr(window.panes, "show_states", shown.append)

    def report():
        window.session.timeline.stateChanged.emit()
        return bool(shown)

    qtbot.waitUntil(report)


def test_a_refresh_names_no_run_anew(window, monkeypatch):
    asked = []
    monkeypatch.setattr(differences, "differing", asked.append)
    for _refresh in range(3):
        window._show_state()  # noqa: SLF001  # as its timer does
    assert asked == []


def test_a_run_that_ended_earlier_says_so(window, qtbot):
    ended = "Ended at step 10; showing its last frame"
    qtbot.waitUntil(lambda: headers(window)[1].share == ended)
    assert headers(window)[0].share == "Recording"
    window.timeline.strip.frameRequested.emit(1)
    qtbot.waitUntil(lambda: headers(window)[1].share == "Recording")
    assert [pane.compared.cursor.snapshot.step for pane in window.panes.shown] == [10, 10]


def test_the_timeline_moves_all_runs_in_the_unit_that_is_chosen(window, qtbot):
    assert window.timeline.strip.state.steps == (0.0, 10.0, 20.0, 30.0)
    window.bar.unitRequested.emit("images")
    qtbot.waitUntil(lambda: window.timeline.strip.state.unit == "images")
    assert window.timeline.strip.state.steps == (0.0, 1_000.0, 2_000.0, 3_000.0)
    window.timeline.strip.frameRequested.emit(2)
    qtbot.waitUntil(lambda: window.timeline.text == "After 2,000 of 3,000 images")
    assert [pane.compared.cursor.snapshot.step for pane in window.panes.shown] == [20, 10]


def test_the_timeline_offers_only_what_it_does_for_all_runs(window):
    timeline = window.timeline
    shown = [button for button in timeline.findChildren(QAbstractButton) if button.isVisible()]
    assert shown
    assert set(shown) == {timeline.play, timeline.speed, timeline.loop, timeline.live}


def test_a_timeline_that_is_let_go_stands_below_each_run(window, qtbot):
    window.set_links(Links(timeline=False))
    assert not window.timeline.isVisible()
    first, second = window.panes.shown
    assert first.strip.isVisible()
    qtbot.waitUntil(lambda: len(first.strip.state.steps) == 4)
    first.strip.frameRequested.emit(0)
    assert [pane.compared.cursor.snapshot.step for pane in window.panes.shown] == [0, 10]
    assert headers(window)[1].share == "Recording"
    window.set_links(Links())
    assert [pane.compared.cursor.snapshot.step for pane in (first, second)] == [30, 10]
    assert not first.strip.isVisible()


def test_one_legend_acts_on_all_runs_until_they_are_let_go(window):
    panes = window.panes.shown
    assert window.legend.isVisible()
    assert not any(pane.features.bar.isVisible() for pane in panes)
    window.legend.legend.swatches[1].click()
    panes[0].features.switches.normalized.click()
    assert [pane.pane.state.display.hidden for pane in panes] == [frozenset({1})] * 2
    assert [pane.features.options.normalized for pane in panes] == [True, True]
    window.set_links(Links(classes=False))
    assert not window.legend.isVisible()
    assert all(pane.features.bar.isVisible() for pane in panes)


def test_a_second_view_is_built_in_all_panes_and_keeps_its_options(window):
    window.bar.secondRequested.emit("curves")
    views = [pane.pane.view(CurvesView) for pane in window.panes.shown]
    views[0].optionsRequested.emit(type(views[0].options)(axis="epoch"))
    assert [view.options.axis for view in views] == ["epoch", "epoch"]
    window.set_second("")
    assert [list(pane.pane.views) for pane in window.panes.shown] == [["features"], ["features"]]
    window.set_second("curves")
    assert [pane.pane.view(CurvesView).options.axis for pane in window.panes.shown] == ["epoch", "epoch"]


def test_the_table_shows_figures_and_differences_and_can_be_copied(window, qtbot):
    qtbot.waitUntil(lambda: window.table.rowCount() == 2)
    names = [window.table.horizontalHeaderItem(n).text() for n in range(window.table.columnCount())]
    step, accuracy = names.index("Step"), names.index("Test accuracy")
    qtbot.waitUntil(lambda: window.table.item(0, step).text() == "30")
    assert window.table.item(1, step).text() == "10"
    assert window.table.item(0, accuracy).text() == "50.00%"
    assert window.table.item(1, accuracy).text() == "50.00%  (+0.00)"
    press(window, qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert [line[0] for line in lines[1:]] == ["CosFace (AM-Softmax)", "ArcFace"]
    assert lines[1][1 + step] == "30"
    window.bar.table.click()
    assert not window.table.isVisible()


def test_a_right_click_on_a_view_resets_copies_and_saves_it(window):
    view = window.panes.shown[0].pane.primary
    at = view.rect().center()
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    names = [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]
    assert names == ["Reset view", "Copy view as image", "Save as image…"]
    menu.actions()[-2].trigger()
    assert not QGuiApplication.clipboard().image().isNull()
    menu.close()


def test_an_empty_place_offers_what_can_be_added(open_window, small_config):
    window = open_window(
        display=DisplaySettings(hidden=frozenset({2})), options={"features": {"polar": True}}
    )
    assert window.panes.empty.isVisible()
    window.bar.lossRequested.emit("arcface")
    (pane,) = window.panes.shown
    assert pane.compared.run.config.loss.name == "arcface"
    assert pane.compared.run.config.data.source == small_config.data.source
    assert pane.features.options == FeatureOptions(polar=True, touring=False)
    assert pane.pane.state.display.hidden == {2}
    assert window.panes.empty.isVisible()
    window.bar.windowSettingsRequested.emit()
    assert not window.panes.empty.isVisible()
    pane.header.remove.click()
    assert [shown.compared.run.config.loss.name for shown in window.panes.shown] == ["softmax"]


def test_a_comparison_comes_back_as_it_was(window, open_window, tmp_path):
    window.set_links(Links(axes=False))
    window.set_unit("epoch")
    window.set_second("angles")
    window.session.timeline.go_to(1)
    window.bar.table.click()
    state = window.compare_state()
    assert state == CompareState(
        runs=(RunState(str(tmp_path / "long.lossrun")), RunState(str(tmp_path / "short.lossrun"))),
        links=Links(axes=False),
        unit="epoch",
        second="angles",
        position=10.0,
        table=False,
    )
    kept = tomli_w.dumps(table_of(state))
    state = options_from(tomllib.loads(kept), CompareState())
    again = open_window()
    again.restore(state)
    assert again.compare_state() == state
    assert [pane.compared.cursor.snapshot.step for pane in again.panes.shown] == [10, 10]


def test_a_worker_that_cannot_start_is_told_in_its_pane_alone(window, small_config, qtbot):
    window.session.setup = type(window.session.setup)(
        ["/nowhere/no worker"],
        *(getattr(window.session.setup, name) for name in ("folder", "library", "window_run")),
    )
    window.session.add_config(small_config)
    pane = window.panes.shown[-1]
    qtbot.waitUntil(lambda: "could not start" in pane.banner.message)
    assert "Your settings are kept." in pane.banner.message
    assert [other.banner.message for other in window.panes.shown[:-1]] == ["", ""]
    qtbot.waitUntil(lambda: pane.header.state.share == "Stopped")


def test_everything_that_takes_the_keyboard_has_a_name(window):
    window.set_links(Links(timeline=False, classes=False))
    parts = [part for part in window.findChildren(QWidget) if type(part) is not QWidget and part.isVisible()]
    taking = [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(taking) > 20
    assert [part for part in taking if not part.accessibleName()] == []


def test_colours_follow_the_theme(window):
    window.set_theme(DARK)
    assert all(view.theme is DARK for pane in window.panes.shown for view in pane.pane.views.values())


def test_what_is_selected_in_one_is_selected_in_the_other(window):
    first, second = window.panes.shown
    first.features.selectionRequested.emit(np.array([2]), "replace")
    assert second.pane.state.selection.rows.tolist() == [2]
    assert not any(
        "images" in label.text() and label.isVisible() for label in window.note.findChildren(QLabel)
    )


def press(window, qtbot, key, held=Qt.KeyboardModifier.NoModifier):
    """Press a key as the window system does, so that it may be a shortcut."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window.windowHandle(), key, held)


def test_the_keys_of_the_main_window_act_on_all_runs(window, qtbot):
    panes = window.panes.shown
    for key, expected in (
        (Qt.Key.Key_Home, [0, 0]),
        (Qt.Key.Key_Right, [10, 10]),
        (Qt.Key.Key_Right, [20, 10]),
        (Qt.Key.Key_Left, [10, 10]),
        (Qt.Key.Key_End, [30, 10]),
    ):
        press(window, qtbot, key, Qt.KeyboardModifier.AltModifier)
        assert [pane.compared.cursor.snapshot.step for pane in panes] == expected
    panes[0].pane.state.select(np.array([1, 2]))
    press(window, qtbot, Qt.Key.Key_Escape)
    assert [pane.pane.state.selection.count for pane in panes] == [0, 0]
    window.timeline.loop.click()  # or the recording, of less than a second, might be over
    press(window, qtbot, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert window.session.timeline.playback.playing
    press(window, qtbot, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert not window.session.timeline.playback.playing
    assert window.session.timeline.playback.loop
    window.bar.table.setFocus()
    press(window, qtbot, Qt.Key.Key_Space)
    assert not window.table.isVisible()
    press(window, qtbot, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()


def test_recordings_are_added_by_dropping_them(window, tmp_path):
    paths = [tmp_path / name for name in ("more.lossrun", "broken.lossrun")]
    make_run(paths[0], loss__name="normface")
    paths[1].write_bytes(b"nothing of the kind")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = window.panes.rect().center()
    nothing = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, nothing)
    window.panes.dragEnterEvent(entering)
    assert entering.isAccepted()
    drop = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, nothing)
    window.panes.dropEvent(drop)
    assert [pane.compared.source.config.loss.name for pane in window.panes.shown][2:] == ["normface"]
    assert "broken.lossrun is not a recording" in window.banner.message
    window.session.remove(window.session.runs[-1])
    assert window.banner.message == "", "the runs are others now"
    window.banner.show_message("info", "Of something else.")
    window.session.remove(window.session.runs[-1])
    assert window.banner.message == "Of something else."
