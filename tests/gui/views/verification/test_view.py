"""The Verification view: what a person sees and does, against the numbers of `explorer.analysis`."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.packed_pixels import picture
from gui.views.seen import caption, sentences
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent

from explorer.analysis.frames.history import History
from explorer.analysis.verification.result import verification
from explorer.gui.session.images import ImageStore
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.verification.content import VerificationOptions
from explorer.gui.views.verification.view import VerificationView

TEN = frozenset(range(10))


@pytest.fixture(autouse=True)
def _images(monkeypatch):
    monkeypatch.setattr(
        ImageStore,
        "pixels",
        lambda _store, snapshot: np.full((len(snapshot.probe.labels), 28, 28), 200, np.uint8),
    )


@pytest.fixture
def view(qtbot):
    result = VerificationView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(460, 620)
    result.show()
    return result


def show(view, snapshot, **options):
    view.state.set_probe(snapshot.probe)
    view.set_options(replace(view.options, **options))
    view.set_snapshot(snapshot, History())
    view.finish_content()
    view.grab()
    return snapshot


def counts(view):
    """Return the four counts as they are copied, in their order."""
    cells = view.outcomes.text().replace("\n", "\t").split("\t")
    return [int(cell.split()[0].replace(",", "")) for cell in cells]


def counted(snapshot, measure, threshold):
    """Return the four counts by looking at each pair."""
    found = verification(snapshot, measure, TEN)
    same, different = found.same.distances, found.different.distances
    accepted = int(np.count_nonzero(same <= threshold)), int(np.count_nonzero(different <= threshold))
    return [accepted[0], len(same) - accepted[0], accepted[1], len(different) - accepted[1]]


def pixel_of(view, distance):
    """Return where a distance is in the plot, from the axes alone."""
    (left, right), _vertical = view.plot.box.viewRange()
    area = view.plot.box.sceneBoundingRect()
    x = area.left() + (distance - left) / (right - left) * area.width()
    return QPoint(round(x), round(area.center().y()))


def test_the_threshold_is_that_of_equal_errors_until_it_is_dragged(view, qtbot):
    snapshot = show(view, make_snapshot(400, dim=3))
    equal = verification(snapshot, "cosine", TEN).equal
    assert view.plot.threshold == equal.threshold
    assert counts(view) == counted(snapshot, "cosine", equal.threshold)
    qtbot.mousePress(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(view, 0.5))
    assert view.options.threshold == pytest.approx(0.5, abs=0.01)
    move_to(view, 0.9)
    assert view.options.threshold == pytest.approx(0.9, abs=0.01)
    qtbot.mouseRelease(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(view, 0.9))
    assert counts(view) == counted(snapshot, "cosine", view.options.threshold)
    move_to(view, 0.2)
    assert view.options.threshold == pytest.approx(0.9, abs=0.01), "the button is not pressed"
    qtbot.mouseDClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(view, 0.2))
    assert view.options.threshold is None


def move_to(view, distance):
    at = QPointF(pixel_of(view, distance))
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, at, left, left, Qt.KeyboardModifier.NoModifier)
    view.plot.mouseMoveEvent(event)


def test_keys_move_the_threshold_and_bring_back_equal_errors(view, qtbot):
    show(view, make_snapshot(400), threshold=0.5)
    (_left, right), _vertical = view.plot.box.viewRange()
    step = right / 200
    for key, modifier, steps in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 10),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 0),
    ):
        qtbot.keyClick(view.plot, key, modifier)
        assert view.options.threshold == pytest.approx(0.5 + steps * step, abs=step / 4)
    qtbot.keyClick(view.plot, Qt.Key.Key_E)
    assert view.options.threshold is None


def test_the_threshold_stays_on_the_axis(view, qtbot):
    show(view, make_snapshot(400), threshold=0.001)
    qtbot.keyClick(view.plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.options.threshold == 0
    assert counts(view)[0] == 0
    limit = view.plot.box.viewRange()[0][1]
    for _ in range(25):
        qtbot.keyClick(view.plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.options.threshold == pytest.approx(limit)


def test_there_is_no_threshold_to_move_before_the_axis_is_drawn(view, qtbot):
    """A click just after a reset of the view was a division by the length of its axis, 0."""
    show(view, make_snapshot(200))
    view.plot.reset_view()
    with qtbot.assertNotEmitted(view.optionsRequested):
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton)
        qtbot.keyClick(view.plot, Qt.Key.Key_Right)


def test_a_threshold_of_another_measure_is_dropped(view):
    snapshot = show(view, make_snapshot(400), threshold=0.5)
    view.bar.measures.activated.emit(1)
    view.finish_content()
    assert view.options == VerificationOptions(measure="euclidean")
    assert view.plot.threshold == verification(snapshot, "euclidean", TEN).equal.threshold
    assert view.plot.labels["bottom"] == "Euclidean distance"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_what_is_decided_wrongly_is_in_the_colour_of_errors(view, theme):
    """These are different pairs up to the threshold, and same pairs beyond it."""
    view.set_theme(theme)
    show(view, make_snapshot(400), threshold=0.4)  # same pairs are nearer than this, different ones farther
    right = [likeness(view, distance, theme.error) for distance in (0.0, 1.0)]
    for place, threshold in ((0, 0.0), (1, 1.9)):
        view.set_options(replace(view.options, threshold=threshold))
        assert likeness(view, (0.0, 1.0)[place], theme.error) > right[place] + 15


def likeness(view, distance, rgb):
    """Return how much the colour of the bars at a distance, right above the axis, is like another."""
    image, place = picture(view.plot), pixel_of(view, distance)
    bottom = round(view.plot.box.sceneBoundingRect().bottom()) - 5
    seen = QColor(int(image[bottom, place.x() + 2]))
    return -math.dist((seen.red(), seen.green(), seen.blue()), rgb)


def test_pairs_and_images_are_counted_in_the_caption(view):
    show(view, make_snapshot(400, train=60))
    assert caption(view) == "7,800 same and 7,800 different pairs of 400 test images  step 1,200"


def test_pairs_without_a_distance_are_counted_apart(view):
    snapshot = make_snapshot(400)
    features = snapshot.features.copy()
    features[0] = 0
    show(view, replace(snapshot, features=features))
    assert "without a distance" in caption(view)


def test_hidden_classes_are_in_no_pair(view):
    snapshot = show(view, make_snapshot(400))
    for label in (3, 4, 5):
        view.state.toggle_class(label)
    view.finish_content()
    labels = snapshot.probe.labels
    for part in (view.content.found.same, view.content.found.different):
        assert not np.isin(labels[part.pairs], (3, 4, 5)).any()
    assert "280 test images" in caption(view)
    view.state.isolate_class(0)
    view.finish_content()
    assert "show at least two classes" in view.plot.histograms.content.complaint
    assert counts(view) == [0, 0, 0, 0]


def test_classes_without_training_are_compared_apart(view):
    snapshot = make_snapshot(400)
    show(view, snapshot)
    assert not view.bar.groups.isVisible(), "all classes are trained on"
    snapshot = replace(snapshot, probe=replace(snapshot.probe, unseen=frozenset({7, 8})))
    show(view, snapshot)
    assert view.bar.groups.isVisible()
    assert view.content.found.plan.wanted == TEN - {7, 8}
    view.bar.groups.activated.emit(1)
    view.finish_content()
    assert view.content.found.plan.wanted == {7, 8}
    assert view.content.other.plan.wanted == TEN - {7, 8}
    _check_the_gap(view, snapshot)
    show(view, make_snapshot(300))
    assert not view.roc_page.rates.rows[1][0].isVisible()
    assert view.content.found.plan.wanted == TEN, "of another run, in which all are trained on"


def _check_the_gap(view, snapshot):
    """Compare the rates of both groups, and what is said of them, with those of each group by itself."""
    seen, unseen = (verification(snapshot, "cosine", group).equal.rate for group in (TEN - {7, 8}, {7, 8}))
    view.set_options(replace(view.options, page="roc"))
    view.finish_content()
    table = view.roc_page.rates
    assert [labels[0].text() for labels in table.rows[:2]] == [f"{unseen:.2%}", f"{seen:.2%}"]
    assert table.rows[1][0].isVisible()
    assert table.titles[1].text() == "EER, classes trained on"
    assert table.rows[1][1].text() == f"gap {100 * abs(unseen - seen):.2f} points"
    plan = view.content.found.plan
    view.bar.groups.activated.emit(0)
    view.finish_content()
    assert [labels[0].text() for labels in table.rows[:2]] == [f"{seen:.2%}", f"{unseen:.2%}"]
    assert table.titles[1].text() == "EER, classes left out"
    assert view.content.other.plan is plan, "the plan is used again"


def test_the_pictures_are_the_worst_pairs_and_wrong_ones_are_marked(view, qtbot):
    snapshot = show(view, make_snapshot(400, dim=3))
    found = verification(snapshot, "cosine", TEN)
    for strip, part, places, wrong in (
        (view.mistakes.different, found.different, found.nearest_different, False),
        (view.mistakes.same, found.same, found.farthest_same, True),
    ):
        tiles = strip.tiles.tiles
        assert [tile.rows for tile in tiles] == [tuple(part.pairs[place].tolist()) for place in places]
        view.set_options(replace(view.options, threshold=0.0))
        assert [tile.wrong for tile in strip.tiles.tiles] == [wrong] * len(tiles)
    with qtbot.waitSignal(view.selectionRequested) as asked:
        strip = view.mistakes.different
        place = strip.visualRect(strip.tiles.index(1)).center()
        qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert tuple(asked.args[0].tolist()) == strip.tiles.tiles[1].rows
    assert asked.args[1] == "replace"


def test_pictures_under_the_pointer_wait_for_it_to_leave(view, monkeypatch):
    snapshot = show(view, make_snapshot(400, dim=3))
    before = [tile.rows for tile in view.mistakes.same.tiles.tiles]
    monkeypatch.setattr(view.mistakes, "underMouse", lambda: True)
    moved = replace(snapshot, features=np.roll(snapshot.features, 10, axis=0), step=1_300)
    show(view, moved)
    assert [tile.rows for tile in view.mistakes.same.tiles.tiles] == before
    view.set_options(replace(view.options, threshold=0.0))
    monkeypatch.undo()
    view.mistakes.leaveEvent(QEvent(QEvent.Type.Leave))
    found = verification(moved, "cosine", TEN)
    wanted = [tuple(found.same.pairs[place].tolist()) for place in found.farthest_same]
    assert [tile.rows for tile in view.mistakes.same.tiles.tiles] == wanted
    assert all(tile.wrong for tile in view.mistakes.same.tiles.tiles)


def test_a_low_view_shows_no_pictures_and_a_high_one_does(view):
    show(view, make_snapshot(200))
    assert view.mistakes.isVisible()
    view.resize(460, 300)
    assert not view.mistakes.isVisible()


def test_a_low_view_keeps_the_curve_and_scrolls_the_table(view, qtbot):
    show(view, make_snapshot(200), page="roc")
    page = view.roc_page

    def scrolls():
        view.resize(460, 240)  # as low as it may be, once its note is hidden
        return page.rates.parentWidget().height() < page.rates.height()

    qtbot.waitUntil(scrolls)
    assert page.plot.height() >= 5 * page.fontMetrics().height()
    assert page.plot.geometry().bottom() < page.rates.parentWidget().mapTo(page, QPoint(0, 0)).y()


def test_a_flat_view_of_large_type_keeps_its_hills_and_shows_each_rate_in_a_line(view, qtbot):
    font = view.font()
    font.setPointSizeF(1.3 * font.pointSizeF())
    view.setFont(font)
    show(view, make_snapshot(200))
    line = view.fontMetrics().height()

    def is_flat():
        view.resize(18 * line, 13 * line)  # as low as it may be, once its pictures are hidden
        return view.height() == 13 * line

    qtbot.waitUntil(is_flat)
    view.grab()
    assert view.plot.box.rect().height() - view.plot.histograms.note_room() > 3 * line, "of hills"
    assert view.outcomes.height() < 3 * line
    for label in view.outcomes.labels.values():
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
        assert label.text().split()[0].endswith("%")
        assert label.toolTip().split()[0].replace(",", "").isdecimal(), "the count"


def test_the_selection_is_marked_at_the_distances_of_its_pairs(view):
    snapshot = show(view, make_snapshot(400))
    view.state.select(np.array([5, 17]))
    found = verification(snapshot, "cosine", TEN)
    for chosen, part in zip(view.plot.histograms.content.chosen, (found.same, found.different), strict=True):
        wanted = part.distances[np.isin(part.pairs, (5, 17)).any(axis=1)]
        assert np.array_equal(chosen, wanted)
        assert len(wanted) > 20


def test_the_page_of_rates_gives_numbers_and_intervals(view):
    snapshot = show(view, make_snapshot(400, dim=3), page="roc")
    found = verification(snapshot, "cosine", TEN)
    rows = [(value.text(), interval.text()) for value, interval in view.roc_page.rates.rows]
    assert rows[0][0] == f"{found.equal.rate:.2%}"
    for rate, (value, interval) in zip(found.accepts, rows[2:5], strict=True):
        assert value == f"{rate.value:.2%}"
        assert interval == f"({100 * rate.low:.2f}–{rate.high:.2%})"
    assert rows[5] == (f"{found.roc.area:.4f}", "")
    assert rows[6][0] == f"{found.identification.rank_1.value:.2%}"
    assert "counts only 200 same pairs" in sentences(view)
    assert "Gallery: 50 images" in sentences(view)


def test_with_few_pairs_rates_that_cannot_be_told_are_dashes(view):
    show(view, make_snapshot(30), page="roc")
    assert len(view.content.found.different.pairs) < 100
    assert [value.text() for value, _interval in view.roc_page.rates.rows][3:5] == ["–", "–"]


@pytest.mark.parametrize("logarithmic", [True, False])
def test_the_curve_and_its_points_are_where_the_axes_say(view, logarithmic):
    show(view, make_snapshot(400, dim=3), page="roc", threshold=0.4, logarithmic=logarithmic)
    plot, found = view.roc_page.plot, view.content.found
    threshold, equal, *rates = plot.points
    same, different = found.same.distances, found.different.distances
    assert (threshold.far, threshold.tar) == (np.mean(different <= 0.4), np.mean(same <= 0.4))
    assert equal.far == pytest.approx(1 - equal.tar)
    assert [point.far for point in rates] == [0.1, 0.01, 0.001]
    curve = plot.curves[0]
    far = 10**curve.steps if logarithmic else curve.steps
    at = np.searchsorted(curve.steps, math.log10(0.01) if logarithmic else 0.01, side="right") - 1
    assert far[at] == pytest.approx(0.01, abs=0.002)
    assert curve.values[at] == pytest.approx(found.accepts[1].value, abs=0.02)


def test_the_curve_is_thinned_by_less_than_a_pixel(view):
    snapshot = make_snapshot(3_000, dim=3)
    features = snapshot.features + np.random.default_rng(0).normal(0, 9, snapshot.features.shape)
    show(view, replace(snapshot, features=features.astype(np.float32)), page="roc")
    roc, (far, tar) = view.content.found.roc, view.content.curve
    assert len(far) < len(roc.far) / 4
    points = np.stack([roc.far, roc.tar], axis=1)[::40]
    away = np.abs(points[:, None] - np.stack([far, tar], axis=1)).max(axis=2).min(axis=1)
    assert away.max() < 0.0015


def test_the_menu_changes_the_axis(view):
    show(view, make_snapshot(200), page="roc")
    (action,) = (one for one in view.bar.menu.content.actions() if one.isCheckable())
    action.trigger()
    assert not view.options.logarithmic
    assert view.roc_page.plot.box.viewRange()[0] == pytest.approx([-0.03, 1.03])


def test_tabs_choose_the_page(view):
    show(view, make_snapshot(200))
    view.bar.tabs.setCurrentIndex(1)
    assert view.options.page == "roc"
    assert view.roc_page.isVisible()
    view.bar.tabs.setCurrentIndex(0)
    assert view.plot.isVisible()


def test_axes_keep_still_until_the_data_leave_or_shrink_far(view):
    snapshot = show(view, make_snapshot(300), measure="euclidean")
    before = view.plot.box.viewRange()
    show(view, replace(snapshot, features=0.95 * snapshot.features))
    assert view.plot.box.viewRange() == before
    show(view, replace(snapshot, features=4 * snapshot.features))
    grown = view.plot.box.viewRange()
    assert grown[0][1] > 3 * before[0][1]
    show(view, replace(snapshot, features=3 * snapshot.features))
    view.reset_view()
    assert view.plot.box.viewRange()[0][1] < grown[0][1]


def test_another_run_shows_nothing_of_the_one_before(view):
    show(view, make_snapshot(300))
    asked = []
    view.selectionRequested.connect(lambda *words: asked.append(words))
    view.set_snapshot(make_snapshot(200), History())
    assert view.content is None or len(view.content.snapshot.probe.labels) == 200
    view.finish_content()
    assert len(view.content.snapshot.probe.labels) == 200
    view.set_snapshot(None, History())
    assert "Start training" in sentences(view)
    view.mistakes.imagesRequested.emit((1, 2), "replace")
    assert asked == []


def test_both_themes_are_drawn(view):
    snapshot = show(view, make_snapshot(300))
    for page in ("distances", "roc"):
        looks = []
        for theme in (LIGHT, DARK):
            view.set_theme(theme)
            show(view, snapshot, page=page)
            looks.append(picture(view))
        assert (looks[0] != looks[1]).mean() > 0.5
