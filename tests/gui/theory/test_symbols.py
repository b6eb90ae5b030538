"""The symbols of formulas: all are known, can be pointed at, and mark what they stand for."""

from __future__ import annotations

import re

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.drawn import build
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication

from explorer.analysis.statistics.sample_loss import sample_loss
from explorer.analysis.statistics.samples import facts_of
from explorer.core.data.resources import resource
from explorer.core.losses.catalog import LOSSES
from explorer.core.settings.config import RunConfig
from explorer.gui.app import App
from explorer.gui.controls.formula import render_svg
from explorer.gui.controls.formula_lines import pieces
from explorer.gui.theme.theme import LIGHT
from explorer.gui.theory import guide
from explorer.gui.theory.cards import read_cards
from explorer.gui.theory.sample_box import SampleBox, steps
from explorer.gui.theory.symbol_formula import SymbolFormula, restored
from explorer.gui.theory.symbols import atoms, colored, find_symbol, symbols_of
from explorer.gui.views.margin_curve.view import MarginCurveView
from explorer.gui.views.view import NO_MARK, SymbolMark

pytestmark = pytest.mark.usefixtures("themed")

CARDS, _FAULTS = read_cards(resource("theory"))
OUTSIDE_THE_FORMULA = {("center", "alpha"), ("island", "alpha")}
"""Parameters of the update of centres, which the formula of the loss does not show."""
MENTIONED = {"adacos": {"s"}, "center": {r"\alpha"}}
"""Letters that a card explains although its formula lacks them."""
INDICES = {"i", "j", "k", "n", "p", "a", "y_i", "y_j", "x"}
LOCAL = {"L", "e", "f", "T", "B", "P", "M", "d", "z", "g", "D", r"\psi", "b", r"\Lambda"}
"""Letters that a formula defines itself, or that are the same in all of mathematics."""
LOCAL_WITH_INDEX = {
    "circle": {r"\alpha_{j}", r"\alpha_{p}", "c_{j}"},
    "curricularface": {"n_{j}"},
    "adacos": {"s_{0}", r"\theta_{\mathrm{med}}"},
    "island": {"c_{j}", "c_{k}"},
    "l-gm": {r"\Lambda_{y_i}", "d_{j}", "d_{y_i}"},
    "l2-softmax": {"b_{j}"},
    "l-softmax": {r"\theta"},
    "a-softmax": {r"\theta"},
    "sphereface-r": {r"\theta"},
    "magface": {"m"},
    "n-pair": {"x_{j}", "x_{k}"},
    "proxy-anchor": {"X_{p}"},
    "proxy-nca": {"p_{j}"},
}


@pytest.mark.parametrize("spec", LOSSES.values(), ids=LOSSES)
def test_every_symbol_of_a_parameter_is_in_the_formula(spec):
    symbols = symbols_of(spec)
    found = {symbol.param for atom in atoms(spec.formula) if (symbol := find_symbol(symbols, atom))}
    expected = {param.name for param in spec.params if param.symbol}
    missing = {(spec.name, name) for name in expected - found}
    assert missing <= OUTSIDE_THE_FORMULA


@pytest.mark.parametrize("spec", LOSSES.values(), ids=LOSSES)
def test_every_letter_of_a_formula_is_known(spec):
    """A new formula has to say what its letters are, so that none that is a parameter is missed."""
    symbols = symbols_of(spec)
    unknown = {atom for atom in atoms(spec.formula) if find_symbol(symbols, atom) is None}
    names = {f"{atom.base}_{{{atom.index}}}" if atom.index else atom.base for atom in unknown}
    names -= (
        INDICES | LOCAL | LOCAL_WITH_INDEX.get(spec.name, set()) | {"y_{i}", "y_{j}", r"L_{\mathrm{softmax}}"}
    )
    assert names == set()


@pytest.mark.parametrize("spec", LOSSES.values(), ids=LOSSES)
def test_formulas_of_a_card_write_parameters_as_the_catalogue_does(spec):
    """A Greek letter or m with an index in the text of a card is one of the formula, or none at all."""
    card = CARDS[spec.name]
    written = {symbol.latex for symbol in symbols_of(spec)}
    written |= {atom.base for atom in atoms(spec.formula)}
    foreign = {
        atom.base
        for latex in card.formulas()
        for atom in atoms(latex)
        if atom.base
        in (r"\lambda", r"\alpha", r"\gamma", r"\tau", r"\delta", r"\beta", r"\varepsilon", "s", "m", "h")
    }
    assert {base for base in foreign if base not in written} <= MENTIONED.get(spec.name, set())


@pytest.mark.parametrize("name", ["arcface", "magface", "l-gm", "subcenter-arcface", "circle", "n-pair"])
def test_colours_leave_the_drawing_as_it_is(name):
    """Symbols are told apart by colours that are replaced before anything is drawn."""
    for part in LOSSES[name].formula.split(r"\quad"):
        if part.count("{") == part.count("}") and part.count(r"\bigg") % 2 == 0:
            plain, marked = render_svg(part), render_svg(colored(part, lambda _atom: ("#0a0001", "#0b0001")))
            assert marked.count("<path") == plain.count("<path")


