"""Every lab in its window: controls, examples, demonstration, keys, pictures, themes and language."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from gui.test_language import assert_translated, painted
from gui.views.packed_pixels import pixels
from msgspec.structs import asdict
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget

from explorer.core.texts import _
from explorer.gui.app import App
from explorer.gui.controls.editors.number import NumberEditor
from explorer.gui.controls.labels import ClickableLabel
from explorer.gui.labs.commands import labs_entries
from explorer.gui.labs.lab import FIRST_CONTROLS, LabContext, Step
from explorer.gui.labs.lab_plot import LabPlot
from explorer.gui.labs.readings_table import ReadingsTable
from explorer.gui.labs.registry import LABS
from explorer.gui.labs.titles import TITLES
from explorer.gui.labs.window import LabsWindow
from explorer.gui.theme.theme import DARK, LIGHT

__all__ = ["painted"]

IDS = [lab.id for lab in LABS]
EXAMPLES = [(lab.id, example) for lab in LABS for example in lab.examples]


def settle():
    for _round in range(3):
        QCoreApplication.sendPostedEvents()
        QApplication.processEvents()


def shown(row):
    return row.isVisibleTo(row.window())


def play_to_the_end(page):
    """Go through a demonstration without waiting, several times within each step."""
    page.demonstrate.click()
    assert page.demonstration.playing
    begin = 0.0
    for step in page.spec.steps:
        for share in (0.0, 0.3, 0.7):
            page.demonstration.show_moment(begin + share * step.seconds)
            assert page.sheet.remark.text() == _(step.text)
        begin += step.seconds
    page.demonstration.show_moment(begin + 1)


@pytest.mark.parametrize("id_", IDS)
def test_a_lab_opens_with_one_question_and_three_controls(page_of, id_):
    page = page_of(id_)
    assert page.sheet.question.text().endswith("?")
    assert sum(shown(row) for row in page.rows.values()) == FIRST_CONTROLS
    page.more.header.click()
    assert all(shown(row) for row in page.rows.values())


@pytest.mark.parametrize("id_", IDS)
def test_a_demonstration_runs_to_its_end_and_can_be_played_again(page_of, id_):
    page = page_of(id_)
    for _round in range(2):
        play_to_the_end(page)
        assert not page.demonstration.playing
        assert page.options == page.spec.steps[-1].options
        assert page.demonstrate.text() == "Show me"


@pytest.mark.parametrize("id_", IDS)
def test_a_demonstration_stops_where_it_is(page_of, id_):
    page = page_of(id_)
    page.demonstrate.click()
    page.demonstration.show_moment(page.spec.steps[0].seconds * 1.01)
    here = page.options
    page.demonstrate.click()
    assert not page.demonstration.playing
    assert page.options == here
    page.restore.click()
    assert page.options == page.spec.initial
    assert page.sheet.remark.text() == ""


def test_a_demonstration_plays_by_itself(page_of, qtbot):
    page = page_of(IDS[0])
    page.demonstrate.click()
    seen = page.options
    qtbot.waitUntil(lambda: page.demonstration.playing and page.sheet.remark.text() != "")
    page.demonstration.play(seen, [Step(step.options, 0.05, step.text) for step in page.spec.steps], True)
    qtbot.waitUntil(lambda: not page.demonstration.playing)
    assert page.options == page.spec.steps[-1].options


@pytest.mark.parametrize("id_", IDS)
def test_without_smooth_motion_a_demonstration_shows_only_the_ends_of_its_steps(page_of, motion, id_):
    motion["smooth"] = False
    page = page_of(id_)
    moments = []
    page.demonstration.optionsRequested.connect(moments.append)
    play_to_the_end(page)
    ends = [step.options for step in page.spec.steps]
    assert all(options in ends for options in moments)


@pytest.mark.parametrize("id_", IDS)
def test_another_lab_in_front_stops_the_demonstration(page_of, labs, id_):
    page = page_of(id_)
    page.demonstrate.click()
    labs.hide()
    assert not page.demonstration.playing


@pytest.mark.parametrize(("id_", "example"), EXAMPLES, ids=lambda value: getattr(value, "id", value))
def test_an_example_shows_its_options_and_what_is_right(page_of, id_, example):
    page = page_of(id_)
    page.examples[example.id].click()
    assert page.options == example.options
    card = page.sheet.card
    assert shown(card)
    assert card.parts["claim"].text() == example.claim
    assert card.parts["why"].text() == example.why
    if example.correct is not None:
        assert card.parts["correct"].text() == example.correct(example.options)
    assert page.sheet.readings.readings.rows
    page.restore.click()
    assert not shown(card)


@pytest.mark.parametrize("id_", IDS)
def test_an_example_is_over_once_something_else_is_set(page_of, id_):
    page = page_of(id_)
    change = next(iter(page.rows.values())).valueRequested
    for begin in (page.examples[page.spec.examples[0].id].click, lambda: play_to_the_end(page)):
        for request, value in ((change, page.rows), (page.sheet.figure.optionsRequested, None)):
            begin()
            assert shown(page.sheet.card) or page.sheet.remark.text()
            request.emit(page.options if value is None else next(iter(page.rows.values())).value)
            assert not shown(page.sheet.card)
            assert page.sheet.remark.text() == ""


def test_a_lab_is_shown_once_when_it_is_built(labs, monkeypatch):
    drawn = []
    monkeypatch.setattr(ReadingsTable, "show_readings", lambda _table, readings: drawn.append(readings))
    labs.set_theme(DARK)
    drawn.clear()
    labs.show_lab(IDS[-1])
    assert len(drawn) == 1
    assert labs.page.theme is DARK


@pytest.mark.parametrize("id_", IDS)
def test_every_control_changes_the_options_and_shows_what_it_changed(page_of, id_):
    page = page_of(id_)
    for name in list(page.rows):
        page.restore.click()
        if name not in page.rows:
            continue
        row, before = page.rows[name], page.options
        param = row.param
        other = {
            "bool": lambda value: not value,
            "choice": lambda value, param=param: next(c for c in param.choices if c != value),
            "text": lambda _value: "3, 4",
        }.get(param.kind)
        if other is not None:
            row.editor.valueRequested.emit(other(row.value))
        else:
            assert isinstance(row.editor, NumberEditor)
            slider = row.editor.slider
            slider.setValue(slider.minimum() if slider.value() > slider.minimum() else slider.maximum())
        assert page.options != before, name
        assert not page.rows[name].error


@pytest.mark.parametrize("id_", IDS)
def test_a_value_that_cannot_be_used_is_refused_with_a_sentence(page_of, id_):
    page = page_of(id_)
    for name, row in page.rows.items():
        if row.param.kind in ("float", "int", "text"):
            before = page.options
            row.editor.valueRequested.emit("one two")
            assert row.error.endswith("."), name
            assert page.options == before


@pytest.mark.parametrize("id_", IDS)
def test_a_double_click_on_a_label_restores_what_the_lab_opened_with(page_of, qtbot, id_):
    page = page_of(id_)
    for row in list(page.rows.values()):
        if isinstance(row.editor, NumberEditor):
            before = row.value
            row.editor.slider.setValue(row.editor.slider.maximum())
            assert row.value != before
            label = row.findChild(ClickableLabel)
            qtbot.mouseDClick(label, Qt.MouseButton.LeftButton)
            assert row.value == pytest.approx(before, rel=1e-4)


@pytest.mark.parametrize("id_", IDS)
def test_the_keys_move_every_point(page_of, qtbot, id_):
    page = page_of(id_)
    page.more.header.click()
    for plot in page.sheet.figure.findChildren(LabPlot):
        for index in range(len(plot.handles)):
            plot.current = index
            handle = plot.handles[index]
            for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Minus):
                before = page.options
                qtbot.keyClick(plot, key, Qt.KeyboardModifier.NoModifier)
                assert page.options != before, (handle.name, key)
        if len(plot.handles) > 1:
            plot.current = 0
            qtbot.keyClick(plot, Qt.Key.Key_PageDown)
            assert plot.current == 1
            qtbot.keyClick(plot, Qt.Key.Key_PageUp)
            assert plot.current == 0


@pytest.mark.parametrize("id_", IDS)
def test_tab_goes_down_the_panel_and_to_every_plot_with_points(page_of, qtbot, id_):
    page = page_of(id_)
    page.more.header.click()
    first = page.spec.controls(page.options)[0]
    if first.param.kind == "choice":  # other controls, made later than their neighbours
        row = page.rows[first.param.name]
        row.editor.valueRequested.emit(first.param.choices[-1])
    settle()
    page.demonstrate.setFocus()
    found = [page.demonstrate]
    while len(found) < 80 and (len(found) == 1 or found[-1] is not found[0]):
        qtbot.keyClick(found[-1], Qt.Key.Key_Tab)
        found.append(QApplication.focusWidget())
    inputs = [row.editor.input for row in page.rows.values()]
    places = [found.index(widget) for widget in (*inputs, *page.examples.values())]
    assert places == sorted(places)
    plots = [plot for plot in page.sheet.figure.findChildren(LabPlot) if plot.handles]
    assert all(plot in found for plot in plots)


@pytest.mark.parametrize("id_", IDS)
def test_the_pointer_drags_every_point(page_of, qtbot, id_):
    page = page_of(id_)
    settle()
    for plot in page.sheet.figure.findChildren(LabPlot):
        for handle in plot.handles:
            before, at = page.options, plot.pixel(handle.at).toPoint()
            view = plot.viewport()
            qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
            centre = view.rect().center()
            to = at + (centre - at) / 3 if (centre - at).manhattanLength() > 60 else at * 0.9
            qtbot.mouseMove(view, to)
            qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=to)
            assert page.options != before, handle.name
            settle()


@pytest.mark.parametrize("id_", IDS)
def test_the_picture_of_a_lab_is_copied_with_its_numbers(page_of, labs, id_):
    page = page_of(id_)
    settle()
    labs.action_set.action("labs.copy").trigger()
    image = QGuiApplication.clipboard().image()
    assert image.size() == page.sheet.size() * 2
    assert len(np.unique(pixels(image))) > 20
    assert "clipboard" in labs.statusBar().currentMessage()


def test_the_picture_of_a_lab_is_saved(labs, tmp_path, qtbot):
    labs.action_set.action("labs.save").trigger()
    dialog = QApplication.activeModalWidget()
    with qtbot.waitSignal(dialog.saved):
        dialog.save(tmp_path / "lab.png")
    assert (tmp_path / "lab.png").read_bytes().startswith(b"\x89PNG")
    assert "lab.png" in labs.statusBar().currentMessage()


@pytest.mark.parametrize("id_", IDS)
def test_a_lab_changes_its_theme(page_of, labs, id_):
    page = page_of(id_)
    settle()
    light = pixels(page.sheet.grab().toImage())
    labs.set_theme(DARK)
    dark = pixels(page.sheet.grab().toImage())
    assert light.shape == dark.shape
    assert (light != dark).mean() > 0.5


@pytest.mark.parametrize("id_", IDS)
def test_a_lab_fits_a_small_screen_at_twice_its_scale_and_needs_no_scrolling_at_its_own(labs, page_of, id_):
    page = page_of(id_)
    for example in page.spec.examples:
        page.show_example(example)
        settle()
        least = labs.minimumSizeHint()
        assert least.width() <= 1366 / 2
        assert least.height() <= 768 / 2
    labs.resize(1366, 768 - 40)
    for example in page.spec.examples:
        page.show_example(example)
        settle()
        assert page.sheet.size() == page.sheet.parentWidget().size()


@pytest.mark.parametrize("id_", IDS)
def test_nothing_is_cut_at_the_size_that_a_lab_opens_with_on_a_small_screen(labs, page_of, id_):
    labs.resize(1280, 720)
    page = page_of(id_)
    for example in page.spec.examples:
        page.show_example(example)
        settle()
        for plot in filter(QWidget.isVisible, page.findChildren(LabPlot)):
            for axis in plot.axes.values():
                name, room = axis.label.sceneBoundingRect(), plot.sceneRect()
                margin = axis.label.document().documentMargin()
                across = (name.left(), name.right(), room.right())
                along = (name.top(), name.bottom(), room.bottom())
                first, last, end = across if axis.orientation in ("bottom", "top") else along
                assert first + margin >= 0, axis.labelText
                assert last - margin <= end, axis.labelText
        for area in filter(QWidget.isVisible, page.findChildren(QScrollArea)):
            assert area.horizontalScrollBar().maximum() == 0


def test_every_tab_is_reached_by_its_shortcut(labs, qtbot):
    for lab, key in zip(LABS, "12345", strict=True):
        qtbot.keyClick(labs.windowHandle(), key, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda lab=lab: labs.page.spec is lab)
        assert lab.title in labs.windowTitle()


def test_the_labs_are_those_that_can_be_named_before_they_are_loaded():
    assert [(lab.id, lab.title) for lab in LABS] == list(asdict(TITLES).items())


def test_no_two_commands_of_the_window_share_a_shortcut():
    keys = [key for entry in labs_entries() for key in getattr(entry, "shortcuts", ())]
    assert len(keys) == len(set(keys))


def test_all_buttons_leave_the_keyboard_to_what_is_reached_by_tab(labs):
    buttons = labs.findChildren(QPushButton)
    assert [b.text() for b in buttons if b.focusPolicy() & Qt.FocusPolicy.ClickFocus] == []


def test_all_words_of_the_labs_are_translated(painted, qtbot, tmp_path):
    window = LabsWindow(LabContext(LIGHT, tmp_path), lambda: True)
    qtbot.addWidget(window)
    window.show()
    for lab in LABS:
        window.show_lab(lab.id)
        for example in (None, *window.page.spec.examples):
            if example is not None:
                window.page.show_example(example)
            window.grab()
            assert_translated(window, painted)
        play_to_the_end(window.page)
        assert_translated(window, painted)


def test_the_labs_open_from_the_menu_and_close_with_the_window(qtbot, tmp_path):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    qtbot.addWidget(app.window)
    app.window.show()
    app.actions.action("labs.open").trigger()
    window = app.labs.window
    assert window.isVisible()
    app.actions.action("labs.open").trigger()
    assert app.labs.window is window
    app.window.theory.labRequested.emit(IDS[-1])  # as a link in a card does
    assert app.labs.window is window
    assert window.current == IDS[-1]
    app.appearance.choose("dark")
    assert window.page.theme.name == "dark"
    app.window.close()
    assert app.labs.window is None
    assert not window.isVisible()


def test_the_program_starts_without_the_labs():
    code = (
        "import sys, explorer.gui.app; print([n for n in sys.modules if n.startswith('explorer.gui.labs.')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = result.stdout.strip()
    assert "window" not in loaded
    assert "registry" not in loaded
    assert "page" not in loaded


def test_a_right_click_on_a_lab_offers_what_can_be_done_with_it(labs):
    at = labs.rect().center()
    QApplication.sendEvent(labs, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, labs.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    names = [action.text().replace("&", "") for action in menu.actions()]
    assert names == ["Reset", "Show me", "Copy as image", "Save as image…"]
    menu.close()
