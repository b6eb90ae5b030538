"""Choosing images by the mouse: what is drawn around is selected, and stays so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.seen import shown_content
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

from explorer.analysis.frames.history import History
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.statistics.samples import SampleFact, fact_of
from explorer.gui.plots.hover_card import fact_lines
from explorer.gui.session.images import ImageStore
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.features.content import FeatureOptions
from explorer.gui.views.features.view import FeaturesView

BARE = FeatureOptions(regions=False, weights=False, centers=False, digits=False)
NOTHING, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Pictures(ImageStore):
    """Images at hand: a grey that tells the row."""

    def pixels(self, snapshot):
        greys = np.arange(len(snapshot.features)) % 200 + 20
        return np.repeat(greys.astype(np.uint8), 64).reshape(-1, 8, 8)


@pytest.fixture(params=[2, 3], ids=["plane", "space"])
def view(qtbot, request):
    result = FeaturesView(LIGHT, images=Pictures())
    qtbot.addWidget(result)
    result.set_options(BARE)
    result.resize(640, 560)
    result.show()
    wire(result)
    snapshot = make_snapshot(count=400, dim=request.param)
    result.state.set_probe(snapshot.probe)
    result.set_snapshot(snapshot, History())
    qtbot.waitUntil(lambda: all(swatch.isVisible() for swatch in result.bar.legend.swatches))
    result.grab()
    return result


def wire(view):
    view.selectionRequested.connect(view.state.select)
    view.classToggleRequested.connect(view.state.toggle_class)
    view.classIsolationRequested.connect(view.state.isolate_class)
    view.colorModeRequested.connect(view.state.set_color_mode)


def surface(view):
    return view.plane.viewport() if view.snapshot.features.shape[1] == 2 else view.space


def pixels(view):
    """Where points are, from the axes or the camera alone."""
    features = view.snapshot.features
    if features.shape[1] == 3:
        canvas = view.space
        return canvas.pixels(features)
    (left, right), (bottom, top) = view.plane.box.viewRange()
    area = view.plane.box.sceneBoundingRect()
    x = area.left() + (features[:, 0] - left) / (right - left) * area.width()
    y = area.top() + (top - features[:, 1]) / (top - bottom) * area.height()
    return np.stack([x, y], axis=1)


def send(view, kind, at, modifiers=NOTHING, held=Qt.MouseButton.LeftButton):
    target, place = surface(view), QPointF(*map(float, at))
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, place, QPointF(target.mapToGlobal(place)), button, held, modifiers)
    QApplication.sendEvent(target, event)


def drag(view, places, modifiers=NOTHING):
    send(view, QEvent.Type.MouseButtonPress, places[0], modifiers)
    for place in places[1:]:
        send(view, QEvent.Type.MouseMove, place, modifiers)
    send(view, QEvent.Type.MouseButtonRelease, places[-1], modifiers, Qt.MouseButton.NoButton)


def click(view, place, modifiers=NOTHING):
    drag(view, [place], modifiers)
    view.grab()


def lonely(view):
    """A row whose point has no other near it."""
    places = pixels(view)
    gaps = np.linalg.norm(places[:, None] - places, axis=2) + 1e9 * np.eye(len(places))
    return int(gaps.min(axis=1).argmax())


def in_box(places, left, top, right, bottom):
    """How far inside each place is, in pixels; below zero outside."""
    x, y = places.T
    return np.min([x - left, right - x, y - top, bottom - y], axis=0)


def assert_chosen(view, depth):
    """Everything inside is selected, and nothing outside; a pixel's breadth at the edge may be either."""
    clear = np.abs(depth) > 1
    assert 5 < np.count_nonzero(depth > 0) < 395
    assert (view.state.selection.mask[clear] == (depth > 0)[clear]).all()
    assert view.bar.selected.text() == f"{view.state.selection.count:,} selected"


def test_colours_that_nobody_gave_do_not_stay_chosen(view):
    view.colorModeRequested.disconnect()
    view.bar.modes.setCurrentIndex(2)
    view.bar.modes.activated.emit(2)
    view.set_snapshot(replace(view.snapshot, step=view.snapshot.step + 1), History())
    assert view.bar.modes.currentIndex() == 0