@pytest.mark.parametrize("spec", LOSSES.values(), ids=LOSSES)
def test_every_symbol_of_a_formula_is_found_in_its_drawing(spec):
    """Also before a function, where the library that draws formulas loses the colour of a letter."""
    symbols = symbols_of(spec)
    drawn = ""
    for part in pieces(spec.formula):
        drawn += restored(render_svg(colored(part, lambda atom: colors_of(symbols, atom))))
    expected = {find_symbol(symbols, atom) for atom in atoms(spec.formula)} - {None}
    assert {symbol for k, symbol in enumerate(symbols) if f'fill="#0a00{k:02x}"' in drawn} == expected
    assert "#0b00" not in drawn


def colors_of(symbols, atom):
    symbol = find_symbol(symbols, atom)
    if symbol is None:
        return "", ""
    return f"#0a00{symbols.index(symbol):02x}", f"#0b00{symbols.index(symbol):02x}"


@pytest.fixture
def formula(qtbot):
    formula = SymbolFormula()
    qtbot.addWidget(formula)
    formula.resize(500, 90)
    formula.show_loss(LOSSES["arcface"])
    formula.show()
    qtbot.waitUntil(lambda: bool(formula.areas()), timeout=20_000)
    return formula


def test_pointing_at_a_symbol_reports_it_and_leaving_ends_that(formula, qtbot):
    area = next(area for symbol, area in formula.areas() if symbol.param == "margin")
    with qtbot.waitSignal(formula.symbolHovered) as hovered:
        qtbot.mouseMove(formula, area.center().toPoint())
    assert hovered.args[0].param == "margin"
    with qtbot.waitSignal(formula.symbolHovered) as hovered:
        qtbot.mouseMove(formula, QPoint(1, 1))
    assert hovered.args[0] is None


def test_areas_lie_in_the_formula_and_apart(formula):
    areas = formula.areas()
    assert [symbol.latex for symbol, _ in areas].count("m") == 2
    assert all(formula.rect().toRectF().contains(area.center()) for _, area in areas)
    margins = [area for symbol, area in areas if symbol.param == "margin"]
    assert not margins[0].intersects(margins[1])


def test_a_loss_with_the_same_formula_has_its_own_symbols(formula, qtbot):
    formula.show_loss(replace(LOSSES["arcface"], params=LOSSES["arcface"].params[:1]))
    qtbot.waitUntil(lambda: bool(formula.areas()), timeout=20_000)
    assert {symbol.param for symbol, _ in formula.areas()} == {"scale", ""}


def test_a_marked_symbol_has_the_colour_of_the_accent(formula):
    symbol, area = next((symbol, area) for symbol, area in formula.areas() if symbol.param == "margin")

    def blue() -> int:
        image = formula.grab(area.toRect()).toImage()
        pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(pixel.blue() > pixel.red() + 60 for pixel in pixels)

    assert blue() == 0
    formula.mark(symbol)
    assert blue() > 0


@pytest.fixture
def app(qtbot, tmp_path):
    app = App(["/nowhere/no worker is needed"], tmp_path / "window.toml")
    qtbot.addWidget(app.window)
    app.run.set_config(RunConfig().replace({"loss.name": "arcface"}))
    app.window.resize(1300, 800)
    app.window.show()
    app.window.show_theory()
    yield app
    app.window.close()


def symbol_row(app, latex):
    return next(row for row in app.window.theory.browser.page.symbols.rows if row.symbol.latex == latex)


def test_a_row_of_the_table_says_symbol_meaning_and_value(app):
    assert symbol_row(app, "m").accessibleName() == "m, Margin, 0.2 rad"
    app.run.set_param("loss.margin", 0.3)
    assert symbol_row(app, "m").accessibleName() == "m, Margin, 0.3 rad"


def test_the_focus_of_a_row_marks_the_slider_and_the_views(app):
    marks = []
    for view in app.pane.views.values():
        view.mark = marks.append
    row, setting = symbol_row(app, "m"), app.window.side_panel.row("loss.margin")
    row.focusInEvent(QFocusEvent(QFocusEvent.Type.FocusIn))
    assert (setting.marked, marks[-1].curve) == (True, True)
    row.focusOutEvent(QFocusEvent(QFocusEvent.Type.FocusOut))
    assert (setting.marked, marks[-1]) == (False, NO_MARK)


def test_choosing_a_row_goes_to_its_setting(app, qtbot):
    with qtbot.waitActive(app.window):
        app.window.activateWindow()
    symbol_row(app, "s").click()
    setting = app.window.side_panel.row("loss.scale")
    assert setting.isAncestorOf(app.window.focusWidget())


def test_the_card_of_another_loss_marks_and_leads_to_nothing(app, qtbot):
    marks = []
    for view in app.pane.views.values():
        view.mark = marks.append
    theory = app.window.theory
    theory.show_card("cosface")
    row = symbol_row(app, "m")
    row.focusInEvent(QFocusEvent(QFocusEvent.Type.FocusIn))
    assert not app.window.side_panel.row("loss.margin").marked
    assert set(marks) == {NO_MARK}
    with qtbot.assertNotEmitted(theory.settingRequested):
        row.click()


