"""The window without a mouse, and for those who hear it: everything can be reached, and has a name."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.drawn import pixels
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
    QWidget,
)

from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.controls.inputs import Slider
from explorer.gui.memory.window_memory import Memory, save_memory
from explorer.gui.plots.style import Plot
from explorer.gui.state.view_state import DisplaySettings
from explorer.gui.theory.prose import ProseView
from explorer.gui.views.classes.view import ClassesView
from explorer.gui.views.features.space.canvas import SpaceCanvas
from explorer.gui.views.margin_curve.view import MarginCurveView

CONTROLS = (
    QAbstractButton,
    QComboBox,
    QAbstractSpinBox,
    QAbstractSlider,
    QAbstractItemView,
    QLineEdit,
    QTabBar,
)
MOST_STOPS = 300
MOST_LINKS = 30
LONGEST_DELAY_MS = 150
SNAPSHOT = make_snapshot(200, loss="arcface", train=50)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    path = tmp_path_factory.mktemp("keyboard") / "window.toml"
    save_memory(path, Memory(RunConfig().replace({"loss.name": "arcface"}), "light", smooth=False))
    app = App(["/nowhere/no worker is needed"], path)
    app.window.resize(1300, 900)
    app.window.show()
    app.presets.load()
    yield app
    app.window.close()
    app.window.deleteLater()


@pytest.fixture
def app(opened, qtbot):
    """A window in which a run is shown, something is selected, and a message has details and two buttons."""
    window = opened.window
    window.activateWindow()
    opened.run.set_loss("arcface")
    show(opened, SNAPSHOT)
    opened.pane.state.set_display(DisplaySettings())
    opened.pane.state.select(np.arange(5))
    nothing = [("One thing", lambda: None), ("Another", lambda: None)]
    window.banner.show_message("error", "Something failed.", "the details", nothing)
    for dock in window.findChildren(QDockWidget):
        dock.show()
    settle()
    yield opened
    opened.features.set_snapshot(SNAPSHOT, make_history(5))  # hides space, which draws anew at rest
    opened.undo.clear()
    opened.autosave.save()
    qtbot.wait(LONGEST_DELAY_MS)  # for what is shown a moment later
    qtbot.waitUntil(
        lambda: not any(text.waiting for text in window.findChildren(ProseView) if text.isVisible())
    )
    opened.viewing.theory.stop()
    opened.undo.gestures.end()  # a test before may have left a mouse button pressed


def show(app, snapshot):
    app.pane.state.set_probe(snapshot.probe)
    for view in app.pane.views.values():
        view.images = type(
            "NoImages", (), {"pixels": lambda *_: None, "complaint": "", "image": lambda *_: None}
        )()
        view.set_snapshot(snapshot, make_history(5))


def settle():
    """Let posted events come, so that what was shown has its place."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
        QApplication.processEvents()


def in_sight(widget):
    """Whether any of a widget lies within all that it is in."""
    seen = widget.rect()
    while widget is not widget.window():
        widget, seen = widget.parentWidget(), seen.translated(widget.pos())
        seen = seen.intersected(widget.rect())
    return not seen.isEmpty()


def part_of_another(widget):
    """Whether a widget is a piece of a control, which has the name and the keyboard for it."""
    parent = widget.parentWidget()
    return (
        isinstance(widget, QScrollBar | QHeaderView)
        or (isinstance(parent, QAbstractScrollArea) and widget is parent.viewport())
        or isinstance(parent, QAbstractSpinBox | QComboBox | QTabBar | QAbstractItemView)
        or widget.objectName().startswith("qt_dockwidget")  # the menu View opens and closes docks
    )


def interactive(window):
    """Return every control and plot that can be seen now, in whatever dock."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and not isinstance(widget, QMenu)
        and (
            isinstance(widget, (*CONTROLS, Plot, SpaceCanvas))
            or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        )
        and not part_of_another(widget)
    ]


def describe(widget):
    words = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    return f"{type(widget).__name__} {words!r} in {type(widget.parentWidget()).__name__}"


def stops(window, qtbot, key=Qt.Key.Key_Tab):
    """Return what Tab goes through, in its order."""
    window.run_bar.toggle.setFocus()
    found = [window.run_bar.toggle]
    for _ in range(MOST_STOPS):
        qtbot.keyClick(QApplication.focusWidget(), key)
        found.append(QApplication.focusWidget())
        if found[-1] is found[0]:
            return list(dict.fromkeys(found))
    raise AssertionError(f"Tab does not come round: {[describe(widget) for widget in found[-70:]]}")


def go_on_from(widget, qtbot):
    """Press Tab; a text with links is left after the last one."""
    for _ in range(MOST_LINKS):
        if QApplication.focusWidget() is widget:
            qtbot.keyClick(widget, Qt.Key.Key_Tab)


def picture_of(widget):
    """Return how a widget looks."""
    return pixels(widget.grab().toImage())


def spoken(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def both_dimensions(app):
    """Yield what can be seen of a run in the plane, and of one in space."""
    yield interactive(app.window)
    show(app, make_snapshot(200, dim=3, loss="arcface"))
    settle()
    yield interactive(app.window)


def test_every_control_and_plot_has_a_name(app):
    for widgets in both_dimensions(app):
        assert len(widgets) > 50
        assert [describe(widget) for widget in widgets if not spoken(widget).strip()] == []


def test_no_two_controls_in_the_same_place_have_the_same_name(app):
    names = Counter(
        (spoken(widget), type(widget).__name__, id(widget.parentWidget()))
        for widget in interactive(app.window)
    )
    assert [name for name, count in names.items() if count > 1 and name[1] != "QTabBar"] == []


def grouped(widget):
    """Whether arrow keys reach a button from another of its group, or a field does a slider's work."""
    if isinstance(widget, Slider):
        return True
    return isinstance(widget, QAbstractButton) and widget.group() is not None and widget.group().exclusive()


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_reaches_every_control_and_plot_and_never_stays(app, qtbot, key):
    reached = set(stops(app.window, qtbot, key))
    lost = [w for w in interactive(app.window) if w.isEnabled() and w not in reached and not grouped(w)]
    assert [describe(widget) for widget in lost] == []


