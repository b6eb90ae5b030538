from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.seen import caption, sentences
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from explorer.analysis.frames.history import History
from explorer.analysis.frames.snapshot import ProbeSet
from explorer.analysis.quality.stress import stress_of
from explorer.analysis.statistics.samples import facts_of, hardest
from explorer.core.data.datasets import load_dataset
from explorer.core.settings.config import DataConfig
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.samples.view import MOST, SampleOptions, SamplesView, tiles_of


def snapshot_of(folder, **settings):
    """Made-up features of the images of a real folder: 100 test and 100 training images."""
    dataset = load_dataset(str(folder))
    probe = ProbeSet(
        labels=np.concatenate([dataset.test.labels, dataset.train.labels[:100]]),
        indices=np.tile(np.arange(100, dtype=np.int32), 2),
        split=np.repeat(np.array([0, 1], dtype=np.uint8), 100),
        num_classes=10,
        test_size=100,
        train_size=400,
    )
    base = make_snapshot(probe=probe, **settings)
    return replace(base, config=replace(base.config, data=DataConfig(source=str(folder))))


@pytest.fixture
def view(qtbot, tiny_data):
    result = SamplesView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(420, 400)
    result.gallery.underMouse = lambda: False  # wherever other tests have left the pointer
    result.selectionRequested.connect(result.state.select)
    snapshot = snapshot_of(tiny_data)
    result.state.set_probe(snapshot.probe)
    result.set_snapshot(snapshot, History())
    with qtbot.waitSignal(result.images.imagesChanged):
        result.show()
    return result


def test_the_gallery_can_have_the_keyboard_before_it_is_drawn(qtbot):
    """Shift+Tab into a view behind others would pass a gallery that only came with the first drawing."""
    view = SamplesView(LIGHT)
    qtbot.addWidget(view)
    assert not view.gallery.isVisibleTo(view)
    view.set_snapshot(make_snapshot(), History())
    assert view.gallery.isVisibleTo(view)


def choose(view, kind):
    """Pick which images are shown, as a person does in the list."""
    view.kinds.setCurrentIndex(kind)
    view.kinds.activated.emit(kind)


def rows(view):
    return [tile.rows[0] for tile in view.gallery.tiles.tiles]


def test_the_hardest_come_first_and_are_test_images(view):
    facts = facts_of(view.snapshot)
    for kind, values in ((1, facts.loss), (2, facts.own_angle), (3, facts.distance)):
        choose(view, kind)
        assert len(rows(view)) == 100
        assert set(rows(view)) == set(range(100))
        assert (np.diff(values[rows(view)]) <= 0).all()


def test_captions_say_label_and_prediction_and_mark_mistakes(view):
    facts, labels = facts_of(view.snapshot), view.snapshot.probe.labels
    tiles = view.gallery.tiles
    for place, row in enumerate(rows(view)):
        index = tiles.index(place)
        wrong = labels[row] != facts.prediction[row]
        assert index.data() == f"{labels[row]} → {facts.prediction[row]}"
        assert (index.data(Qt.ItemDataRole.ForegroundRole) is not None) == wrong


