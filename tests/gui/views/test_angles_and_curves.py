from __future__ import annotations

import gc
import math
import weakref

import numpy as np
import pytest
from gui.views.snapshots import class_directions, make_history, make_snapshot
from msgspec.structs import replace

from explorer.core.history import History
from explorer.core.snapshot import TEST, TRAIN
from explorer.gui.theme import DARK, LIGHT
from explorer.gui.views.angle_plot import notes
from explorer.gui.views.angles import AnglesView, angle_content
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


def turned(snapshot, degrees: float):
    """The snapshot with every feature along its class weight, turned by an angle."""
    turn = math.radians(degrees)
    matrix = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    features = 7 * class_directions(10, 2)[snapshot.probe.labels] @ matrix
    return replace(snapshot, features=features.astype(np.float32))


def test_the_angles_view_tells_the_angles_that_the_points_were_given():
    content = angle_content(turned(make_snapshot(loss="arcface", params={"margin": 0.5}), 5), TEST)
    texts = [note.text for note in notes(content, LIGHT)]
    assert texts == [
        "own class weight 5.0° ± 0.0°",
        "nearest other 31.0° ± 0.0°",
        "95% within 5.0°",
        "margin 28.6°",
    ]
    assert content.own_shares[5] + content.own_shares[4] == 1


def test_a_margin_of_the_cosine_is_no_angle():
    assert angle_content(make_snapshot(loss="cosface"), TEST).margin is None


def test_without_class_weights_the_class_means_stand_in_and_are_named(shown):
    snapshot = make_snapshot(weight=None)
    view = shown(AnglesView)
    view.set_snapshot(turned(snapshot, 0), make_history())
    assert "to class means" in view._caption.accessibleName()
    content = angle_content(turned(snapshot, 0), TEST)
    assert content.own.mean == pytest.approx(0, abs=1e-3)
    assert math.degrees(content.other.mean) == pytest.approx(36, abs=0.01)


def test_the_splits_are_not_mixed(shown):
    view = shown(AnglesView)
    view.set_snapshot(make_snapshot(count=300, train=200), make_history())
    assert "300 of 10,000 test images" in view._caption.accessibleName()
    view.set_split(TRAIN)
    assert "200 of 60,000 training images" in view._caption.accessibleName()
    assert view.plot.content.own.count == 200


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize(
    "settings",
    [
        {"count": 1},
        {"count": 70_000},
        {"count": 50, "present": 1},
        {"count": 50, "present": 1, "weight": None},
        {"size": 1e-6},
        {"size": 1e6},
        {"size": 0.0},
        {"count": 0, "train": 20},
        {"count": 300, "classes": 100},
    ],
)
def test_extreme_frames_are_drawn_without_a_warning(shown, settings, dim):
    view = shown(AnglesView)
    view.set_snapshot(make_snapshot(dim=dim, loss="arcface", **settings), make_history())
    assert not view.grab().isNull()


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