def test_a_rectangle_selects_what_is_in_it_and_shift_and_control_add_and_remove(view):
    places = pixels(view)
    view.set_options(replace(view.options, tool="rectangle"))
    drag(view, [(300, 100), (350, 200), (420, 260)])
    depth = in_box(places, 300, 100, 420, 260)
    assert_chosen(view, depth)
    drag(view, [(300, 262), (420, 400)], SHIFT)
    depth = np.maximum(depth, in_box(places, 300, 262, 420, 400))
    assert_chosen(view, depth)
    drag(view, [(364, 100), (420, 400)], CONTROL)
    depth = np.minimum(depth, -in_box(places, 364, 100, 420, 400))
    assert_chosen(view, depth)


def test_a_lasso_selects_what_is_inside_its_triangle(view):
    x, y = pixels(view).T
    view.set_options(replace(view.options, tool="lasso"))
    drag(view, [(320, 60), (560, 420), (80, 420)])
    slope = (240 * (y - 60) - 360 * np.abs(x - 320)) / math.hypot(240, 360)
    assert_chosen(view, np.minimum(420 - y, slope))


def test_a_drag_moves_the_view_unless_a_key_says_select(view):
    camera = view.space.camera
    drag(view, [(320, 100), (400, 200), (420, 260)], SHIFT)
    assert view.state.selection.count > 0
    assert view.space.camera == camera
    before = view.state.selection
    drag(view, [(320, 100), (400, 200), (420, 260)])
    assert view.state.selection is before
    if surface(view) is view.space:
        assert view.space.camera != camera


def test_a_click_pins_an_image_and_one_beside_all_points_lets_go(view):
    row = lonely(view)
    click(view, pixels(view)[row] + 0.5)
    assert view.state.selection.rows.tolist() == [row]
    click(view, (1, 1), SHIFT)
    assert view.state.selection.count == 1
    click(view, (1, 1))
    assert view.state.selection.count == 0


def test_escape_gives_up_a_lasso_and_then_the_selection(view):
    view.state.select(np.array([1, 2]))
    view.set_options(replace(view.options, tool="lasso"))
    send(view, QEvent.Type.MouseButtonPress, (300, 100))
    send(view, QEvent.Type.MouseMove, (400, 300))
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, NOTHING)
    QApplication.sendEvent(view, escape)
    send(view, QEvent.Type.MouseButtonRelease, (420, 260), held=Qt.MouseButton.NoButton)
    assert view.state.selection.rows.tolist() == [1, 2]
    QApplication.sendEvent(view, escape)
    assert view.state.selection.count == 0


def test_hidden_images_are_not_selected(view):
    view.state.isolate_class(4)
    view.set_options(replace(view.options, tool="rectangle"))
    drag(view, [(2, 2), (300, 300), (636, 500)])
    rows = view.state.selection.rows
    assert len(rows) > 10
    assert set(view.snapshot.probe.labels[rows].tolist()) == {4}


def test_selected_points_stand_out_and_stay_selected_in_the_next_frame(view):
    def strong():
        image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        stride = image.bytesPerLine() // 4
        colors = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), stride)
        return np.count_nonzero(colors[:440] & 0xFFFFFF == QColor(*LIGHT.class_color(2)).rgb() & 0xFFFFFF)

    view.set_snapshot(make_snapshot(count=1, dim=view.snapshot.features.shape[1]), History())
    features = np.zeros((3, view.snapshot.features.shape[1]), dtype=np.float32)
    features[:, 0] = [-4, 0, 4]
    features[:, -1] = [4, 0, 2]
    snapshot = replace(make_snapshot(count=3, dim=features.shape[1]), features=features)
    view.state.set_probe(snapshot.probe)
    view.set_snapshot(snapshot, History())
    plain = strong()
    view.state.select(np.array([0]))
    assert strong() < plain or plain == 0
    view.state.select(np.array([2]))
    chosen = strong()
    view.set_snapshot(replace(snapshot, step=1_300), History())
    assert view.state.selection.rows.tolist() == [2]
    assert strong() == chosen
    if features.shape[1] == 2:
        assert chosen > plain > 0


