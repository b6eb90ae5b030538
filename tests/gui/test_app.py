"""The wiring: what a person does in the window reaches the run, and what the run says reaches the person."""

import gc
import weakref
from functools import partial

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.library.runs import make_run
from gui.views.seen import sentences, shown_content
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QDockWidget,
    QLabel,
    QPushButton,
    QStyle,
    QTabBar,
    QWidget,
)

from explorer.analysis.statistics.drawn_digit import DrawnDigit
from explorer.bench.stage import Paints
from explorer.core.protocol.messages import PROTOCOL_VERSION, Device, Hello
from explorer.core.settings.config import Diff, RunConfig
from explorer.core.settings.presets import find_preset
from explorer.core.texts import text
from explorer.gui.app import App
from explorer.gui.controls.note import Note
from explorer.gui.export.save_dialog import SavePictureDialog
from explorer.gui.library.files import LibraryOptions
from explorer.gui.memory.window_memory import Memory, load_memory, options_from, save_memory
from explorer.gui.messages.readout import window_title
from explorer.gui.messages.status_line import EVENT_MS
from explorer.gui.session.run import Problem, Run
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.palettes import ClassColors
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.classes.view import ClassesView
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.curves.view import CurvesView
from explorer.gui.views.draw.view import DrawView
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.margin_curve.view import MarginCurveView
from explorer.gui.views.samples.view import SamplesView
from explorer.gui.views.two_classes.content import TwoClassesOptions
from explorer.gui.views.two_classes.view import TwoClassesView


@pytest.fixture
def app(tmp_path):
    path = tmp_path / "window.toml"
    save_memory(path, Memory(RunConfig(), "light"))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


def button(parent, words):
    return next(w for w in parent.findChildren(QWidget) if w.accessibleName() == words and w.isVisible())


def warning(app, name):
    """Return what is warned of at a setting, empty where nothing is."""
    notes = app.window.side_panel.row(name).findChildren(Note)
    return "".join(note.text for note in notes if note.property("note") == "warning")


def ticked(app):
    """Return the ids of the commands that are ticked."""
    ids = (command.id for command in app.actions.commands if command.checked is not None)
    return {id_ for id_ in ids if app.actions.action(id_).isChecked()}


def test_the_first_window_fits_on_a_small_screen_with_its_frame(app):
    window, screen = app.window, app.window.screen().availableSize()
    title_bar = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    assert screen.height() < 860, "the screen does not limit the window"
    assert window.minimumSizeHint().height() + title_bar <= 768
    assert window.height() + title_bar < screen.height()


def test_an_infeasible_margin_is_flagged_and_its_remedy_is_one_click(app, qtbot):
    app.run.set_config(app.run.config.replace({"loss.name": "arcface", "loss.margin": 0.7}))
    row = app.window.side_panel.row("loss.margin")
    (remedy,) = [w for w in row.findChildren(QWidget) if w.accessibleName().startswith("Set")]
    qtbot.mouseClick(remedy, Qt.MouseButton.LeftButton)
    assert app.run.config.get("loss.margin") < 0.628
    assert not remedy.isVisible()


def test_a_loss_that_a_view_suggests_is_one_click_away(app):
    view = app.pane.view(MarginCurveView)
    view.suggestions.findChildren(QPushButton)[1].click()
    assert app.run.config.loss.name == "arcface"


def test_a_change_of_a_setting_redraws_only_what_shows_it(app, qtbot):
    """Each move of a slider must leave time for the next one."""
    app.run.set_loss("arcface")
    window, curve = app.window, app.pane.view(MarginCurveView)
    window.findChild(QDockWidget, "Margin curve").raise_()
    qtbot.waitUntil(lambda: curve.drawable)
    QApplication.processEvents()
    margin, rate = (window.side_panel.row(name) for name in ("loss.margin", "optimizer.rate"))
    others = (*window.run_bar.readouts.values(), window.timeline.strip, window.status, rate)
    watched = {widget: Paints(widget) for widget in (*others, margin)}
    painted, drawn = [], []
    for widget, paints in watched.items():
        paints.painted.connect(partial(painted.append, widget))
    draw, curve.draw = curve.draw, lambda: drawn.append(curve.config.get("loss.margin")) or draw()
    app.run.set_param("loss.margin", 0.3)
    QApplication.processEvents()
    assert painted == [margin]
    assert drawn == [0.3]


