"""The angles view: histograms and their numbers, the rose, the table of classes, the selection in them."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from analysis.snapshots import class_directions, make_history, make_snapshot
from gui.views.packed_pixels import picture
from gui.views.seen import caption, sentences
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication

from explorer.analysis.frames.history import History
from explorer.gui.plots.style import SMALL_TYPE, scaled_font
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.angles.content import AngleOptions, angle_content
from explorer.gui.views.angles.histogram_item import HistogramItem, Note, notes
from explorer.gui.views.angles.statistics import COLUMNS
from explorer.gui.views.angles.table import closest_text
from explorer.gui.views.angles.view import AnglesView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none, and says so
PAGES = ("histogram", "rose", "classes")
NONE_LEFT_OUT: frozenset[int] = frozenset()


@pytest.fixture
def view(qtbot):
    result = AnglesView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(420, 330)
    result.show()
    return result


def turned(snapshot, degrees: float):
    """The snapshot with every feature along its class weight, turned by an angle."""
    turn = math.radians(degrees)
    matrix = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    features = 7 * class_directions(10, 2)[snapshot.probe.labels] @ matrix
    return replace(snapshot, features=features.astype(np.float32))


def content_of(snapshot, options=None, left_out=NONE_LEFT_OUT, chosen=()):
    mask = np.zeros(len(snapshot.probe.labels), dtype=np.bool_)
    mask[list(chosen)] = True
    return angle_content(snapshot, options or AngleOptions(), left_out, mask)


def show(view, snapshot, **options):
    view.state.set_probe(snapshot.probe)
    view.set_options(AngleOptions(**options))
    view.set_snapshot(snapshot, make_history(3))


def numbers(found) -> list[str]:
    return [column.text(found) for column in COLUMNS]


def test_the_numbers_are_those_of_the_angles_that_the_points_were_given():
    snapshot = turned(make_snapshot(loss="arcface", params={"margin": 0.5}), 5)
    content = content_of(snapshot)
    assert numbers(content.test.found) == ["5.0±0.0", "5.0", "31.0±0.0", "31.0", "0.0%", "0.0%"]
    assert content.test.found.own_shares[5] + content.test.found.own_shares[4] == 1
    placed = {note.text: note.at for note in notes(content, LIGHT)}
    assert placed == {
        "true class": pytest.approx(5, abs=1e-2),
        "nearest other": pytest.approx(31, abs=1e-2),
        "margin 28.6°": pytest.approx(5 + math.degrees(0.25), abs=1e-2),
        "95%": pytest.approx(5, abs=1e-2),
    }


def test_turned_past_the_middle_all_are_nearer_to_another():
    found = content_of(turned(make_snapshot(loss="arcface"), 20)).test.found
    assert numbers(found)[0] == "20.0±0.0"
    assert numbers(found)[2] == "16.0±0.0"
    assert found.nearer_other == 1


def test_a_margin_of_the_cosine_is_no_angle():
    assert content_of(make_snapshot(loss="cosface")).margin is None


def test_without_class_weights_the_class_means_stand_in_and_are_named(view):
    snapshot = turned(make_snapshot(weight=None), 0)
    show(view, snapshot)
    assert "to class means" in caption(view)
    found = content_of(snapshot).test.found
    assert found.own.mean == pytest.approx(0, abs=1e-3)
    assert math.degrees(found.other.mean) == pytest.approx(36, abs=0.01)


def test_test_and_training_images_are_told_apart(view):
    snapshot = make_snapshot(count=300, train=200)
    show(view, snapshot)
    assert "300 of 10,000 test · 200 of 60,000 training" in caption(view)
    view.state.set_display(DisplaySettings(isolated=3))
    assert "30 of 10,000 test · 20 of 60,000 training" in caption(view)
    view.state.set_display(DisplaySettings())
    assert view.statistics.accessibleName().startswith("300 test images: ")
    assert "; 200 training images: " in view.statistics.accessibleName()
    both = picture(view.plot)
    show(view, snapshot, images="test")
    assert view.plot.content.train is None
    assert (picture(view.plot) != both).any()
    show(view, snapshot, images="train")
    assert (view.plot.content.test, len(view.plot.content.train.angles.rows)) == (None, 200)
    assert view.plot.content.train.angles.rows.min() == 300


def test_a_probe_without_training_images_says_so(view):
    show(view, make_snapshot(count=300))
    assert "no training images" in caption(view)
    show(view, make_snapshot(count=300), images="train")
    assert view.plot.content.complaint == "No images match. Choose other images in the menu above."


def test_one_class_is_chosen_and_a_hidden_one_is_not_shown(view, qtbot):
    show(view, make_snapshot(count=500))
    with qtbot.waitSignal(view.optionsRequested) as told:
        view.bar.classes.setCurrentIndex(4)
        view.bar.classes.activated.emit(4)
    assert told.args[0].label == 3
    assert len(view.plot.content.test.angles.rows) == 50
    assert set(view.snapshot.probe.labels[view.plot.content.test.angles.rows].tolist()) == {3}
    view.state.toggle_class(3)
    assert view.plot.content.complaint.startswith("Class 3 is hidden")
    view.bar.classes.activated.emit(0)
    assert view.plot.content.test.found.own.count == 450


def test_without_the_chosen_class_all_are_shown_and_it_is_still_chosen_for_a_run_that_has_it(view):
    show(view, make_snapshot(count=500), label=7)
    view.set_snapshot(make_snapshot(count=50, classes=3), History())
    assert view.bar.classes.currentText() == "All"
    assert len(view.plot.content.test.angles.rows) == 50
    view.set_snapshot(make_snapshot(count=500), History())
    assert view.options.label == 7
    assert len(view.plot.content.test.angles.rows) == 50
    assert set(view.snapshot.probe.labels[view.plot.content.test.angles.rows].tolist()) == {7}


def test_the_selection_has_its_own_numbers(view):
    snapshot = turned(make_snapshot(count=200, train=100, loss="arcface"), 5)
    show(view, snapshot)
    before = picture(view.plot)
    view.state.select(np.array([3, 4, 250]))
    content = view.plot.content
    assert sorted(content.chosen.angles.rows.tolist()) == [3, 4, 250]
    assert numbers(content.chosen.found)[:2] == ["5.0±0.0", "5.0"]
    assert "3 selected images" in view.statistics.accessibleName()
    assert (picture(view.plot) != before).any()
    show(view, snapshot, images="train")
    assert view.plot.content.chosen.angles.rows.tolist() == [250]


def test_a_drag_across_angles_asks_for_the_images_there(view, qtbot):
    rng = np.random.default_rng(2)
    turn = np.radians(rng.uniform(0, 60, 400))
    features = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    snapshot = make_snapshot(count=400, classes=2, present=1, loss="arcface")
    weight = np.array([[1, 0], [-1, 0]], dtype=np.float32)
    show(view, replace(snapshot, features=features, weight=weight))
    view.grab()
    area, limit = view.plot.box.sceneBoundingRect(), view.plot.box.viewRange()[0][1]
    low, high = (area.left() + degrees / limit * area.width() for degrees in (10, 30))
    surface, middle = view.plot.viewport(), int(area.center().y())
    shift = Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(view.selectionRequested) as wished:
        qtbot.mousePress(surface, Qt.MouseButton.LeftButton, shift, QPoint(round(low), middle))
        qtbot.mouseMove(surface, QPoint(round(high), middle + 5))
        qtbot.mouseRelease(surface, Qt.MouseButton.LeftButton, shift, QPoint(round(high), middle + 5))
    rows, mode = wished.args
    assert mode == "add"
    degrees = np.degrees(turn)
    pixel = limit / area.width()
    within = np.flatnonzero((degrees > 10 + pixel) & (degrees < 30 - pixel))
    near = np.flatnonzero((degrees > 10 - pixel) & (degrees < 30 + pixel))
    assert set(within) <= set(rows.tolist()) <= set(near)
    with qtbot.waitSignal(view.selectionRequested) as cleared:
        qtbot.mouseClick(surface, Qt.MouseButton.LeftButton, pos=QPoint(round(low), middle))
    assert (len(cleared.args[0]), cleared.args[1]) == (0, "replace")


def test_a_range_is_chosen_by_the_keyboard(view, qtbot):
    show(view, turned(make_snapshot(count=100, loss="arcface"), 7.5))
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Right, keys.Key_Right, keys.Key_Up, keys.Key_Down, keys.Key_Left):
        qtbot.keyClick(view.plot, key)
    assert view.plot.span.ends == (1, 6)
    with qtbot.waitSignal(view.selectionRequested) as wished:
        qtbot.keyClick(view.plot, keys.Key_Return)
    assert len(wished.args[0]) == 0
    for _ in range(3):
        qtbot.keyClick(view.plot, keys.Key_Right)
    view.grab()
    with qtbot.waitSignal(view.selectionRequested) as wished:
        qtbot.keyClick(view.plot, keys.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wished.args[0].tolist() == list(range(100))
    assert wished.args[1] == "remove"
    for _ in range(20):
        qtbot.keyClick(view.plot, keys.Key_Left)
        qtbot.keyClick(view.plot, keys.Key_Down)
    low, high = view.plot.span.ends
    assert 0 <= low < high


def test_a_range_beyond_a_shrunken_axis_can_be_moved_back(view):
    span = view.plot.span
    span.ends = (100.0, 105.0)
    span.show()
    assert span.apply("histogram.right", 90.0)
    assert span.ends == (100.0, 105.0)
    assert span.apply("histogram.left", 90.0)
    assert span.ends == (99.0, 104.0)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_rose_shows_the_class_of_each_direction(view, theme):
    labels = np.array([0] * 30 + [1] * 10, dtype=np.uint8)
    turn = np.radians(np.where(labels == 0, 1.5, 91.5))
    snapshot = make_snapshot(count=40, classes=2, loss="arcface")
    snapshot = replace(
        snapshot,
        probe=replace(snapshot.probe, labels=labels),
        features=np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32),
    )
    view.set_theme(theme)
    view.resize(500, 500)
    show(view, snapshot, page="rose")
    image, ratio = picture(view.rose), view.rose.devicePixelRatioF()
    centre, radius = view.rose.circle()

    def pixel(degrees: float, share: float) -> int:
        along = radius * math.sqrt(share / view.rose.most)
        x = centre.x() + along * math.cos(math.radians(degrees))
        y = centre.y() - along * math.sin(math.radians(degrees))
        return int(image[int(y * ratio), int(x * ratio)])

    def rgb(label: int) -> int:
        red, green, blue = theme.class_color(label)
        return red << 16 | green << 8 | blue

    assert pixel(1.5, 0.6) == rgb(0)
    assert pixel(91.5, 0.2) == rgb(1)
    assert pixel(91.5, 0.3) != rgb(1)  # a quarter of the images, and no more
    assert pixel(46.5, 0.1) not in (rgb(0), rgb(1))


def test_the_rose_is_of_the_plane_and_says_so_in_space(view):
    show(view, make_snapshot(count=100, dim=3), page="rose")
    assert "two dimensions" in sentences(view)
    show(view, make_snapshot(count=100), page="rose")
    assert view.rose.isVisible()


def test_selected_images_are_ticks_of_the_rose(view):
    show(view, make_snapshot(count=100), page="rose")
    before = picture(view.rose)
    view.state.select(np.array([5]))
    assert view.rose.content.chosen == pytest.approx(view.snapshot.features[[5]])
    assert (picture(view.rose) != before).any()


def table_snapshot():
    degrees = np.radians([0, 40, 90, 120, 200])
    weight = np.stack([np.cos(degrees), np.sin(degrees)], axis=1).astype(np.float32)
    return make_snapshot(count=100, classes=5, loss="arcface", weight=weight)


def test_the_closest_pair_is_named_beside_the_even_spread(view):
    show(view, table_snapshot(), page="classes")
    assert view.table.closest == (2, 3)
    assert view.sentence.text() == "Closest: 2 and 3, 30.0°; evenly spread: 72.0°"
    assert view.table.text_of((4, 2)).startswith("110.0° between classes 4 and 2")
    assert "class weights" in caption(view)


def test_means_are_compared_by_choice_and_where_there_are_no_weights(view):
    snapshot = turned(make_snapshot(count=100, loss="arcface"), 5)
    show(view, snapshot, page="classes")
    view.bar.between.activated.emit(1)
    assert view.options.between == "means"
    assert "class means" in caption(view)
    assert view.sentence.text().endswith("36.0°; evenly spread: 36.0°")
    show(view, make_snapshot(count=100, loss="triplet"), page="classes")
    assert view.sentence.text().startswith("This loss has no class weights")


def test_a_bound_that_is_no_optimum_is_called_so():
    angles = np.full((30, 30), 1.0)
    np.fill_diagonal(angles, np.nan)
    assert "evenly spread: at most " in closest_text(angles, 3, "weights")
    assert "at most" not in closest_text(angles, 2, "weights")
    assert closest_text(angles[:1, :1], 2, "means") == "There are no two class means to compare."


def test_a_cell_asks_for_its_pair_by_pointer_and_by_keyboard(view, qtbot):
    show(view, table_snapshot(), page="classes")
    view.grab()
    with qtbot.waitSignal(view.pairRequested) as chosen:
        place = view.table.cell_rect((1, 4)).center().toPoint()
        qtbot.mouseClick(view.table, Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [1, 4]
    qtbot.keyClick(view.table, Qt.Key.Key_Down)
    qtbot.keyClick(view.table, Qt.Key.Key_Left)
    with qtbot.waitSignal(view.pairRequested) as chosen:
        qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert chosen.args == [2, 3]
    assert "30.0° between classes 2 and 3" in view.table.accessibleDescription()
    qtbot.keyClick(view.table, Qt.Key.Key_Left)
    with qtbot.assertNotEmitted(view.pairRequested):
        qtbot.keyClick(view.table, Qt.Key.Key_Return)  # a class and itself are no pair


def test_a_table_of_many_classes_scrolls_and_keeps_the_names_in_sight(view, qtbot):
    show(view, make_snapshot(count=300, classes=100, dim=3, loss="arcface"), page="classes")
    size = view.table.cell_rect((0, 0)).size()
    metrics = QFontMetrics(scaled_font(view.table.font(), SMALL_TYPE))
    assert size.width() >= metrics.horizontalAdvance("180")
    assert size.height() >= metrics.height()
    for _ in range(60):
        qtbot.keyClick(view.table, Qt.Key.Key_Down)
    cell = view.table.cell_rect((60, 0))
    top = view.table.corner.y()
    assert top > 0
    assert top + view.table.names_room() <= cell.top()
    assert view.table.visibleRegion().boundingRect().contains(cell.center().toPoint())
    before = picture(view)
    view.table.set_corner(QPointF(0, 0))
    assert (picture(view) != before).any()


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize(
    "settings",
    [
        {"count": 1},
        {"count": 70_000},
        {"count": 50, "present": 1},
        {"count": 50, "present": 1, "weight": None},
        {"count": 50, "train": 50, "classes": 2},
        {"size": 1e-6},
        {"size": 1e6},
        {"size": 0.0},
        {"count": 0, "train": 20},
        {"count": 300, "classes": 100},
        {"weight": None, "present": 4, "loss": "triplet"},
        {"loss": "subcenter-arcface", "params": {"subcenters": 3}, "rows": 30},
        {"rows": 10, "weights": 0.0},
        {"rows": 10, "weights": np.nan},
    ],
    ids=str,
)
def test_extreme_frames_are_drawn_without_a_warning(view, settings, dim):
    settings = dict(settings)
    rows, fill = settings.pop("rows", 0), settings.pop("weights", None)
    if rows:
        random = np.random.default_rng(0).normal(size=(rows, dim))
        settings["weight"] = (random if fill is None else np.full((rows, dim), fill)).astype(np.float32)
    snapshot = make_snapshot(dim=dim, **{"loss": "arcface", **settings})
    for page in PAGES:
        for label in (None, 1):
            show(view, snapshot, page=page, label=label)
            view.state.select(np.arange(0, len(snapshot.features), 3))
            assert not view.grab().isNull()


def test_features_that_are_no_numbers_are_left_out_everywhere(view):
    snapshot = make_snapshot(count=100, loss="arcface")
    features = snapshot.features.copy()
    features[::2] = np.nan
    for page in PAGES:
        show(view, replace(snapshot, features=features), page=page)
        view.state.select(np.arange(10))
        view.grab()
    assert view.rose.content.counts.sum() == 50
    assert view.plot.content.test.found.own.count == 50


def test_only_the_page_in_sight_is_drawn(view):
    show(view, make_snapshot(count=100), page="rose")
    assert view.plot.content is None
    assert view.table.count == 0
    view.bar.tabs.setCurrentIndex(2)
    assert view.table.count == 10
    assert view.options.page == "classes"


@pytest.mark.usefixtures("themed")
def test_the_names_of_all_pages_fit_beside_the_theory(view):
    """At 1366 × 768, that leaves them 364 pixels; arrows to scroll hid the first page."""
    show(view, make_snapshot(count=100), page="forces")
    view.bar.resize(364, view.bar.height())
    view.bar.layout().activate()
    assert view.bar.tabs.width() >= view.bar.tabs.sizeHint().width()


def test_everything_is_named_and_reached_with_the_tab_key(view):
    for page in PAGES:
        show(view, make_snapshot(count=100), page=page)
        for widget in (
            view.bar.tabs,
            view.bar.classes,
            view.bar.between,
            view.bar.menu,
            view.plot,
            view.table,
        ):
            assert widget.accessibleName()
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert view.bar.classes.isVisible() != view.bar.between.isVisible()
    assert view.rose.accessibleName() == "Directions of 100 images"


def test_a_low_plot_is_not_upside_down(view):
    show(view, make_snapshot(count=100))
    view.resize(380, 130)
    QGuiApplication.processEvents()
    low, high = view.plot.box.viewRange()[1]
    assert low == 0 < high
    assert not view.statistics.isVisible(), "the histogram has the room of the numbers"
    view.resize(380, 260)
    assert view.statistics.isVisible()


def test_the_columns_say_what_they_mean(view):
    show(view, make_snapshot(count=100))
    width, height = view.statistics.width(), view.statistics.height()
    told = {view.statistics.text_at(QPointF(x, height / 2)) for x in range(width)}
    assert told == {"", *(column.help for column in COLUMNS)}


def test_a_narrow_table_keeps_the_spread_of_the_true_class_longest(view):
    show(view, make_snapshot(count=100))
    statistics, (own, other) = view.statistics, (COLUMNS[1].help, COLUMNS[3].help)
    found = set()
    for width in range(120, 420, 10):
        statistics.resize(width, statistics.height())
        told = {statistics.text_at(QPointF(x, 10)) for x in range(width)}
        found.add((own in told, other in told))
    assert found == {(True, True), (True, False), (False, False)}


def test_the_axis_shrinks_again_when_the_angles_do(view):
    show(view, turned(make_snapshot(loss="arcface"), 140))
    assert view.plot.box.viewRange()[0] == [0, 150]
    show(view, turned(view.snapshot, 5))
    assert view.plot.box.viewRange()[0] == [0, 45]


@pytest.mark.parametrize("page", PAGES)
def test_the_theme_reaches_every_page(view, page):
    show(view, make_snapshot(count=100, train=50, loss="arcface"), page=page)
    light = picture(view)
    view.set_theme(DARK)
    dark = picture(view)
    red, green, blue = DARK.plot
    assert (dark == (red << 16 | green << 8 | blue)).mean() > 0.2
    assert (light == dark).mean() < 0.05


@pytest.mark.parametrize("height", [240, 340, 620])
def test_each_label_keeps_its_row_while_angles_move(view, height):
    view.resize(460, height)
    show(view, make_snapshot(300))
    (item,) = [item for item in view.plot.scene().items() if isinstance(item, HistogramItem)]
    names = ("true class", "nearest other", "margin 11.5°", "95%")
    rows = {name: set() for name in names}
    for turn in range(0, 60, 3):
        angles = (5 + turn / 4, 80 - turn, 10 + turn / 4, 20 + turn / 2)
        placed = item.placed(
            [
                Note(place, at, name, LIGHT.accent)
                for place, (name, at) in enumerate(zip(names, angles, strict=True))
            ]
        )
        taken = [row for _note, row in placed if row is not None]
        assert not any(a.intersects(b) for a, b in combinations(taken, 2))
        assert all(row.top() >= -1e-6 for row in taken)
        assert placed[0][1] is not None, "the most important one is always written"
        for note, row in placed:
            if row is not None:
                rows[note.text].add(round(row.top()))
    assert all(len(tops) <= 1 for tops in rows.values())
    assert rows["nearest other"]
