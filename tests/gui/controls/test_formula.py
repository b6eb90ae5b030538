"""A formula appears after the window, in the theme's colour, and never as a blank."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.core.catalog import LOSSES
from explorer.gui.controls.formula import FormulaLabel, render_svg

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def _ink(label: FormulaLabel) -> set[str]:
    image = label.grab().toImage()
    corner = image.pixelColor(0, 0)
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            color = image.pixelColor(x, y)
            if color != corner:
                found.add(color.name())
    return found


def test_formula_is_set_after_the_window_is_shown(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.set_formula(r"\frac{a}{b}")
    label.resize(200, 60)
    QApplication.processEvents()
    assert not label.is_drawn
    label.show()
    assert not label.is_drawn
    qtbot.waitUntil(lambda: label.is_drawn)
    assert label.accessibleDescription() == r"\frac{a}{b}"


def test_formula_has_the_colour_of_the_text(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.setFont(QFont(label.font().family(), 60))
    label.set_formula("x")
    label.resize(120, 120)
    label.show()
    qtbot.waitUntil(lambda: label.is_drawn)
    for name in ("#ff0000", "#0000ff"):
        colors = label.palette()
        colors.setColor(QPalette.ColorRole.WindowText, QColor(name))
        label.setPalette(colors)
        assert name in _ink(label)


def test_formula_shrinks_to_the_width(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.set_formula(LOSSES["arcface"].formula)
    label.show()
    qtbot.waitUntil(lambda: label.is_drawn)
    natural = label.sizeHint()
    assert label.heightForWidth(natural.width() // 2) == pytest.approx(natural.height() / 2, abs=3)
    assert label.heightForWidth(natural.width() * 2) == natural.height()


def test_faulty_formula_is_shown_as_text(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.set_formula(r"\frac{a")
    label.resize(200, 60)
    label.show()
    qtbot.waitUntil(lambda: len(_ink(label)) > 3)
    assert not label.is_drawn


@pytest.mark.parametrize("name", LOSSES)
def test_every_formula_of_the_catalogue_can_be_set(name: str) -> None:
    assert render_svg(LOSSES[name].formula).startswith("<svg")


def test_label_dies_with_its_last_reference(
    assert_collected: Callable[[Callable[[], QWidget]], None],
) -> None:
    assert_collected(FormulaLabel)
