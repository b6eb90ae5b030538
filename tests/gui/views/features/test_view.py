from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from analysis.snapshots import class_directions, make_history, make_snapshot, probe_set
from gui.views.packed_pixels import picture
from gui.views.seen import caption, sentences, shown_content
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent

from explorer.analysis.frames.history import History
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.view import FeaturesView

BARE = FeatureOptions(regions=False, weights=False, centers=False, digits=False)


def rgb(color: tuple[int, int, int]) -> int:
    return QColor(*color).rgb() & 0xFFFFFF


def show(view, snapshot, options=None) -> np.ndarray:
    if options is not None:
        view.set_options(options)
    view.set_snapshot(snapshot, History())
    return picture(view)


def point_pixel(view, x: float, y: float) -> tuple[int, int]:
    """Where a point of the plane should be, from the axes alone."""
    box = view.plane.box
    (left, right), (bottom, top) = box.viewRange()
    area = box.sceneBoundingRect()
    corner = view.plane.mapTo(view, view.plane.viewport().pos())
    column = corner.x() + area.left() + (x - left) / (right - left) * area.width()
    row = corner.y() + area.top() + (top - y) / (top - bottom) * area.height()
    return int(column), int(row)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_each_point_is_drawn_where_its_coordinates_are_in_the_colour_of_its_class(view, theme):
    view.set_theme(theme)
    features = np.array([[3, 1], [-2, 4], [0.5, -4]], dtype=np.float32)
    image = show(view, replace(make_snapshot(count=3), features=features), BARE)
    for label, (x, y) in enumerate(features.tolist()):
        rows, columns = np.nonzero(image == rgb(theme.class_color(label)))
        assert 9 <= len(rows) <= 21
        assert (columns.mean(), rows.mean()) == pytest.approx(point_pixel(view, x, y), abs=1)
    assert (image == rgb(theme.plot)).mean() > 0.9


EXTREMES = {
    "one point": {"count": 1},
    "many points": {"count": 70_000},
    "one class": {"count": 50, "present": 1},
    "missing classes": {"count": 500, "present": 3},
    "tiny": {"size": 1e-6},
    "huge": {"size": 1e6},
    "hundred classes": {"count": 500, "classes": 100},
    "one weight": {"count": 20, "classes": 2, "present": 1},
    "with training images": {"count": 300, "train": 500},
    "no weight": {"weight": None},
    "zero weights": {"weight": np.zeros((10, 2), dtype=np.float32)},
    "a centre that is not there": {"loss": "center", "centers": np.full((10, 2), np.nan, dtype=np.float32)},
}


@pytest.mark.parametrize("loss", ["softmax", "cosface"])
@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("case", EXTREMES)
def test_extreme_frames_are_drawn_without_a_warning(view, case, dim, loss):
    settings = {"dim": dim, "loss": loss, **EXTREMES[case]}
    for name in ("weight", "centers"):
        if settings.get(name) is not None and dim == 3:
            settings[name] = np.pad(settings[name], ((0, 0), (0, 1)), mode="edge")
    image = show(view, make_snapshot(**settings), FeatureOptions(train=True, circle=True))
    assert len(np.unique(image)) > 3


@pytest.mark.parametrize("dim", [2, 3])
def test_features_that_are_not_numbers_are_left_out(view, dim):
    snapshot = make_snapshot(count=200, dim=dim)
    features = snapshot.features.copy()
    features[::3] = np.nan
    features[1] = np.inf
    assert len(np.unique(show(view, replace(snapshot, features=features)))) > 3
    assert len(shown_content(view).points) == 133 - 1
    show(view, replace(snapshot, features=np.full_like(features, np.nan)))


def test_a_hidden_view_draws_nothing_until_it_is_shown(qtbot, monkeypatch):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    drawn = []
    draw = view.draw
    monkeypatch.setattr(view, "draw", lambda: (drawn.append(1), draw()))
    view.set_snapshot(make_snapshot(), make_history())
    view.set_theme(DARK)
    view.set_options(BARE)
    assert not drawn
    view.show()
    assert drawn == [1]


@pytest.mark.parametrize("dim", [2, 3])
def test_a_view_dies_with_its_last_reference(dim):
    view = FeaturesView(LIGHT)
    view.show()
    view.set_snapshot(make_snapshot(dim=dim), make_history())
    view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


def test_axes_keep_still_until_the_data_leave_them_or_become_small_within_them(view):
    probe = probe_set(2_000)
    show(view, make_snapshot(probe=probe, size=1.0))
    before = view.plane.visible()
    show(view, make_snapshot(probe=probe, size=0.8, seed=1))
    assert view.plane.visible() == before
    show(view, make_snapshot(probe=probe, size=3.0, seed=2))
    grown = view.plane.visible()
    assert grown.right > before.right
    view.reset_view()
    assert view.plane.visible() == grown
    show(view, make_snapshot(probe=probe, size=0.3, seed=1))
    assert view.plane.visible().right < before.right


