"""A formula appears after the window, in the theme's colour, and never as a blank."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import unflatten
from explorer.gui.controls.formula import FormulaLabel, render_svg
from explorer.gui.controls.formula_lines import Lines, Piece, arrange, pieces
from explorer.gui.controls.loss_panel import LossPanel

PANEL_WIDTH = 294
"""Pixels that the loss has in the settings of a new window."""

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


def _drawn(label: FormulaLabel) -> bool:
    """Whether anything is painted: nothing is while a formula is awaited."""
    image = label.grab().toImage()
    blank = image.copy()
    blank.fill(image.pixelColor(0, 0))
    return image != blank


def test_formula_is_set_after_the_window_is_shown(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.set_formula(r"\frac{a}{b}")
    label.resize(200, 60)
    QApplication.processEvents()
    assert not _drawn(label)
    label.show()
    assert not _drawn(label)
    qtbot.waitUntil(lambda: _drawn(label))
    assert label.accessibleDescription() == r"\frac{a}{b}"


def test_formula_has_the_colour_of_the_text(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.setFont(QFont(label.font().family(), 60))
    label.set_formula("x")
    label.resize(120, 120)
    label.show()
    qtbot.waitUntil(lambda: _drawn(label))
    for name in ("#ff0000", "#0000ff"):
        colors = label.palette()
        colors.setColor(QPalette.ColorRole.WindowText, QColor(name))
        label.setPalette(colors)
        assert name in _ink(label)
    colors.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, QColor("#00ff00"))
    label.setPalette(colors)
    for enabled, name in ((False, "#00ff00"), (True, "#0000ff")):  # as of a recording that is continued
        label.setEnabled(enabled)
        assert name in _ink(label)


def test_formula_shrinks_to_the_width(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.set_formula(LOSSES["arcface"].formula)
    label.show()
    qtbot.waitUntil(lambda: _drawn(label))
    natural = label.sizeHint()
    assert label.heightForWidth(natural.width() // 2) == pytest.approx(natural.height() / 2, abs=3)
    assert label.heightForWidth(natural.width() * 2) == natural.height()


@pytest.mark.parametrize("name", LOSSES)
def test_every_formula_is_legible_in_the_panel(name: str, qtbot: QtBot) -> None:
    panel = LossPanel()
    qtbot.addWidget(panel)
    panel.set_config(unflatten({"loss.name": name}))
    panel.resize(PANEL_WIDTH, 900)
    panel.show()
    label = panel.findChild(FormulaLabel)
    qtbot.waitUntil(lambda: _drawn(label))
    assert label.svgs
    assert all(svg.startswith("<svg") for svg in label.svgs), "none is shown as LaTeX"
    QApplication.processEvents()
    assert label.height() >= label.heightForWidth(label.width())
    alone = FormulaLabel()  # only a piece that is wider than the panel makes letters smaller
    qtbot.addWidget(alone)
    alone.show()
    for piece in pieces(label.latex):
        alone.set_formula(piece)
        qtbot.waitUntil(lambda: _drawn(alone))
        assert 0.9 * alone.sizeHint().width() < label.width(), (
            "letters of less than nine tenths of their size"
        )


def test_a_formula_is_broken_between_its_parts_and_never_within_brackets() -> None:
    assert pieces(r"L = a,\quad b = \frac{1\quad 2}{3} \quad + c") == (
        "L = a,",
        r"b = \frac{1\quad 2}{3}",
        "+ c",
    )
    cases = r"f = \left\{\begin{array}{ll} a & b \quad c \end{array}\right. \qquad d"
    assert pieces(cases) == (cases,)


def test_pieces_stand_on_one_baseline_and_go_to_the_next_line_where_they_do_not_fit() -> None:
    high, low = Piece(40, 20, 10), Piece(30, 5, 5)
    assert arrange([high, low], 80, em=10) == Lines(((0, 20), (50, 20)), 80, 30)
    broken = arrange([high, low], 79, em=10)
    assert broken.width == 40
    assert broken.places[1][0] == 0
    assert broken.places[1][1] > 30 + 5, "the second line is clear of the first"
    assert broken.height == pytest.approx(broken.places[1][1] + 5)


def test_faulty_formula_is_shown_as_text(qtbot: QtBot) -> None:
    label = FormulaLabel()
    qtbot.addWidget(label)
    label.set_formula(r"\frac{a")
    label.resize(200, 60)
    label.show()
    qtbot.waitUntil(lambda: _drawn(label))
    expected = QPixmap(label.size())
    expected.fill(label.palette().window().color())
    painter = QPainter(expected)
    painter.setFont(label.font())
    painter.setPen(label.palette().windowText().color())
    wrapped = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(label.rect(), int(wrapped), r"\frac{a")
    painter.end()
    assert label.grab().toImage() == expected.toImage()


def test_formulas_come_out_as_the_library_alone_sets_them() -> None:
    """In a process of its own: here it is told to leave out what makes no difference."""
    formulas = [
        *(LOSSES[name].formula for name in ("softmax", "arcface", "circle", "l-gm")),
        r"\left(\frac{a}{\left[b+\frac{c}{d}\right]^2}\right)^{2} \to \left\|\sum_{i=1}^n x_i\right\|",
        r"\left\{\begin{array}{l} x<1\\ \left(\frac12\right)^3 \sqrt{\left|b\right|}\end{array}\right.",
    ]
    code = (
        "import sys, json; from ziamath.config import config; from ziamath.zmath import Latex\n"
        "config.svg2 = False\n"
        "svgs = [Latex(each, size=24.0, color='#010203').svg() for each in json.loads(sys.argv[1])]\n"
        "print(json.dumps(svgs))"
    )
    command = [sys.executable, "-W", "ignore", "-c", code, json.dumps(formulas)]
    alone = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [render_svg(formula) for formula in formulas] == json.loads(alone.stdout)


def test_label_dies_with_its_last_reference(
    assert_collected: Callable[[Callable[[], QWidget]], None],
) -> None:
    assert_collected(FormulaLabel)
