"""What a figure makes of its views: tables are whole or say what is missing, options are those asked for."""

from __future__ import annotations

import pytest
from analysis.snapshots import make_snapshot
from core.recording import small_run
from gui.session.sources import ListSource
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QSplitter
from shiboken6 import isValid

from explorer.cli import main
from explorer.export.files import ExportUsageError
from explorer.gui.figures.figure import Figure
from explorer.gui.figures.left_out import LeftOut
from explorer.gui.figures.look import FigureLook
from explorer.gui.figures.plain_view import Words
from explorer.gui.figures.stage import FigureStage
from explorer.gui.figures.view_options import set_view_options
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import LIGHT
from explorer.gui.views.classes.table import ClassTable


@pytest.fixture
def stage_of(qapp):
    """Return a function that builds the stage of a figure, which ends with the test."""
    assert qapp is not None, "widgets need it"
    stages = []

    def build(view, width, height, classes=10, look=FigureLook()):  # noqa: B008  # it is frozen
        run = ListSource([make_snapshot(300, loss="arcface", classes=classes)])
        stages.append(FigureStage(run, Figure(views=(view,), width=width, height=height), LIGHT, look))
        return stages[-1]

    yield build
    for stage in filter(isValid, stages):
        stage.end()


def shown_rows(table):
    """Return the rows that are seen whole; no other may be seen at all."""
    rows = [row for row in range(table.model().rowCount()) if not table.isRowHidden(row)]
    ends = [table.rowViewportPosition(row) + table.rowHeight(row) for row in rows]
    assert all(end <= table.viewport().height() for end in ends)
    return len(rows)


@pytest.mark.parametrize(("width", "height", "classes"), [(640, 480, 8), (640, 600, 10), (900, 1200, 30)])
def test_the_table_of_classes_is_whole_where_there_is_room(stage_of, width, height, classes):
    stage = stage_of("classes", width, height, classes)
    assert shown_rows(stage.findChild(ClassTable)) == classes
    assert stage.findChild(LeftOut).isHidden()
    above, below = stage.findChild(QSplitter).sizes()
    assert above >= 0.3 * (above + below), "the confusion matrix keeps its part"


@pytest.mark.parametrize(("width", "height", "classes"), [(420, 315, 10), (640, 480, 30)])
def test_rows_that_have_no_room_are_counted_below_the_table(stage_of, width, height, classes):
    stage = stage_of("classes", width, height, classes)
    missing = classes - shown_rows(stage.findChild(ClassTable))
    assert missing > 1
    note = stage.findChild(LeftOut)
    assert not note.isHidden()
    assert note.text() == f"{missing} rows are left out."
    assert stage.rect().contains(note.geometry())


def test_the_meaning_of_colours_is_written_unless_the_legend_says_it(stage_of):
    """In a column of a paper that line took a sixth of the height."""
    for mode, written in (("class", False), ("loss", True)):
        stage = stage_of("features", 336, 302, look=FigureLook(display=DisplaySettings(color_mode=mode)))
        seen = [words.text() for words in stage.findChildren(Words) if not words.isHidden()]
        assert (f"Colour: {mode}" in seen) is written


def test_a_figure_leaves_no_widget_behind(stage_of, qapp):
    before = len(qapp.allWidgets())
    stage_of("angles", 320, 240).end()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(qapp.allWidgets()) == before, "not even of the features, which it does not show"


def test_display_options_are_those_that_were_asked_for(stage_of):
    stage = stage_of("features", 320, 240)
    set_view_options(stage, ["features.weights=false", " features.point_size = 3.5"])
    options = stage.pane.views["features"].options
    assert (options.weights, options.point_size, options.regions) == (False, 3.5, True)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("angles.rose=true", "--set angles.rose=true: the figure has no view angles. It has: features."),
        ("weights", "the figure has no view weights"),
        ("features.wights=true", "features has no option wights. It has: test, train, "),
        ("features.weights=perhaps", "weights cannot have this value."),
        ("features.point_size=-1", "point_size cannot have this value."),
        ("features.weights", "weights cannot have this value."),
    ],
)
def test_an_option_that_there_is_not_is_said(stage_of, entry, sentence):
    with pytest.raises(ExportUsageError) as error:
        set_view_options(stage_of("features", 320, 240), [entry])
    assert sentence in str(error.value)


def test_render_takes_options_and_says_what_is_wrong(tmp_path, capsys):
    small_run.record(tmp_path / "run.lossrun")
    command = ["render", str(tmp_path / "run.lossrun"), "--view", "curves", "--size", "200x150"]
    assert main([*command, "--out", str(tmp_path / "a.svg"), "--set", "features.weights=no"]) == 2
    assert "the figure has no view features" in capsys.readouterr().err
    assert not (tmp_path / "a.svg").exists()
    assert main([*command, "--out", str(tmp_path / "a.svg"), "--points", "vector"]) == 0
    assert (tmp_path / "a.svg").is_file()
