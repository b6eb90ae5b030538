"""Another theme for an open window: what is seen changes at once, the rest in later turns."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import delete

from explorer.gui.theme import restyling as module
from explorer.gui.theme.appearance import Appearance
from explorer.gui.theme.application_font import RelativeFont, application_font
from explorer.gui.theme.restyling import Restyling
from explorer.gui.theme.theme import DARK, LARGE_TYPE, LIGHT

IN_LATER_TURNS = Restyling.go_on_later


@pytest.fixture(autouse=True)
def later(monkeypatch, themed):
    assert themed.styleSheet(), "else there is nothing to exchange"
    monkeypatch.setattr(Restyling, "go_on_later", IN_LATER_TURNS)
    monkeypatch.setattr(module, "_AT_A_TIME", 2)  # so that there are several turns
    yield
    application_font().set_scale(1.0)


@pytest.fixture
def page(qtbot):
    """A window with a label and a button, and the same in a part that is hidden."""
    page = QWidget()
    qtbot.addWidget(page)
    page.hidden = QWidget(page)
    page.seen_label, page.hidden_label = QLabel("A"), QLabel("A")
    page.seen_small, page.hidden_small = QLabel("a"), QLabel("a")
    for parent, label, small in (
        (page, page.seen_label, page.seen_small),
        (page.hidden, page.hidden_label, page.hidden_small),
    ):
        label.setProperty("role", "error")
        RelativeFont(small, 0.8)
        column = QVBoxLayout(parent)
        for part in (label, small, QPushButton("B")):
            column.addWidget(part)
    page.hidden.hide()
    page.show()
    page.hidden.show()  # once, so that it has been styled
    page.hidden.hide()
    return page


def color(label):
    return label.palette().windowText().color().getRgb()[:3]


def looks(page):
    return [
        (part.font().pointSizeF(), part.font().weight(), part.palette(), part.sizeHint())
        for part in page.findChildren(QWidget)
    ]


def test_what_is_seen_changes_at_once_and_the_rest_before_the_views_are_told(page, themed, qtbot):
    appearance = Appearance(themed, "light", page)
    appearance.apply()
    told = []
    appearance.themeChanged.connect(lambda theme: told.append((theme, color(page.hidden_label))))
    with qtbot.waitSignal(appearance.themeChanged):
        appearance.choose("dark")
        assert color(page.seen_label) == DARK.error
        assert color(page.hidden_label) == LIGHT.error
        assert not told
    assert told == [(DARK, DARK.error)]


def test_a_second_choice_before_the_first_is_done_leaves_nothing_of_it(page, themed, qtbot):
    appearance = Appearance(themed, "light", page)
    appearance.apply()
    before = looks(page)
    with qtbot.waitSignal(appearance.themeChanged):
        appearance.choose_large(True)
        appearance.choose("dark")
    large = replace(DARK, scale=LARGE_TYPE)
    assert appearance.theme == large
    assert page.hidden_small.font().pointSizeF() == pytest.approx(0.8 * QApplication.font().pointSizeF())
    assert page.hidden_label.font().pointSizeF() == pytest.approx(page.seen_label.font().pointSizeF())
    appearance.choose_large(False)
    appearance.choose("light")
    appearance.finish()
    assert looks(page) == before


def test_what_is_deleted_before_its_turn_is_passed_over(page, themed):
    appearance = Appearance(themed, "light", page)
    appearance.apply()
    appearance.choose("dark")
    delete(page.hidden_small)
    appearance.finish()
    assert color(page.hidden_label) == DARK.error
