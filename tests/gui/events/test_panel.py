"""The panel lists what happened in a run, and asks for the step of what a person picks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPixmap

from explorer.core.recording.header import RunEvent
from explorer.core.texts import text
from explorer.gui.events.event_row import TITLES, head_lines, spoken_text
from explorer.gui.events.panel import EventsPanel

pytestmark = pytest.mark.usefixtures("themed")
LEARNT = RunEvent(30, "learnt", text("Class {label} is learned.", label=4), classes=(4,))
JUMP = RunEvent(401, "jump", text("Many images change class."), text("Margin 0.2 → 0.5 at step 400"))
FOREIGN = RunEvent(500, "of another release", text("Something new."))
EVENTS = (LEARNT, JUMP, FOREIGN)


@pytest.fixture
def panel(qtbot):
    panel = EventsPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 500)
    panel.show()
    return panel


def asked(signal):
    values = []
    signal.connect(values.append)
    return values


def row(panel, number):
    return panel.list.visualRect(panel.list.model().index(number, 0)).center()


def test_an_empty_list_says_what_it_is_for(panel):
    assert panel.empty.isVisible()
    assert "when a class is learned" in panel.empty.text()
    panel.set_events(EVENTS)
    assert not panel.empty.isVisible()
    assert panel.count.text() == "3 events"


def test_all_that_a_row_shows_can_be_read_out(panel):
    panel.set_events(EVENTS)
    index = panel.list.model().index(1, 0)
    spoken = "Sudden jump, Step 401\nMany images change class.\nJust before: Margin 0.2 → 0.5 at step 400"
    roles = Qt.ItemDataRole
    for role in (roles.DisplayRole, roles.AccessibleTextRole, roles.ToolTipRole):
        assert index.data(role) == spoken
    assert spoken_text(LEARNT).endswith("Just before: nothing changed")
    assert spoken_text(FOREIGN).startswith("Event, Step 500")


def test_the_step_has_a_line_of_its_own_only_where_the_title_would_be_cut(panel):
    font = panel.list.font()
    title, step = QFont(font), QFontMetrics(font).horizontalAdvance("Step 401")
    title.setBold(True)
    both = QFontMetrics(title).horizontalAdvance("Sudden jump") + step
    assert [head_lines(JUMP, font, both + more) for more in (-20, 0, 20)] == [2, 2, 1]


def test_a_click_and_enter_ask_for_the_event(panel, qtbot):
    panel.set_events(EVENTS)
    events = asked(panel.eventRequested)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=row(panel, 1))
    assert events == [JUMP]
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert events == [JUMP, LEARNT]
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 495))
    assert len(events) == 2, "below the last row"


def test_kinds_can_be_hidden(panel):
    panel.set_events(EVENTS)
    panel.filter.content.actions()[1].trigger()  # the first is the title of the section
    assert panel.list.events == (JUMP, FOREIGN)
    assert panel.count.text() == "2 of 3 events"
    panel.set_events([LEARNT])
    assert panel.empty.text() == "All events are hidden by the filter."
    panel.filter.content.actions()[1].trigger()
    assert panel.list.events == (LEARNT,)
    assert len(panel.filter.content.actions()) == 1 + len(TITLES)


def test_what_happens_while_it_is_closed_is_there_when_it_opens(panel):
    panel.hide()
    panel.set_events(EVENTS)
    assert panel.list.events == ()
    panel.show()
    assert panel.list.events == EVENTS


def test_the_current_event_and_the_place_stay_while_others_come(panel):
    panel.resize(320, 200)
    many = [RunEvent(step, "learnt", text("Class {label} is learned.", label=1)) for step in range(30)]
    panel.set_events(many)
    panel.list.setCurrentIndex(panel.list.model().index(3, 0))
    panel.list.verticalScrollBar().setValue(40)
    panel.set_events([RunEvent(0, "jump", text("A jump.")), *many])
    assert panel.list.current == many[3]
    assert panel.list.verticalScrollBar().value() == 40
    panel.list.scrollToBottom()
    panel.set_events([*many, LEARNT])
    assert panel.list.verticalScrollBar().value() == panel.list.verticalScrollBar().maximum()


def test_pictures_are_asked_for_only_for_rows_in_sight_and_once_there_shown(panel, qtbot):
    panel.resize(320, 250)
    many = [RunEvent(step, "learnt", text("Class {label} is learned.", label=1)) for step in range(100)]
    steps = asked(panel.pictureRequested)
    panel.set_events(many)
    panel.list.scrollToTop()
    qtbot.waitUntil(lambda: 0 in steps)
    assert len(set(steps)) < 20
    before = panel.list.grab().toImage()
    picture = QPixmap(64, 64)
    picture.fill(Qt.GlobalColor.red)
    panel.set_picture(0, picture)
    qtbot.waitUntil(lambda: panel.list.grab().toImage() != before)
    assert panel.list.grab().toImage().pixelColor(20, 20) == Qt.GlobalColor.red
    panel.clear_pictures()
    steps.clear()
    panel.list.grab()
    assert 0 in steps
