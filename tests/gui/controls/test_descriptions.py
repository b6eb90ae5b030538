"""How settings are called on screen."""

from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig, find_param, flatten
from explorer.gui.controls.descriptions import label_html, loss_tooltip, symbol_html, value_text


def test_a_symbol_has_its_index_below_the_line_as_in_the_formula():
    assert symbol_html(find_param("loss.weight", LOSSES["magface"])) == "<i>λ<sub>g</sub></i>"
    assert label_html(find_param("loss.margin", LOSSES["arcface"])) == "Margin <i>m</i> (rad)"


def test_no_label_is_followed_by_the_unit_that_it_names():
    for name in flatten(RunConfig().replace({"loss.name": "arcface"})).keys() - {"loss.name"}:
        param = find_param(name, LOSSES["arcface"])
        if param.kind in ("int", "float"):
            said = f"{param.label} {value_text(param, param.max or 20)}".lower().split()
            assert said.count(param.unit) <= 1, said


def test_steps_between_frames_are_counted_without_their_unit():
    param = find_param("data.probe_every", LOSSES["arcface"])
    assert f"{param.label} {value_text(param, 20)}" == "Steps between frames 20"
    assert param.check("20 steps") == 20


def test_the_tooltip_of_a_loss_is_prose_without_latex():
    for spec in LOSSES.values():
        assert "\\" not in loss_tooltip(spec, ""), spec.name
        assert spec.summary.split()[0] in loss_tooltip(spec, "")
