from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.seen import sentences
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QSplitter

from explorer.analysis.frames.history import History
from explorer.analysis.statistics.classes import class_facts
from explorer.analysis.statistics.samples import facts_of
from explorer.core.protocol.messages import TEST
from explorer.gui.export.table_copy import view_text
from explorer.gui.plots.style import color
from explorer.gui.theme.theme import DARK, LIGHT, mix
from explorer.gui.views.classes import view as module
from explorer.gui.views.classes.view import ClassesView


@pytest.fixture
def view(qtbot):
    result = ClassesView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(420, 640)
    result.show()
    result.set_snapshot(make_snapshot(count=1_000, train=200, size=1.0), make_history())
    return result


def column(view, number):
    model = view.table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_a_small_view_shows_all_columns_of_the_table(view):
    view.resize(388, 640)
    header, titles = view.table.horizontalHeader(), view.table.fontMetrics().horizontalAdvance
    assert header.length() <= view.table.viewport().width()
    for section in range(header.count()):
        text = str(view.table.model().headerData(section, Qt.Orientation.Horizontal))
        assert header.sectionSize(section) >= titles(text)


def test_a_click_on_a_cell_asks_for_the_images_that_it_counts(view, qtbot):
    snapshot = view.snapshot
    prediction = facts_of(snapshot).prediction
    wrong = np.flatnonzero((prediction != snapshot.probe.labels) & (snapshot.probe.split == 0))
    label, taken = int(snapshot.probe.labels[wrong[0]]), int(prediction[wrong[0]])
    center = view.confusion.cell_rect((label, taken)).center()
    with qtbot.waitSignal(view.selectionRequested) as wished:
        qtbot.mouseClick(
            view.confusion,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ShiftModifier,
            QPoint(int(center.x()), int(center.y())),
        )
    rows, mode = wished.args
    assert mode == "add"
    same = (snapshot.probe.labels == label) & (prediction == taken) & (snapshot.probe.split == 0)
    assert rows.tolist() == np.flatnonzero(same).tolist()


def test_the_matrix_is_reached_by_the_keyboard(view, qtbot):
    view.confusion.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(view.confusion, key)
    with qtbot.waitSignal(view.confusion.cellRequested) as chosen:
        qtbot.keyClick(view.confusion, Qt.Key.Key_Return)
    assert chosen.args == [0, 1, "replace"]


def test_a_cell_has_its_frame_until_the_selection_is_cleared(view, qtbot):
    matrix = view.confusion
    center = matrix.cell_rect((4, 9)).center().toPoint()
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=center)
    matrix.setFocus()
    corner = matrix.cell_rect((4, 9)).topLeft().toPoint()
    assert matrix.grab().toImage().pixelColor(corner) == color(LIGHT.text)
    assert not view.cancel_gesture()
    assert matrix.grab().toImage().pixelColor(corner) != color(LIGHT.text)
    qtbot.keyClick(matrix, Qt.Key.Key_Left)
    assert matrix.framed


def test_the_table_sorts_by_number_and_a_row_asks_for_its_class(view, qtbot):
    view.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    radii = [float(text) for text in column(view, 3)]
    assert radii == sorted(radii, reverse=True)
    label = int(column(view, 0)[0])
    with qtbot.waitSignal(view.selectionRequested) as wished:
        view.table.clicked.emit(view.table.model().index(0, 2))
    assert set(view.snapshot.probe.labels[wished.args[0]].tolist()) == {label}
    assert len(wished.args[0]) == 100


def test_lengths_of_class_weights_are_shown_and_copied_where_they_count(view):
    weight = np.arange(20, dtype=np.float32).reshape(10, 2)
    softmax, arcface = (
        replace(make_snapshot(count=200, loss=loss), weight=weight) for loss in ("softmax", "arcface")
    )
    view.set_snapshot(softmax, make_history())
    assert column(view, 4) == [f"{np.hypot(*row):.2f}" for row in weight]
    assert "‖w‖" in view_text(view.table)
    view.set_snapshot(arcface, make_history())
    assert view.table.isColumnHidden(4)
    assert "‖w‖" not in view_text(view.table)


def test_a_class_left_out_of_training_has_images_but_no_accuracy(view):
    snapshot = make_snapshot(count=1_000, train=200, size=1.0)
    snapshot = replace(snapshot, probe=replace(snapshot.probe, unseen=frozenset({2, 6})))
    view.set_snapshot(snapshot, make_history())
    accuracy, spread, nearest, images = (column(view, number) for number in (1, 2, 5, 6))
    assert [text == "–" for text in accuracy] == [label in (2, 6) for label in range(10)]
    assert [text == "–" for text in nearest] == [label in (2, 6) for label in range(10)]
    assert all(text.endswith("°") and text != "–°" for text in spread)
    assert sum(map(int, images)) == 1_000
    counts = view.confusion.counts
    assert not counts[:, [2, 6]].any(), "neither is ever predicted"
    wrong = int(counts.sum() - np.trace(counts) - counts[[2, 6]].sum())
    assert view.confusion.accessibleName().startswith(f"Confusion matrix: {wrong:,} of 800 images")
    assert "left out of training" in view.confusion.text_of((6, 3))
    assert "left out of training" in view.table.model().index(6, 0).data(Qt.ItemDataRole.ToolTipRole)
    swatches = [view.table.model().index(row, 0).data(Qt.ItemDataRole.DecorationRole) for row in (5, 6)]
    middles = [swatch.toImage().pixelColor(6, 6).getRgb()[:3] for swatch in swatches]
    assert middles == [LIGHT.class_color(5), LIGHT.plot]


