from __future__ import annotations

import gc
import math
import weakref

import numpy as np
import pytest
from gui.views.snapshots import make_history, make_snapshot

from explorer.core.history import History
from explorer.gui.theme import DARK, LIGHT
from explorer.gui.views.angles import AnglesView
from explorer.gui.views.curve_plot import MOST_POINTS
from explorer.gui.views.curves import CurvesView, accuracy_curves, accuracy_floor, loss_curves, value_range

VIEWS = [AnglesView, CurvesView]


@pytest.fixture
def shown(qtbot):
    def build(kind):
        view = kind(LIGHT)
        qtbot.addWidget(view)
        view.resize(450, 350)
        view.show()
        return view

    return build


def histories() -> dict[str, History]:
    gaps = History()
    gaps.append(0, 0.0, {"test_accuracy": 0.1})
    gaps.append(1, 0.1, {"loss": math.nan, "train_accuracy": 0.2})
    gaps.append(2, 0.2, {"loss": 0.0})
    negative = History()
    negative.append(5, 0.0, {"loss": -3.0, "loss.a": -4.0, "loss.b": 1e6})
    return {
        "none": History(),
        "one": make_history(1),
        "long": make_history(20_000),
        "gaps": gaps,
        "negative": negative,
    }


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("case", histories())
def test_extreme_histories_are_drawn_without_a_warning(shown, case, logarithmic):
    view = shown(CurvesView)
    view.set_logarithmic(logarithmic)
    view.set_snapshot(make_snapshot(), histories()[case])
    assert not view.grab().isNull()
    view.reset_view()
    assert view._invitation.isVisible() == (case == "none")


def test_the_key_gives_the_last_values():
    history = make_history(400)
    texts = [curve.text for curve in (*loss_curves(history, LIGHT, False), *accuracy_curves(history, LIGHT))]
    last = {name: history.column(name)[-1] for name in history.names}
    assert texts == [
        f"loss {last['loss']:.3g}",
        f"cross-entropy {last['loss.cross-entropy']:.3g}",
        f"centre {last['loss.centre']:.3g}",
        f"test {100 * last['test_accuracy']:.1f}%",
        f"train {100 * last['train_accuracy']:.1f}%",
    ]


def test_a_single_term_is_not_drawn_twice():
    history = History()
    history.append(1, 0.0, {"loss": 1.0, "loss.cross-entropy": 1.0})
    assert len(loss_curves(history, LIGHT, False)) == 1


def test_a_long_curve_is_thinned_and_ends_with_its_last_value(shown):
    view = shown(CurvesView)
    history = make_history(20_000)
    view.set_snapshot(make_snapshot(), history)
    view.grab()
    line = view.accuracy._item._line(view.accuracy.curves[0])
    assert 100 < line.size() <= MOST_POINTS
    across, right, _, _ = view.accuracy._item.scale_and_shift()
    assert line.last().x() == pytest.approx(history.column("step")[-1] * across + right)


def test_limits_hold_the_values():
    history = make_history(300)
    for logarithmic in (False, True):
        curves = loss_curves(history, LIGHT, logarithmic)
        low, high = value_range(curves, logarithmic)
        values = np.concatenate([curve.values for curve in curves])
        assert low <= values.min()
        assert high >= values.max()
    assert accuracy_floor(accuracy_curves(history, LIGHT)) == 90
    assert accuracy_floor([]) == 0


@pytest.mark.parametrize("kind", VIEWS)
def test_a_hidden_view_draws_nothing_until_it_is_shown(qtbot, monkeypatch, kind):
    view = kind(LIGHT)
    qtbot.addWidget(view)
    drawn, draw = [], view.draw
    monkeypatch.setattr(view, "draw", lambda: (drawn.append(1), draw()))
    view.set_snapshot(make_snapshot(), make_history())
    view.set_theme(DARK)
    assert not drawn
    view.show()
    assert drawn == [1]


@pytest.mark.parametrize("kind", VIEWS)
def test_a_view_dies_with_its_last_reference(qtbot, kind):
    view = kind(LIGHT)
    view.show()
    view.set_snapshot(make_snapshot(), make_history())
    view.set_theme(DARK)
    view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("kind", VIEWS)
def test_an_empty_view_invites(shown, kind):
    view = shown(kind)
    view.set_snapshot(None, History())
    assert view._invitation.isVisible()