def test_a_warning_goes_with_its_loss_and_comes_back_with_it(app):
    app.run.change({"loss.name": "arcface", "loss.margin": 0.7})
    assert warning(app, "loss.margin").startswith("A margin of 0.7 rad is unreachable")
    app.run.set_loss("cosface")
    app.run.set_param("loss.margin", 0.05)
    assert not warning(app, "loss.margin")
    app.run.set_loss("arcface")
    assert warning(app, "loss.margin").startswith("A margin of 0.7 rad is unreachable")
    app.run.set_param("loss.margin", 0.1)
    assert not warning(app, "loss.margin")


def test_devices_that_the_worker_lacks_are_greyed_out_with_the_reason(app):
    row = app.window.side_panel.row("device")
    box = row.editor.box
    items = {box.itemText(i): box.model().index(i, 0) for i in range(box.count())}

    def greyed():
        return [name for name, item in items.items() if not item.flags() & Qt.ItemFlag.ItemIsEnabled]

    def say(*names):
        devices = tuple(Device(name, text("{name}", name=name.upper())) for name in names)
        app.client.eventReceived.emit(Hello(PROTOCOL_VERSION, "", "", devices))

    assert greyed() == [], "nothing is known before a worker has said it"
    say("cpu")
    assert greyed() == ["CUDA", "MPS"]
    reason = items["CUDA"].data(Qt.ItemDataRole.ToolTipRole)
    assert reason == "PyTorch cannot use this device here. Available: CPU."
    app.run.set_param("device", "cuda")
    assert (row.value, box.currentText()) == ("cuda", "CUDA"), "as remembered"
    say("cuda", "cpu")
    assert greyed() == ["MPS"]
    assert not items["CUDA"].data(Qt.ItemDataRole.ToolTipRole)


def test_a_loss_on_pairs_says_that_its_batches_are_balanced(app):
    app.run.set_loss("triplet")
    assert "every batch" in sentences(app.window.side_panel.loss)
    app.run.set_loss("softmax")
    assert "every batch" not in sentences(app.window.side_panel.loss)


def test_what_the_curves_show_is_remembered(app):
    view = app.pane.view(CurvesView)
    view.bar.switches["spread"].trigger()
    view.bar.logarithmic.click()
    wanted = CurveOptions(logarithmic=True, panels=("loss", "accuracy", "spread"))
    assert view.options == wanted
    app.window.close()
    assert options_from(load_memory(app.autosave.path)[0].views["curves"], CurveOptions()) == wanted


def test_a_preset_sets_everything_and_says_what_to_look_at(app):
    app.presets.load()
    assert len(app.actions.menu("presets").actions()) > 5
    preset = find_preset("wen-2016-center-lambda-1")
    app.actions.action(f"preset.{preset.name}").trigger()
    assert app.run.config.loss == preset.config.loss
    assert app.run.config.network.name == "lenet++"
    assert preset.description in app.window.banner.accessibleName()
    app.run.set_param("loss.weight", 0.5)
    assert app.window.banner.isVisible()
    app.run.set_loss("arcface")
    assert not app.window.banner.isVisible(), "the preset is left"


def test_the_papers_stand_together_in_the_menu_of_presets_and_the_failures_last(app):
    app.presets.load()
    titles = [group.text().replace("&", "") for group in app.actions.menu("presets").actions()]
    assert titles[-1] == "Instructive failures"
    papers = [title for title in titles if "et al." in title]
    assert titles[-1 - len(papers) : -1] == papers == sorted(papers)


def test_every_preset_of_the_menu_can_be_reached(app):
    app.presets.load()
    names = [action for group in app.actions.menu("presets").actions() for action in group.menu().actions()]
    from explorer.core.settings.presets import list_presets

    assert len(names) == len(list_presets())


