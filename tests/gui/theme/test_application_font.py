"""The typeface ships with the program: text looks the same on any machine, and figures stay put."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QLabel

from explorer.gui.theme.application_font import RelativeFont, application_font


@pytest.fixture
def font(qapp):
    application_font()
    before = qapp.font()
    application_font().set_scale(1.5)
    application_font().set_scale(1.0)
    yield qapp.font()
    qapp.setFont(before)


def test_text_is_in_the_typeface_that_ships_with_the_program(font):
    assert QFontInfo(font).family() == "Inter"


def test_figures_have_one_width(font, qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    RelativeFont(label, 0.85, bold=True)
    for shown in (font, label.font()):
        metrics = QFontMetricsF(shown)
        widths = {round(metrics.horizontalAdvance(figure * 10), 2) for figure in "0123456789"}
        assert len(widths) == 1


@pytest.mark.parametrize("weight", [QFont.Weight.DemiBold, QFont.Weight.Bold])
def test_bold_is_drawn_and_not_smeared(font, weight):
    bold = QFont(font)
    bold.setWeight(weight)
    assert QFontInfo(bold).family() == "Inter"
    assert QFontMetricsF(bold).horizontalAdvance("Test accuracy") > QFontMetricsF(font).horizontalAdvance(
        "Test accuracy"
    )


@pytest.mark.parametrize("text", ["θ η λ μ ∂ Σ ‖x‖ ² ₁ ½ ± ≥ ≤ − × · … → ← ↻ ∞ √ π °", "Größe, naïve, Čech"])
def test_letters_of_formulas_are_in_it(font, text):
    shipped = QRawFont.fromFont(font)
    assert [letter for letter in text if not shipped.supportsCharacter(ord(letter))] == []
