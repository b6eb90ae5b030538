from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.packed_pixels import picture
from gui.views.seen import action, caption, sentences
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from explorer.analysis.frames.history import History
from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol.messages import TRAIN
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.two_classes.content import TwoClassesOptions
from explorer.gui.views.two_classes.view import TwoClassesView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none, and says so


@pytest.fixture
def view(qtbot):
    result = TwoClassesView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(500, 440)
    result.show()
    return result


def rgb(color: tuple[int, int, int]) -> int:
    return QColor(*color).rgb() & 0xFFFFFF


def pixel_of(view, x: float, y: float) -> tuple[float, float]:
    """Column and row in the plot of a point, from the axes alone."""
    (left, right), (bottom, top) = view.plot.box.viewRange()
    area = view.plot.box.sceneBoundingRect()
    return (
        area.left() + (x - left) / (right - left) * area.width(),
        area.top() + (top - y) / (top - bottom) * area.height(),
    )


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_sample_is_drawn_at_its_angles_to_both_classes(view, theme):
    turn = np.radians([10, 20, 300])
    features = 5 * np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    weight = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
    snapshot = make_snapshot(count=3, classes=3, loss="triplet", weight=None)
    snapshot = replace(
        snapshot,
        features=features,
        weight=weight,
        config=snapshot.config.replace({"loss.name": "modified-softmax"}),
    )
    view.set_theme(theme)
    view.set_options(TwoClassesOptions(choice="chosen", first=0, second=1, point_size=3.0))
    view.set_snapshot(snapshot, History())
    image = picture(view.plot)
    for label, angles in ((0, (10, 80)), (1, (20, 70))):
        column, row = pixel_of(view, *angles)
        assert image[int(row), int(column)] == rgb(theme.class_color(label))


@pytest.mark.parametrize("plane", ["angles", "cosines", "logits"])
@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_drawn_on_all_axes(view, name, plane):
    arrays = {}
    if name in ("l-gm", "island", "center"):
        arrays["centers"] = np.random.default_rng(0).normal(0, 9, (10, 3)).astype(np.float32)
    if name == "l-gm":
        arrays |= {"weight": None, "log_variance": np.zeros((10, 3), dtype=np.float32)}
    if LOSSES[name].head in ("linear", "unit-linear", "one-vs-all"):
        arrays["bias"] = np.linspace(-0.2, 0.2, 10, dtype=np.float32)
    view.set_options(TwoClassesOptions(plane=plane))
    view.set_snapshot(make_snapshot(count=300, dim=3, loss=name, **arrays), History())
    assert len(np.unique(picture(view.plot))) > 10
    drawn = view.plot.content.boundaries
    assert drawn.test is not None or "to see the boundary" in view.note.text()


EXTREMES = {
    "one point": {"count": 1},
    "one class present": {"count": 50, "present": 1},
    "two classes": {"count": 50, "classes": 2},
    "huge": {"size": 1e6},
    "tiny": {"size": 1e-6},
    "hundred classes": {"count": 500, "classes": 100},
    "zero weights": {"weight": np.zeros((10, 2), dtype=np.float32)},
    "no weights": {"weight": None},
}


@pytest.mark.parametrize("loss", ["softmax", "adaface", "supcon"])
@pytest.mark.parametrize("case", EXTREMES)
def test_extreme_frames_are_drawn_without_a_warning(view, case, loss):
    for plane in ("angles", "cosines", "logits"):
        view.set_options(TwoClassesOptions(plane=plane, choice="confused"))
        view.set_snapshot(make_snapshot(loss=loss, **EXTREMES[case]), History())
        picture(view)


def test_a_diverged_run_shows_the_empty_state(view):
    view.set_snapshot(make_snapshot(weight=np.full((10, 2), np.nan, dtype=np.float32)), History())
    assert "Start training" in sentences(view)
    view.set_snapshot(None, History())
    assert "Start training" in sentences(view)


def test_the_boundary_follows_the_margin_of_the_frame(view):
    pictures = []
    for margin in (0.1, 0.4):
        view.set_snapshot(make_snapshot(loss="arcface", params={"margin": margin}), History())
        pictures.append(picture(view.plot))
        edge = np.concatenate(view.plot.content.boundaries.train[0].edges)
        middle = edge[edge[:, 1] < 179]
        assert middle[:, 1] - middle[:, 0] == pytest.approx(np.degrees(margin), abs=0.1)
    assert (pictures[0] != pictures[1]).any()