def test_a_setting_that_contradicts_another_is_refused_and_shown_as_it_is(app):
    app.window.side_panel.paramRequested.emit("data.subset", 500)
    assert app.run.config.data.subset == 0
    assert "data.subset" in app.window.banner.accessibleName()
    assert app.window.side_panel.row("data.subset").value == 0


def test_the_theme_is_switched_live_for_widgets_and_plots(app, qapp):
    for name, theme in (("dark", DARK), ("light", LIGHT)):
        app.actions.action(f"theme.{name}").trigger()
        assert qapp.palette().window().color().getRgb()[:3] == theme.window
        assert all(view.theme is theme for view in app.pane.views.values())


def test_a_theme_reaches_the_bars_of_the_views_however_often_it_is_chosen(app):
    for snapshot in (None, make_snapshot(100)):
        app.run.snapshot = snapshot
        app.run.snapshotChanged.emit()
        app.features.set_snapshot(snapshot, app.run.history)  # the schedule may still leave it some time
        for name, theme in (("dark", DARK), ("light", LIGHT), ("light", LIGHT)):
            app.actions.action(f"theme.{name}").trigger()
            QGuiApplication.processEvents()
            for bar in (
                app.pane.view(CurvesView).bar,
                *([app.features.bar] if snapshot else []),
            ):
                assert bar.palette().window().color().getRgb()[:3] == theme.plot


def test_the_display_menu_chooses_points(app):
    app.actions.action("show.train").trigger()
    assert app.features.options.train
    app.actions.action("show.test").trigger()
    assert not app.features.options.test


def test_what_the_angles_views_choose_reaches_the_others(app):
    angles, two_classes = app.pane.view(AnglesView), app.pane.view(TwoClassesView)
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    for view, rows in ((angles, [3, 5]), (two_classes, [8])):
        view.set_snapshot(app.run.snapshot, app.run.history)
        view.selectionRequested.emit(np.array(rows), "replace")
        assert app.pane.state.selection.rows.tolist() == rows
    angles.pairRequested.emit(4, 9)
    assert two_classes.options == TwoClassesOptions(choice="chosen", first=4, second=9)


def test_nothing_turns_by_itself_without_smooth_motion_until_that_is_asked(app):
    app.set_feature_options(replace(app.features.options, turntable=True))
    app.set_smooth(False)
    options = app.features.options
    assert (options.turntable, options.touring, app.features.space.turntable.on) == (False, False, False)
    app.set_feature_options(replace(options, turntable=True))
    assert app.features.space.turntable.on


def test_smooth_motion_is_a_switch_that_is_remembered(app, qtbot):
    probe = make_snapshot(100).probe
    for step in (1, 2):
        app.run.snapshot = make_snapshot(100, step=step, seed=step, probe=probe)
        app.run.phase = "running"
        app.run.stateChanged.emit()
        app.run.snapshotChanged.emit()
    app.actions.action("view.smooth").trigger()
    assert not app.actions.action("view.smooth").isChecked()
    assert not app.window.isAnimated(), "docks are moved at once, too"
    qtbot.waitUntil(lambda: app.features.snapshot is app.run.snapshot)
    app.window.close()
    assert load_memory(app.autosave.path)[0].smooth is False


def test_pictures_reach_the_clipboard_at_twice_the_size(app):
    app.actions.action("image.copy-view").trigger()
    assert QGuiApplication.clipboard().image().size() == app.features.size() * 2
    app.actions.action("image.copy-window").trigger()
    assert QGuiApplication.clipboard().image().size() == app.window.size() * 2


def test_what_was_done_is_told_while_frames_go_on_setting_the_state(app, tmp_path, qtbot):
    status = app.window.status
    app.actions.action("image.copy-view").trigger()
    app.run.stateChanged.emit()
    assert status.text() == "Copied “Features” to the clipboard."
    app.actions.action("image.save").trigger()
    (dialog,) = app.window.findChildren(SavePictureDialog)
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "features")
    app.run.stateChanged.emit()
    assert status.text() == f"Saved as {tmp_path / 'features.png'}."
    qtbot.waitUntil(lambda: status.text() == "Ready. Press Space to train", timeout=2 * EVENT_MS)


