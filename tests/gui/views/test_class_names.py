"""Whoever trains on images of clothes sees the names of the clothes, and no numbers to look up."""

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from msgspec import convert
from msgspec.structs import replace
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from explorer.analysis.events.class_events import ClassEvents
from explorer.analysis.events.observation import Observed, observe
from explorer.analysis.frames.history import History
from explorer.analysis.statistics.classes import class_facts
from explorer.analysis.statistics.drawn_digit import DrawnDigit, digit_text
from explorer.analysis.statistics.sample_loss import sample_loss
from explorer.analysis.statistics.samples import fact_of, facts_of
from explorer.core.protocol.messages import TEST
from explorer.gui.guides.condition import Condition
from explorer.gui.guides.figures import Situation
from explorer.gui.guides.progress import progress_of
from explorer.gui.plots.class_box import ClassBox
from explorer.gui.plots.hover_card import fact_lines
from explorer.gui.plots.keys.legend import Legend
from explorer.gui.predictions.blobs import BlobBoard
from explorer.gui.theme.theme import LIGHT
from explorer.gui.theory.sample_box import SampleBox
from explorer.gui.views.angles import rose_plot
from explorer.gui.views.angles.content import AngleOptions, rose_content
from explorer.gui.views.angles.table import AngleTable
from explorer.gui.views.classes.confusion import ConfusionPlot
from explorer.gui.views.classes.table import ClassTable
from explorer.gui.views.samples.view import tiles_of

NAMES = ("T-shirt", "trouser", "pullover", "dress", "ankle boot of leather")


@pytest.fixture
def snapshot():
    plain = make_snapshot(count=60, classes=5, loss="softmax")
    return replace(plain, probe=replace(plain.probe, class_names=NAMES))


