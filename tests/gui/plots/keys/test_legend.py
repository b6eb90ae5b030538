from __future__ import annotations

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.seen import shown_content
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from explorer.analysis.frames.history import History
from explorer.analysis.raster.colouring import SCALES
from explorer.gui.plots.keys.colour_key import ColorKey
from explorer.gui.plots.keys.legend import Legend
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.features.view import FeaturesView


@pytest.fixture
def legend(qtbot):
    result = Legend()
    qtbot.addWidget(result)
    result.resize(400, 60)
    result.show()
    result.show_classes(LIGHT, 10, frozenset({3}), colored=True)
    qtbot.waitUntil(lambda: all(swatch.isVisible() for swatch in result.swatches))
    return result


def middle(swatch):
    return QColor(swatch.grab().toImage().pixelColor(4, swatch.height() // 2))


def test_each_class_has_a_swatch_in_its_colour_hidden_ones_an_outline(legend):
    for swatch in legend.swatches:
        shown = middle(swatch).getRgb()[:3] == LIGHT.class_color(swatch.label)
        assert shown == (swatch.label != 3)
        assert swatch.accessibleName() == f"Class {swatch.label}, {'shown' if shown else 'hidden'}"
    legend.show_classes(DARK, 4, frozenset(), colored=False)
    assert [swatch.text() for swatch in legend.swatches] == ["0", "1", "2", "3"]
    assert middle(legend.swatches[1]).getRgb()[:3] == DARK.line


def test_a_class_left_out_of_training_has_a_ring_in_its_colour_and_says_so(legend):
    legend.show_classes(LIGHT, 10, frozenset({3}), colored=True, unseen=frozenset({3, 7}))
    swatch = legend.swatches[7]
    picture = swatch.grab().toImage()
    row = [picture.pixelColor(x, swatch.height() // 2).getRgb()[:3] for x in range(swatch.width())]
    assert LIGHT.class_color(7) in row
    assert middle(swatch).getRgb()[:3] != LIGHT.class_color(7)
    assert swatch.accessibleName() == "Class 7, left out of training, shown"
    assert legend.swatches[3].accessibleName() == "Class 3, left out of training, hidden"
    assert "left out of training" in swatch.toolTip()


def test_a_click_toggles_and_a_double_click_isolates(legend, qtbot):
    heard = []
    legend.classToggleRequested.connect(lambda label: heard.append(("toggle", label)))
    legend.classIsolationRequested.connect(lambda label: heard.append(("isolate", label)))
    swatch = legend.swatches[6]
    qtbot.mouseClick(swatch, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(swatch, Qt.MouseButton.LeftButton)
    assert heard[0] == ("toggle", 6)
    assert heard[-1] == ("isolate", 6)


def test_all_classes_are_shown_again_by_one_click_which_is_offered_while_one_is_hidden(legend, qtbot):
    legend.show_classes(LIGHT, 10, frozenset(), colored=True)
    assert not legend.show_all.isVisible()
    legend.show_classes(LIGHT, 10, frozenset({3}), colored=True)
    assert legend.show_all.isVisible()
    legend.layout().activate()
    place, last = legend.show_all.geometry(), legend.swatches[-1].geometry()
    assert place.left() > last.right() or place.top() > last.bottom()
    with qtbot.waitSignal(legend.allClassesRequested):
        qtbot.mouseClick(legend.show_all, Qt.MouseButton.LeftButton)
    legend.show_classes(LIGHT, 12, frozenset(), colored=True)
    assert not legend.show_all.isVisible()


def test_the_keyboard_does_the_same(legend, qtbot):
    heard = []
    legend.classToggleRequested.connect(lambda label: heard.append(("toggle", label)))
    legend.classIsolationRequested.connect(lambda label: heard.append(("isolate", label)))
    legend.activateWindow()
    legend.swatches[2].setFocus()
    qtbot.keyClick(legend.swatches[2], Qt.Key.Key_Space)
    qtbot.keyClick(legend.swatches[2], Qt.Key.Key_Return)
    assert heard == [("toggle", 2), ("isolate", 2)]
    qtbot.keyClick(legend.swatches[2], Qt.Key.Key_Right)
    assert legend.focusWidget() is legend.swatches[3]


def test_the_menu_of_a_class_asks_for_everything_that_can_be_done_with_it(legend):
    heard = []
    legend.classToggleRequested.connect(lambda label: heard.append(("toggle", label)))
    legend.classIsolationRequested.connect(lambda label: heard.append(("isolate", label)))
    legend.colorRequested.connect(lambda label: heard.append(("colour", label)))
    legend.colorResetRequested.connect(lambda label: heard.append(("reset", label)))
    menu = legend.swatches[3].menu()
    assert [action.text() for action in menu.actions()] == [
        "Change colour of class 3…",
        "Use palette colour",
        "Show",
        "Show only this class",
    ]
    for action in menu.actions():
        action.trigger()
    assert heard == [("colour", 3), ("reset", 3), ("toggle", 3), ("isolate", 3)]
    at = QPoint(3, 3)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, legend.swatches[1].mapToGlobal(at))
    QApplication.sendEvent(legend.swatches[1], event)
    (popup,) = [menu for menu in legend.swatches[1].findChildren(QMenu) if menu.isVisible()]
    popup.close()


class CountedLayout(QVBoxLayout):
    """Counts how often it places what it holds."""

    def __init__(self, parent):
        super().__init__(parent)
        self.count_placed = 0

    def setGeometry(self, rect):
        self.count_placed += 1
        super().setGeometry(rect)


def test_swatches_are_made_as_long_as_there_is_time_and_all_come(legend):
    turns = 1
    while not legend.prepare(100, 0.0):
        turns += 1
    assert turns == 90, "one at least in each turn"
    legend.show_classes(LIGHT, 50, frozenset(), colored=True)
    assert [swatch.label for swatch in legend.swatches] == list(range(50))
    legend.show_classes(LIGHT, 3, frozenset(), colored=True)
    legend.show_classes(LIGHT, 100, frozenset(), colored=True)
    assert [swatch.label for swatch in legend.swatches] == list(range(100))
    heard = []
    legend.classToggleRequested.connect(heard.append)
    for swatch in legend.swatches:
        swatch.click()
    assert heard == list(range(100))


def test_many_classes_lay_out_the_window_once_or_twice(qtbot):
    """With a layout for each swatch, 256 classes made the window stand still for two seconds."""
    window = QWidget()
    qtbot.addWidget(window)
    layout, legend = CountedLayout(window), Legend()
    layout.addWidget(legend)
    window.resize(500, 400)
    window.show()
    QApplication.processEvents()
    layout.count_placed = 0
    legend.show_classes(LIGHT, 100, frozenset(), colored=True)
    for _ in range(3):
        QApplication.processEvents()
    assert all(swatch.isVisible() for swatch in legend.swatches)
    assert layout.count_placed < 10


def test_swatches_are_placed_again_only_where_their_lines_can_change(legend):
    """Qt gives a layout its place several times: a hundred classes took 2 ms each time."""
    flow, swatch = legend.layout(), legend.swatches[0]
    rect, place, away = legend.rect(), swatch.pos(), QPoint(-50, -50)
    for act, moved in (
        (lambda: flow.setGeometry(rect.adjusted(0, 0, 0, 40)), False),
        (lambda: flow.setGeometry(rect.adjusted(0, 0, -1, 0)), True),
        (flow.invalidate, False),
        (lambda: flow.setGeometry(rect.adjusted(0, 0, -1, 0)), True),
    ):
        swatch.move(away)
        act()
        assert swatch.pos() == (place if moved else away)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_key_explains_every_colour_that_is_no_class(qtbot, theme):
    key = ColorKey(theme)
    qtbot.addWidget(key)
    key.resize(300, key.sizeHint().height())
    seen = set()
    for mode in (*SCALES, "split"):
        key.show_mode(theme, mode)
        assert not key.isHidden()
        names = SCALES[mode].texts if mode in SCALES else ("test images", "training images")
        assert all(text in key.accessibleName() for text in names)
        seen.add(bytes(key.grab().toImage().constBits()))
    assert len(seen) == 5
    key.show_mode(theme, "class")
    assert key.isHidden()


def test_the_bar_under_the_features_asks_and_shows_what_came_of_it(qtbot):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    view.colorModeRequested.connect(view.state.set_color_mode)
    view.classIsolationRequested.connect(view.state.isolate_class)
    snapshot = make_snapshot(count=200)
    view.state.set_probe(snapshot.probe)
    view.set_snapshot(snapshot, History())
    by_class = shown_content(view).table
    view.bar.modes.setCurrentIndex(1)
    view.bar.modes.activated.emit(1)
    assert view.state.display.color_mode == "loss"
    assert shown_content(view).mode == "loss"
    assert len(shown_content(view).table) != len(by_class)
    assert not view.bar.key.isHidden()
    view.classToggleRequested.connect(view.state.toggle_class)
    view.allClassesRequested.connect(view.state.show_all_classes)
    swatches = view.bar.legend.swatches
    qtbot.mouseDClick(swatches[8], Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(swatches[8], Qt.MouseButton.LeftButton)
    assert all(swatch.shown for swatch in swatches), "a second double-click brings all back"
    view.state.set_display(DisplaySettings(hidden=frozenset(range(1, 10))))
    assert swatches[0].menu().actions()[-1].text() == "Show all classes"
    qtbot.keyClick(swatches[0], Qt.Key.Key_Return)
    assert all(swatch.shown for swatch in swatches), "so does Enter, however it came to be alone"
    qtbot.mouseDClick(swatches[8], Qt.MouseButton.LeftButton)
    assert set(snapshot.probe.labels[shown_content(view).rows].tolist()) == {8}
    assert [swatch.shown for swatch in swatches] == [i == 8 for i in range(10)]


@pytest.mark.parametrize("width", [360, 500, 620, 660, 1200])
def test_the_legend_never_takes_more_than_two_lines_from_the_plot(qtbot, width):
    view = FeaturesView(LIGHT)
    qtbot.addWidget(view)
    view.resize(width, 500)
    view.show()
    snapshot = make_snapshot(count=200)
    view.state.set_probe(snapshot.probe)
    view.set_snapshot(snapshot, History())
    view.state.select(np.arange(30))
    qtbot.waitUntil(lambda: all(swatch.isVisible() for swatch in view.bar.legend.swatches))
    view.grab()
    lines = {swatch.y() for swatch in view.bar.legend.swatches}
    assert len(lines) <= 2
    assert view.bar.height() < 100
    assert not view.bar.legend.geometry().intersects(view.bar.modes.geometry())
