from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from analysis.snapshots import make_history, make_snapshot
from gui.views.packed_pixels import picture
from gui.views.seen import action, caption, sentences
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

from explorer.analysis.frames.history import History
from explorer.analysis.margins.target_curve import THETA
from explorer.core.losses.catalog import LOSSES
from explorer.core.protocol.messages import TRAIN
from explorer.core.settings.config import RunConfig
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.margin_curve.view import MarginCurveOptions, MarginCurveView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none, and says so


@pytest.fixture
def view(qtbot):
    result = MarginCurveView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(500, 440)
    result.show()
    return result


def config(name: str, **params) -> RunConfig:
    return RunConfig().replace({"loss.name": name, **{f"loss.{key}": v for key, v in params.items()}})


def values(view, text: str) -> np.ndarray:
    return next(curve.values for curve in view.curve.curves if curve.text == text)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_curve_follows_the_slider_before_any_frame(view, theme):
    view.set_theme(theme)
    pictures = []
    for margin in (0.0, 0.35):
        view.set_config(config("cosface", margin=margin))
        pictures.append(picture(view.curve))
        theta = np.radians(view.curve.curves[0].steps)
        assert values(view, "CosFace") == pytest.approx(np.cos(theta) - margin)
        assert values(view, "cos θ") == pytest.approx(np.cos(theta))
    assert (pictures[0] != pictures[1]).any()
    assert QColor(*theme.plot).rgb() & 0xFFFFFF in pictures[0]


def test_the_wanted_configuration_counts_and_the_data_are_the_frames(view):
    view.set_snapshot(make_snapshot(loss="arcface"), History())
    assert view.curve.curves[0].text == "ArcFace"
    view.set_config(config("cosface"))
    assert view.curve.curves[0].text == "CosFace"
    assert view.curve.background.shares.sum() == pytest.approx(1)


def test_the_data_are_drawn_from_the_bottom_where_their_angles_are(view):
    view.set_config(config("normface"))
    without = picture(view.curve)
    view.set_snapshot(make_snapshot(loss="normface"), History())
    changed = np.argwhere(picture(view.curve) != without)
    area = view.curve.box.sceneBoundingRect()
    degrees = (changed[:, 1] - area.left()) / area.width() * 180
    assert len(changed) > 100
    assert changed[:, 0].max() >= area.bottom() - 3
    assert degrees.max() < 60


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_a_curve_or_says_why_not(view, name):
    for snapshot in (None, make_snapshot(count=300, dim=3, loss=name)):
        view.set_config(config(name))
        view.set_snapshot(snapshot, History())
        if LOSSES[name].curve:
            assert view.curve.isVisible()
            annealing = snapshot is None and LOSSES[name].param("annealing") is not None
            wanted = ["λ = 5 (final)", "cos θ"] if annealing else ["cos θ"]
            assert [curve.text for curve in view.curve.curves[1:]] == wanted
        else:
            assert "so there is no margin curve" in sentences(view)
            assert not view.curve.isVisible()
        picture(view)


def test_a_loss_with_a_curve_is_a_click_away(view, qtbot):
    view.set_config(config("softmax"))
    buttons = view.suggestions.findChildren(QPushButton)
    assert [button.text() for button in buttons] == ["Use NormFace", "Use ArcFace"]
    assert {button.focusPolicy() for button in buttons} == {Qt.FocusPolicy.TabFocus}, "Space stays the run's"
    for button, name in zip(buttons, ("normface", "arcface"), strict=True):
        with qtbot.waitSignal(view.lossRequested) as asked:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert asked.args == [name]
    view.set_config(config("arcface"))
    assert not view.suggestions.isVisible()


def test_sphereface2_says_why_its_pull_is_missing(view):
    view.set_config(config("sphereface2"))
    assert view.pull.curves == []
    assert caption(view).startswith("no pull until the bias b is known")
    view.set_snapshot(make_snapshot(loss="sphereface2", bias=np.full(10, -4.0, dtype=np.float32)), History())
    assert len(view.pull.curves) == 1
    assert "no pull" not in caption(view)


def test_before_anything_is_known_it_says_so(view):
    view.set_snapshot(None, History())
    assert "Choose a loss" in sentences(view)


