"""The Quality view: points where length and damage are, their medians, and how to get there."""

import numpy as np
import pytest
from analysis.snapshots import make_snapshot
from gui.views.packed_pixels import picture
from gui.views.seen import action, caption, sentences
from msgspec.structs import replace
from PySide6.QtCore import QPointF

from explorer.analysis.frames.history import History
from explorer.analysis.quality.stress import stress_of
from explorer.core.protocol.messages import TEST, TRAIN
from explorer.gui.theme.theme import DARK, LIGHT, THEMES
from explorer.gui.views.quality.content import QualityOptions
from explorer.gui.views.quality.view import QualityView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def view(qtbot):
    result = QualityView(LIGHT)
    qtbot.addWidget(result)
    result.optionsRequested.connect(result.set_options)
    result.resize(520, 420)
    result.show()
    return result


def blurred(**changes):
    """Return a frame whose features are the shorter, the more their image is blurred."""
    base = make_snapshot(800, train=400)
    settings = {"data.blur": 0.8, "data.damaged": 0.7, **changes}
    base = replace(base, config=base.config.replace(settings))
    unit = base.features / np.linalg.norm(base.features, axis=1, keepdims=True)
    lengths = 20 * (1 - stress_of(base).strength[:, None])
    return replace(base, features=(unit * lengths).astype(np.float32))


def test_a_point_is_at_the_damage_and_the_length_of_its_image(view):
    snapshot = blurred()
    view.set_snapshot(snapshot, History())
    content, stress = view.plot.content, stress_of(snapshot)
    assert (snapshot.probe.split[content.rows] == TEST).all()
    assert len(content.rows) == 800
    assert content.points[:, 0] == pytest.approx(stress.strength[content.rows])
    assert content.points[:, 1] == pytest.approx(20 * (1 - content.points[:, 0]), rel=1e-4)
    assert content.trend.y == pytest.approx(20 * (1 - content.trend.x), abs=0.5)
    assert "ρ = −0.9" in caption(view)
    assert "blur" in caption(view)


def test_training_images_one_kind_and_the_angle_are_chosen_in_the_view(view):
    snapshot = blurred(**{"data.noise": 0.5})
    view.set_snapshot(snapshot, History())
    action(view.menu.content, "Training images").trigger()
    action(view.menu.content, "Noise").trigger()
    view.shown.activated.emit(1)
    assert view.options == QualityOptions(shown="angle", kind="noise", split=TRAIN)
    content, stress = view.plot.content, stress_of(snapshot)
    assert (snapshot.probe.split[content.rows] == TRAIN).all()
    assert set(stress.kind[content.rows].tolist()) == {-1, 1}
    assert "noise" in caption(view)
    assert "blur" not in caption(view)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_wrong_labels_found_by_angle_are_below_the_diagonal(view, theme):
    base = make_snapshot(10, train=900)
    snapshot = replace(base, config=base.config.replace({"data.wrong_labels": 0.3}))
    view.set_theme(theme)
    view.set_options(QualityOptions(shown="labels"))
    view.set_snapshot(snapshot, History())
    content, stress = view.plot.content, stress_of(snapshot)
    wrong = stress.wrong[content.rows]
    below = content.points[:, 1] < content.points[:, 0]
    assert (below[wrong].mean(), below[~wrong].mean()) == (
        pytest.approx(1, abs=0.1),
        pytest.approx(0, abs=0.1),
    )
    assert f"of {wrong.sum()} wrong labels found by angle" in caption(view)
    view.state.set_probe(snapshot.probe)
    view.state.toggle_class(3)
    drawn = stress.wrong[view.plot.content.rows]
    assert drawn.sum() < wrong.sum()
    assert f"of {drawn.sum()} wrong labels found by angle" in caption(view)
    assert "closer in angle to the weight of another class" in " ".join(view.plot.toolTip().split())
    assert len(np.unique(picture(view.plot))) > 10


def test_where_there_is_nothing_to_show_it_says_which_setting_brings_it(view):
    for snapshot in (None, make_snapshot(50), blurred(**{"data.blur": 0.0, "data.wrong_labels": 0.2})):
        view.set_snapshot(snapshot, History())
        assert "such as Blur" in sentences(view)
    view.set_options(QualityOptions(shown="labels"))
    view.set_snapshot(blurred(), History())
    assert "Set Wrong labels" in sentences(view)


def test_where_what_would_be_shown_is_another_damage_or_hidden_it_says_so(view):
    snapshot = blurred(**{"data.wrong_labels": 0.3})
    view.set_snapshot(snapshot, History())
    view.set_options(QualityOptions(kind="noise"))
    assert "No image has this damage: noise." in sentences(view)
    view.state.set_probe(snapshot.probe)
    for label in range(10):
        view.state.toggle_class(label)
    for shown in ("length", "labels"):
        view.set_options(QualityOptions(shown=shown))
        assert "These images are of hidden classes." in sentences(view)
    view.state.show_all_classes()
    view.set_options(QualityOptions(split=TRAIN))
    tested = make_snapshot(50)
    view.set_snapshot(replace(tested, config=snapshot.config), History())
    assert "None of the images plotted is damaged" in sentences(view)


def test_a_click_selects_the_image_and_hidden_classes_are_left_out(view):
    asked = []
    view.selectionRequested.connect(lambda rows, mode: asked.append((rows.tolist(), mode)))
    view.set_snapshot(blurred(), History())
    content = view.plot.content
    picture(view.plot)  # what has not been painted cannot be picked
    view.gesture.clicked.emit(pixel_of(view, content.points[5]), "replace")
    ((rows, mode),) = asked
    assert mode == "replace"
    (place,) = np.flatnonzero(content.rows == rows[0])
    assert np.hypot(*(view.plot.pixels(content.points)[place] - view.plot.pixels(content.points)[5])) < 6
    view.state.set_probe(view.snapshot.probe)
    view.state.toggle_class(3)
    assert not (view.snapshot.probe.labels[view.plot.content.rows] == 3).any()


def pixel_of(view, point):
    return QPointF(*view.plot.pixels(point[None])[0])


def test_axes_moved_by_hand_stay_and_are_fitted_again_by_a_reset(view):
    view.set_snapshot(blurred(), History())
    fitted = view.plot.visible()
    view.plot.box.scaleBy((0.5, 0.5))
    view.plot.box.sigRangeChangedManually.emit([True, True])
    moved = view.plot.visible()
    view.set_snapshot(replace(blurred(), step=1300), History())
    assert view.plot.visible() == moved != fitted
    view.reset_view()
    assert view.plot.visible() == fitted


def test_extreme_frames_are_drawn_without_a_warning(view):
    base = blurred(**{"data.wrong_labels": 0.3})
    for features in (base.features * 0, base.features * 1e6, base.features * np.nan):
        for shown in ("length", "angle", "labels"):
            view.set_options(QualityOptions(shown=shown))
            view.set_theme(DARK)
            view.set_snapshot(replace(base, features=features.astype(np.float32)), History())
            picture(view)
