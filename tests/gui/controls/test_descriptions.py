"""How settings are called on screen."""

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import find_param
from explorer.gui.controls.descriptions import label_html, loss_tooltip, symbol_html


def test_a_symbol_has_its_index_below_the_line_as_in_the_formula():
    assert symbol_html(find_param("loss.weight", LOSSES["magface"])) == "<i>λ<sub>g</sub></i>"
    assert label_html(find_param("loss.margin", LOSSES["arcface"])) == "Margin <i>m</i> (rad)"


def test_the_tooltip_of_a_loss_is_prose_without_latex():
    for spec in LOSSES.values():
        assert "\\" not in loss_tooltip(spec), spec.name
        assert spec.summary.split()[0] in loss_tooltip(spec)