def test_choosing_a_class_fixes_the_pair_and_tells(view, qtbot):
    view.set_snapshot(make_snapshot(loss="arcface"), History())
    with qtbot.waitSignal(view.optionsRequested) as told:
        view.boxes[0].setCurrentIndex(6)
        view.boxes[0].activated.emit(6)
    assert told.args[0].choice == "chosen"
    assert view.pair[0] == 6
    second = view.pair[1]
    view.boxes[0].activated.emit(second)
    assert view.pair == (second, 6)
    assert [box.currentIndex() for box in view.boxes] == [second, 6]


def test_the_pair_that_was_found_is_told_and_kept(view):
    degrees = np.radians([0, 40, 90, 118, 170, 200, 240, 275, 310, 340])
    weight = np.stack([np.cos(degrees), np.sin(degrees)], axis=1).astype(np.float32)
    view.set_snapshot(make_snapshot(count=2_000, loss="arcface", weight=weight), History())
    assert view.pair == (0, 9)
    name = caption(view)
    assert name == "closest pair  ·  20.0° between their weights  ·  400 of 10,000 test images  step 1,200"


def test_the_menu_changes_axes_by_keyboard(view, qtbot):
    view.set_snapshot(make_snapshot(loss="arcface", train=500), History())
    menu = view.menu.content
    menu.popup(view.mapToGlobal(view.rect().center()))
    menu.setActiveAction(action(menu, "Cosines"))
    qtbot.keyClick(menu, Qt.Key.Key_Space)
    assert view.options.plane == "cosines"
    assert menu.isVisible()
    menu.setActiveAction(action(menu, "Training images"))
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert view.options.split == TRAIN
    assert view.plot.labels["bottom"].startswith("cosine to class")
    assert "of 60,000 training images" in caption(view)
    menu.close()


def test_everything_is_named_and_reached_with_the_tab_key(view):
    view.set_snapshot(make_snapshot(loss="arcface"), History())
    for widget in (*view.boxes, view.menu):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_axes_keep_still_until_the_data_leave_or_shrink_far(view):
    weight = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    snapshot = make_snapshot(count=400, classes=2, dim=3, loss="arcface", weight=weight)

    def spread(degrees: float):
        turn = np.radians(np.linspace(0, degrees, 400))
        around = np.stack([np.cos(turn), np.zeros(400), np.sin(turn)], axis=1)
        return replace(snapshot, features=around.astype(np.float32))

    view.set_snapshot(spread(100), History())
    before = view.plot.limits
    view.set_snapshot(spread(95), History())
    assert view.plot.limits == before == (0.0, 120.0)
    view.set_snapshot(spread(160), History())
    assert view.plot.limits == (0.0, 180.0)


def test_a_hidden_view_draws_nothing_until_it_is_shown(qtbot, monkeypatch):
    view = TwoClassesView(LIGHT)
    qtbot.addWidget(view)
    drawn = []
    draw = view.draw
    monkeypatch.setattr(view, "draw", lambda: (drawn.append(1), draw()))
    view.set_snapshot(make_snapshot(), make_history())
    view.set_theme(DARK)
    view.set_options(TwoClassesOptions(plane="logits"))
    assert not drawn
    view.show()
    assert drawn == [1]


def test_a_view_dies_with_its_last_reference():
    view = TwoClassesView(LIGHT)
    view.show()
    view.set_snapshot(make_snapshot(loss="cosface"), make_history())
    view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


def test_the_sample_under_the_pointer_is_told_by_its_row(view, qtbot):
    snapshot = make_snapshot(count=200, dim=3, loss="arcface")
    view.set_options(TwoClassesOptions(choice="chosen", first=2, second=5))
    view.set_snapshot(snapshot, History())
    with qtbot.waitSignal(view.hoverRequested) as told:
        view.plot.hovered.emit(3)
    row = told.args[0]
    assert snapshot.probe.labels[row] in (2, 5)
    assert row == [k for k in range(200) if snapshot.probe.labels[k] in (2, 5)][3]
    with qtbot.waitSignal(view.hoverRequested) as lost:
        view.plot.hovered.emit(-1)
    assert lost.args == [-1]


def scattered(view, count: int = 400):
    """Samples of classes 2 and 5, drawn; the view that shows them knows of the run."""
    snapshot = make_snapshot(count=count, dim=3, loss="arcface", train=100)
    view.state.set_probe(snapshot.probe)
    view.set_options(TwoClassesOptions(choice="chosen", first=2, second=5))
    view.set_snapshot(snapshot, History())
    view.grab()
    return snapshot


