"""A row shows a setting faithfully and reports what a person enters, once, in order, checked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QToolButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from explorer.core.losses.catalog import LOSSES
from explorer.core.params import Param
from explorer.core.settings.config import find_param
from explorer.gui.controls.editors.choices import ChoiceEditor, SwitchEditor
from explorer.gui.controls.editors.classes import ClassesEditor
from explorer.gui.controls.editors.line import TextEditor
from explorer.gui.controls.editors.number import NumberEditor
from explorer.gui.controls.fields import typed_number
from explorer.gui.controls.labels import NameLabel
from explorer.gui.controls.param_row import ParamRow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

ARCFACE = LOSSES["arcface"]


class Log(list[Any]):
    """What a row emitted, in order."""

    def __init__(self, row: ParamRow) -> None:
        super().__init__()
        row.paramRequested.connect(self._on_edited)

    def _on_edited(self, name: str, value: object) -> None:
        self.append((name, value))


def _shown(qtbot: QtBot, name: str, data: bool = False) -> ParamRow:
    row = ParamRow(name, find_param(name, ARCFACE), data)
    qtbot.addWidget(row)
    row.resize(300, row.sizeHint().height())
    row.show()
    row.activateWindow()
    qtbot.waitExposed(row)
    return row


def _number(row: ParamRow) -> NumberEditor:
    assert isinstance(row.editor, NumberEditor)
    return row.editor


def _type(qtbot: QtBot, row: ParamRow, text: str) -> None:
    field = _number(row).field
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_a_double_click_selects_the_number_with_its_point(qtbot: QtBot) -> None:
    row = ParamRow("loss.margin", ARCFACE.params[1])
    qtbot.addWidget(row)
    line = _number(row).field.lineEdit()
    qtbot.mouseDClick(line, Qt.MouseButton.LeftButton)
    assert line.selectedText() == line.text() == "0.2"


def _wheel(widget: QWidget) -> QWheelEvent:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event


@pytest.mark.parametrize("value", [0.2, 0.123456789, 0.0, 1.5, 1e-9])
def test_setter_is_silent_and_keeps_the_value_exactly(qtbot: QtBot, value: float) -> None:
    row = _shown(qtbot, "loss.margin")
    log = Log(row)
    row.set_value(value)
    assert row.value == value
    assert float(_number(row).field.text()) == value
    _number(row).field.setFocus()
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    row.setFocus()
    assert row.value == value
    assert log == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("network.relu", True), ("loss.beyond_pi", "easy"), ("data.source", "/data"), ("optimizer.batch", 77)],
)
def test_setter_of_every_kind_is_silent(qtbot: QtBot, name: str, value: Any) -> None:
    row = _shown(qtbot, name)
    log = Log(row)
    row.set_value(value)
    assert row.value == value
    assert log == []


def test_drag_tells_every_stop_that_it_passes(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    slider, log = _number(row).slider, Log(row)
    y = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, y))
    qtbot.mouseMove(slider, QPoint(slider.width() - 1, y))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 1, y))
    assert log[0][0] == "loss.margin"
    assert log[0][1] == pytest.approx(0.75, abs=0.02)
    assert log[-1] == ("loss.margin", 1.5)
    assert row.value == 1.5


def test_drag_ends_where_its_row_disappears(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    slider = _number(row).slider
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(60, 8))
    assert slider.isSliderDown()
    row.hide()
    assert not slider.isSliderDown()


def test_typed_number_is_entered_on_return(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    log = Log(row)
    _type(qtbot, row, "0.35 rad")
    assert log == []
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    assert log == [("loss.margin", 0.35)]
    assert _number(row).field.text() == "0.35"
    assert _number(row).slider.value() == 35


@pytest.mark.parametrize("typed", ["０.３５", "0。35", "٠٫٣٥", "0,35", ",35", "0,350 rad"])
def test_a_number_as_other_keyboards_type_it_is_a_number(qtbot: QtBot, typed: str) -> None:
    row = _shown(qtbot, "loss.margin")
    log = Log(row)
    field = _number(row).field
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.lineEdit().setText(typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert log == [("loss.margin", 0.35)]
    assert field.text() == "0.35"


@pytest.mark.parametrize(("locale", "number"), [("de_DE", "1.250"), ("en_GB", "1,250")])
def test_a_comma_that_may_part_thousands_is_decimal_where_the_system_writes_so(
    monkeypatch: pytest.MonkeyPatch, locale: str, number: str
) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(locale))
    assert typed_number("1,250") == number
    assert typed_number("1,25") == "1.25"
    assert typed_number("1,250,000") == "1,250,000"


def test_setter_of_the_same_value_leaves_what_is_being_typed(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    _type(qtbot, row, "0.3")
    row.set_value(row.value)
    assert _number(row).field.text() == "0.3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "The maximum is 1.5 rad."),
        ("20 deg", "radians"),
        ("much", "Enter a number."),
        ("1e400", "finite"),
    ],
)
def test_wrong_number_is_explained_in_the_row(qtbot: QtBot, text: str, words: str) -> None:
    row = _shown(qtbot, "loss.margin")
    log = Log(row)
    _type(qtbot, row, text)
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    assert words in row.error
    assert _number(row).field.text() == text
    assert log == []
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Escape)
    assert _number(row).field.text() == "0.2"
    _type(qtbot, row, "0.4")
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    assert row.error == ""
    assert log == [("loss.margin", 0.4)]


def test_refused_number_does_not_stay_in_the_field(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    _type(qtbot, row, "5")
    _number(row).slider.setFocus()
    assert _number(row).field.text() == "0.2"
    assert row.error == "The maximum is 1.5 rad."


def test_arrow_keys_step(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    log = Log(row)
    _number(row).field.setFocus()
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Up)
    _number(row).slider.setFocus()
    qtbot.keyClick(_number(row).slider, Qt.Key.Key_Left)
    assert log == [("loss.margin", 0.21), ("loss.margin", 0.2)]


def test_double_click_on_the_label_enters_the_default(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    row.set_value(0.9)
    log = Log(row)
    label = next(label for label in row.findChildren(QLabel) if "Margin" in label.text())
    assert row.is_changed
    qtbot.mouseDClick(label, Qt.MouseButton.LeftButton)
    assert log == [("loss.margin", 0.2)]
    assert not row.is_changed


def test_a_changed_value_makes_its_label_no_wider(qtbot: QtBot) -> None:
    row = _shown(qtbot, "network.dim")
    label = next(label for label in row.findChildren(QLabel) if "Dimension" in label.text())
    heights = [label.heightForWidth(width) for width in range(40, 120)]
    row.set_value(3)
    assert [label.heightForWidth(width) for width in range(40, 120)] == heights


def test_reset_by_button_and_menu_and_the_published_value(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    log = Log(row)
    button = next(b for b in row.findChildren(QToolButton) if b.accessibleName() == "Reset Margin to 0.2 rad")
    assert not button.isVisible()
    row.set_value(0.9)
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    menu = row.build_menu()
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Reset to 0.2 rad"].isEnabled()
    actions["Use the published 0.5 rad"].trigger()
    assert log == [("loss.margin", 0.2), ("loss.margin", 0.5)]


def test_wheel_changes_nothing_without_focus(qtbot: QtBot) -> None:
    margin, choice = _shown(qtbot, "loss.margin"), _shown(qtbot, "loss.beyond_pi")
    assert isinstance(choice.editor, ChoiceEditor)
    logs = Log(margin), Log(choice)
    margin.setFocus()
    for widget in (_number(margin).slider, _number(margin).field, choice.editor.box):
        widget.clearFocus()
        assert not _wheel(widget).isAccepted()
    assert logs == ([], [])
    assert margin.value == 0.2
    assert choice.editor.box.currentText() == "Fallback"
    margin.activateWindow()
    _number(margin).slider.setFocus()
    qtbot.waitUntil(_number(margin).slider.hasFocus)
    _wheel(_number(margin).slider)
    assert logs[0]


def test_switch_choice_and_text_report_a_person(qtbot: QtBot) -> None:
    relu, beyond, source = (_shown(qtbot, n) for n in ("network.relu", "loss.beyond_pi", "data.source"))
    logs = [Log(row) for row in (relu, beyond, source)]
    assert isinstance(relu.editor, SwitchEditor)
    assert isinstance(beyond.editor, ChoiceEditor)
    assert isinstance(source.editor, TextEditor)
    qtbot.mouseClick(relu.editor.switch, Qt.MouseButton.LeftButton)
    beyond.editor.box.setFocus()
    qtbot.keyClick(beyond.editor.box, Qt.Key.Key_Down)
    source.editor.line.selectAll()
    qtbot.keyClicks(source.editor.line, "/data")
    qtbot.keyClick(source.editor.line, Qt.Key.Key_Return)
    assert logs == [[("network.relu", True)], [("loss.beyond_pi", "none")], [("data.source", "/data")]]


def test_a_data_set_is_chosen_in_a_menu(qtbot: QtBot) -> None:
    row = _shown(qtbot, "data.source", data=True)
    log = Log(row)
    menu = row.editor.findChild(QMenu)
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Spirals").trigger()
    assert log == [("data.source", "spirals")]


def test_flag_offers_a_remedy(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    log = Log(row)
    asked: list[str] = []
    row.set_warning("Ten classes leave no room for this.", ("Use 0.31 rad", lambda: asked.append("remedy")))
    button = next(b for b in row.findChildren(QWidget) if b.accessibleName() == "Use 0.31 rad")
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["remedy"]
    assert log == []
    row.set_warning("")
    assert not button.isVisible()


def test_each_button_of_a_flag_does_its_own_and_goes_with_its_remedy(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    asked: list[str] = []
    words = ("Use 0.31 rad", "3-D", "9 classes")
    row.set_warning("No room.", *((word, partial(asked.append, word)) for word in words))
    buttons = {button.text(): button for button in row.findChildren(QPushButton) if button.text()}
    assert [word for word in words if buttons[word].isVisible()] == list(words)
    for word in reversed(words):
        qtbot.mouseClick(buttons[word], Qt.MouseButton.LeftButton)
    assert asked == list(reversed(words))
    row.set_warning("No room.", ("Use 0.31 rad", partial(asked.append, "again")))
    seen = [button.text() for button in row.findChildren(QPushButton) if button.isVisible()]
    assert seen == ["Use 0.31 rad"]


def test_badge_says_live_restart_or_waiting(qtbot: QtBot) -> None:
    live, restart = _shown(qtbot, "loss.margin"), _shown(qtbot, "network.dim")

    def badge(row: ParamRow) -> str:
        label = next(label for label in row.findChildren(QLabel) if label.property("badge"))
        return label.accessibleName() if label.isVisible() else ""

    assert (badge(live), badge(restart)) == ("", "A change applies after a restart.")
    restart.set_pending(True)
    assert badge(restart) == "Restart to apply this change."
    restart.set_pending(False)
    assert badge(restart) == "A change applies after a restart."


@pytest.mark.parametrize("name", ["loss.margin", "network.dim", "threads"])
def test_a_setting_is_one_line(qtbot: QtBot, name: str) -> None:
    row = _shown(qtbot, name)
    row.set_value(2)
    slider, field = _number(row).slider, _number(row).field
    left = slider.mapTo(row, QPoint(0, 0)).x()
    assert row.sizeHint().height() < 2 * field.sizeHint().height()
    row.reset()
    QApplication.processEvents()
    assert slider.mapTo(row, QPoint(0, 0)).x() == left, "it stays under the pointer while it is dragged"


def test_no_word_of_a_name_is_cut_in_larger_type(qtbot: QtBot) -> None:
    row = _shown(qtbot, "network.dim")
    font = row.font()
    font.setPointSizeF(1.5 * font.pointSizeF())
    row.setFont(font)
    label = row.findChild(NameLabel)
    row.resize(20, row.sizeHint().height())
    assert isinstance(label, NameLabel)
    assert label.width() >= label.fontMetrics().horizontalAdvance("Dimension")


def test_automatic_and_all_are_words(qtbot: QtBot) -> None:
    row = _shown(qtbot, "threads")
    log = Log(row)
    assert _number(row).field.text() == "Automatic"
    assert "Automatic" in row.toolTip()
    _type(qtbot, row, "2")
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    _type(qtbot, row, "automatic")
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    assert log == [("threads", 2), ("threads", 0)]
    assert _shown(qtbot, "data.subset").editor.input.text() == "All"
    assert _shown(qtbot, "seed").editor.input.text() == "0", "a seed of 0 is a number"


def test_the_groove_marks_default_published_values_and_limit(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    slider = _number(row).slider

    def looks() -> list[tuple[int, int, int]]:
        image = row.grab().toImage()
        place = slider.mapTo(row, QPoint(0, slider.height() // 2))
        colors = (image.pixelColor(place.x() + x, place.y()) for x in range(slider.width()))
        return [(color.red(), color.green(), color.blue()) for color in colors]

    plain = looks()
    row.set_limit(0.75)
    changed = [x for x, (now, before) in enumerate(zip(looks(), plain, strict=True)) if now != before]
    middle = slider.width() // 2
    assert changed
    assert min(changed) == pytest.approx(middle, abs=3), "red from the limit to the end"
    assert max(changed) > slider.width() - 5
    row.set_limit(None)
    assert looks() == plain


def test_tooltip_says_everything(qtbot: QtBot) -> None:
    text = _shown(qtbot, "loss.margin").toolTip()
    for words in ("true class weight", "<i>m</i>", "rad", "0 to 1.5", "0.2 rad", "0.5 rad", "next step"):
        assert words in text


@pytest.mark.parametrize("name", ["loss.margin", "network.relu", "loss.beyond_pi", "data.source", "seed"])
def test_row_dies_with_its_last_reference(
    name: str, assert_collected: Callable[[Callable[[], QWidget]], None]
) -> None:
    param: Param = find_param(name, ARCFACE)
    assert_collected(lambda: ParamRow(name, param, data=name == "data.source"))


def test_the_keys_are_the_windows_again_once_a_value_is_entered(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    _type(qtbot, row, "5")
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    assert _number(row).field.hasFocus(), "it is refused, to be corrected"
    _type(qtbot, row, "0.4")
    qtbot.keyClick(_number(row).field, Qt.Key.Key_Return)
    assert _number(row).slider.hasFocus(), "the slider leaves Space and letters to the window"
    qtbot.keyClick(_number(row).slider, Qt.Key.Key_Right)
    assert row.value == 0.41
    for name in ("seed", "data.source"):
        other = _shown(qtbot, name)
        other.editor.input.setFocus()
        qtbot.keyClick(other.editor.input, Qt.Key.Key_Return)
        assert other.focusWidget() is other.editor, name


def test_the_keys_are_the_windows_again_once_a_choice_is_taken_from_the_list(qtbot: QtBot) -> None:
    row = _shown(qtbot, "optimizer.name")
    assert isinstance(row.editor, ChoiceEditor)
    box, names = row.editor.box, row.param.choices
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert (row.value, row.focusWidget()) == (names[1], box), "the arrow keys go on"
    for end, value in ((Qt.Key.Key_Escape, names[1]), (Qt.Key.Key_Return, names[0])):
        box.showPopup()
        qtbot.keyClick(box.view(), Qt.Key.Key_Up)
        qtbot.keyClick(box.view(), end)
        assert row.value == value
    assert row.focusWidget() is box, "Tab goes on from there"
    qtbot.keyClick(box, Qt.Key.Key_R)
    assert not box.view().isVisible(), "R and T are the window's"
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    box.setFocus(Qt.FocusReason.BacktabFocusReason)
    qtbot.keyClick(box, Qt.Key.Key_R)
    assert box.view().isVisible(), "a letter searches again"
    box.hidePopup()


def test_an_error_goes_with_the_text_that_it_is_about(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    field = _number(row).field
    for end in ("escape", "leave", "edit"):
        _type(qtbot, row, "much")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert row.error, end
        if end == "escape":
            qtbot.keyClick(field, Qt.Key.Key_Escape)
        elif end == "leave":
            _number(row).slider.setFocus()
        else:
            qtbot.keyClicks(field, "0")
        assert row.error == "", end


def test_a_refused_line_of_text_is_taken_back_with_its_error(qtbot: QtBot) -> None:
    row = _shown(qtbot, "data.left_out")
    assert isinstance(row.editor, ClassesEditor)
    line = row.editor.line
    line.setFocus()
    qtbot.keyClicks(line, "much")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert row.error
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert (row.error, line.text()) == ("", "")


def test_spaces_around_a_text_mean_nothing_and_none_is_the_default(qtbot: QtBot) -> None:
    row = _shown(qtbot, "data.source")
    log = Log(row)
    assert isinstance(row.editor, TextEditor)
    for typed in (" mnist ", " ", "/data "):
        row.editor.line.selectAll()
        qtbot.keyClicks(row.editor.line, typed)
        qtbot.keyClick(row.editor.line, Qt.Key.Key_Return)
    assert log == [("data.source", "/data")]
    assert row.editor.line.text() == "/data"


def test_double_click_on_the_slider_enters_the_default(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    row.set_value(0.9)
    slider = _number(row).slider
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert row.value == 0.2


def test_typing_in_a_closed_list_opens_it_and_chooses_nothing_yet(qtbot: QtBot) -> None:
    row = _shown(qtbot, "optimizer.schedule")
    log = Log(row)
    assert isinstance(row.editor, ChoiceEditor)
    box = row.editor.box
    box.setFocus()
    qtbot.keyClick(box, "c")
    assert box.view().isVisible()
    assert log == []
    qtbot.keyClick(box.view(), "o")
    qtbot.keyClick(box.view(), "n")
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert log == [("optimizer.schedule", "constant")]


def test_the_tooltip_leaves_the_row_and_its_warning_in_sight(qtbot: QtBot) -> None:
    row = _shown(qtbot, "loss.margin")
    row.move(40, 40)
    row.set_warning("Ten classes leave no room for this.", ("Use 0.31 rad", lambda: None))
    middle = row.rect().center()
    QApplication.sendEvent(row, QHelpEvent(QEvent.Type.ToolTip, middle, row.mapToGlobal(middle)))
    tips = [w for w in QApplication.topLevelWidgets() if w.metaObject().className() == "QTipLabel"]
    assert QToolTip.text() == row.toolTip()
    place = row.rect().translated(row.mapToGlobal(QPoint(0, 0)))
    assert all(not tip.frameGeometry().intersects(place) for tip in tips if tip.isVisible())
    QToolTip.hideText()