def test_a_long_status_is_cut_and_does_not_make_the_window_wider(app):
    window, status = app.window, app.window.status
    before = window.minimumSizeHint().width()
    status.set_state("An epoch that goes on and on, " * 50)
    QApplication.processEvents()
    assert window.minimumSizeHint().width() == before
    assert QLabel.text(status).endswith("…")
    assert status.accessibleName() == status.text()


def test_no_message_and_no_drawing_makes_the_window_higher_than_a_small_screen(app):
    window = app.window
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    window.findChild(QDockWidget, "Draw").raise_()
    window.resize(1366, 700)
    window.banner.show_message("warning", "This is a sentence of middling length. " * 12)
    app.pane.view(DrawView).note.show_text("There is no picture here: bring an image or an image file.")
    snapshot = app.run.snapshot
    app.pane.view(DrawView).set_drawn_digit(DrawnDigit(snapshot.features[:1], snapshot.step, snapshot))
    QGuiApplication.processEvents()
    assert window.height() == 700
    assert window.banner.height() < 120, "as high as its text is at this width"


def test_the_window_fits_a_full_hd_screen_at_twice_the_size(app):
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    for dock in app.window.findChildren(QDockWidget):
        dock.raise_()
    QGuiApplication.processEvents()
    assert app.window.minimumSizeHint().height() <= 1080 / 2


def test_settings_that_wait_for_a_restart_are_named_as_the_panel_names_them(app, monkeypatch):
    monkeypatch.setattr(Run, "pending", Diff(restart=("network.dim", "loss.margin")))
    app.run.set_loss("arcface")
    assert app.window.status.text() == "Restart to apply: Dimension d, Margin m."


def test_a_worker_that_cannot_start_is_said_and_restart_is_offered(app, qtbot):
    with qtbot.waitSignal(app.run.problemOccurred):
        app.actions.action("run.toggle").trigger()
    assert "could not start" in app.window.banner.accessibleName()
    assert app.window.run_bar.state.phase == "failed"
    assert app.window.banner.buttons[0].text() == "Restart"


def test_after_a_failure_the_start_button_starts_again(app, qtbot):
    with qtbot.waitSignal(app.run.problemOccurred):
        app.actions.action("run.toggle").trigger()
    button = app.window.run_bar.toggle
    assert button.text() == "Start again"
    assert app.window.status.text() == "Stopped. Press Space to start again"
    assert button.isEnabled()
    phases = []
    app.run.stateChanged.connect(lambda: phases.append(app.run.phase))
    with qtbot.waitSignal(app.run.problemOccurred):  # there is still no worker
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "running" in phases


def test_a_problem_is_taken_away_once_the_run_goes_on(app):
    banner = app.window.banner
    for message, gone in (("The worker was killed.", True), ("Something else went wrong.", False)):
        app.run.problemOccurred.emit(Problem(text("The worker was killed.")))
        banner.show_message("error", message)
        app.run.phase = "failed"
        app.run.stateChanged.emit()
        assert banner.isVisible()
        app.run.phase = "running"
        app.run.stateChanged.emit()
        assert banner.isVisible() != gone


def test_what_is_shown_and_in_which_colours_is_remembered(app):
    app.actions.action("show.polar").trigger()
    app.features.switches.normalized.click()
    assert app.actions.action("show.normalized").isChecked()
    app.actions.action("palette.okabe-ito").trigger()
    app.window.close()
    again = App(["/nowhere/no worker is needed"], app.autosave.path)
    assert again.features.options == FeatureOptions(polar=True, normalized=True)
    assert ticked(again) >= {"show.polar", "show.normalized"}
    assert ticked(again) == ticked(app)
    assert again.appearance.theme == ClassColors("okabe-ito").on(LIGHT)
    assert again.actions.action("palette.okabe-ito").isChecked()
    again.window.close()
    again.window.deleteLater()