def test_a_click_on_a_sample_selects_it_and_one_beside_all_lets_go(view, qtbot):
    snapshot = scattered(view)
    mine = [row for row in range(400) if snapshot.probe.labels[row] in (2, 5)]
    angles = view.plot.content.points
    apart = np.hypot(*(angles[:, None] - angles).transpose(2, 0, 1)) + 1e3 * np.eye(len(angles))
    place = int(apart.min(axis=1).argmax())  # the loneliest
    column, row = pixel_of(view, *angles[place])
    with qtbot.waitSignal(view.selectionRequested) as wished:
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(column), int(row)))
    assert wished.args[0].tolist() == [mine[place]]
    assert wished.args[1] == "replace"
    free = np.array([[5.0, 5.0]])
    assert np.hypot(*(angles - free).T).min() > 5
    column, row = pixel_of(view, *free[0])
    with qtbot.waitSignal(view.selectionRequested) as cleared:
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(column), int(row)))
    assert len(cleared.args[0]) == 0


def test_a_drag_with_shift_adds_the_samples_within_a_lasso(view, qtbot):
    snapshot = scattered(view)
    area, surface = view.plot.box.sceneBoundingRect(), view.plot.viewport()
    shift, left = Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton
    half = int(area.center().x())
    corners = [
        (area.left(), area.top()),
        (half, area.top()),
        (half, area.bottom()),
        (area.left(), area.bottom()),
    ]
    places = [QPoint(int(x), int(y)) for x, y in corners]
    with qtbot.waitSignal(view.selectionRequested) as wished:
        qtbot.mousePress(surface, left, shift, places[0])
        for place in places[1:]:
            qtbot.mouseMove(surface, place)
        qtbot.mouseRelease(surface, left, shift, places[-1])
    rows, mode = wished.args
    assert mode == "add"
    mine = np.array([row for row in range(400) if snapshot.probe.labels[row] in (2, 5)])
    middle, pixel = np.mean(view.plot.box.viewRange()[0]), np.ptp(view.plot.box.viewRange()[0]) / area.width()
    across = view.plot.content.points[:, 0]
    inside = (view.plot.content.points < view.plot.box.viewRange()[1][1] - pixel).all(axis=1)
    assert set(mine[(across < middle - 2 * pixel) & inside]) <= set(rows.tolist())
    assert set(rows.tolist()) <= set(mine[across < middle + 2 * pixel])
    assert len(rows)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_selected_samples_stand_out_and_are_counted(view, theme):
    view.set_theme(theme)
    snapshot = scattered(view)
    mine = [row for row in range(400) if snapshot.probe.labels[row] in (2, 5)]
    before = view.plot.content.colors.copy()
    view.state.select(np.array([mine[3], mine[8], 0, 450]))
    content = view.plot.content
    assert content.chosen.tolist() == [3, 8]
    assert content.colors[[3, 8]].tolist() == before[[3, 8]].tolist()
    others = np.delete(np.arange(len(before)), [3, 8])
    assert (content.colors[others] != before[others]).all()
    assert "2 selected" in caption(view)
    column, row = pixel_of(view, *content.points[8])
    image = picture(view.plot)[int(row) - 6 : int(row) + 7, int(column) - 6 : int(column) + 7]
    assert (image == rgb(theme.text)).any()  # the rim


def test_a_hidden_class_has_no_points_and_the_boundary_stays(view):
    scattered(view)
    before = view.plot.content
    view.state.toggle_class(5)
    assert len(view.plot.content.points) == 40
    rows = []
    view.hoverRequested.connect(rows.append)
    for place in range(40):
        view.plot.hovered.emit(place)
    assert set(view.snapshot.probe.labels[rows].tolist()) == {2}
    assert view.plot.content.boundaries is before.boundaries
    view.state.isolate_class(7)
    assert len(view.plot.content.points) == 0
    view.grab()


def test_a_pair_is_set_from_outside(view):
    scattered(view)
    view.compare(7, 1)
    assert view.pair == (7, 1)
    assert [box.currentIndex() for box in view.boxes] == [7, 1]


def test_the_boundary_at_the_end_of_annealing_is_dashed_beside_the_one_now(view):
    """λ is that of the frame in every view; while it falls, the final boundary is drawn too."""
    loss = {"annealing": 0.0, "margin": 3}
    annealing = replace(make_snapshot(loss="a-softmax", params=loss), scalars={"annealing": 8.0})
    ended = replace(annealing, scalars={"annealing": 0.0})
    view.set_snapshot(annealing, History())
    assert "at the current λ = 8; dashed: at λ = 0" in view.note.text()
    bounds = view.plot.content.boundaries
    before = picture(view.plot)
    view.plot.show_content(replace(view.plot.content, boundaries=replace(bounds, final=None)), LIGHT)
    assert (picture(view.plot) != before).sum() > 200
    view.set_snapshot(ended, History())
    assert view.note.text() == "Training boundary at λ = 0, where annealing has ended."
    np.testing.assert_allclose(
        view.plot.content.boundaries.train[0].polygons[0], bounds.final[0].polygons[0], atol=1e-6
    )
