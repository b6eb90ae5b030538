"""What the curves show is what the history holds; nothing hides it, and every value can be read out."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.seen import sentences
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QWheelEvent
from PySide6.QtTest import QTest

from explorer.analysis.frames.history import History
from explorer.analysis.frames.setting_changes import Change, Mark
from explorer.analysis.raster.ticks import round_ticks, tick_texts
from explorer.gui.plots.style import SMALL_TYPE, scaled_font
from explorer.gui.theme.theme import DARK, LIGHT
from explorer.gui.views.curves.canvas import CurveCanvas
from explorer.gui.views.curves.content import content_of, value_text
from explorer.gui.views.curves.layout import apart, layout_of
from explorer.gui.views.curves.model import holding, moved, zoomed
from explorer.gui.views.curves.options import PANELS, CurveOptions
from explorer.gui.views.curves.paint import words_of_marks
from explorer.gui.views.curves.view import CurvesView

EVERY = tuple(PANELS)
CASES = ("none", "one", "long", "gaps", "negative", "sizes", "infinite", "marked")
"""Names of `histories`, which take a second to make."""
SCATTER = ("within", "between", "closest", "ratio", "own_angle", "closest_angle")


def mark(step, name="loss.margin", symbol="m", after="0.5"):
    change = Change(name, "Margin", symbol, "rad", "0.2", after)
    return Mark(step=step, elapsed=step / 100, epoch=step / 234, until=step / 100, changes=(change,))


def full_history(rows: int = 400) -> History:
    history, random = make_history(0), np.random.default_rng(3)
    for i in range(rows):
        scatter = {f"scatter.{name}": random.uniform(0.1, 9) for name in SCATTER}
        terms = {"loss": 2.5 / (1 + i), "loss.cross-entropy": 2 / (1 + i), "loss.centre": 0.5 / (1 + i)}
        accuracy = {"test_accuracy": 0.5 + i / 2 / rows, "train_accuracy": 0.6 + i / 3 / rows}
        history.append(8 * i, 0.08 * i, {**terms, **accuracy, **scatter, "rate": 0.1, "epoch": i / 29})
    return history


@cache
def histories() -> dict[str, History]:
    gaps = History()
    gaps.append(0, 0.0, {"test_accuracy": 0.1})
    gaps.append(1, 0.1, {"loss": math.nan, "train_accuracy": 0.2})
    gaps.append(2, 0.2, {"loss": 0.0, "rate": 0.0})
    negative = History()
    negative.append(5, 0.0, {"loss": -3.0, "loss.a": -4.0, "loss.b": 1e6})
    sizes = History()
    for i in range(2_000):
        columns = {f"scatter.{name}": 10.0 ** ((i % 13) - 6) for name in SCATTER}
        sizes.append(i, 1e-6 * i, {"loss": 1e-6, "rate": 1e6, "epoch": 1e-9 * i, **columns})
    infinite = full_history(3)
    infinite.append(99, 9.9, {"loss": math.inf, "scatter.within": -math.inf, "test_accuracy": math.nan})
    marked = full_history(50)
    for i in range(30):
        marked.marks.add(mark(13 * i, name=f"loss.{i}"))
    return {
        "none": History(),
        "one": full_history(1),
        "long": full_history(20_000),
        "gaps": gaps,
        "negative": negative,
        "sizes": sizes,
        "infinite": infinite,
        "marked": marked,
    }


@pytest.fixture
def shown(qtbot):
    def build(history, options=CurveOptions(), theme=LIGHT, size=(360, 350)):  # noqa: B008  # frozen
        view = CurvesView(theme)
        qtbot.addWidget(view)
        view.resize(*size)
        view.set_options(options)
        newest = int(history.column("step")[-1]) if len(history) else 0
        view.set_snapshot(make_snapshot(count=20, step=newest), history)
        view.show()
        qtbot.waitUntil(lambda: not len(history) or view.canvas.width() == size[0])
        return view

    return build


def layout_in(canvas):
    """Return where things are in the canvas, from its size and its font alone."""
    metrics = QFontMetricsF(scaled_font(canvas.font(), SMALL_TYPE))
    return layout_of(canvas.content, canvas.width(), canvas.height(), metrics)


@pytest.mark.parametrize("axis", ["step", "time", "epoch"])
@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_extreme_histories_are_drawn_without_a_warning(shown, case, logarithmic, axis):
    view = shown(histories()[case], CurveOptions(axis=axis, logarithmic=logarithmic, panels=EVERY), DARK)
    assert not view.grab().isNull()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_Plus, Qt.Key.Key_PageDown):
        press(view.canvas, key)
        assert not view.grab().isNull()
    view.resize(90, 60)
    view.reset_view()
    assert not view.grab().isNull()
    assert ("Start training" in sentences(view)) == (case == "none")


def press(canvas: CurveCanvas, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:

    QTest.keyClick(canvas, key, modifiers)


def read_out(view: CurvesView) -> dict[str, str]:
    """What the keys say, by panel and curve."""
    panels = zip(view.canvas.content.panels, view.canvas.reading().values, strict=True)
    return {
        f"{panel.panel.title} {curve.label}".strip(): value_text(panel.panel, value)
        for panel, values in panels
        for curve, value in zip(panel.curves, values, strict=True)
    }


def expected(history: History, row: int) -> dict[str, str]:
    def of(name):
        return float(history.column(name)[row])

    return {
        "Loss total": f"{of('loss'):#.3g}",
        "Loss cross-entropy": f"{of('loss.cross-entropy'):#.3g}",
        "Loss centre": f"{of('loss.centre'):#.3g}",
        "Accuracy test": f"{100 * of('test_accuracy'):.1f}%",
        "Accuracy train": f"{100 * of('train_accuracy'):.1f}%",
        "Spread intra-class": f"{of('scatter.within'):#.3g}",
        "Spread inter-class": f"{of('scatter.between'):#.3g}",
        "Spread closest": f"{of('scatter.closest'):#.3g}",
        "Scatter ratio": f"{of('scatter.ratio'):#.3g}",
        "Angles intra-class": f"{of('scatter.own_angle'):.1f}°",
        "Angles closest": f"{of('scatter.closest_angle'):.1f}°",
        "Learning rate": f"{of('rate'):#.3g}",
    }


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_keys_give_the_last_values_and_those_at_the_cursor(shown, logarithmic):
    history = full_history()
    view = shown(history, CurveOptions(panels=EVERY, logarithmic=logarithmic))
    assert read_out(view) == expected(history, -1)
    press(view.canvas, Qt.Key.Key_Home)
    press(view.canvas, Qt.Key.Key_Right)
    row = view.canvas.row
    assert 0 < row < 5
    assert read_out(view) == expected(history, row)
    step, elapsed = 8 * row, 0.08 * row
    assert f"step {step} · {elapsed:.1f} s" in view.bar.moment.accessibleName()
    assert "Loss total" in view.canvas.accessibleDescription()
    press(view.canvas, Qt.Key.Key_Escape)
    assert view.canvas.row is None
    assert read_out(view) == expected(history, -1)


def test_the_pointer_reads_the_row_under_it(shown, qtbot):
    history = full_history(101)
    view = shown(history)
    area = layout_in(view.canvas).panels[0].area
    across = area.left() + area.width() * 400 / view.canvas.content.span[1]
    qtbot.mouseMove(view.canvas, QPoint(round(across), round(area.center().y())))
    assert history.column("step")[view.canvas.row] == pytest.approx(400, abs=8)
    qtbot.mouseMove(view.canvas, QPoint(round(area.right()), round(area.center().y())))
    assert view.canvas.row == 100


def test_page_up_and_down_go_to_the_changes_and_say_them(shown):
    history = full_history(101)
    for i, step in enumerate((160, 560)):
        history.marks.add(mark(step, name=f"loss.{i}", after=f"0.{5 + i}"))
    view = shown(history)
    press(view.canvas, Qt.Key.Key_PageUp)
    assert history.column("step")[view.canvas.row] == 560
    assert view.canvas.reading().changes[0] == "Margin 0.2 → 0.6 rad"
    press(view.canvas, Qt.Key.Key_PageUp)
    assert history.column("step")[view.canvas.row] == 160
    assert "Margin 0.2 → 0.5 rad" in view.canvas.accessibleDescription()
    press(view.canvas, Qt.Key.Key_PageDown)
    assert history.column("step")[view.canvas.row] == 560
    press(view.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(view.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.canvas.reading().changes == ()
    at = QPointF(layout_in(view.canvas).strip.left() + 160 / view.canvas.content.span[1] * 308, 5)
    assert view.canvas.help_at(at) == "Margin 0.2 → 0.5 rad"


@pytest.mark.parametrize(("axis", "places"), [("step", (300,)), ("time", (3.0,)), ("epoch", (300 / 234,))])
def test_marks_stand_on_every_axis_at_the_moment_of_the_change(axis, places):
    history = full_history()
    history.marks.add(mark(300))
    content = content_of(history, CurveOptions(axis=axis), LIGHT)
    assert tuple(at for at, _ in content.marks) == pytest.approx(places)
    assert content.marks[0][1][0] == "Margin 0.2 → 0.5 rad"


@pytest.mark.parametrize(
    ("seconds", "title", "last"), [(10, "time (s)", 10), (600, "time (min)", 10), (14_400, "time (h)", 4)]
)
def test_time_is_in_a_unit_that_suits_it(seconds, title, last):
    history = History()
    history.append(0, 0.0, {"loss": 1.0})
    history.append(9, float(seconds), {"loss": 0.5})
    content = content_of(history, CurveOptions(axis="time"), LIGHT)
    assert content.axis_title == title
    assert content.x.tolist() == [0, last]


@pytest.mark.parametrize("size", [(240, 280), (360, 350), (700, 800)])
@pytest.mark.parametrize("marks", [0, 3])
def test_nothing_written_lies_over_the_curves_or_outside(shown, size, marks):
    history = full_history()
    for i in range(marks):
        history.marks.add(mark(500 * (i + 1), name=f"loss.{i}"))
    view = shown(history, CurveOptions(panels=EVERY), size=size)
    canvas, layout = view.canvas, layout_in(view.canvas)
    areas = [place.area for place in layout.panels]
    texts = [layout.strip, layout.axis, *(key for place in layout.panels for key in place.keys)]
    for text in texts:
        assert not any(text.adjusted(0, 1, 0, -1).intersects(area) for area in areas)
        assert canvas.rect().contains(text.toAlignedRect().adjusted(1, 1, -1, -1))
    assert all(area.height() > 0 for area in areas)
    metrics = QFontMetricsF(canvas.font())
    for panel, place, values in zip(
        canvas.content.panels, layout.panels, canvas.reading().values, strict=True
    ):
        for curve, key, value in zip(panel.curves, place.keys, values, strict=True):
            text = f"{curve.label} {value_text(panel.panel, value)}"
            assert metrics.horizontalAdvance(text) * 0.92 <= key.width() - 18


def test_a_curve_is_drawn_where_its_values_are(shown):
    history = History()
    for i in range(100):
        history.append(10 * i, i * 0.1, {"test_accuracy": 0.25, "train_accuracy": 0.75})
    view = shown(history, CurveOptions(panels=("accuracy",)))
    area = layout_in(view.canvas).panels[0].area
    picture = view.canvas.grab().toImage()

    def color_at(percent):
        y = area.bottom() - percent / 100.5 * area.height()
        x = area.left() + 0.3 * area.width()
        near = [picture.pixelColor(round(x), round(y) + shift) for shift in (-1, 0, 1)]
        return min(near, key=lambda color: abs(QColor(*LIGHT.accent).hue() - color.hue()) + color.lightness())

    assert abs(color_at(25).blue() - LIGHT.accent[2]) < 60
    assert color_at(25).red() < 150
    assert color_at(50).lightness() > 240


def test_a_single_term_is_not_drawn_twice():
    history = History()
    history.append(1, 0.0, {"loss": 1.0, "loss.cross-entropy": 1.0})
    (panel,) = content_of(history, CurveOptions(panels=("loss",)), LIGHT).panels
    assert [curve.column for curve in panel.curves] == ["loss"]


def test_a_term_that_another_loss_lacks_leaves_a_gap():
    history = History()
    for i in range(30):
        terms = {"loss.a": 1.0, "loss.b": 2.0} if i < 10 or i >= 20 else {"loss.a": 1.0}
        history.append(i, i * 0.1, {"loss": 3.0, **terms})
    (panel,) = content_of(history, CurveOptions(panels=("loss",)), LIGHT).panels
    gaps = np.flatnonzero(np.isnan(panel.curves[2].low))
    assert gaps.tolist() == list(range(10, 20))


def test_the_key_has_the_terms_that_are_trained_now(shown):
    history = History()
    for i in range(30):
        terms = {"loss.cross-entropy": 1.0, "loss.centre": 2.0} if i < 20 else {"loss.cross-entropy": 2.5}
        history.append(i, i * 0.1, {"loss": sum(terms.values()), **terms})
    (panel,) = content_of(history, CurveOptions(panels=("loss",)), LIGHT).panels
    assert [curve.column for curve in panel.curves] == ["loss"]
    assert [curve.column for curve in panel.past] == ["loss.centre"]
    assert np.flatnonzero(np.isfinite(panel.past[0].low)).tolist() == list(range(20))
    view = shown(history, CurveOptions(panels=("loss",)))
    with_past = view.canvas.grab().toImage()
    history.append(30, 3.0, {"loss": 5.0, "loss.a": 1.0, "loss.b": 4.0})
    (panel,) = content_of(history, CurveOptions(panels=("loss",)), LIGHT).panels
    assert [curve.label for curve in panel.curves] == ["total", "a", "b"]
    assert [curve.column for curve in panel.past] == ["loss.cross-entropy", "loss.centre"]
    without = History()
    for i in range(30):
        without.append(i, i * 0.1, {"loss": 3.0 if i < 20 else 2.5})
    view = shown(without, CurveOptions(panels=("loss",)))
    assert view.canvas.grab().toImage() != with_past


def test_a_loss_that_diverged_keeps_the_terms_of_its_key():
    history = History()
    history.append(1, 0.1, {"loss": 3.0, "loss.a": 1.0, "loss.b": 2.0})
    history.append(2, 0.2, {"loss": math.nan, "loss.a": math.nan, "loss.b": math.nan})
    (panel,) = content_of(history, CurveOptions(panels=("loss",)), LIGHT).panels
    assert [curve.label for curve in panel.curves] == ["total", "a", "b"]


def test_a_long_curve_keeps_its_extremes_and_ends_with_its_last_value():
    history, random = History(), np.random.default_rng(4)
    losses = random.uniform(1, 2, 20_000)
    losses[[77, 12_345]] = 0.5, 9.0
    for i, loss in enumerate(losses):
        history.append(i, i * 0.1, {"loss": loss})
    content = content_of(history, CurveOptions(panels=("loss",)), LIGHT, parts=300)
    (curve,) = content.panels[0].curves
    assert len(content.x) == len(curve.low) == 301
    assert (curve.low.min(), curve.high.max()) == (0.5, 9.0)
    assert content.x[-1] == 19_999
    assert curve.low[-1] == curve.high[-1] == losses[-1]
    near = content_of(history, CurveOptions(panels=("loss",)), LIGHT, span=(100, 200), parts=300)
    np.testing.assert_array_equal(near.panels[0].curves[0].low, losses[99:202])


def test_limits_hold_the_values_and_are_round():
    history = full_history()
    content = content_of(history, CurveOptions(panels=("loss", "accuracy")), LIGHT)
    assert content.panels[0].limits == (0, 3.2)
    assert content.panels[1].limits == (50, 100.5)
    logarithmic = content_of(history, CurveOptions(panels=("loss",), logarithmic=True), LIGHT).panels[0]
    low, high = logarithmic.limits
    assert 10**low <= 0.5 / 400
    assert 10**high >= 2.5
    assert (2 * low, 2 * high) == (round(2 * low), round(2 * high))


def test_what_a_logarithmic_scale_cannot_show_is_left_out_and_said(shown):
    history = History()
    for i, loss in enumerate((1.0, 0.0, -2.0, 10.0)):
        history.append(i, i * 0.1, {"loss": loss, "rate": 0.0})
    options = CurveOptions(panels=("loss", "rate"), logarithmic=True)
    loss, rate = content_of(history, options, LIGHT).panels
    np.testing.assert_array_equal(loss.curves[0].low, [0, np.nan, np.nan, 1])
    assert loss.note == "Values ≤ 0 are not shown on a logarithmic scale"
    assert rate.note == "No positive values for a logarithmic scale"
    assert not content_of(history, CurveOptions(panels=("loss",)), LIGHT).panels[0].note
    view = shown(history, options)
    layout = layout_in(view.canvas).panels[0]
    assert layout.note.bottom() <= layout.area.top()
    assert not layout.note.intersects(layout.keys[0])


def test_the_wheel_zooms_about_the_pointer_and_a_double_click_shows_all(shown, qtbot):
    view = shown(full_history())
    canvas, area = view.canvas, layout_in(view.canvas).panels[0].area
    at, whole = QPointF(area.left() + area.width() / 4, area.center().y()), canvas.content.span
    wheel = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(wheel)
    left, right = canvas.content.span
    assert right - left == pytest.approx(whole[1] / 1.3**4)
    assert left + (right - left) / 4 == pytest.approx(whole[1] / 4)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert canvas.content.span == whole


def test_a_part_without_a_change_of_settings_is_drawn(shown):
    """Found by random acts: every painting failed while all changes were out of sight."""
    history = full_history(100)
    history.marks.add(mark(8))
    view = shown(history)
    for _ in range(6):
        press(view.canvas, Qt.Key.Key_Plus)
    assert view.canvas.content.span[0] > 8
    view.canvas.grab()


def test_a_zoomed_part_stays_the_same_when_seconds_become_minutes(shown):
    history = full_history(3_000)
    view = shown(history, CurveOptions(axis="time"))
    press(view.canvas, Qt.Key.Key_Plus)
    left, right = view.canvas.content.span
    history.append(30_000, 320.0, {"loss": 0.1})
    view.refresh()
    assert view.canvas.content.axis_title == "time (min)"
    assert view.canvas.content.span == pytest.approx((left / 60, right / 60))


@pytest.mark.parametrize(("axis", "whole"), [("step", (5000.0, 5100.0)), ("epoch", (21.25, 21.65))])
def test_the_axis_of_a_continued_run_begins_where_it_was_continued(axis, whole):
    history = History()
    for step in range(5000, 5100, 10):
        history.append(step, step / 100, {"loss": 1.0, "epoch": step / 235.3})
    content = content_of(history, CurveOptions(axis=axis), LIGHT)
    assert content.span == content.whole == pytest.approx(whole, abs=0.01)


def test_a_span_never_leaves_the_whole():
    whole = (0.0, 100.0)
    assert zoomed((20, 40), whole, 0.5, 25) == pytest.approx((22.5, 32.5))
    assert zoomed((20, 40), whole, 9, 25) is None
    assert zoomed((80, 100), whole, 2, 81) == (60, 100)
    assert zoomed((20, 40), whole, 1e-9, 30) == pytest.approx((29.95, 30.05))
    assert moved((20, 40), whole, -50) == (0, 20)
    assert holding((20, 40), whole, 55) == (35, 55)
    assert holding((20, 40), whole, 30) == (20, 40)
    assert holding((20, 40), whole, 5) == (5, 25)


def test_a_wish_for_other_options_is_emitted_and_changes_nothing_by_itself(shown):
    view = shown(full_history())
    wishes = []
    view.optionsRequested.connect(wishes.append)
    view.bar.switches["rate"].trigger()
    view.bar.show_options(view.options, LIGHT)
    view.bar.axes["time"].trigger()
    view.bar.show_options(view.options, LIGHT)
    view.bar.logarithmic.click()
    assert wishes == [
        CurveOptions(panels=("loss", "accuracy", "rate")),
        CurveOptions(axis="time"),
        CurveOptions(logarithmic=True),
    ]
    assert view.options == CurveOptions()


def test_the_last_panel_stays(shown):
    view = shown(full_history(), CurveOptions(panels=("rate",)))
    wishes = []
    view.optionsRequested.connect(wishes.append)
    view.bar.switches["rate"].trigger()
    assert not wishes
    assert view.bar.switches["rate"].isChecked()


def test_controls_and_canvas_can_be_reached_and_have_names(shown):
    view = shown(full_history())
    for widget in (view.bar.menu, view.bar.logarithmic, view.canvas):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName()
    layout = layout_in(view.canvas)
    assert view.canvas.help_at(layout.panels[1].header.center()) == PANELS["accuracy"].help
    assert all(
        action.toolTip().split() == PANELS[name].help.split() for name, action in view.bar.switches.items()
    )


def test_a_restart_takes_the_cursor_and_the_zoom_away(shown):
    view = shown(full_history())
    press(view.canvas, Qt.Key.Key_Plus)
    press(view.canvas, Qt.Key.Key_Home)
    view.set_snapshot(make_snapshot(count=20), full_history(30))
    assert view.canvas.row is None
    assert view.canvas.content.span == view.canvas.content.whole


@pytest.mark.parametrize("largest", [9.9e4, 1.26e10, 1.3e38])
def test_the_labels_of_an_axis_fit_beside_it(shown, largest):
    history = full_history(1)
    history.append(20, 1.0, {"loss": largest})
    view = shown(history)
    canvas = view.canvas
    (place, *_others), (panel, *_more) = layout_in(canvas).panels, canvas.content.panels
    metrics = QFontMetricsF(scaled_font(canvas.font(), SMALL_TYPE))
    for count in range(2, 12):
        for text in tick_texts(round_ticks(*panel.limits, count), brief=True):
            assert metrics.horizontalAdvance(text) <= place.area.left() - 7, text


def test_numbers_of_a_flat_panel_are_not_written_over_each_other():
    assert apart([40.0, 25.0, 10.0], 9.0) == [0, 1, 2]
    assert apart([40.0, 37.0, 34.0, 30.0], 9.0) == [0, 3]
    assert apart([], 9.0) == []


def test_layouts_of_nothing_are_possible():
    content = content_of(full_history(1), CurveOptions(panels=()), LIGHT)
    layout = layout_of(content, 10.0, 5.0, QFontMetricsF(CurvesView(LIGHT).font()))
    assert layout.panels == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.34e6, "2.34e6"), (-1e38, "−1.00e38"), (2e-5, "2.00e−5"), (5.0, "5.00"), (100.0, "100")],
)
def test_a_large_value_is_short_enough_for_its_key(value, text):
    assert value_text(PANELS["loss"], value) == text


def test_changes_of_one_setting_go_by_one_name():
    weight = ("Weight 0.1 → 1", "λ 0.1 → 1", "λ → 1", "λ")
    assert words_of_marks([weight, weight], [20, 20], len) == [weight[0], weight[0]]
    assert words_of_marks([weight, weight, weight], [20, 9, 2], len) == [weight[1], weight[1], weight[3]]
    assert words_of_marks([weight, weight], [0, 20], len) == ["", weight[1]]