def test_a_thumbnail_shows_its_own_image(view, tiny_data):
    """The images of the folder have a bright bar at a height that tells their class."""
    pixels = load_dataset(str(tiny_data)).test.pixels
    for place in (0, 17, 60):
        thumbnail = view.gallery.tiles.index(place).data(Qt.ItemDataRole.DecorationRole).toImage()
        side = thumbnail.height()
        brightness = [thumbnail.pixelColor(side // 2, y).lightness() for y in range(side)]
        bar = int(pixels[rows(view)[place]].sum(axis=1).argmax())
        assert abs(int(np.argmax(brightness)) - (bar + 0.5) * side / 12) < side / 10


def test_a_click_selects_an_image_everywhere(view, qtbot):
    target = view.gallery.visualRect(view.gallery.tiles.index(4)).center()
    qtbot.mouseClick(view.gallery.viewport(), Qt.MouseButton.LeftButton, pos=target)
    assert view.state.selection.rows.tolist() == [rows(view)[4]]
    view.gallery.setCurrentIndex(view.gallery.tiles.index(7))
    qtbot.keyClick(view.gallery, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert set(view.state.selection.rows.tolist()) == {rows(view)[4], rows(view)[7]}


def test_the_selected_are_shown_with_their_number_as_they_change(view):
    choose(view, 0)
    assert view.message.isVisible()
    assert "Click a point" in view.message.text()
    view.state.select(np.array([150, 3, 20]))
    assert rows(view) == [3, 20, 150]
    assert caption(view).startswith("3 selected  ")
    assert "Training image 50" in view.gallery.tiles.index(2).data(Qt.ItemDataRole.ToolTipRole)
    view.state.select(np.zeros(0, dtype=np.intp))
    assert view.message.isVisible()


def test_a_click_among_the_selected_keeps_them_and_control_takes_one_out(view):
    choose(view, 0)
    view.state.select(np.array([150, 3, 20]))
    view.gallery.imagesRequested.emit((20,), "replace")
    assert view.state.selection.rows.tolist() == [3, 20, 150]
    view.gallery.imagesRequested.emit((20,), "remove")
    assert rows(view) == [3, 150]


def test_the_image_under_the_pointer_is_told(view):
    told = []
    view.hoverRequested.connect(told.append)
    view.gallery.entered.emit(view.gallery.tiles.index(3))
    QApplication.sendEvent(view.gallery, QEvent(QEvent.Type.Leave))
    assert told == [rows(view)[3], -1]


def test_of_many_selected_images_it_says_how_many_are_shown(qtbot):
    view = SamplesView(LIGHT)
    qtbot.addWidget(view)
    snapshot = make_snapshot(count=1_000)
    view.set_options(SampleOptions("selected"))
    view.state.set_probe(snapshot.probe)
    view.state.select(np.arange(1_000))
    view.images.pixels = lambda _snapshot: None
    view.show()
    view.set_snapshot(snapshot, History())
    assert len(rows(view)) == MOST
    assert caption(view).startswith("200 of 1,000 selected  ")


def test_a_selection_in_the_next_run_waits_for_its_frame(view):
    """The features may show a new run some time before the gallery does."""
    choose(view, 0)
    larger = make_snapshot(count=900)
    view.state.set_probe(larger.probe)
    view.state.select(np.array([850]))
    assert view.message.isVisible()
    view.images.pixels = lambda _snapshot: None
    view.set_snapshot(larger, History())
    assert rows(view) == [850]


def test_the_selection_stays_highlighted_as_the_order_changes(view, tiny_data):
    def highlighted():
        return [rows(view)[index.row()] for index in view.gallery.selectionModel().selectedIndexes()]

    view.state.select(np.array([rows(view)[0]]))
    before = highlighted()
    view.set_snapshot(replace(snapshot_of(tiny_data, seed=4), probe=view.snapshot.probe), History())
    assert rows(view)[0] != before[0]
    assert highlighted() == before


def test_hidden_classes_are_left_out_of_the_hardest(view):
    view.state.isolate_class(6)
    assert {int(view.snapshot.probe.labels[row]) for row in rows(view)} == {6}
    snapshot = view.snapshot
    assert caption(view).startswith("10 of 10 test images"), "hidden classes are not counted"
    assert hardest(snapshot, "loss", 0, frozenset(range(10)), 5).tolist() == []


def test_the_images_change_with_the_frame(view, tiny_data):
    before = rows(view)
    view.set_snapshot(replace(snapshot_of(tiny_data, seed=4), probe=view.snapshot.probe), History())
    after = rows(view)
    assert after != before
    assert set(after) == set(before)
    view.gallery.underMouse = lambda: True
    view.set_snapshot(replace(snapshot_of(tiny_data), probe=view.snapshot.probe), History())
    assert rows(view) == after
    choose(view, 2)
    assert rows(view) != after


def test_a_data_set_that_is_gone_is_complained_of_in_the_view(view, qtbot, tmp_path, tiny_data):
    gone = snapshot_of(tiny_data)
    config = replace(gone.config, data=DataConfig(source=str(tmp_path / "nowhere")))
    with qtbot.waitSignal(view.images.imagesChanged):
        view.set_snapshot(replace(gone, config=config), History())
    assert view.message.isVisible()
    assert "nowhere" in view.message.text()


def test_a_view_that_is_not_visible_reads_no_images(qtbot):
    view = SamplesView(DARK)
    qtbot.addWidget(view)
    view.set_snapshot(make_snapshot(), History())
    assert not view.images.reading
    view.set_snapshot(None, History())
    view.show()
    assert "Start training to see images" in sentences(view)


def test_a_view_dies_with_its_last_reference(qtbot, tiny_data):
    view = SamplesView(LIGHT)
    view.set_snapshot(snapshot_of(tiny_data), History())
    with qtbot.waitSignal(view.images.imagesChanged):
        view.show()
    view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


def test_the_gallery_says_why_an_image_is_hard():
    snapshot = make_snapshot(1, classes=2, weight=np.array([[0, 1], [1, 1]], dtype=np.float32))
    snapshot = replace(snapshot, features=np.array([[1, 0]], dtype=np.float32))
    (tile,) = tiles_of(snapshot, np.array([0]), "loss")
    assert tile.help.split("\n")[1:] == ["Angle to true class 90.0°", "Nearest other class 1 (45.0°)"]


def test_the_gallery_says_what_was_done_to_a_picture_and_its_label():
    base = make_snapshot(20, train=60)
    settings = base.config.replace({"data.wrong_labels": 0.5, "data.damaged": 0.5, "data.blur": 0.8})
    snapshot = replace(base, config=settings)
    stress = stress_of(snapshot)
    found = set()
    for row, tile in enumerate(tiles_of(snapshot, np.arange(80), "loss")):
        label = f"label {stress.given[row]}" if stress.wrong[row] else ""
        done = [words for words in (label, stress.damage_text(row)) if words]
        assert tile.caption.split("\n")[1] == ", ".join(done)
        assert tile.help.split("\n")[1:-2] == done
        found.add((bool(label), bool(stress.damage_text(row))))
    assert len(found) == 4, "with and without a wrong label, with and without damage"