def test_a_new_frame_is_sorted_anew(view):
    view.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    view.set_snapshot(make_snapshot(count=1_000, seed=5), make_history())
    radii = [float(text) for text in column(view, 3)]
    assert radii == sorted(radii)


@pytest.mark.parametrize(
    "settings",
    [
        {"classes": 100, "count": 500},
        {"classes": 2, "count": 10},
        {"present": 3},
        {"loss": "triplet"},
        {"loss": "l-gm"},
        {"count": 0, "train": 50},
    ],
    ids=str,
)
def test_extreme_frames_are_shown_without_a_warning(view, settings):
    view.set_theme(DARK)
    view.set_snapshot(make_snapshot(**settings), make_history())
    view.grab()
    classes = settings.get("classes", 10)
    assert len(column(view, 0)) == classes
    text = view.confusion.text_of((0, 1))
    assert text.endswith("%)") or text == "No images of class 0"


MANY = make_snapshot(count=4_000, classes=100)


def test_a_hundred_classes_are_counted_in_a_thread_and_drawn_as_one_image(view):
    shown = view.confusion.counts
    view.set_snapshot(make_snapshot(count=4_000, classes=100, seed=1), make_history())
    view.set_snapshot(MANY, make_history())
    assert view.confusion.counts is shown, "the window has not waited"
    view.finish_content()
    counts = class_facts(MANY, TEST).confusion
    assert np.array_equal(view.confusion.counts, counts), "those of the newest frame"
    assert view.table.model().rowCount() == 100
    assert view.take_background_seconds() > 0
    assert view.take_background_seconds() == 0
    picture = view.confusion.grab().toImage()
    wrong = np.argwhere(counts * (1 - np.eye(100, dtype=int)))[0]
    for cell in ((7, 7), (99, 99), tuple(wrong.tolist())):
        target = LIGHT.accent if cell[0] == cell[1] else LIGHT.error
        shade = np.sqrt(counts[cell] / counts[cell[0]].sum())
        expected = mix(mix(LIGHT.plot, LIGHT.line, 0.45), target, shade)
        at = view.confusion.cell_rect(cell).center()
        assert picture.pixelColor(int(at.x()), int(at.y())).getRgb()[:3] == expected
    view.set_theme(DARK)
    assert view.confusion.theme is DARK, "facts that are known are not computed anew"


def test_a_frame_that_is_shown_again_is_not_replaced_by_one_asked_for_meanwhile(view):
    view.set_snapshot(MANY, make_history())
    view.finish_content()
    view.set_snapshot(make_snapshot(count=4_000, classes=100, seed=1), make_history())
    view.set_snapshot(MANY, make_history())
    view.finish_content()
    assert np.array_equal(view.confusion.counts, class_facts(MANY, TEST).confusion)


def test_facts_that_cannot_be_computed_are_said_in_the_view(view, qtbot, monkeypatch):
    def fail(*_):
        raise ValueError("no facts today")

    monkeypatch.setattr(module, "class_facts", fail)
    with qtbot.captureExceptions() as caught:
        view.set_snapshot(MANY, make_history())
        view.finish_content()
    assert "no facts today" in str(caught[0][1])
    assert "no facts today" in sentences(view)
    monkeypatch.undo()
    view.set_snapshot(make_snapshot(count=4_000, classes=100, seed=1), make_history())
    view.finish_content()
    assert "no facts today" not in sentences(view)


def test_an_empty_view_says_what_to_do(view):
    view.set_snapshot(None, History())
    assert "Start training to compare classes" in sentences(view)


def heights(view):
    return view.confusion.height(), view.table.height()


def test_the_handle_between_matrix_and_table_is_an_option(view, qtbot):
    (splitter,) = view.findChildren(QSplitter)
    handle = splitter.handle(1)
    before = heights(view)
    with qtbot.waitSignal(view.optionsRequested):
        start = handle.rect().center()
        qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(handle, start + QPoint(0, 80))
        qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 80))
    above, below = heights(view)
    assert above > before[0] + 60
    assert view.options.matrix == pytest.approx(above / (above + below), abs=0.001)
    again = ClassesView(LIGHT)
    qtbot.addWidget(again)
    again.set_options(view.options)
    again.resize(view.size())
    again.set_snapshot(view.snapshot, view.history)
    again.show()
    qtbot.waitUntil(lambda: sum(heights(again)) == above + below)
    assert heights(again) == pytest.approx((above, below), abs=2)