def test_tab_reaches_the_features_in_space(app, qtbot):
    *_, widgets = both_dimensions(app)
    assert app.features.space in widgets
    assert app.features.space in stops(app.window, qtbot)


def test_a_group_is_gone_through_by_arrow_keys(app, qtbot):
    tools = app.features.bar.tools
    tools["move"].setFocus()
    for name in ("lasso", "rectangle"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
        assert QApplication.focusWidget() is tools[name]
        assert tools[name].isChecked()


def test_tab_leaves_each_part_of_the_window_only_once(app, qtbot):
    """What is made later than its surroundings still has its place among them."""
    window = app.window
    app.run.set_loss("cosface")
    for view in app.pane.views.values():  # one that was never in front has drawn nothing yet
        if view is not app.features:
            window.findChild(QDockWidget, view.title).raise_()
            qtbot.waitUntil(lambda view=view: view.drawable)
    order = stops(window, qtbot)
    for part in (
        window.run_bar,
        window.banner,
        app.features,
        window.side_panel,
        *app.pane.views.values(),
    ):
        inside = [part.isAncestorOf(widget) for widget in order]
        entries = [order[i] for i, now in enumerate(inside) if now and not (i and inside[i - 1])]
        assert len(entries) == 1, [describe(widget) for widget in entries]
    form = window.side_panel.loss.form
    rows = [
        window.side_panel.loss.choice,
        *(stop for stop in form.stops() if stop.isVisible()),
    ]
    assert len(rows) > 2
    assert order[order.index(rows[0]) :][: len(rows)] == rows


def test_whatever_has_the_keyboard_is_in_sight_and_looks_so(app, qtbot):
    window = app.window
    unseen, alike = [], []
    window.run_bar.toggle.setFocus(Qt.FocusReason.TabFocusReason)
    for widget in stops(window, qtbot):
        assert QApplication.focusWidget() is widget
        settle()
        if not in_sight(widget):
            unseen.append(describe(widget))
        if isinstance(widget, QLabel):  # it shows the keyboard at its link only, to which Tab goes next
            qtbot.keyClick(widget, Qt.Key.Key_Tab)
        focused = picture_of(widget)
        go_on_from(widget, qtbot)
        settle()
        if np.array_equal(focused, picture_of(widget)):
            alike.append(describe(widget))
    assert unseen == []
    assert alike == []


def test_a_click_on_a_button_leaves_space_to_the_run(app):
    """Only what was reached by Tab is pressed by Space."""
    buttons = [w for w in interactive(app.window) if isinstance(w, QAbstractButton)]
    assert len(buttons) > 20
    assert [describe(w) for w in buttons if w.focusPolicy() & Qt.FocusPolicy.ClickFocus] == []


def test_space_presses_the_button_that_has_the_keyboard_and_else_starts_the_run(app, qtbot, monkeypatch):
    window = app.window
    started = []
    monkeypatch.setattr(app.run, "toggle", lambda: started.append(True))

    def press():
        """Press Space as the window system does, so that it may be a shortcut."""
        qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Space)

    swatch = app.features.bar.legend.swatches[3]
    swatch.setFocus(Qt.FocusReason.TabFocusReason)
    press()
    assert not started
    assert app.pane.state.display.hidden == {3}
    for widget in (
        app.features.plane,
        app.pane.view(ClassesView).table,
        app.features.bar.modes,
    ):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        press()
    assert len(started) == 3
    assert QApplication.activePopupWidget() is None


def all_actions(window):
    """Yield every action of the menus, at any depth."""
    left = list(window.menuBar().actions())
    while left:
        action = left.pop()
        if not action.isSeparator():
            yield action
        if action.menu() is not None:
            left += action.menu().actions()