def test_what_is_hidden_and_what_colours_stand_for_survive_a_restart_of_the_window(app):
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    for label in (3, 8):
        app.features.classToggleRequested.emit(label)
    app.features.colorModeRequested.emit("confidence")
    app.window.events.filter.content.actions()[1].trigger()  # below the title of the section
    app.window.close()
    again = App(["/nowhere/no worker is needed"], app.autosave.path)
    assert again.pane.state.display == DisplaySettings("confidence", frozenset({3, 8}))
    assert not again.window.events.filter.content.actions()[1].isChecked()
    assert again.viewer.hidden_events == {"learnt"}
    again.window.deleteLater()


def test_perspective_and_turntable_survive_a_restart_of_the_window(app):
    app.features.optionsRequested.emit(FeatureOptions(perspective=False, turntable=True))
    app.window.close()
    again = App(["/nowhere/no worker is needed"], app.autosave.path)
    assert again.features.options == FeatureOptions(perspective=False, turntable=True)
    assert not again.actions.action("space.perspective").isChecked()
    assert again.actions.action("space.turntable").isChecked()
    again.window.deleteLater()


def test_another_colour_reaches_every_view_and_one_that_misleads_is_warned_of(app):
    app.colors.choose(ClassColors().with_color(2, (231, 9, 60)))
    assert all(view.theme.class_color(2) == (231, 9, 60) for view in app.pane.views.values())
    assert not app.window.banner.isVisible()
    app.colors.choose(ClassColors().with_color(2, LIGHT.class_color(0)))
    assert "0 and 2" in app.window.banner.accessibleName()
    app.features.classColorResetRequested.emit(2)
    assert app.appearance.theme is LIGHT
    assert app.window.banner.message == "", "they can be told apart again"
    app.run.snapshot = make_snapshot(20, classes=11)
    app.run.snapshotChanged.emit()
    assert "0 and 10" in app.window.banner.message, "the palette has ten"
    app.run.snapshot = make_snapshot(20)
    app.run.snapshotChanged.emit()
    assert app.window.banner.message == ""
    app.features.classColorRequested.emit(5)
    (dialog,) = app.window.findChildren(QColorDialog)
    assert dialog.windowTitle() == "Colour of class 5"
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("colour" in text for text in words)
    assert not any("color" in text.lower() for text in words), "Qt spells as this program does"
    dialog.reject()


def test_a_view_behind_another_is_not_drawn_and_catches_up_when_it_is_raised(app, qtbot):
    window = app.window
    window.show()
    qtbot.waitUntil(lambda: app.pane.view(CurvesView).drawable)
    assert not app.pane.view(ClassesView).drawable, "Curves lies over it"
    drawn = []
    app.pane.view(ClassesView).draw = lambda: drawn.append("classes")
    app.pane.view(ClassesView).refresh()
    assert not drawn
    window.findChild(QDockWidget, "Classes").raise_()
    qtbot.waitUntil(lambda: drawn == ["classes"])
    assert app.pane.view(ClassesView).drawable
    assert not app.pane.view(CurvesView).drawable


def test_the_key_of_dark_colours_leads_back_to_light_ones(app):
    dark, light = app.actions.action("theme.dark"), app.actions.action("theme.light")
    dark.trigger()
    assert app.appearance.theme == DARK
    assert dark.isChecked()
    dark.trigger()
    assert app.appearance.theme == LIGHT
    assert light.isChecked()
    assert not dark.isChecked()


@pytest.mark.parametrize("view_id", ["samples", "draw", "two-classes"])
def test_what_is_pointed_at_elsewhere_is_ringed_among_the_features(app, qtbot, view_id):
    app.window.show()
    app.run.snapshot = make_snapshot(100)
    app.run.snapshotChanged.emit()
    qtbot.waitUntil(lambda: app.features.snapshot is app.run.snapshot)
    app.features.refresh()
    rows = []
    app.features.plane.set_hover = lambda row, text: rows.append((row, text))
    app.pane.views[view_id].set_snapshot(app.run.snapshot, app.run.history)
    app.pane.views[view_id].hoverRequested.emit(7)
    ((row, text),) = rows
    assert shown_content(app.features).rows[row] == 7
    assert text.startswith(str(app.run.snapshot.probe.labels[7]))


