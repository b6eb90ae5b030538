"""Features of 128 dimensions: which projection is seen, how it moves, and that nothing wrong is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.packed_pixels import picture
from gui.views.seen import caption, shown_content
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from explorer.analysis.frames.interpolation import between
from explorer.analysis.heads.classifier import scores
from explorer.core.settings.network import OFFERED_DIMENSIONS
from explorer.gui.views.features.content import FeatureOptions, weight_arrows
from explorer.gui.views.features.pointer import shown_point

DIM = 128
STILL = FeatureOptions(touring=False)


@pytest.fixture
def snapshot():
    return make_snapshot(count=600, dim=DIM, loss="arcface")


def show(view, snapshot, options=STILL):
    view.set_options(options)
    view.set_snapshot(snapshot, make_history(10))
    return shown_content(view)


def share_shown(content):
    points = content.whole.points.astype(np.float64)
    spread = (points - points.mean(axis=0)) ** 2
    axes = content.projection.axes.astype(np.float64)
    return ((points - points.mean(axis=0)) @ axes).var(axis=0).sum() * len(points) / spread.sum()


@pytest.mark.parametrize("options", [{}, {"normalized": True}, {"to_space": True}, {"projection": "pca"}])
def test_points_are_projected_and_the_caption_says_how_much_is_seen(view, snapshot, options):
    view.resize(1200, 600)
    content = show(view, snapshot, replace(STILL, **options))
    count = 3 if options.get("to_space") else 2
    assert content.points.shape == (600, count)
    assert view.projections.in_space == (count == 3)
    features = snapshot.features
    if options.get("normalized"):
        features = features / np.linalg.norm(features, axis=1, keepdims=True)
    np.testing.assert_allclose(content.points, features @ content.projection.axes, rtol=1e-4, atol=1e-4)
    assert content.projection.share == pytest.approx(share_shown(content), rel=1e-3)
    share = f"{content.projection.share:.0%} of the spread"
    assert f"principal components of 128-D: {share}" in caption(view), "so does a tour before it moves"
    assert "regions left out" in caption(view)
    assert view.switches.more.isChecked()
    assert view.switches.more.text() == "128-D"
    lengths = np.linalg.norm(weight_arrows(content), axis=1)
    expected = np.linalg.norm(snapshot.weight @ content.projection.axes, axis=1)
    np.testing.assert_allclose(lengths, expected / np.linalg.norm(snapshot.weight, axis=1), rtol=1e-4)


def test_the_tour_moves_while_it_is_on_and_the_picture_with_it(view, snapshot, qtbot):
    view.resize(1200, 600)
    first = show(view, snapshot)
    still = picture(view)
    assert not view.projections.clock.on
    turns = []
    view.projections.turned.connect(turns.append)
    view.set_options(FeatureOptions())
    qtbot.waitUntil(lambda: len(turns) > 2)
    view.set_options(STILL)
    assert not view.projections.clock.on
    moved = shown_content(view)
    assert np.abs(moved.projection.axes - first.projection.axes).max() > 1e-4
    np.testing.assert_allclose(moved.points, snapshot.features @ moved.projection.axes, rtol=1e-3, atol=1e-3)
    assert moved.projection.share == pytest.approx(share_shown(moved), rel=1e-3)
    assert (picture(view) != still).any()
    assert "grand tour of 128-D" in caption(view)
    np.testing.assert_allclose(axes_of_another(view, snapshot, STILL), moved.projection.axes, atol=1e-6)
    later = make_snapshot(count=600, dim=DIM, loss="arcface", step=1300, seed=1, probe=snapshot.probe)
    view.set_snapshot(later, make_history(10))
    np.testing.assert_array_equal(shown_content(view).projection.axes, moved.projection.axes)
    view.hide()
    view.set_options(FeatureOptions())
    count = len(turns)
    qtbot.wait(80)
    assert len(turns) == count, "a hidden tour costs nothing"


def axes_of_another(view, snapshot, options):
    """Return the axes of another view of a frame that looks like this one, such as in a figure."""
    other = type(view)(view.theme)
    other.restore_look(view.look)
    other.resize(500, 400)
    other.show()
    axes = show(other, snapshot, options).projection.axes
    other.close()
    other.deleteLater()
    return axes


@pytest.mark.parametrize("kind", ["tour", "pca", "pair"])
def test_a_picture_is_turned_like_the_view_that_it_is_of(view, snapshot, kind):
    options = replace(STILL, projection=kind, to_space=True)
    later = make_snapshot(count=600, dim=DIM, loss="arcface", step=1300, seed=1, probe=snapshot.probe)
    first = show(view, snapshot, options).projection.axes
    axes = show(view, later, options).projection.axes
    anew = axes_of_another(type(view)(view.theme), later, options)
    assert np.abs(anew - axes).max() > 1e-3, "the axes are those nearest to the frame before"
    np.testing.assert_allclose(axes_of_another(view, later, options), axes, atol=1e-5)
    assert "grand tour" not in caption(view), "none has moved"
    assert np.abs(first - axes).max() > 1e-3


def test_a_class_is_dragged_by_its_arrow_and_the_projection_follows(view, snapshot, qtbot):
    content = show(view, snapshot, replace(STILL, normalized=True))
    origin, tips, length = view.plane.arrow_pixels()
    longest = int(np.linalg.norm(tips - origin, axis=1).argmax())
    surface = view.plane.viewport()
    start = QPoint(*tips[longest].round().astype(int).tolist())
    end = QPoint(round(origin[0] - 0.3 * length), round(origin[1] - 0.6 * length))
    qtbot.mousePress(surface, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(surface, end)
    qtbot.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=end)
    moved = shown_content(view)
    assert moved is not content
    direction = snapshot.weight[longest] / np.linalg.norm(snapshot.weight[longest])
    assert direction @ moved.projection.axes == pytest.approx((-0.3, 0.6), abs=0.01)
    assert view.plane.held is None, "the plot has not panned"
    np.testing.assert_allclose(moved.projection.axes.T @ moved.projection.axes, np.eye(2), atol=1e-5)


@pytest.mark.parametrize(
    ("options", "said"),
    [({}, True), ({"to_space": True}, False), ({"weights": False}, False), ({"tool": "rectangle"}, False)],
)
def test_dragging_is_promised_where_there_is_an_arrow_to_drag(view, snapshot, options, said):
    show(view, snapshot, replace(STILL, **options))
    kinds = view.projections.bar.kinds
    for tip in (kinds.toolTip(), kinds.itemData(0, Qt.ItemDataRole.ToolTipRole)):
        assert ("Drag the end of an arrow" in " ".join(tip.split())) == said


def test_an_arrow_is_let_go_where_its_release_is_lost(view, snapshot, qtbot):
    show(view, snapshot)
    anchors, surface, left = view.projections.anchors, view.plane.viewport(), Qt.MouseButton.LeftButton

    def press():
        origin, tips, _length = view.plane.arrow_pixels()
        longest = int(np.linalg.norm(tips - origin, axis=1).argmax())
        start = QPoint(*tips[longest].round().astype(int).tolist())
        qtbot.mousePress(surface, left, pos=start)
        assert anchors.holding
        return start

    def move(to, buttons):
        at = QPointF(to)
        event = QMouseEvent(
            QEvent.Type.MouseMove, at, at, Qt.MouseButton.NoButton, buttons, Qt.KeyboardModifier.NoModifier
        )
        QCoreApplication.sendEvent(surface, event)

    start = press()
    before = shown_content(view)
    move(start + QPoint(40, 40), Qt.MouseButton.NoButton)
    assert not anchors.holding
    assert shown_content(view) is before
    press()
    view.hide()
    assert not anchors.holding
    view.show()
    press()
    later = make_snapshot(count=600, dim=DIM, loss="arcface", step=1300, probe=snapshot.probe)
    show(view, later)
    assert anchors.holding, "while a run trains, its frames come in the middle of a drag"
    show(view, replace(later, weight=later.weight[:4]))
    assert not anchors.holding
    press()
    show(view, later, replace(STILL, tool="lasso"))
    assert not anchors.holding


def test_the_tour_goes_on_after_the_window_was_minimised_or_hidden(view, snapshot, qtbot):
    clock = view.projections.clock
    show(view, snapshot, FeatureOptions())
    for away, back in ((view.showMinimized, view.showNormal), (view.hide, view.show)):
        qtbot.waitUntil(lambda: clock.running)
        away()
        qtbot.waitUntil(lambda: not clock.running)
        back()
        qtbot.waitUntil(lambda: clock.running, timeout=1_000)


def test_without_a_run_the_tour_computes_nothing(view, snapshot):
    show(view, snapshot, FeatureOptions())
    assert view.projections.clock.running
    view.set_snapshot(None, make_history(0))
    assert not view.projections.clock.on
    show(view, snapshot, FeatureOptions())
    assert view.projections.clock.running


def test_between_two_classes_the_regions_are_exact(view, snapshot):
    view.resize(1200, 600)
    content = show(view, snapshot, replace(STILL, projection="pair", first=3, second=8, weights=False))
    view.finish_content()
    assert "3 against 8 in 128-D" in caption(view)
    assert "regions: only these two classes compared" in caption(view)
    assert view.projections.bar.first.isVisible()
    seen, image = view.plane.visible(), view.plane.grab().toImage()
    for right, label in ((-0.02, 8), (0.02, 3)):
        corner = [[right * (seen.right - seen.left), seen.top - 0.02 * (seen.top - seen.bottom)]]
        x, y = view.plane.pixels(np.array(corner))[0].round().astype(int).tolist()
        assert image.pixelColor(x, y).getRgb()[:3] == view.theme.field_color(label)
    values = scores(snapshot)  # of every image, whatever its class
    np.testing.assert_array_equal(content.points[:, 0] > 0, values[:, 3] > values[:, 8])
    assert "regions left out" in caption_of(view, snapshot, replace(STILL, projection="pca"))


def test_of_fewer_classes_two_that_there_are_are_compared(view, qtbot):
    view.resize(1200, 600)
    fewer = make_snapshot(count=300, dim=DIM, classes=5, loss="arcface")
    content = show(view, fewer, replace(STILL, projection="pair", first=7, second=9))
    bar = view.projections.bar
    assert (bar.first.currentIndex(), bar.second.currentIndex()) == (2, 4)
    assert (content.projection.sides.first, content.projection.sides.second) == (2, 4)
    assert "2 against 4 in 128-D" in caption(view)
    with qtbot.waitSignal(view.optionsRequested) as asked:
        bar.first.activated.emit(4)
    assert (asked.args[0].first, asked.args[0].second) == (4, 2)


def caption_of(view, snapshot, options):
    show(view, snapshot, options)
    return caption(view)


def test_trails_centres_and_the_drawn_digit_are_projected_like_points(view):
    first = make_snapshot(count=300, dim=DIM, loss="center", step=10)
    second = make_snapshot(count=300, dim=DIM, loss="center", step=20, seed=1, probe=first.probe)
    show(view, first)
    view.state.set_probe(first.probe)
    view.state.select(np.array([4, 9]))
    content = show(view, second)
    axes = content.projection.axes
    past = np.stack([first.features[[4, 9]], second.features[[4, 9]]])
    np.testing.assert_allclose(content.trail.positions, past @ axes, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(content.centers, second.centers @ axes, rtol=1e-3, atol=1e-3)
    drawn = shown_point(second.features[:1], content, 2)
    np.testing.assert_allclose(drawn, content.points[:1], rtol=1e-4)
    assert shown_point(second.features[:1], content, 3) is None
    half = between(first, second, 0.5)
    kept = show(view, half).projection
    np.testing.assert_allclose(kept.axes, axes, atol=1e-6)


def test_a_click_and_the_pointer_find_projected_points(view, snapshot, qtbot):
    content = show(view, snapshot)
    picture(view)  # what is painted can be found
    place = int(np.linalg.norm(content.points, axis=1).argmax())
    at = QPoint(*view.plane.pixels(content.points[place : place + 1])[0].round().astype(int).tolist())
    with qtbot.waitSignal(view.selectionRequested) as asked:
        qtbot.mouseClick(view.plane.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert asked.args[0].tolist() == [content.rows[place]]


def test_the_bar_asks_for_another_projection(view, snapshot, qtbot):
    show(view, snapshot, FeatureOptions())
    bar = view.projections.bar
    assert bar.isVisible()
    assert not bar.first.isVisible()
    for act, expected in (
        (bar.pause.click, {"touring": False}),
        (bar.space.click, {"to_space": True}),
        (lambda: bar.kinds.activated.emit(2), {"projection": "pair"}),
        (lambda: bar.second.activated.emit(0), {"first": 1, "second": 0}),
    ):
        with qtbot.waitSignal(view.optionsRequested) as asked:
            act()
        assert asked.args == [replace(view.options, **expected)]
        view.set_options(asked.args[0])
    show(view, make_snapshot(count=50), FeatureOptions())
    assert not bar.isVisible(), "features in 2-D are shown as they are"
    assert not view.projections.clock.on


def test_more_dimensions_are_asked_for_in_a_menu(view, qtbot):
    view.switches.offer_dimensions(True)
    show(view, make_snapshot(count=50))
    assert view.switches.more.text() == "More"
    actions = view.switches.more.menu().actions()
    assert [action.data() for action in actions] == [dim for dim in OFFERED_DIMENSIONS if dim > 3]
    with qtbot.waitSignal(view.dimensionRequested) as asked:
        actions[2].trigger()
    assert asked.args == [128]
    assert not view.switches.more.isChecked(), "until the features have as many"
