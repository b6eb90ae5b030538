"""Fingers on a touch screen: taps, holds, drags, scrolling and pinches, through Qt's own events."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollArea, QScroller, QVBoxLayout, QWidget
from shiboken6 import isValid

from explorer.gui.controls.inputs import Slider
from explorer.gui.plots.style import Plot
from explorer.gui.theme.theme import LIGHT
from explorer.gui.touch.support import HOLD_MS, SLOP, support_touch
from explorer.gui.touch.target import take_drags
from explorer.gui.views.features.space.orbit import OrbitCanvas


@pytest.fixture(scope="module")
def screen(qapp):
    assert qapp is not None, "a device needs an application"
    return QTest.createTouchDevice()


class Spot(QWidget):
    """Notes what mouse and menu key do to it."""

    def __init__(self):
        super().__init__()
        self.setMouseTracking(True)
        self.acts = []

    def mousePressEvent(self, event):
        self.acts.append(("press", event.position().toPoint()))

    def mouseMoveEvent(self, event):
        self.acts.append(("drag" if event.buttons() else "point", event.position().toPoint()))

    def mouseReleaseEvent(self, event):
        self.acts.append(("release", event.position().toPoint()))

    def mouseDoubleClickEvent(self, event):
        self.acts.append(("double", event.position().toPoint()))

    def contextMenuEvent(self, event):
        self.acts.append(("menu", event.pos()))


def shown(qtbot, widget):
    support_touch()
    qtbot.addWidget(widget)
    widget.resize(300, 300)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


@pytest.fixture
def spot(qtbot):
    return shown(qtbot, Spot())


def touch(screen, widget, *paths):
    """Move fingers along paths of equally many places, all at once."""
    for number, places in enumerate(zip(*paths, strict=True)):
        event = QTest.touchEvent(widget, screen)
        for finger, place in enumerate(places):
            (event.move if number else event.press)(finger, place, widget)
        event.commit()
    event = QTest.touchEvent(widget, screen)
    for finger, path in enumerate(paths):
        event.release(finger, path[-1], widget)
    event.commit()


def test_a_tap_points_at_a_place_and_clicks_it_and_two_are_a_double_click(spot, screen):
    at = QPoint(50, 60)
    touch(screen, spot, [at, at + QPoint(int(SLOP) - 4, 0)])
    assert spot.acts == [("point", at), ("press", at), ("release", at)]
    touch(screen, spot, [at])
    assert spot.acts[3:] == [("point", at), ("double", at), ("release", at)]
    touch(screen, spot, [at])
    assert spot.acts[7] == ("press", at), "a third tap is the first of another pair"


def test_a_drag_is_that_of_a_mouse_from_where_the_finger_came_down(spot, screen):
    start, middle, end = QPoint(10, 10), QPoint(60, 20), QPoint(120, 30)
    touch(screen, spot, [start, middle, end])
    assert spot.acts == [("press", start), ("drag", middle), ("drag", end), ("release", end)]


def test_a_finger_at_rest_opens_the_menu_and_clicks_nothing(spot, screen, qtbot):
    at = QPoint(80, 90)
    QTest.touchEvent(spot, screen).press(0, at, spot).commit()
    qtbot.waitUntil(lambda: bool(spot.acts))
    QTest.touchEvent(spot, screen).release(0, at, spot).commit()
    assert spot.acts == [("menu", at)]


def test_a_finger_scrolls_what_it_is_on_but_a_slider_takes_a_drag_along_it(qtbot, screen):
    area, column, pressed = QScrollArea(), QWidget(), []
    layout = QVBoxLayout(column)
    slider, pad = Slider(), Spot()
    take_drags(pad)
    for widget in (slider, pad):
        widget.setMinimumHeight(60)
        layout.addWidget(widget)
    for _number in range(12):
        button = QPushButton("button")
        button.setMinimumHeight(40)
        button.clicked.connect(lambda: pressed.append(1))
        layout.addWidget(button)
    area.setWidget(column)
    area.setWidgetResizable(True)
    shown(qtbot, area)
    bar, middle = area.verticalScrollBar(), slider.mapTo(area, slider.rect().center())
    assert bar.maximum() > 100

    touch(screen, area, [middle, middle + QPoint(30, 2), middle + QPoint(60, 2)])
    assert (bar.value(), slider.value() > 50) == (0, True)
    of_pad = pad.mapTo(area, pad.rect().center())
    touch(screen, area, [of_pad, of_pad - QPoint(0, 20), of_pad - QPoint(0, 40)])
    assert (bar.value(), pad.acts[0][0]) == (0, "press")
    moved, low = slider.value(), QPoint(100, 250)
    touch(screen, area, [low, low - QPoint(0, 40), low - QPoint(0, 80)])
    qtbot.waitUntil(lambda: bar.value() >= 60)
    QScroller.scroller(area.viewport()).stop()
    assert (pressed, slider.value()) == ([], moved)
    touch(screen, area, [low])
    assert pressed == [1]


def test_a_tap_gives_a_field_the_keyboard_and_a_button_leaves_it_there(qtbot, screen):
    page = QWidget()
    column, field, button = QVBoxLayout(page), QLineEdit(), QPushButton("button")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    other = QLineEdit()
    for widget in (other, field, button):
        column.addWidget(widget)
    shown(qtbot, page)
    other.setFocus()
    for widget in (field, button):
        touch(screen, page, [widget.geometry().center()])
        assert page.focusWidget() is field


def test_what_a_finger_is_on_can_be_deleted(qtbot, screen):
    page = shown(qtbot, QWidget())
    start = QPoint(50, 50)
    for ending in ("release", "drag", "hold"):
        spot = Spot()
        spot.setParent(page)
        spot.resize(page.size())
        spot.show()
        event = QTest.touchEvent(page, screen).press(0, start, page)
        event.commit()
        if ending == "drag":
            QTest.touchEvent(page, screen).move(0, start + QPoint(40, 0), page).commit()
            assert spot.acts[-1][0] == "drag"
        spot.deleteLater()
        QTest.qWait(0 if ending != "hold" else HOLD_MS + 50)
        assert not isValid(spot)
        QTest.touchEvent(page, screen).move(0, start + QPoint(80, 0), page).commit()
        QTest.touchEvent(page, screen).release(0, start + QPoint(80, 0), page).commit()


def test_two_fingers_zoom_a_plot_about_their_middle_and_pan_it(qtbot, screen):
    plot = shown(qtbot, Plot(LIGHT, x="x", y="y"))
    plot.box.setRange(xRange=(0, 10), yRange=(0, 10), padding=0)
    middle = QPoint(150, 140)
    before = plot.box.mapSceneToView(plot.mapToScene(middle))
    fingers = [
        [middle - QPoint(size, 0) for size in (40, 80)],
        [middle + QPoint(size, 0) for size in (40, 80)],
    ]
    touch(screen, plot, *fingers)
    after, seen = plot.box.mapSceneToView(plot.mapToScene(middle)), plot.visible()
    assert seen.right - seen.left == pytest.approx(5, rel=0.02), "twice as large"
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.05)
    by = QPoint(30, 0)
    touch(screen, plot, *[[path[1], path[1] + by] for path in fingers])
    moved = plot.box.mapSceneToView(plot.mapToScene(middle + by))
    assert moved.x() == pytest.approx(before.x(), abs=0.05)


def test_two_fingers_zoom_space_and_one_turns_it(qtbot, screen):
    space = shown(qtbot, OrbitCanvas())
    first, middle = space.camera, QPoint(150, 150)
    touch(screen, space, *[[middle + QPoint(way * size, 0) for size in (40, 60)] for way in (-1, 1)])
    assert space.camera.zoom == pytest.approx(1.5 * first.zoom)
    turned = space.camera
    touch(screen, space, [middle, middle + QPoint(30, 0), middle + QPoint(60, 0)])
    assert space.camera.zoom == turned.zoom
    assert space.camera != turned