def test_names_are_cut_where_there_is_little_room_and_many_classes_have_numbers(snapshot):
    assert snapshot.probe.short_names() == (*NAMES[:4], "ankle boot of…")
    many = replace(snapshot.probe, num_classes=100, class_names=tuple(f"class of {i}" for i in range(100)))
    assert many.short_names()[::99] == ("0", "99")
    large = tuple(str(1000 * label) for label in range(100))
    assert replace(many, class_names=large).short_names() == large
    letters = replace(many, num_classes=26, class_names=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert letters.short_names() == letters.class_names
    assert (letters.name(2), letters.name(-1)) == ("C", "–")


def test_the_legend_and_the_list_of_classes_have_names(snapshot, qtbot):
    legend, box = Legend(), ClassBox("Class", "All")
    for widget in (legend, box):
        qtbot.addWidget(widget)
    legend.show_classes(LIGHT, 5, frozenset({1}), colored=True, probe=snapshot.probe)
    assert [swatch.text() for swatch in legend.swatches] == list(snapshot.probe.short_names())
    assert legend.swatches[1].accessibleName() == "Class trouser, hidden"
    assert "ankle boot of leather" in legend.swatches[4].toolTip()
    legend.show_classes(LIGHT, 5, frozenset(), colored=True)
    assert legend.swatches[4].text() == "4"
    box.show_class(LIGHT, snapshot.probe, 2)
    assert (box.currentText(), box.itemText(5), box.label_at(3)) == ("pullover", NAMES[4], 2)


def test_tables_and_matrices_have_names(snapshot, qtbot):
    facts = class_facts(snapshot, TEST)
    table, confusion, angles = ClassTable(LIGHT), ConfusionPlot(LIGHT), AngleTable(LIGHT)
    for widget in (table, confusion, angles):
        qtbot.addWidget(widget)
    table.show_facts(facts, LIGHT)
    assert [table.model().index(row, 0).data() for row in range(5)] == list(NAMES)
    confusion.show_counts(np.eye(5, dtype=np.int64), LIGHT, probe=snapshot.probe)
    assert "images of class dress classified as dress" in confusion.text_of((3, 3))
    assert confusion.content_text().split("\n")[2].startswith("trouser\t")
    angles.show_angles(np.ones((5, 5)), LIGHT, "weights", snapshot.probe)
    assert "between classes T-shirt and ankle boot of leather" in angles.text_of((0, 4))
    for matrix in (confusion, angles):
        assert matrix.names_room() > matrix.top_room()
        matrix.resize(700, 500)
        matrix.grab()


def test_columns_of_a_small_matrix_have_no_numbers_in_place_of_names(snapshot, qtbot, monkeypatch):
    """Of labels with gaps these would be other classes."""
    written = []
    monkeypatch.setattr(QPainter, "drawText", lambda _painter, *what: written.append(what[-1]))
    confusion = ConfusionPlot(LIGHT)
    qtbot.addWidget(confusion)
    confusion.show_counts(np.zeros((5, 5), dtype=np.int64), LIGHT, probe=snapshot.probe)
    confusion.resize(260, 200)
    confusion.grab()
    assert set(snapshot.probe.short_names()) <= set(written)
    assert not any(text.isdecimal() for text in written)


def test_directions_have_names(snapshot, qtbot, monkeypatch):
    tags = []
    monkeypatch.setattr(rose_plot, "draw_tags", lambda _painter, drawn: tags.extend(drawn))
    rose = rose_plot.RosePlot(LIGHT)
    qtbot.addWidget(rose)
    rose.resize(300, 300)
    nothing = np.zeros(len(snapshot.probe.labels), np.bool_)
    rose.show_content(rose_content(snapshot, AngleOptions(), frozenset(), nothing), LIGHT)
    rose.grab()
    assert {tag.text for tag in tags} == set(snapshot.probe.short_names())


def test_images_and_what_is_drawn_have_names(snapshot):
    row = int(np.flatnonzero(facts_of(snapshot).prediction >= 0)[0])
    fact = fact_of(snapshot, row)
    lines = dict(fact_lines(fact, snapshot.probe, has_centers=False))
    assert lines["True class"] == NAMES[fact.label]
    assert lines["Predicted"].startswith(NAMES[fact.prediction])
    (tile,) = tiles_of(snapshot, np.array([row]), "loss")
    assert f"class {NAMES[fact.label]}, classified as {NAMES[fact.prediction]}" in tile.help
    drawn = DrawnDigit(snapshot.features[row : row + 1], 1, snapshot)
    assert digit_text(drawn) == f"drawn → {NAMES[fact.prediction]}"


def test_the_numbers_of_a_sample_have_names(snapshot, qtbot):
    box = SampleBox()
    qtbot.addWidget(box)
    found = sample_loss(snapshot, 0)
    box.show_sample("test image 0", snapshot.config.loss.spec, found, snapshot.probe.name)
    assert f"class {NAMES[found.label]}" in box.text.text()
    assert f">{NAMES[found.label]}&nbsp;" in box.text.text()


def test_what_a_guide_waits_for_has_names(snapshot):
    wanted = convert({"figure": "class-accuracy", "class": 2, "at_least": 0.9}, Condition)
    now = Situation(config=snapshot.config, snapshot=snapshot, history=History())
    (progress,) = progress_of([wanted], now)
    assert str(progress.text).startswith("accuracy of class pullover ")


def test_blobs_of_a_prediction_have_names(qtbot):
    canvas = QWidget()
    qtbot.addWidget(canvas)
    board = BlobBoard(LIGHT, canvas)
    board.show_places(np.zeros((5, 2)), LIGHT, NAMES)
    assert [handle.name for handle in board.handles] == [f"class {name}" for name in NAMES]


def test_the_caption_names_classes_left_out(snapshot):
    probe = replace(snapshot.probe, unseen=frozenset({1, 3}))
    assert probe.unseen_text == "trouser, dress"


def test_events_have_names():
    labels = np.repeat(np.arange(5), 40)
    angle = 2 * np.pi * labels / 5
    directions = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    plain = make_snapshot(count=200, classes=5, loss="softmax")
    probe = replace(
        plain.probe, labels=labels.astype(np.uint8), split=0 * plain.probe.split, class_names=NAMES
    )
    weight = np.stack([np.cos(2 * np.pi * np.arange(5) / 5), np.sin(2 * np.pi * np.arange(5) / 5)], axis=1)
    frames = [
        replace(plain, probe=probe, step=step, features=sign * directions, weight=weight.astype(np.float32))
        for step, sign in ((0, -1), *((step, 1) for step in range(10, 100, 10)))
    ]
    first, *later = (observe(frame, Observed.of(probe)) for frame in frames)
    events = ClassEvents(first)
    told = [str(event.text) for seen in later for event in events.take(seen)]
    assert any(sentence.startswith("Class trouser is learned") for sentence in told)