def test_a_view_in_a_floating_dock_is_drawn_and_after_it_is_put_back(app, qtbot):
    window = app.window
    window.show()
    qtbot.waitUntil(lambda: app.pane.view(CurvesView).drawable)
    view, dock = app.pane.view(SamplesView), window.findChild(QDockWidget, "Samples")
    assert not view.drawable, "Curves lies over it"
    drawn = []
    view.draw = lambda: drawn.append("samples")
    view.refresh()
    dock.setFloating(True)
    qtbot.waitUntil(lambda: bool(drawn))
    assert view.drawable
    dock.setFloating(False)
    dock.raise_()
    qtbot.waitUntil(lambda: view.drawable)
    assert not app.pane.view(CurvesView).drawable


def test_all_panels_can_be_hidden_and_come_back_as_they_were(app, qtbot):
    window, action = app.window, app.actions.action("window.hide-panels")
    docks = window.findChildren(QDockWidget)
    dock = window.findChild(QDockWidget, "Samples")
    dock.setFloating(True)
    shown = {dock.objectName() for dock in docks if not dock.isHidden()}
    width, layout = app.pane.primary.width(), window.saved_layout.docks
    action.trigger()
    assert action.isChecked()
    assert all(dock.isHidden() for dock in docks)
    qtbot.waitUntil(lambda: app.pane.primary.width() > width)
    assert window.saved_layout.docks == layout, "what is remembered is the layout with the panels"
    action.trigger()
    assert not action.isChecked()
    assert {dock.objectName() for dock in docks if not dock.isHidden()} == shown
    assert dock.isFloating()
    qtbot.waitUntil(lambda: app.pane.primary.width() == width)


def test_the_title_of_the_window_tells_its_loss_and_dimension_at_once(app):
    app.run.set_loss("arcface")
    app.run.set_param("network.dim", 3)
    assert app.window.windowTitle() == "ArcFace, 3-D, step 0 – Loss Explorer"


def test_labs_and_comparisons_have_the_number_of_their_window(app):
    app.window.number = 2  # as of a second program
    app.labs.open("softmax")
    app.comparing.open()
    titles = app.labs.window.windowTitle(), app.comparing.window.windowTitle()
    assert titles == ("2: Softmax – Labs – Loss Explorer", "2: Comparison – Loss Explorer")
    app.labs.close()
    app.comparing.close()


def test_the_title_of_another_window_of_the_same_run_has_its_number():
    assert window_title(RunConfig(), 20, number=2) == "2: Softmax, 2-D, step 20 – Loss Explorer"


def test_the_title_tells_the_step_at_most_twice_a_second_while_training(app):
    probe, told = make_snapshot(count=20).probe, []
    app.run.phase = "running"
    for step in range(8):
        app.viewer.cursor.snapshot = make_snapshot(count=20, step=step, probe=probe)
        app.viewer.cursor.snapshotChanged.emit()
        if step == 0:  # the first frame comes with the names of its classes, which show all settings anew
            app.window.windowTitleChanged.connect(told.append)
    assert len(told) <= 1
    app.run.phase = "paused"
    app.run.stateChanged.emit()
    assert told[-1] == "Softmax, 2-D, step 7 – Loss Explorer"


def test_features_are_on_the_sphere_in_space_and_have_their_lengths_back_in_the_plane(app):
    shown = []
    for dim in (2, 3, 3, 2, 3, 2):
        app.run.snapshot = make_snapshot(20, dim=dim)
        app.run.snapshotChanged.emit()
        shown.append(app.features.options.normalized)
        if len(shown) in (2, 4):
            app.features.switches.normalized.click()
    assert shown == [False, True, False, False, False, True], "a choice comes back"


def test_the_status_line_names_the_key_of_the_table(app):
    start = app.actions.key("run.toggle")
    assert start == "Space"
    assert app.window.status.text() == f"Ready. Press {start} to train"
    assert app.actions.key("show.test") == "", "a command without a key"


