"""What a table shows is copied as text, by its key and from its menu."""

from __future__ import annotations

import math

import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.library.runs import make_run
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from explorer.core.recording.header import RunEvent
from explorer.core.texts import text
from explorer.gui.app import App
from explorer.gui.events.event_list import EventList
from explorer.gui.labs.lab import Reading, Readings
from explorer.gui.labs.readings_table import ReadingsTable
from explorer.gui.library.library import RunItem
from explorer.gui.library.run_list import RunList
from explorer.gui.library.summary import read_run
from explorer.gui.library.wording import arranged, title_of
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.views.angles.content import AngleOptions
from explorer.gui.views.angles.statistics import COLUMNS, AngleStatistics
from explorer.gui.views.angles.view import AnglesView
from explorer.gui.views.classes.view import ClassesView
from explorer.gui.views.verification.view import VerificationView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "window.toml"
    save_memory(path, Memory(theme="light", smooth=False))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.show()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def app(shared_app):
    QGuiApplication.clipboard().clear()
    yield shared_app
    shared_app.undo.gestures.end()
    for timer in shared_app.window.status.findChildren(QTimer):
        timer.stop()
    shared_app.autosave.save()  # ends its timer
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def copied():
    return [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]


def shown(app, kind):
    view = app.pane.view(kind)
    app.window.bring_up(next(id_ for id_, each in app.pane.views.items() if each is view))
    view.set_snapshot(make_snapshot(count=500, size=1.0), make_history())
    return view


def test_the_table_of_classes_is_copied_in_its_order_and_with_its_titles(app, qtbot):
    view = shown(app, ClassesView)
    view.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    qtbot.keyClick(view.table, Qt.Key.Key_C, CTRL)
    rows = copied()
    model = view.table.model()
    assert rows[0] == [model.headerData(column, Qt.Orientation.Horizontal) for column in range(len(rows[0]))]
    assert [row[0] for row in rows[1:]] == [str(label) for label in reversed(range(10))]
    assert rows[3][1] == model.index(2, 1).data()


def test_the_confusion_matrix_is_copied_as_counts(app, qtbot):
    view = shown(app, ClassesView)
    qtbot.keyClick(view.confusion, Qt.Key.Key_C, CTRL)
    rows = copied()
    assert rows[0][1:] == [str(label) for label in range(10)]
    assert [[int(cell) for cell in row[1:]] for row in rows[1:]] == view.confusion.counts.tolist()


def test_a_right_click_on_a_view_offers_its_tables(app):
    view = shown(app, ClassesView)
    entries = {action.text(): action for action in app.context_menus.menu(view).actions()}
    assert {"Copy table", "Copy confusion matrix"} <= entries.keys()
    entries["Copy confusion matrix"].trigger()
    assert len(copied()) == 11
    assert "Copy table" not in [action.text() for action in app.context_menus.menu(app.features).actions()]


def test_angles_between_classes_are_copied_in_degrees(app, qtbot):
    view = shown(app, AnglesView)
    view.set_options(AngleOptions(page="classes"))
    table = view.table
    qtbot.keyClick(table, Qt.Key.Key_C, CTRL)
    rows = copied()
    assert float(rows[1][2]) == pytest.approx(math.degrees(table.angles[0, 1]), abs=0.005)
    assert rows[1][2] == rows[2][1]


def test_the_numbers_of_a_lab_are_copied_from_their_own_menu(qtbot):
    table = ReadingsTable()
    qtbot.addWidget(table)
    table.show_readings(Readings(("first", "second"), (Reading("angle", ("30°", "40°")),)))
    table.show()
    at = table.rect().center()
    QApplication.sendEvent(
        table, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, table.mapToGlobal(at))
    )
    menu = QApplication.activePopupWidget()
    menu.actions()[0].trigger()
    menu.close()
    assert copied() == [["", "first", "second"], ["angle", "30°", "40°"]]


def test_no_tooltip_is_wider_than_a_few_words(app):
    """Qt writes a plain tooltip in one line, across the window."""
    app.presets.load()
    tips = {widget.toolTip() for widget in app.window.findChildren(QWidget)}
    tips |= {app.actions.action(c.id).toolTip() for c in app.actions.commands if c.calls is not None}
    plain = [tip for tip in tips if not tip.startswith("<")]
    assert len(plain) > 100
    assert [tip for tip in plain if max(map(len, tip.split("\n")), default=0) > 90] == []


def test_the_list_of_events_is_copied_by_key_and_from_its_menu(qtbot):
    events = EventList()
    qtbot.addWidget(events)
    what, cause = text("Class {label} is learned.", label=3), text("warm-up ended")
    events.set_events([RunEvent(120, "learnt", what, cause), RunEvent(400, "rule", text("Biases count."))])
    events.show()
    qtbot.keyClick(events, Qt.Key.Key_C, CTRL)
    expected = [
        ["120", "Class learned", "Class 3 is learned.", "Just before: warm-up ended"],
        ["400", "Prediction rule changes", "Biases count.", "Just before: nothing changed"],
    ]
    assert copied() == expected
    QGuiApplication.clipboard().clear()
    menu = events.menu_of(events.events[0])
    menu.actions()[-1].trigger()
    assert copied() == expected


def test_the_list_of_runs_is_copied_in_its_order(qtbot, tmp_path):
    runs = RunList()
    qtbot.addWidget(runs)
    items = []
    for name in ("arcface", "softmax"):
        path = tmp_path / f"{name}.lossrun"
        make_run(path, loss__name=name)
        items.append(RunItem(path, 0, 0, read_run(path)[0]))
    runs.set_rows(arranged(items, "newest", ""))
    runs.show()
    qtbot.keyClick(runs, Qt.Key.Key_C, CTRL)
    assert [line[0] for line in copied()] == [title_of(item) for item in runs.items]
    assert len(copied()[0]) == 4


def test_the_counts_of_a_verification_are_copied(app):
    view = shown(app, VerificationView)
    view.finish_content()
    entries = {action.text(): action for action in app.context_menus.menu(view).actions()}
    entries["Copy counts"].trigger()
    (accepts, rejects), (wrong, right) = copied()
    assert "true accepts" in accepts
    assert "false rejects" in rejects
    assert "false accepts" in wrong
    assert "true rejects" in right


def test_the_rates_and_the_numbers_of_angles_are_copied_whole(app):
    view = shown(app, VerificationView)
    view.finish_content()
    rates = view.roc_page.rates
    rates.show_content(view.content, view.theme)
    rows = [line.split("\t") for line in rates.content_text().split("\n")]
    assert rows[0][0] == "Equal error rate (EER)"
    assert {len(row) for row in rows} == {3}
    assert float(rows[0][1].rstrip("%")) == pytest.approx(100 * view.content.found.equal.rate, abs=0.005)
    (statistics,) = shown(app, AnglesView).findChildren(AngleStatistics)
    lines = [line.split("\t") for line in statistics.content_text().split("\n")]
    assert [len(line) for line in lines] == [len(COLUMNS) + 1] * 4