def test_every_action_has_words_and_every_shortcut_one_action(app):
    actions = list(all_actions(app.window))
    assert len(actions) > 30
    assert [action for action in actions if not action.text().replace("&", "").strip()] == []
    keys = Counter(
        key.toString()
        for action in {*actions, *app.window.findChildren(QAction)}
        for key in action.shortcuts()
    )
    assert [key for key, count in keys.items() if count > 1] == []


def mnemonic(text):
    found = re.search(r"&([^&])", text.replace("&&", ""))
    return found.group(1).lower() if found else None


def test_a_letter_means_one_thing_in_a_menu(app):
    window = app.window
    open_menus = [window.menuBar().actions()]
    while open_menus:
        actions = open_menus.pop()
        letters = Counter(filter(None, (mnemonic(action.text()) for action in actions)))
        assert {letter for letter, count in letters.items() if count > 1} == set(), [
            a.text() for a in actions
        ]
        open_menus += [action.menu().actions() for action in actions if action.menu() is not None]


def test_every_panel_can_be_opened_gone_to_and_closed_by_one_key(app):
    window = app.window
    docks = window.findChildren(QDockWidget)
    assert len(docks) > 7
    by_text = {action.text(): action for action in app.actions.menu("panels").actions()}
    for dock in docks:
        action = by_text[dock.windowTitle()]
        assert not action.shortcut().isEmpty()
        dock.hide()
        assert not action.isChecked()
        action.trigger()
        settle()
        assert dock.isAncestorOf(QApplication.focusWidget())
        assert in_sight(dock)
        assert action.isChecked()
        action.trigger()
        assert dock.isHidden()
        assert not action.isChecked()
    by_text["Features"].trigger()
    assert app.features.isAncestorOf(QApplication.focusWidget())
    assert app.features.isVisible()


def test_a_panel_behind_another_comes_to_the_front_before_it_closes(app):
    window = app.window
    front, back = (window.findChild(QDockWidget, title) for title in ("Classes", "Samples"))
    actions = {action.text(): action for action in app.actions.menu("panels").actions()}
    actions["Samples"].trigger()
    settle()
    front.raise_()
    settle()
    actions["Samples"].trigger()
    settle()
    assert not back.isHidden()
    assert in_sight(back)


def test_a_dock_comes_to_the_front_with_the_keyboard(app):
    for dock in app.window.findChildren(QDockWidget):  # a view that was never in front has no controls yet
        dock.raise_()
        settle()
    for view in app.pane.views.values():
        target = next(
            w
            for w in view.findChildren(QWidget)
            if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        )
        target.setFocus(Qt.FocusReason.TabFocusReason)
        settle()
        assert in_sight(view), view.title


def test_a_plot_moves_and_zooms_by_keys(app, qtbot):
    plot = app.features.plane
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    before = plot.visible()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    moved = plot.visible()
    assert moved.left - before.left == pytest.approx(0.1 * (before.right - before.left))
    assert moved.bottom == pytest.approx(before.bottom)
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.visible().right - plot.visible().left == pytest.approx(0.8 * (moved.right - moved.left))
    app.actions.action("view.reset").trigger()
    assert plot.visible().left == pytest.approx(before.left)


def test_a_curve_moves_along_its_angles_only(app, qtbot):
    plot = app.pane.view(MarginCurveView).curve
    before = plot.visible()
    qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert plot.visible() == before
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.visible().left > before.left
    assert plot.visible().top == before.top


def test_space_turns_and_zooms_by_keys(app, qtbot):
    """What faces the eye goes where the arrow points."""
    *_, _ = both_dimensions(app)
    space = app.features.space
    space.setFocus(Qt.FocusReason.TabFocusReason)
    start = space.camera
    facing = start.rotation()[2:]
    (x, y), *_ = space.pixels(facing)
    qtbot.keyClick(space, Qt.Key.Key_Right)
    assert space.pixels(facing)[0][0] > x
    qtbot.keyClick(space, Qt.Key.Key_Up)
    assert space.pixels(facing)[0][1] < y
    qtbot.keyClick(space, Qt.Key.Key_Minus)
    assert space.camera.zoom < start.zoom
    app.actions.action("view.reset").trigger()
    assert space.camera == start


def test_r_resets_the_view_that_has_the_keyboard_and_shift_r_all(app, qtbot):
    show(app, make_snapshot(200, loss="arcface"))
    view = app.pane.view(MarginCurveView)
    app.window.findChild(QDockWidget, view.title).raise_()  # one behind others has drawn nothing yet
    qtbot.waitUntil(lambda: view.drawable)
    app.pane.reset_views()
    view.refresh()
    plane, curve = app.features.plane, view.curve
    at_first = plane.visible(), curve.visible()
    for plot in (plane, curve):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
    moved = plane.visible(), curve.visible()
    assert moved[0] != at_first[0]
    assert moved[1] != at_first[1]
    curve.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(app.window.windowHandle(), Qt.Key.Key_R)
    assert (plane.visible(), curve.visible()) == (moved[0], at_first[1])
    qtbot.keyClick(curve, Qt.Key.Key_Right)
    qtbot.keyClick(app.window.windowHandle(), Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert (plane.visible(), curve.visible()) == at_first