def test_whether_runs_are_recorded_and_their_limit_are_remembered(app):
    options = LibraryOptions(recording=False, limit=5.0)
    app.window.runs.optionsRequested.emit(options)
    assert app.recorder.options == options
    app.window.close()
    again = App(["/nowhere/no worker is needed"], app.autosave.path)
    assert again.recorder.options == options
    again.window.close()
    again.window.deleteLater()
    gone = weakref.ref(again)
    del again
    QApplication.processEvents()
    for _window_and_app in range(2):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None, "an app goes with its window"


def test_the_list_of_runs_is_closed_at_first_and_opens_beside_the_settings(app):
    settings, runs = (app.window.findChild(QDockWidget, name) for name in ("Settings", "Runs"))
    assert runs.isHidden()
    app.window.resize(1366, 768)
    app.window.resizeDocks([settings], [320], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    before = settings.width()
    app.actions.action("panel.runs").trigger()
    QApplication.processEvents()
    assert runs.isVisible()
    assert runs.width() == before
    assert app.window.runs.search.hasFocus()


def test_a_run_of_the_list_opens_in_the_window_and_the_live_run_stays(app, tmp_path):
    make_run(tmp_path / "a.lossrun", loss__name="arcface")
    app.window.runs.openRequested.emit(tmp_path / "a.lossrun")
    assert app.viewer.recording is not None
    assert app.viewer.cursor.config.loss.name == "arcface"
    assert app.run.config.loss.name == "softmax"


def test_the_link_to_the_paper_has_the_colour_of_the_theme_after_a_change(app, qtbot):
    app.run.set_config(app.run.config.replace({"loss.name": "arcface"}))
    paper = next(label for label in app.window.findChildren(QLabel) if "arxiv.org" in label.text())

    def colors():
        image = paper.grab().toImage()
        return {image.pixel(x, y) & 0xFFFFFF for x in range(image.width()) for y in range(image.height())}

    def accent(theme):
        red, green, blue = theme.accent
        return red << 16 | green << 8 | blue

    assert accent(LIGHT) in colors()
    app.actions.action("theme.dark").trigger()
    qtbot.waitUntil(lambda: accent(DARK) in colors())
    assert accent(LIGHT) not in colors()


def test_the_theory_panel_keeps_its_width(app):
    settings, theory = (app.window.findChild(QDockWidget, name) for name in ("Settings", "Theory"))
    app.window.resize(1366, 768)
    QApplication.processEvents()
    plots = app.window.findChild(QDockWidget, "Angles")
    narrow = settings.width(), plots.width()
    app.window.show_theory()
    QApplication.processEvents()
    theory.close()
    QApplication.processEvents()
    assert (settings.width(), plots.width()) == narrow, "all have their room again"
    app.window.resize(1520, 760)
    app.window.show_theory()
    QApplication.processEvents()
    app.window.resizeDocks([settings, theory], [350, 420], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    width = theory.width()
    assert width > 400, "the window has room for it"
    before = settings.width()
    theory.close()
    QApplication.processEvents()
    assert settings.width() == before, "the plots get the room of the closed panel"
    app.window.show_theory()
    QApplication.processEvents()
    assert theory.width() == width
    theory.close()
    app.window.close()
    again = App(["/nowhere/no worker is needed"], app.autosave.path)
    again.window.show()
    again.window.resize(1520, 760)
    again.window.show_theory()
    QApplication.processEvents()
    assert again.window.findChild(QDockWidget, "Theory").width() == width
    again.window.close()
    again.window.deleteLater()


def test_no_tab_bar_is_left_where_no_docks_are(app):
    """Qt leaves some behind where docks were tabbed one after another; a wide panel uncovers them."""
    app.window.show_theory()
    QApplication.processEvents()
    bars = app.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    area = app.window.rect()
    shown = [bar for bar in bars if bar.isVisible() and area.intersects(bar.geometry())]
    labels = [tuple(bar.tabText(k) for k in range(bar.count())) for bar in shown]
    assert len(labels) == 2
    assert not any(set(first) < set(second) for first in labels for second in labels)
