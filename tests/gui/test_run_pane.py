"""A pane answers what its views request, remembers it, and keeps it from the panes of other runs."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.drawn import pixels
from gui.views.seen import sentences
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.config import RunConfig
from explorer.gui.drawing.drawing_scheduler import DrawingScheduler
from explorer.gui.memory.window_memory import options_from, table_of
from explorer.gui.plots.style import Plot
from explorer.gui.run_pane import RunPane
from explorer.gui.session.images import ImageStore
from explorer.gui.session.run import Run
from explorer.gui.session.run_source import RunSource
from explorer.gui.session.worker_client import WorkerClient
from explorer.gui.state.view_state import NO_ROW, DisplaySettings
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.angles.content import AngleOptions
from explorer.gui.views.classes.view import ClassOptions
from explorer.gui.views.curves.options import CurveOptions
from explorer.gui.views.curves.view import CurvesView
from explorer.gui.views.draw.view import DrawView
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.view import FeaturesView
from explorer.gui.views.margin_curve.view import MarginCurveOptions, MarginCurveView
from explorer.gui.views.quality.content import QualityOptions
from explorer.gui.views.registry import VIEWS
from explorer.gui.views.samples.view import SampleOptions
from explorer.gui.views.two_classes.content import TwoClassesOptions
from explorer.gui.views.two_classes.view import TwoClassesView
from explorer.gui.views.verification.content import VerificationOptions
from explorer.gui.views.view import NoOptions

CHOSEN = {
    "features": FeatureOptions(train=True, perspective=False, turntable=True, tool="lasso"),
    "angles": AngleOptions(page="classes", images="train", label=4, between="means"),
    "margin-curve": MarginCurveOptions(compare=("arcface", "cosface"), split=TRAIN),
    "two-classes": TwoClassesOptions(choice="chosen", first=3, second=8, plane="cosines", split=TRAIN),
    "curves": CurveOptions(axis="epoch", logarithmic=True, panels=("spread",)),
    "classes": ClassOptions(sort="spread", descending=True, matrix=0.6),
    "samples": SampleOptions("distance"),
    "draw": NoOptions(),
    "quality": QualityOptions(shown="angle", kind="noise", split=TRAIN),
    "verification": VerificationOptions(page="roc", measure="manhattan", threshold=0.5, logarithmic=False),
}
"""What a person may have chosen in each view."""


class StartingSource(RunSource):
    """A run whose trainer may be starting."""

    starting = False


@pytest.fixture
def build(qtbot, monkeypatch):
    """Return what builds a pane of a run that has a frame, with all of its views shown."""
    monkeypatch.setattr(
        ImageStore,
        "pixels",
        lambda _store, snapshot: np.zeros((len(snapshot.probe.labels), 28, 28), np.uint8),
    )
    panes = []

    def make(loss="softmax", seed=0):
        run = Run(WorkerClient(["/nowhere/no worker is needed"]), RunConfig().replace({"loss.name": loss}))
        pane = RunPane(run, LIGHT)
        panes.append(pane)
        run.snapshot = make_snapshot(300, loss=loss, train=100, seed=seed)
        run.history = make_history(20)
        run.snapshotChanged.emit()
        for view in pane.views.values():
            qtbot.addWidget(view)
            view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)  # so that none has the keyboard
            for plot in view.findChildren(Plot):
                plot.set_smooth(False)  # numbers that are fading in would tell pictures apart
            view.resize(420, 340)
            view.show()
        qtbot.waitUntil(lambda: all(view.snapshot is run.snapshot for view in pane.views.values()))
        return pane

    yield make
    for pane in panes:
        pane.close()


def looks(pane):
    """Return the pictures of all views, once what threads compute for them is there."""
    QCoreApplication.sendPostedEvents()
    for view in pane.views.values():
        view.finish_content()
    return {view_id: pixels(view.grab().toImage()) for view_id, view in pane.views.items()}


def test_what_is_done_in_one_pane_does_not_reach_another(build):
    acted, other = build("softmax", seed=1), build("arcface", seed=2)
    before, options = looks(other), {view_id: view.options for view_id, view in other.views.items()}
    features = acted.view(FeaturesView)
    features.selectionRequested.emit(np.arange(0, 300, 7), "replace")
    features.classToggleRequested.emit(2)
    features.classIsolationRequested.emit(5)
    features.colorModeRequested.emit("loss")
    features.pairRequested.emit(6, 7)
    for view_id, chosen in CHOSEN.items():
        acted.views[view_id].optionsRequested.emit(chosen)
    features.hoverRequested.emit(15)
    assert acted.state.selection.count == 43
    assert acted.state.display == DisplaySettings("loss", frozenset({2}), 5)
    assert acted.state.hovered == 15
    assert {view_id: view.options for view_id, view in acted.views.items()} == CHOSEN
    assert other.state.selection.count == 0
    assert other.state.display == DisplaySettings()
    assert other.state.hovered == NO_ROW
    assert {view_id: view.options for view_id, view in other.views.items()} == options
    for view_id, look in looks(other).items():
        assert np.array_equal(look, before[view_id]), view_id


def test_images_of_the_run_before_are_not_selected_in_the_new_one(build):
    """A view is drawn a moment after a new run begins; pointing at it then was an IndexError, and a crash."""
    pane = build()
    features = pane.view(FeaturesView)
    features.hoverRequested.emit(15)
    pane.clock.stop()
    for snapshot in (None, make_snapshot(40)):
        pane.run.snapshot = snapshot
        pane.run.snapshotChanged.emit()
        features.selectionRequested.emit(np.arange(0, 300, 7), "replace")
        features.hoverRequested.emit(299)
        assert pane.state.selection.count == 0
        assert pane.state.hovered == NO_ROW


def test_each_pane_shows_the_settings_and_the_frames_of_its_own_run(build, qtbot):
    first, second = build("softmax"), build("arcface")
    second.run.set_param("loss.margin", 0.3)
    wanted = [pane.view(MarginCurveView).config for pane in (first, second)]
    assert wanted == [first.run.config, second.run.config]
    second.run.snapshot = make_snapshot(300, loss="arcface", train=100, step=2_000)
    second.run.snapshotChanged.emit()
    qtbot.waitUntil(lambda: second.view(CurvesView).snapshot is second.run.snapshot)
    assert all(view.snapshot is first.run.snapshot for view in first.views.values())


def test_two_panes_in_one_process_look_as_each_does_alone(build):
    alone = looks(build("arcface", seed=3))
    build("triplet", seed=4)
    for view_id, look in looks(build("arcface", seed=3)).items():
        assert np.array_equal(look, alone[view_id]), view_id


@pytest.mark.parametrize("view_id", CHOSEN)
def test_options_come_back_in_another_pane(build, view_id):
    first = build()
    told = []
    first.optionsChanged.connect(told.append)
    first.views[view_id].optionsRequested.emit(CHOSEN[view_id])
    assert told == ([] if view_id == "draw" else [view_id])
    again = build()
    again.restore_options(first.option_tables())
    assert {view_id: view.options for view_id, view in again.views.items()} == {
        spec.id: CHOSEN[spec.id] if spec.id == view_id else first.views[spec.id].options for spec in VIEWS
    }
    assert np.array_equal(looks(again)[view_id], looks(first)[view_id])


def test_a_table_that_does_not_fit_costs_the_options_of_its_view_only(build):
    tables = build().option_tables()
    tables["curves"]["logarithmic"] = tables["angles"]["page"] = "perhaps"
    tables["margin-curve"]["compare"] = ["a loss that was uninstalled"]
    tables["samples"]["images"] = "selected"
    pane = build()
    pane.restore_options({**tables, "two-classes": 7, "of tomorrow": {"what": "ever"}})
    assert {view_id: view.options for view_id, view in pane.views.items()} == {
        **{view_id: type(options)() for view_id, options in CHOSEN.items()},
        "samples": SampleOptions("selected"),
    }


@pytest.mark.parametrize(
    ("options", "table"),
    [
        (FeatureOptions(), {"sphere": 900}),
        (FeatureOptions(), {"point_size": 0.0}),
        (FeatureOptions(), {"tool": "span"}),
        (AngleOptions(), {"label": -1}),
        (TwoClassesOptions(), {"first": -2}),
        (TwoClassesOptions(), {"split": 7}),
        (MarginCurveOptions(), {"split": -1}),
        (MarginCurveOptions(), {"compare": ["softmax"]}),
        (ClassOptions(), {"sort": "name"}),
        (ClassOptions(), {"matrix": 0.0}),
    ],
)
def test_a_value_of_the_right_type_that_means_nothing_is_refused(options, table):
    assert options_from({**table_of(options), **table}, options) is options


def test_perspective_turntable_and_tool_are_those_of_the_options(build):
    features = build().view(FeaturesView)
    features.optionsRequested.emit(CHOSEN["features"])
    assert not features.space.camera.perspective
    assert features.space.turntable.on
    assert [gesture.tool for gesture in features.selecting.gestures] == ["lasso", "lasso"]
    assert features.bar.tools["lasso"].isChecked()
    features.bar.tools["rectangle"].click()
    assert features.options == replace(CHOSEN["features"], tool="rectangle")


def test_a_header_of_the_table_of_classes_sorts_and_is_an_option(build):
    pane = build()
    view = pane.views["classes"]
    header = view.table.horizontalHeader()
    header.sectionClicked.emit(2)
    header.setSortIndicator(2, header.sortIndicatorOrder().DescendingOrder)
    assert view.options == ClassOptions(sort="spread", descending=True)


def test_all_views_are_reset_at_once(build):
    pane = build()
    plots = [pane.view(FeaturesView).plane, pane.view(TwoClassesView).plot]
    before = [plot.visible() for plot in plots]
    for plot in plots:
        plot.box.scaleBy((0.5, 1.0))
    assert [plot.visible() for plot in plots] != before
    pane.reset_views()
    assert [plot.visible() for plot in plots] == before


def test_a_run_without_a_network_says_that_drawings_cannot_be_evaluated(qtbot, monkeypatch):
    """Otherwise the drawing would wait for an answer for ever."""
    source = RunSource(RunConfig())
    pane = RunPane(source, LIGHT)
    for other in pane.views.values():
        qtbot.addWidget(other)
    view = pane.view(DrawView)
    monkeypatch.setattr(view.images, "pixels", lambda _: np.zeros((100, 28, 28), np.uint8))
    view.set_snapshot(make_snapshot(100), make_history(2))
    view.pad.set_base(np.full((28, 28), 200, np.uint8))
    view.show()
    assert view.message.text() == "Drawings can be evaluated only on the newest frame of a live run."
    assert view.message.isVisible()
    pane.close()


def test_the_views_say_that_the_trainer_is_starting(qtbot):
    """Otherwise a person who has pressed Start is asked to press it."""
    source = StartingSource(RunConfig())
    pane = RunPane(source, LIGHT)
    for view in pane.views.values():
        qtbot.addWidget(view)
        view.show()
    asking = [view for view in pane.views.values() if "Start" in sentences(view)]
    assert len(asking) == 7
    for starting in (True, False):
        source.starting = starting
        source.stateChanged.emit()
        assert [("Starting the trainer…" in sentences(view)) == starting for view in asking] == 7 * [True]
    pane.close()


def test_clearing_the_selection_first_cancels_what_is_being_drawn(build):
    pane = build()
    features = pane.view(FeaturesView)
    pane.state.select(np.arange(5))
    surface = features.plane.viewport()
    features.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, shift, QPoint(50, 50))
    QTest.mouseMove(surface, QPoint(90, 60))
    QTest.mouseMove(surface, QPoint(90, 120))
    pane.clear_selection()
    assert pane.state.selection.count == 5
    pane.clear_selection()
    assert pane.state.selection.count == 0


def test_a_view_can_join_a_pane_later_and_leave_it(qtbot, monkeypatch):
    """Only what is shown is built: a comparison chooses a second view for all of its panes."""
    monkeypatch.setattr(ImageStore, "pixels", lambda _store, _snapshot: None)
    scheduler = DrawingScheduler()
    features, curves = (spec for spec in VIEWS if spec.id in ("features", "curves"))
    source = RunSource(RunConfig())
    source.snapshot, source.history = make_snapshot(200), make_history(20)
    pane = RunPane(source, LIGHT, [features], scheduler=scheduler)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(pane.primary)
    qtbot.addWidget(window)
    window.show()
    assert list(pane.views) == ["features"]
    assert pane.clock.scheduler is scheduler
    pane.set_theme(DARK)
    view = pane.add_view(curves)
    column.addWidget(view)
    told = []
    pane.optionsChanged.connect(told.append)
    view.optionsRequested.emit(CHOSEN["curves"])
    assert told == ["curves"]
    assert view.theme is DARK
    assert view.snapshot is source.snapshot
    source.snapshot = make_snapshot(200, step=2_000)
    source.snapshotChanged.emit()
    qtbot.waitUntil(lambda: view.snapshot is source.snapshot)
    pane.remove_view("curves")
    assert list(pane.views) == ["features"]
    assert pane.option_tables()["curves"] == table_of(CHOSEN["curves"])
    assert view.isHidden()
    source.snapshot = make_snapshot(200, step=3_000)
    source.snapshotChanged.emit()
    qtbot.waitUntil(lambda: not scheduler.busy)
    assert view.snapshot is not source.snapshot
    pane.close()