def test_the_card_appears_after_the_pointer_has_rested_and_says_what_is_known(view, qtbot):
    row = lonely(view)
    send(view, QEvent.Type.MouseMove, pixels(view)[row] + 0.5, held=Qt.MouseButton.NoButton)
    assert not view.pointer.card.isVisible()
    qtbot.waitUntil(view.pointer.card.isVisible)
    fact = fact_of(view.snapshot, row)
    card = view.pointer.card
    labels = [label for label in card.findChildren(QLabel) if label is not card.picture]
    said = [label.text() for label in labels if label.property("part") != "name"]
    assert said[0] == str(fact.label)
    assert said[2] == f"{math.degrees(fact.own_angle):.1f}°"
    shown = view.pointer.card.picture.pixmap().toImage()
    assert shown.pixelColor(shown.width() // 2, shown.height() // 2).red() == row % 200 + 20
    assert view.rect().contains(view.pointer.card.geometry())
    send(view, QEvent.Type.MouseMove, (1, 1), held=Qt.MouseButton.NoButton)
    assert not view.pointer.card.isVisible()


def test_the_card_says_what_was_done_to_the_label_and_the_picture(view):
    """And no more, once the pointer is on an image to which nothing was done."""
    base = make_snapshot(5, train=200)
    settings = base.config.replace({"data.wrong_labels": 0.5, "data.damaged": 0.5, "data.blur": 0.8})
    snapshot = replace(base, config=settings)
    stress = stress_of(snapshot)
    row = int(np.flatnonzero(stress.wrong & (stress.kind >= 0))[0])
    lines = dict(fact_lines(fact_of(snapshot, row), snapshot.probe, has_centers=False))
    label = snapshot.probe.labels[row]
    assert lines["Label"] == f"{stress.given[row]} (wrong; true class {label})"
    assert "True class" not in lines, "it is said once"
    assert lines["Damage"] == f"blur {stress.strength[row]:.2f}"
    plain = fact_lines(fact_of(base, 0), base.probe, has_centers=False)
    card = view.pointer.card
    for shown in (list(lines.items()), plain):
        card.show_facts(shown, None, "no image")
        words = [found.text() for found in card.findChildren(QLabel) if not found.isHidden()]
        assert sorted(words) == sorted([*(part for line in shown for part in line), "no image"])


def test_the_card_names_every_fact_in_words():
    probe = make_snapshot(classes=10).probe
    fact = SampleFact(
        label=7,
        split=0,
        index=1_234,
        prediction=1,
        loss=2.3456,
        confidence=0.875,
        own_angle=math.pi / 6,
        other_angle=math.pi / 18,
        other_class=1,
        distance=12.345,
    )
    assert dict(fact_lines(fact, probe, has_centers=True)) == {
        "True class": "7",
        "Predicted": "1 (87.5%)",
        "Angle to true class": "30.0°",
        "Nearest other class": "1 (10.0°)",
        "Cross-entropy": "2.35",
        "Distance to class centre": "12.3",
        "Test image": "1,234",
    }


def test_the_ring_lets_go_when_other_points_are_shown(view):
    row = lonely(view)
    send(view, QEvent.Type.MouseMove, pixels(view)[row] + 0.5, held=Qt.MouseButton.NoButton)
    left = []
    view.hoverRequested.connect(left.append)
    view.state.toggle_class(int(view.snapshot.probe.labels[row]))
    assert left == [-1]


def test_an_image_pointed_out_elsewhere_is_ringed_without_a_card(view):
    plain = view.grab().toImage()
    view.state.set_hovered(7)
    assert view.grab().toImage() != plain
    view.state.set_hovered(-1)
    assert view.grab().toImage() == plain
    view.state.toggle_class(7)
    plain = view.grab().toImage()
    view.state.set_hovered(7)
    assert view.grab().toImage() == plain
    assert view.pointer.card.row == -1


def test_a_display_that_has_not_heard_of_the_run_yet_disturbs_nothing(view):
    view.state.select(np.arange(10))
    view.set_snapshot(make_snapshot(count=700, dim=view.snapshot.features.shape[1]), History())
    assert len(shown_content(view).rows) == 700
    assert len(shown_content(view).chosen) == 0