def test_other_losses_are_laid_over_by_keyboard(view, qtbot):
    view.set_config(config("softmax"))
    menu = view.menu.content
    menu.popup(view.mapToGlobal(view.rect().center()))
    arcface = action(menu, LOSSES["arcface"].title)
    menu.setActiveAction(arcface)
    with qtbot.waitSignal(view.optionsRequested) as told:
        qtbot.keyClick(menu, Qt.Key.Key_Space)
    assert told.args[0] == MarginCurveOptions(compare=("arcface",))
    assert menu.isVisible()
    assert [curve.text for curve in view.curve.curves] == ["ArcFace", "cos θ"]
    assert arcface.isChecked()
    qtbot.keyClick(menu, Qt.Key.Key_Space)
    assert view.options.compare == ()
    assert not arcface.isChecked()
    assert not view.curve.isVisible()
    menu.close()
    assert view.menu.accessibleName()
    assert view.menu.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_losses_that_are_compared_can_be_told_apart(view):
    names = tuple(name for name, spec in LOSSES.items() if spec.curve)
    view.set_options(MarginCurveOptions(compare=names[:10]))
    view.set_config(config("arcface", margin=0.4))
    looks = [(curve.rgb, curve.stroke) for curve in view.curve.curves]
    assert len(set(looks)) == len(looks) == 12
    texts = [curve.text for curve in view.curve.curves]
    assert len(set(texts)) == 12


def test_losses_are_compared_in_a_theme_whose_classes_are_all_grey(view):
    view.set_theme(replace(LIGHT, classes=((90, 90, 90),)))
    view.set_config(config("arcface"))
    view.set_options(MarginCurveOptions(compare=("cosface",)))
    assert [curve.text for curve in view.curve.curves] == ["ArcFace", "CosFace", "cos θ"]


def test_where_the_margin_passes_pi_is_marked(view):
    view.set_config(config("arcface", margin=0.5))
    assert view.curve.background.beyond == pytest.approx(180 - np.degrees(0.5))
    marked = picture(view.curve)
    view.set_config(config("arcface", margin=0.5, beyond_pi="none"))
    assert view.curve.background.beyond_texts[0] == "θ + m > π from 151°"
    for way in ("none", "piecewise"):
        view.set_config(config("combined", m1=1.5, m2=0.5, beyond_pi=way))
        assert view.curve.background.beyond_texts == ("m₁θ + m₂ > π from 101°", "m₁θ + m₂ > π")
    assert (picture(view.curve) != marked).any()
    view.set_config(config("cosface"))
    assert view.curve.background.beyond is None


@pytest.mark.parametrize("name", ["magface", "adaface"])
def test_a_curve_that_depends_on_lengths_says_which_and_shows_its_spread(view, name):
    view.set_config(config(name))
    assert "assumed" in caption(view)
    snapshot = make_snapshot(loss=name, size=0.12)
    view.set_snapshot(snapshot, History())
    lengths = np.linalg.norm(snapshot.features.astype(np.float64), axis=1)
    said = f"at ‖x‖ = {lengths.mean():.3g} ± {lengths.std():.2g} (shaded)"
    assert caption(view).startswith(said)
    low, high = view.curve.background.band
    assert (low != high).any()


def test_the_caption_counts_images_and_names_the_split(view):
    view.set_config(config("arcface"))
    view.set_options(MarginCurveOptions(split=TRAIN))
    view.set_snapshot(make_snapshot(count=2_000, train=700, loss="arcface"), History())
    name = caption(view)
    assert name == "filled: θ of 700 of 60,000 training images  step 1,200"


def test_a_low_view_keeps_the_curve_alone(view, qtbot):
    view.set_config(config("arcface"))
    assert view.pull.isVisible()
    view.resize(320, 240)
    assert not view.pull.isVisible()
    assert view.curve.labels["bottom"]
    qtbot.waitUntil(lambda: view.curve.box.rect().height() > 110)


def test_features_that_are_not_numbers_and_one_image_are_borne(view):
    for settings in ({"count": 1}, {"count": 40, "present": 1}, {"count": 30, "classes": 2}, {"size": 1e6}):
        for loss in ("adaface", "a-softmax", "circle"):
            snapshot = make_snapshot(loss=loss, **settings)
            view.set_config(snapshot.config)
            view.set_snapshot(snapshot, History())
            picture(view)
    for loss in ("magface", "arcface"):
        snapshot = make_snapshot(loss=loss)
        view.set_config(snapshot.config)
        for part in ("features", "weight"):
            nothing = np.full_like(getattr(snapshot, part), np.nan)
            view.set_snapshot(replace(snapshot, **{part: nothing}), History())
            assert view.curve.isVisible(), "the curve itself depends on no feature"
            picture(view)