def test_a_view_moved_by_hand_stays_until_it_is_reset(view):
    probe = probe_set(500)
    show(view, make_snapshot(probe=probe))
    view.plane.box.setRange(xRange=(0, 1), yRange=(0, 1), padding=0)
    view.plane.box.sigRangeChangedManually.emit(view.plane.box.state["mouseEnabled"])
    moved = view.plane.visible()
    show(view, make_snapshot(probe=probe, size=5))
    assert view.plane.visible() == moved
    view.reset_view()
    assert view.plane.visible().right > 10


def test_the_axes_follow_data_that_shrink_when_asked_to(view):
    probe = probe_set(500)
    options = FeatureOptions(follow=True)
    show(view, make_snapshot(probe=probe, size=10.0), options)
    wide = view.plane.visible()
    show(view, make_snapshot(probe=probe, size=1.0), options)
    assert view.plane.visible().right < wide.right / 3


def test_a_new_run_is_shown_whole(view):
    show(view, make_snapshot(size=100.0))
    show(view, make_snapshot(size=0.1))
    assert view.plane.visible().right < 50


@pytest.mark.parametrize("dim", [2, 3])
def test_the_point_under_the_pointer_is_told(view, qtbot, dim):
    snapshot = make_snapshot(count=40, dim=dim)
    show(view, snapshot, BARE)
    if dim == 2:
        plot = view.plane
        column, row = point_pixel(view, *snapshot.features[7].tolist())
        at = plot.viewport().mapFrom(view, QPointF(column + 0.5, row + 0.5))
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            at,
            at,
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
    else:
        plot = view.space
        at = QPointF(*plot.pixels(snapshot.features[7:8])[0])
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            at,
            at,
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
    with qtbot.waitSignal(view.hoverRequested) as found:
        plot.mouseMoveEvent(event)
    assert found.args == [7]
    before = picture(view)
    with qtbot.waitSignal(view.hoverRequested) as lost:
        plot.leaveEvent(event)
    assert lost.args == [-1]
    assert (picture(view) != before).any()


def test_hidden_classes_and_splits_are_left_out(view):
    snapshot = make_snapshot(count=1_000, train=500)
    view.state.toggle_class(0)
    view.state.toggle_class(1)
    show(view, snapshot, FeatureOptions(train=True))
    shown = snapshot.probe.labels[shown_content(view).rows]
    assert set(shown.tolist()) == set(range(2, 10))
    assert len(shown) == 1_200
    assert "800 of 10,000 test images  ·  400 of 60,000 training images" in caption(view)
    assert (snapshot.probe.split[shown_content(view).rows[:400]] == 1).all()
    view.state.set_display(DisplaySettings())
    show(view, snapshot, FeatureOptions(test=False))
    assert len(shown_content(view).rows) == 0


def test_a_selection_of_which_nothing_is_shown_dims_nothing(view):
    snapshot = make_snapshot(count=200)
    view.state.set_probe(snapshot.probe)
    show(view, snapshot, FeatureOptions())
    plain = len(shown_content(view).table)
    view.state.select(np.flatnonzero(snapshot.probe.labels == 3))
    assert len(shown_content(view).table) == 2 * plain
    view.state.isolate_class(7)
    assert len(shown_content(view).table) == plain


@pytest.mark.parametrize("dim", [2, 3])
def test_the_caption_says_that_lengths_of_weight_arrows_are_relative_where_they_differ(view, dim):
    note = "weight arrows: relative lengths"
    for loss, said in (("softmax", True), ("arcface", False)):
        view.set_snapshot(make_snapshot(loss=loss, dim=dim), History())
        assert (note in caption(view)) == said
    view.set_snapshot(make_snapshot(loss="softmax", dim=dim), History())
    view.set_options(FeatureOptions(weights=False))
    assert note not in caption(view)


def test_the_caption_says_how_many_of_how_many_and_when(view):
    show(view, make_snapshot(count=2_000, train=100), FeatureOptions(train=True, weights=False))
    assert caption(view) == (
        "2,000 of 10,000 test images  ·  100 of 60,000 training images (pale)  step 1,200  ·  epoch 5.1"
    )


def test_an_empty_view_says_what_to_do(view):
    view.set_snapshot(None, History())
    assert "Press Start" in sentences(view)
    view.set_starting(True)
    assert "Press Start" not in sentences(view)
    assert "Starting the trainer…" in sentences(view)


def test_the_region_of_a_class_has_its_hue(view):
    directions = class_directions(10, 2)
    image = show(view, make_snapshot(loss="normface"), FeatureOptions(weights=False, digits=False))
    edge = 0.9 * view.plane.visible().top
    for label in (1, 4, 7):
        column, row = point_pixel(view, *(edge * directions[label]).tolist())
        found = QColor(int(image[row, column]))
        wanted = QColor(*LIGHT.class_color(label))
        assert abs(found.hslHueF() - wanted.hslHueF()) < 0.03
