"""Choosing a loss: by pointing, by typing, by arrows; nothing is chosen that was not asked for."""

import re

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import QCursor, QHelpEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip
from shiboken6 import delete

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.gui.controls.loss_panel import LossPanel
from explorer.gui.loss_choice.pictures import LossPictures
from explorer.gui.loss_choice.rows import NAME, row_of
from explorer.gui.theme.theme import DARK, LIGHT


@pytest.fixture
def panel(qtbot, themed):
    assert themed.styleSheet()
    panel = LossPanel()
    qtbot.addWidget(panel)
    panel.set_config(RunConfig().replace({"loss.name": "arcface"}))
    panel.show()
    panel.asked = []
    panel.lossRequested.connect(panel.asked.append)
    yield panel
    panel.choice.hidePopup()


@pytest.fixture
def popover(panel, qtbot):
    QCursor.setPos(0, 0)  # over no loss, of which the list would tell
    panel.choice.showPopup()
    popover = panel.choice.popover
    with qtbot.waitSignal(popover.pictures.drawn):
        pass
    return popover


def shown(popover) -> list[str]:
    """Return the rows in sight, families in capitals."""
    rows = [popover.model.item(k) for k in range(popover.model.rowCount()) if not popover.list.isRowHidden(k)]
    return [item.data(NAME) or item.text().upper() for item in rows]


def test_all_losses_are_listed_under_their_families_and_the_present_one_is_current(popover):
    families = {spec.family.upper() for spec in LOSSES.values()}
    assert {row for row in shown(popover) if row.isupper()} == families
    assert sorted(row for row in shown(popover) if not row.isupper()) == sorted(LOSSES)
    assert popover.current == "arcface"
    assert popover.formula.latex == LOSSES["arcface"].formula
    assert popover.search.hasFocus()


def test_six_losses_have_a_star_that_is_read_out_as_well(popover):
    role = Qt.ItemDataRole.AccessibleTextRole
    texts = [popover.model.item(row).data(role) or "" for row in range(popover.model.rowCount())]
    assert sum(text.endswith(", well known") for text in texts) == 6
    assert sum(spec.well_known for spec in LOSSES.values()) == 6
    for part in (popover, popover.search, popover.list, popover.formula):
        assert part.accessibleName()


def test_every_loss_has_a_picture_and_a_margin_is_seen_in_it(popover):
    def pixels(name):
        return popover.model.item(row_of(popover.model, name)).icon().pixmap(28, 28).toImage()

    assert not any(pixels(name).isNull() for name in LOSSES)
    assert pixels("arcface") != pixels("softmax")


def test_pictures_are_drawn_once_for_a_theme(qtbot, panel, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "explorer.gui.loss_choice.pictures.classes_picture",
        lambda config, theme, *_size: drawn.append((config.loss.name, theme.name)),
    )
    pictures = LossPictures(["softmax", "arcface"], 28, panel)
    for theme in (LIGHT, LIGHT, DARK):
        with qtbot.waitSignal(pictures.drawn):
            pictures.request(theme, 1.0)
    assert drawn == [(name, theme) for theme in ("light", "dark") for name in ("softmax", "arcface")]


def test_typing_finds_by_name_alias_and_misspelt_and_enter_chooses_the_best(panel, popover, qtbot):
    for typed, best in (
        ("facenet", "triplet"),
        ("LMCL", "cosface"),
        ("arcfcae", "arcface"),
        ("soft", "softmax"),
    ):
        popover.search.clear()
        qtbot.keyClicks(popover.search, typed)
        assert popover.current == best, typed
        assert all(row.isupper() or row in LOSSES for row in shown(popover))
        assert popover.formula.latex == LOSSES[best].formula
    assert panel.asked == []
    qtbot.keyClick(popover.search, Qt.Key.Key_Return)
    assert panel.asked == ["softmax"]
    assert not popover.isVisible()
    qtbot.keyClick(panel.choice, Qt.Key.Key_T)
    assert not popover.isVisible(), "the next letter is the window's"