def test_without_a_sample_the_panel_says_what_to_do(app):
    assert "Point at a sample" in app.window.theory.browser.page.sample.text.text()


def show(app, snapshot):
    app.run.snapshot = snapshot
    app.run.snapshotChanged.emit()


def test_the_numbers_of_the_selected_sample_are_shown(app, qtbot):
    snapshot = make_snapshot(60, loss="arcface")
    show(app, snapshot)
    sample = app.window.theory.browser.page.sample
    app.pane.state.select(np.array([3]))
    qtbot.waitUntil(lambda: "cos(" in sample.text.text())
    assert "class 3" in sample.text.text()
    app.pane.state.select(np.array([3, 4]))
    qtbot.waitUntil(lambda: "Select a single sample" in sample.text.text())
    app.pane.state.set_hovered(5)
    qtbot.waitUntil(lambda: "class 5" in sample.text.text())


def test_nothing_is_computed_while_the_panel_is_hidden(app, qtbot, monkeypatch):
    computed = []
    monkeypatch.setattr(guide, "sample_loss", lambda *args: computed.append(args) or sample_loss(*args))
    show(app, make_snapshot(60, loss="arcface"))
    app.pane.state.select(np.array([3]))
    qtbot.waitUntil(lambda: len(computed) == 1)
    app.window.theory.hide()
    app.pane.state.select(np.array([5]))
    app.viewing.theory.show_sample()
    QApplication.processEvents()
    assert len(computed) == 1
    app.window.theory.show()
    qtbot.waitUntil(lambda: "class 5" in app.window.theory.browser.page.sample.text.text())


def test_a_frame_of_another_loss_has_no_numbers_on_the_card(app, qtbot):
    show(app, make_snapshot(60, loss="cosface"))
    app.pane.state.select(np.array([3]))
    sample = app.window.theory.browser.page.sample
    qtbot.waitUntil(lambda: "does not show a frame of this loss" in sample.text.text())


def test_the_card_of_another_loss_shows_no_numbers(app):
    theory = app.window.theory
    theory.show_card("cosface")
    assert not theory.browser.page.sample.isVisible()
    theory.show_card("arcface")
    assert theory.browser.page.sample.isVisible()


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_steps_or_a_reason(qtbot, name):
    arrays = {"bias": np.full(10, -3, np.float32)} if name == "sphereface2" else {}
    if name in ("l-gm", "island"):
        arrays["centers"] = np.eye(10, 2, dtype=np.float32)
    if name == "l-gm":
        arrays["log_variance"] = np.zeros((10, 2), np.float32)
    if name == "ring":
        arrays["radius"] = 5.0
    found = sample_loss(make_snapshot(20, loss=name, **arrays), 4)
    box = SampleBox()
    qtbot.addWidget(box)
    box.show_sample("test image 4", LOSSES[name], found)
    assert bool(found.terms) != (found.reason is not None)
    assert "nan" not in box.text.text()
    assert dict(steps(LOSSES[name], found))["‖<i>x</i>‖"] == f"{found.norm:.4g}"
    assert not re.search(r"-[\d.]", box.text.text()), "a hyphen is no minus"


def test_the_margin_curve_shades_what_a_parameter_changes(qtbot):
    view = MarginCurveView(LIGHT)
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    view.set_config(RunConfig().replace({"loss.name": "cosface", "loss.margin": 0.3}))
    assert view.curve.background.band is None
    view.mark(SymbolMark(curve=True))
    low, high = view.curve.background.band
    assert high - low == pytest.approx(0.3)
    view.mark(NO_MARK)
    assert view.curve.background.band is None


def test_the_margin_curve_shows_the_angle_of_the_sample(qtbot):
    view = MarginCurveView(LIGHT)
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    snapshot = make_snapshot(60, loss="arcface")
    view.set_snapshot(snapshot, view.history)
    view.mark(SymbolMark(place="angle", row=7))
    assert view.curve.background.angle == pytest.approx(np.degrees(facts_of(snapshot).own_angle[7]))


@pytest.mark.parametrize("place", ["feature", "angle", "weight", "class-center"])
@pytest.mark.parametrize("dim", [2, 3])
def test_the_plot_changes_where_a_symbol_stands_for_something(qtbot, place, dim):
    view = build("features", LIGHT)
    qtbot.addWidget(view)
    view.resize(500, 500)
    view.show()
    view.set_snapshot(make_snapshot(60, dim=dim, loss="center"), view.history)
    plain = view.grab().toImage()
    view.mark(SymbolMark(place=place, row=8))
    assert view.grab().toImage() != plain
    view.mark(NO_MARK)
    assert view.grab().toImage() == plain


def test_a_sample_that_is_not_shown_is_not_marked(qtbot):
    view = build("features", LIGHT)
    qtbot.addWidget(view)
    view.resize(500, 500)
    view.show()
    view.set_snapshot(make_snapshot(60, loss="arcface"), view.history)
    plain = view.grab().toImage()
    view.mark(SymbolMark(place="angle", row=-1))
    assert view.grab().toImage() == plain
