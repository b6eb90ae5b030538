"""The typeface ships with the program: text looks the same on any machine, and figures stay put."""

from __future__ import annotations

import os
import subprocess
import sys

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
        hyphen = metrics.horizontalAdvance("-" * 10)
        assert hyphen < 0.8 * widths.pop(), "as wide as a figure, it tears words apart: 2 - D"


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


@pytest.mark.skipif(sys.platform != "linux", reason="fonts as on Linux")
def test_without_any_installed_font_it_is_inter_and_nothing_is_complained_of(tmp_path):
    """Boxes were shown, and Qt wrote hundreds of lines."""
    (tmp_path / "empty").mkdir()
    configuration = tmp_path / "fonts.conf"
    folders = f"<dir>{tmp_path}/empty</dir><cachedir>{tmp_path}</cachedir>"
    configuration.write_text(f"<fontconfig>{folders}</fontconfig>")
    script = (
        "from PySide6.QtGui import QFontDatabase, QFontInfo, QFontMetrics\n"
        "from explorer.gui.theme.application_font import application_font\n"
        "from explorer.gui.theme.application import make_application\n"
        "application, _font = make_application(), application_font()\n"
        "metrics = QFontMetrics(application.font())\n"
        "assert all(metrics.inFontUcs4(ord(sign)) for sign in 'Loss θλσΔ‖∂−°↻≤')\n"
        "print(QFontInfo(application.font()).family())\n"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(configuration), "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120
    )
    assert (result.stdout, result.stderr) == ("Inter\n", "")