def test_what_matches_nothing_says_so_and_enter_chooses_nothing(panel, popover, qtbot):
    qtbot.keyClicks(popover.search, "zzzz")
    assert shown(popover) == []
    assert "zzzz" in popover.nothing.text()
    assert popover.nothing.isVisible()
    assert popover.formula.latex == ""
    qtbot.keyClick(popover.search, Qt.Key.Key_Down)
    qtbot.keyClick(popover.search, Qt.Key.Key_Return)
    assert panel.asked == []


def test_arrows_pass_headings_go_around_and_escape_chooses_nothing(panel, popover, qtbot):
    order = [row for row in shown(popover) if not row.isupper()]
    seen = [popover.current]
    for _step in order:
        qtbot.keyClick(popover.search, Qt.Key.Key_Down)
        seen.append(popover.current)
    start = order.index("arcface")
    assert seen == [*order[start:], *order[: start + 1]]
    qtbot.keyClick(popover.search, Qt.Key.Key_Up)
    assert popover.current == order[start - 1]
    for _page in order:
        qtbot.keyClick(popover.search, Qt.Key.Key_PageUp)
    assert popover.current == order[0]
    qtbot.keyClick(popover.search, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    assert panel.asked == []
    assert panel.choice.loss == "arcface"


def test_pointing_shows_the_formula_and_only_a_click_chooses(panel, popover, qtbot):
    row = row_of(popover.model, "cosface")
    spot = popover.list.visualRect(popover.model.index(row, 0)).center()
    popover.list.entered.emit(popover.model.index(row, 0))
    assert popover.formula.latex == LOSSES["cosface"].formula
    assert popover.current == "arcface"
    heading = popover.model.index(0, 0)
    popover.list.entered.emit(heading)
    assert popover.formula.latex == LOSSES["arcface"].formula
    popover.list.clicked.emit(heading)
    assert panel.asked == []
    qtbot.mouseClick(popover.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(spot))
    assert panel.asked == ["cosface"]


def test_a_letter_in_the_closed_box_opens_the_list_with_it_and_chooses_nothing(panel, qtbot):
    panel.choice.setFocus()
    qtbot.keyClick(panel.choice, Qt.Key.Key_T)
    popover = panel.choice.popover
    assert popover.isVisible()
    assert popover.search.text() == "t"
    assert panel.asked == []


def test_the_list_stays_on_the_screen_and_grows_with_large_type(panel):
    room = panel.screen().availableGeometry()
    panel.move(room.bottomRight())
    panel.choice.showPopup()
    assert room.contains(panel.choice.popover.geometry())
    assert panel.choice.popover.width() == 360
    panel.choice.hidePopup()
    panel.choice.set_theme(replace(LIGHT, scale=1.3))
    panel.choice.showPopup()
    assert panel.choice.popover.width() == 468


def test_a_box_that_goes_after_its_list_closes_nothing(panel):
    """Qt hides a box while its window is deleted; its list may be gone by then."""
    panel.choice.showPopup()
    delete(panel.choice.popover)
    panel.choice.hidePopup()
    panel.choice.hide()


def told(widget, place: QPoint) -> str:
    """Return the tooltip at a place of a widget."""
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text()


def test_a_tooltip_has_the_formula_of_its_loss_in_the_box_the_list_and_the_menu(panel, popover):
    view = popover.list
    index = popover.model.index(row_of(popover.model, "a-softmax"), 0)
    view.scrollTo(index)
    menu = panel.compare.menu()
    menu.fill()
    (entry,) = [
        action
        for family in menu.actions()
        for action in family.menu().actions()
        if action.text() == LOSSES["a-softmax"].title
    ]
    entry.hovered.emit()
    here = told(panel.choice, panel.choice.rect().center())
    there = told(view.viewport(), view.visualRect(index).center())
    assert "ArcFace" in here
    assert "SphereFace" in there
    assert entry.toolTip() == there
    pictures = []
    for tip in (here, there):
        document = QTextDocument()
        document.setHtml(tip)
        (source,) = re.findall('src="([^"]*)"', tip)
        pictures.append(document.resource(QTextDocument.ResourceType.ImageResource, QUrl(source)))
        assert pictures[-1].width() > 4 * pictures[-1].height() > 0
    assert pictures[0] != pictures[1]