def test_a_hidden_view_draws_nothing_until_it_is_shown(qtbot, monkeypatch):
    view = MarginCurveView(LIGHT)
    qtbot.addWidget(view)
    drawn = []
    draw = view.draw
    monkeypatch.setattr(view, "draw", lambda: (drawn.append(1), draw()))
    view.set_snapshot(make_snapshot(), make_history())
    view.set_config(config("arcface"))
    view.set_theme(DARK)
    assert not drawn
    view.show()
    assert drawn == [1]


def test_a_view_dies_with_its_last_reference():
    view = MarginCurveView(LIGHT)
    view.show()
    view.set_config(config("arcface"))
    view.set_snapshot(make_snapshot(loss="arcface"), make_history())
    view.grab()
    view.close()
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None


def test_lambda_is_the_one_in_force_and_the_final_one_is_dashed(view):
    loss = {"annealing": 5.0, "margin": 2}
    view.set_config(config("l-softmax", **loss))
    snapshot = replace(make_snapshot(loss="l-softmax", params=loss), scalars={"annealing": 30.0})
    view.set_snapshot(snapshot, History())
    own, final, _ = view.curve.curves
    psi = np.where(np.degrees(THETA) <= 90, np.cos(2 * THETA), -np.cos(2 * THETA) - 2)
    np.testing.assert_allclose(own.values, (30 * np.cos(THETA) + psi) / 31, atol=1e-12)
    np.testing.assert_allclose(final.values, (5 * np.cos(THETA) + psi) / 6, atol=1e-12)
    assert (own.stroke, final.stroke) == (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
    said = caption(view)
    assert said.startswith("at λ = 30 now · dashed: λ = 5, where annealing ends")
    view.set_snapshot(replace(snapshot, scalars={"annealing": 5.0}), History())
    assert len(view.curve.curves) == 2
    assert caption(view).startswith("at λ = 5, where annealing has ended")


def test_a_change_of_the_final_lambda_shows_before_the_next_frame(view):
    loss = {"annealing": 5.0, "margin": 2}
    view.set_snapshot(
        replace(make_snapshot(loss="a-softmax", params=loss), step=10_000, scalars={"annealing": 5.0}),
        History(),
    )
    view.set_config(config("a-softmax", annealing=8.0, margin=2))
    assert caption(view).startswith("at λ = 8, where annealing has ended")
    view.set_config(config("a-softmax", annealing=0.5, margin=2))
    assert caption(view).startswith("at λ = 0.5, where annealing has ended")


def test_the_scale_of_adacos_is_the_one_it_has_come_to(view):
    view.set_config(config("adacos"))
    assert caption(view).startswith("pull at the initial scale 3.11")
    view.set_snapshot(replace(make_snapshot(loss="adacos"), scalars={"scale": 12.5}), History())
    assert caption(view).startswith("pull at the current adaptive scale 12.5")


@pytest.mark.parametrize(
    ("name", "params"),
    [("arcface", {"margin": 1.2}), ("a-softmax", {"margin": 4}), ("l-softmax", {}), ("magface", {})],
)
def test_the_key_covers_neither_a_curve_nor_the_hatched_part(view, name, params):
    view.set_options(MarginCurveOptions(compare=("cosface", "arcface", "normface")))
    view.set_config(config(name, **params))
    view.set_snapshot(make_snapshot(loss=name), History())
    plot = view.curve
    (left, right), (bottom, top) = plot.box.viewRange()
    area = QRectF(plot.box.rect())
    key = QRectF(area.topLeft(), plot.key_size(plot.curves))
    key.moveRight(plot.key_right(area))
    assert area.contains(key)
    inner = key.adjusted(2, 2, -2, -2)
    if plot.background.beyond is not None:
        assert (
            key.right() <= area.left() + (plot.background.beyond - left) / (right - left) * area.width() + 1
        )
    for curve in plot.curves:
        across = area.left() + (curve.steps - left) / (right - left) * area.width()
        down = area.bottom() - (curve.values - bottom) / (top - bottom) * area.height()
        assert not any(inner.contains(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True))
